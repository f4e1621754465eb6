import Aggregation
import FoundationEssentials
import Glibc
import Netlink
import Operations
import Testing

/// Numbers that are kept for the aggregates of a network namespace are of that one only.
@Suite struct ExpectedPortsFileTests {
    private static var host: HostState {
        var link = Link(index: 7, name: "bond0")
        link.kind = "bond"
        var host = HostState()
        host.links = [link]
        return host
    }

    private static func inDirectory(_ body: (String) throws -> Void) throws {
        let directory = "/tmp/aggctl-numbers-\(UInt64.random(in: .min ... .max))"
        mkdir(directory, 0o755)
        defer {
            unlink("\(directory)/expected-1")
            rmdir(directory)
        }
        try body(directory)
    }

    private static func write(_ text: String, _ directory: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(directory)/expected-1"))
    }

    @Test func theCookieDecides() throws {
        try Self.inDirectory { directory in
            try Self.write("namespace 7\n7 2\n", directory)
            func recall(_ cookie: UInt64?) -> [String: Int] {
                ExpectedPorts(in: directory, of: NamespaceKey(inode: 1, cookie: cookie)).recall(on: Self.host)
            }
            #expect(recall(7) == ["bond0": 2])
            #expect(recall(8) == [:] && recall(nil) == [:], "the next namespace gets the inode")
            try Self.write("namespace -\n7 2\n", directory)
            #expect(recall(nil) == ["bond0": 2], "an older kernel has the inode alone")
            #expect(recall(7) == [:])
        }
    }

    @Test(arguments: ["7 2\n", "", "\n", "namespace\n7 2\n", "namespace 77\n7 2\n"])
    func whatIsNotOfThisVersionIsNotBelieved(_ text: String) throws {
        try Self.inDirectory { directory in
            try Self.write(text, directory)
            let expected = ExpectedPorts(in: directory, of: NamespaceKey(inode: 1, cookie: 7))
            #expect(expected.recall(on: Self.host) == [:])
        }
    }
}
