import Aggregation
import FoundationEssentials
import Glibc
import Netlink
import Operations

/// A directory for the records of one test.
final class RecordDirectory: Sendable {
    let path: String

    init() {
        path = "/tmp/aggctl-records-\(getpid())-\(UInt64.random(in: .min ... .max))"
        mkdir(path, 0o755)
    }

    deinit {
        for name in SmallFile.names(in: path) where name != "." && name != ".." { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    func journal(_ command: String = "aggctl test") throws -> ChangeJournal {
        try ChangeJournal(
            directory: path, namespace: .current, owner: try .init(.current, name: nil), command: command)
    }

    var records: [ChangeRecord] { ChangeJournal.records(in: path) }

    /// The bytes of the only record.
    func bytes() -> [UInt8]? { records.first.flatMap { SmallFile.read($0.path) } }

    func write(_ bytes: [UInt8], to name: String) throws { try Data(bytes).write(to: URL(filePath: "\(path)/\(name)")) }
}
