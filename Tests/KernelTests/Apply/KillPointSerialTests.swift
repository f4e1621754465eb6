import AggctlCommands
import Aggregation
import Glibc
import Netlink
import SystemPackage
import Testing

/// The program ends with SIGKILL before one of its requests; `aggctl rollback` then leaves the host as it was, say
/// witnesses that are not ours. One after the other, for they share what the program keeps below /run.
///
/// A sample of the requests of each command; all of them when AGGCTL_ALL_KILL_POINTS is set.
@Suite(.serialized) struct KillPointSerialTests {
    /// A change that somebody may ask for. `NAME` is the aggregate, `FILE` its file.
    struct Change: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var driver = "bonding"
        /// Commands of ours before the change.
        var before: [String] = []
        let command: String
        var file: String?
        /// An aggregate that is deleted loses what only `ip` knows of.
        var losesMulticast = false
        /// teamd is killed before.
        var endsDaemon = false
        /// The very last request is tried as well, where not all are: it takes a new host.
        var triesLast = false
    }

    static let bonding: [Change] = [
        Change(
            testDescription: "create",
            command: "create NAME --mode active-backup --ports eth0,eth1 --set primary=eth1 --take-addresses "
                + "--allow-interruption --no-wait", triesLast: true),
        Change(
            testDescription: "delete", before: [loaded("lacp")], command: "delete NAME --allow-cutoff",
            losesMulticast: true, triesLast: true),
        Change(
            testDescription: "set, mode", before: [loaded("lacp")],
            command: "set NAME mode=active-backup miimon=50ms --allow-interruption"),
        Change(
            testDescription: "port add", before: [loaded("active-backup")],
            command: "port add NAME eth2 --set priority=10 --set queue-id=3"),
        Change(
            testDescription: "port remove", before: [loaded("active-backup")],
            command: "port remove NAME eth0 --allow-interruption"),
        Change(
            testDescription: "apply", before: [loaded("active-backup")], command: "apply FILE --allow-interruption",
            file: """
                version: 1
                aggregates:
                  - { name: NAME, mode: lacp, lacp: { rate: fast }, ports: [eth0] }
                  - { name: NAME2, mode: balance-xor, mtu: 1400, ports: [eth1, eth3], addresses: [198.51.100.7/24] }
                """),
    ]

    static let teaming: [Change] = [
        Change(
            testDescription: "create", driver: "teaming",
            command: "create NAME --driver teaming --mode active-backup --ports eth0,eth1 --take-addresses "
                + "--allow-interruption --no-wait", triesLast: true),
        Change(
            testDescription: "delete", driver: "teaming", before: [loaded("active-backup", "teaming")],
            command: "delete NAME --allow-cutoff", losesMulticast: true, triesLast: true),
        Change(
            testDescription: "set, mode", driver: "teaming", before: [loaded("active-backup", "teaming")],
            command: "set NAME mode=balance-xor --allow-interruption"),
        Change(
            testDescription: "port add", driver: "teaming", before: [loaded("active-backup", "teaming")],
            command: "port add NAME eth2 --set prio=10"),
        Change(
            testDescription: "port remove", driver: "teaming", before: [loaded("active-backup", "teaming")],
            command: "port remove NAME eth1 --allow-interruption"),
        Change(
            testDescription: "repair", driver: "teaming", before: [loaded("active-backup", "teaming")],
            command: "repair NAME", endsDaemon: true),
    ]

    private static func loaded(_ mode: String, _ driver: String = "bonding") -> String {
        "create NAME --driver \(driver) --mode \(mode) --ports eth0,eth1 --no-wait"
    }

    @Test(arguments: bonding) func aBondIsAsItWas(_ change: Change) async throws { try await Self.tryAll(change) }

    @Test(arguments: teaming) func aTeamIsAsItWas(_ change: Change) async throws { try await Self.tryAll(change) }

    private static var wantsAll: Bool { getenv("AGGCTL_ALL_KILL_POINTS") != nil }

    /// Points that grow, until the change is over before the next one comes; then its last request, on a new host.
    private static func tryAll(_ change: Change) async throws {
        var (requests, point) = (0, 1)
        try await withScene(change) { scene in
            while true {
                let end = try await scene.kill(at: "\(point)")
                guard end.isKilled else {
                    #expect(end.code == 0 || end.code == 2, "\(end.outcome)")
                    requests = end.requests
                    break
                }
                try await scene.expectTakenBack("request \(point)")
                point = wantsAll ? point + 1 : point * 4
            }
        }
        // A repair that came far enough is one: the next finds nothing to do.
        #expect(requests > 2 || point > 1, "hardly anything was done")
        guard !wantsAll, change.triesLast else { return }
        try await withScene(change) { scene in
            let end = try await scene.kill(at: "last")
            #expect(end.isKilled, "\(end.outcome)")
            try await scene.expectTakenBack("the last request")
        }
    }

    private static func withScene(_ change: Change, _ body: (KillScene) async throws -> Void) async throws {
        try await withNamespace { ns in
            let scene = try await KillScene(ns, change)
            try await body(scene)
        }
    }
}

/// A host and a change of it that is killed.
private struct KillScene {
    struct End {
        let outcome: Program.Outcome
        let requests: Int
        var code: Int32 { outcome.code }
        var isKilled: Bool { outcome.code == 128 + SIGKILL }
    }

    private let ns: KernelFixture
    private let change: KillPointSerialTests.Change
    private let name: String
    private let command: [String]
    private let before: FullDump
    private var teams: [String] {
        change.driver == "teaming" && !change.before.isEmpty && !change.endsDaemon ? [name] : []
    }

    init(_ ns: KernelFixture, _ change: KillPointSerialTests.Change) async throws {
        self.ns = ns
        self.change = change
        // Teams of all namespaces share /run/teamd.
        let name = "k" + String(UInt32.random(in: .min ... .max), radix: 36)
        self.name = name
        ns.atEnd {
            for team in [name, name + "2"] {
                if let process = TeamScene.process(of: team) { Glibc.kill(process, SIGKILL) }
                for suffix in ["pid", "sock"] { unlink("/run/teamd/\(team).\(suffix)") }
                for suffix in ["conf", "log", "log.1"] { unlink("/run/aggctl/teamd/\(team).\(suffix)") }
            }
        }
        let file = try change.file.map { try ns.file($0.replacing("NAME", with: name)) } ?? ""
        command = Self.words(change.command, name).map { $0 == "FILE" ? file : $0 }
        try Scenes.skipDuplicateDetection(ns)
        if change.before.isEmpty { try await Scenes.addressedPort(ns) } else { try await Scenes.ports(ns) }
        for line in change.before {
            let outcome = try Self.run([Program.path] + Self.words(line, name) + ["--netns", ns.name])
            guard outcome.code == 0 else { throw Missing(what: "success of \(line): \(outcome)") }
        }
        if !change.before.isEmpty { try Self.load(ns, name) }
        if change.endsDaemon, let process = TeamScene.process(of: name) {
            Glibc.kill(process, SIGKILL)
            try await eventually(within: .seconds(60), "the daemon gone") { Glibc.kill(process, 0) != 0 }
        }
        before = try await Self.settled(
            ns, change.driver == "teaming" && !change.before.isEmpty && !change.endsDaemon ? [name] : [])
    }

    /// What a host may have on an aggregate.
    private static func load(_ ns: KernelFixture, _ name: String) throws {
        _ = try ns.ip(
            [],
            [
                "link add link \(name) name v10 type vlan id 10", "link set v10 up",
                "link add br0 type bridge", "link add link \(name) name v20 type vlan id 20",
                "link set v20 master br0", "link set v20 up", "link set br0 up",
                "addr add 192.0.2.2/24 dev \(name)", "addr add 192.0.2.3/24 dev \(name)",
                "addr add 2001:db8::2/64 dev \(name) nodad", "addr add 198.51.100.2/24 dev v10",
                "addr add 2001:db8:10::2/64 dev v10 nodad",
                "route add default via 192.0.2.254 metric 5", "route add ::/0 via 2001:db8::1 metric 7",
                "route add 203.0.113.0/24 via 198.51.100.254 table 77", "rule add from 192.0.2.3 table 77 priority 99",
                "nexthop add id 5 via 192.0.2.6 dev \(name)", "route add 198.18.1.0/24 nhid 5",
                "neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev \(name) nud permanent",
            ])
    }

    /// Two looks that agree.
    private static func settled(_ ns: KernelFixture, _ teams: [String]) async throws -> FullDump {
        var last = try FullDump(ns, teams: teams)
        for _ in 0..<30 {
            try await Task.sleep(for: .milliseconds(300))
            let now = try FullDump(ns, teams: teams)
            if now == last { return now }
            last = now
        }
        throw Missing(what: "quiet in the namespace")
    }

    private static func words(_ line: String, _ name: String) -> [String] {
        line.split(separator: " ").map { String($0).replacing("NAME", with: name) }
    }

    private static func run(_ arguments: [String], environment: [String] = []) throws -> Program.Outcome {
        try ChildProcess(arguments, environment: environment).wait()
    }

    /// Runs the change; it ends before this request.
    func kill(at point: String) async throws -> End {
        let count = "/tmp/\(ns.name)-count"
        ns.atEnd { unlink(count) }
        unlink(count)
        let library = FilePath(Program.path).removingLastComponent().appending("libKillPoint.so").string
        let outcome = try Self.run(
            [Program.path] + command + ["--netns", ns.name],
            environment: ["LD_PRELOAD=\(library)", "AGGCTL_KILL_AT=\(point)", "AGGCTL_KILL_COUNT=\(count)"])
        let requests = SmallFile.text(count).flatMap { Int($0.prefix { $0.isNumber }) } ?? 0
        return End(outcome: outcome, requests: requests)
    }

    func expectTakenBack(_ what: String) async throws {
        let back = try Self.run([Program.path, "rollback", "--netns", ns.name])
        #expect(back.code == 0, "\(what): \(back)")
        #expect(!back.output.contains("somebody else"), "\(what): \(back)")
        let deadline = ContinuousClock().now + .seconds(6)
        while true {
            let now = try FullDump(ns, teams: teams)
            // Joining a team quietens a port for a moment (`QuietPorts`); a kill right then leaves it so.
            let isNewTeam = change.driver == "teaming" && change.before.isEmpty
            let quiet = isNewTeam ? #/addrgenmode [a-z0-9]+|addr_gen_mode:[0-9]/# : nil
            let differences = before.differences(to: now, ignoring: quiet).filter {
                (!change.losesMulticast || !$0.contains("01:00:5e:7f")) && (!isNewTeam || !$0.contains("fe80::"))
            }
            if differences.isEmpty { return }
            guard ContinuousClock().now < deadline else {
                Issue.record("\(what) left\n\(differences.joined(separator: "\n"))\n\(back)")
                return
            }
            try await Task.sleep(for: .milliseconds(200))
        }
    }
}
