import AggctlCommands
import Aggregation
import FoundationEssentials
import Glibc
import Netlink
import Operations
import Testing

/// What is said of changes that are neither done nor rolled back, by `changes` and `rollback` and beside other results.
@Suite struct UnfinishedChangesGoldenTests {
    private static let interrupted = "1764500000000-7"

    /// A host on which `create bond0` was killed after its first port had joined.
    private static var host: HostState {
        var host = HostFixtures.activeBackup()
        let free = HostFixtures.port("eth2", 5)
        host.links += [free]
        host.change("eth2") {
            $0.port = nil
            $0.master = nil
            $0.flags = []
        }
        return host
    }

    private static var before: HostState {
        var host = HostState()
        for number in 1...2 {
            var link = HostFixtures.port("eth\(number - 1)", Int32(number))
            link.port = nil
            link.master = nil
            link.flags = [.up, .running]
            link.address = link.permanentAddress
            host.links.append(link)
        }
        return host
    }

    /// A state directory with records: what they are, whole or not, and whose.
    private final class Records {
        let directory: String

        init(_ kinds: [Kind]) throws {
            directory = "/tmp/aggctl-golden-\(getpid())-\(UInt64.random(in: .min ... .max))"
            mkdir(directory, 0o755)
            mkdir("\(directory)/changes", 0o755)
            for (number, kind) in kinds.enumerated() {
                try kind.write(to: "\(directory)/changes/176450000000\(number)-7.json")
            }
        }

        deinit {
            for name in SmallFile.names(in: "\(directory)/changes") where !name.hasPrefix(".") {
                unlink("\(directory)/changes/\(name)")
            }
            rmdir("\(directory)/changes")
            for name in SmallFile.names(in: directory) where !name.hasPrefix(".") { unlink("\(directory)/\(name)") }
            rmdir(directory)
        }
    }

    enum Kind: String, CaseIterable, Sendable {
        case interrupted, incomplete, damaged, newer, nothing, elsewhere

        func write(to path: String) throws {
            var head = ChangeRecord.Head()
            head.command = "aggctl create bond0 --mode active-backup --ports eth0,eth1"
            head.user = "root"
            head.started = Date(timeIntervalSince1970: 1_764_500_000)
            head.process = .max
            head.owner = try .init(.current, name: nil)
            head.devices = ["bond0", "eth0", "eth1"]
            head.indices = [1, 2]
            var plan = Plan()
            plan.changes = [.init(aggregate: "bond0", kind: .create)]
            plan.steps = [
                PlannedStep(
                    .create(aggregate: "bond0", driver: .bonding, mode: .activeBackup, settings: [], index: nil),
                    of: "bond0"), PlannedStep(.attach(port: "eth0", aggregate: "bond0"), of: "bond0"),
                PlannedStep(.attach(port: "eth1", aggregate: "bond0"), of: "bond0"),
            ]
            head.steps = plan.steps.count
            var text = String(
                decoding: try ChangeRecord.lines(head, Rollback(before: before, plan: plan)), as: UTF8.self)
            switch self {
            case .interrupted: break
            case .incomplete: break
            case .damaged: text = String(text.prefix(text.count / 2))
            case .newer: text = text.replacing("\"format\":2", with: "\"format\":3")
            case .nothing: text = "\u{1}\u{2}"
            case .elsewhere: text = text.replacing("\"identity\":\"", with: "\"identity\":\"9")
            }
            try Data(text.utf8).write(to: URL(filePath: path))
            guard self == .incomplete else { return }
            let directory = String(path.prefix { _ in true }.dropLast(path.split(separator: "/").last?.count ?? 0))
            let journal = try ChangeJournal(
                directory: directory, namespace: .current, owner: try .init(.current, name: nil), command: "x")
            for record in ChangeJournal.records(in: directory)
            where path.hasSuffix(record.path.split(separator: "/").last ?? "") {
                try journal.resume(record).leave(["delete bond0", "delete bond0: Device or resource busy"])
            }
        }
    }

    private static func run(_ arguments: [String], _ kinds: [Kind]) async throws -> CommandRun {
        let records = try Records(kinds)
        return await CommandRun(arguments, state: host, stateDirectory: records.directory)
    }

    private static func stable(_ run: CommandRun) -> String {
        run.transcript.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            guard let start = line.firstRange(of: "/tmp/aggctl-golden-"), let end = line.firstRange(of: "/changes/")
            else { return String(line) }
            return line[..<start.lowerBound] + "STATE" + line[end.lowerBound...]
        }.joined(separator: "\n")
    }

    static let commands: [(name: String, code: Int32, arguments: [String], kinds: [Kind])] = [
        ("changes-none", 0, ["changes"], []),
        ("changes-all", 0, ["changes"], Kind.allCases),
        ("rollback-none", 0, ["rollback"], []),
        ("rollback-dry-run", 0, ["rollback", "--dry-run"], [.interrupted]),
        // The recorded host takes no step, so all is left.
        ("rollback-incomplete", 1, ["rollback"], [.interrupted]),
        ("rollback-damaged", 1, ["rollback"], [.damaged]),
        ("rollback-newer", 1, ["rollback", "1764500000000-7"], [.newer]),
        ("rollback-accept", 0, ["rollback", "--accept", "1764500000000-7"], [.incomplete]),
        ("rollback-accept-damaged", 0, ["rollback", "--accept", "1764500000000-7"], [.nothing]),
        ("rollback-unknown", 66, ["rollback", "4711"], [.interrupted]),
        ("rollback-ambiguous", 66, ["rollback", "--accept", "17645"], [.interrupted, .damaged]),
        ("rollback-earlier-first", 65, ["rollback", "1764500000000-7"], [.interrupted, .interrupted]),
        ("rollback-and-accept", 64, ["rollback", "1", "--accept", "1"], [.interrupted]),
        ("status", 0, ["status"], [.interrupted]),
        ("status-all", 0, ["status"], Kind.allCases),
        ("create-blocked", 1, ["create", "bond0", "--mode", "lacp", "--ports", "eth2"], [.interrupted]),
        ("create-blocked-incomplete", 1, ["delete", "bond0"], [.incomplete]),
        ("create-blocked-damaged", 1, ["set", "bond0", "miimon=50ms"], [.damaged]),
        ("create-blocked-newer", 1, ["port", "remove", "bond0", "eth0"], [.newer]),
        ("dry-run-blocked", 1, ["set", "bond0", "miimon=50ms", "--dry-run"], [.interrupted]),
        ("create-other", 0, ["create", "bond7", "--mode", "lacp", "--ports", "eth2", "--dry-run"], [.interrupted]),
        ("set-of-nobody", 0, ["set", "bond0", "miimon=100ms"], [.nothing, .elsewhere]),
    ]

    @Test(arguments: commands.indices) func said(_ place: Int) async throws {
        let example = Self.commands[place]
        let run = try await Self.run(example.arguments, example.kinds)
        #expect(run.code == example.code, "\(run.transcript)")
        try Golden.expect(Self.stable(run), is: "unfinished/\(example.name).txt")
    }

    @Test(arguments: commands.indices) func saidToPrograms(_ place: Int) async throws {
        let example = Self.commands[place]
        let run = try await Self.run(example.arguments + ["--json"], example.kinds)
        #expect(run.code == example.code)
        let schema =
            switch example.arguments[0] {
            case "changes", "rollback", "status": example.arguments[0]
            default: "change"
            }
        let document = run.output.isEmpty ? run.errors.split(separator: "\n").last.map(String.init) ?? "" : run.output
        let faults = try JSONSchema(named: run.output.isEmpty ? "error.schema.json" : "\(schema).schema.json")
            .faults(in: try JSONValue.parse(document))
        #expect(faults == [], "\(run.transcript)")
        if schema == "status" {
            let listed = try JSONValue.parse(run.output).members?["unfinished_changes"]?.elements?.count
            // That of another namespace does not concern this one.
            #expect(listed == (example.kinds.count == 1 ? 1 : Kind.allCases.count - 1))
        }
    }

    /// A host that is as the file wants it, and a change of it that is unfinished: apply would refuse, so nothing is well.
    @Test(arguments: ["plan", "check"]) func planAndCheckSayIt(_ command: String) async throws {
        let file = "/tmp/aggctl-golden-\(UInt64.random(in: .min ... .max)).yaml"
        defer { unlink(file) }
        try Data("version: 1\naggregates: [{name: bond0, mode: active-backup}]\n".utf8).write(to: URL(filePath: file))
        let clean = try await Self.run([command, file], [])
        #expect(clean.code == 0, "\(clean.transcript)")
        let run = try await Self.run([command, file], [.interrupted])
        #expect(run.code == 2 && run.output.contains("was interrupted"), "\(run.transcript)")
        let json = try await Self.run([command, file, "--json"], [.interrupted])
        let schema = try JSONSchema(named: command == "plan" ? "change.schema.json" : "check.schema.json")
        #expect(schema.faults(in: try JSONValue.parse(json.output)) == [])
        #expect(json.output.contains("unfinished_changes"))
        // Of other devices it is said and does no harm.
        let other = try await Self.run([command, file], [.elsewhere])
        #expect(other.code == 0 && other.output == clean.output)
    }

    /// What is closed is closed.
    @Test func anAcceptedRecordIsGone() async throws {
        let records = try Records([.incomplete, .nothing])
        let first = await CommandRun(
            ["rollback", "--accept", "1764500000000", "--accept", "1764500000001-7"], state: Self.host,
            stateDirectory: records.directory)
        #expect(first.code == 0, "\(first.transcript)")
        let list = await CommandRun(["changes"], state: Self.host, stateDirectory: records.directory)
        #expect(list.output == "no unfinished changes\n")
    }

    /// What stays incomplete says so again, and still after the next attempt.
    @Test func anIncompleteRollBackIsListedWithWhatIsLeft() async throws {
        let records = try Records([.interrupted])
        let first = await CommandRun(["rollback"], state: Self.host, stateDirectory: records.directory)
        #expect(first.code == 1)
        let list = await CommandRun(["changes"], state: Self.host, stateDirectory: records.directory)
        #expect(
            list.output.contains("not rolled back completely") && list.output.contains("still differs: delete bond0"))
    }
}
