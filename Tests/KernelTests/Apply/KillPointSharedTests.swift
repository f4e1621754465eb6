import AggctlCommands
import Aggregation
import Glibc
import Netlink
import SystemPackage
import Testing

/// The program ends with SIGKILL before one of its requests; `aggctl rollback` then leaves the host as it was, say
/// witnesses that are not ours. One after the other, for they share what the program keeps below /run.
///
/// A sample of the requests of each command. AGGCTL_ALL_KILL_POINTS has every request tried, of those changes alone whose
/// name holds its text (`teaming create`); `all` means all changes.
@Suite(.serialized) struct KillPointSharedTests {
    @Test(arguments: bonding) func aBondIsAsItWas(_ change: Change) async throws { try await Self.tryAll(change) }

    @Test(arguments: teaming) func aTeamIsAsItWas(_ change: Change) async throws { try await Self.tryAll(change) }

    /// Nil: a sample.
    private static let exhaustive = getenv("AGGCTL_ALL_KILL_POINTS").map { String(cString: $0) }

    private static func tryAll(_ change: Change) async throws {
        guard let exhaustive else { return try await trySample(change) }
        guard exhaustive == "all" || change.testDescription.contains(exhaustive) else { return }
        try await tryEach(change)
    }

    private static func trySample(_ change: Change) async throws {
        if let points = change.points { return try await trySome(points, of: change) }
        try await withScene(change) { scene in
            // Points that grow, until the change is over before the next one comes.
            var point = 1
            while try await scene.endsBefore(point) {
                try await scene.expectTakenBack("request \(point)")
                point *= 3
            }
            // A repair that came far enough is one: the next finds nothing to do.
            #expect(scene.requests > 2 || point > 1, "hardly anything was done")
        }
        guard change.triesLast else { return }
        try await withScene(change) { scene in
            #expect(try await scene.endsBefore(nil))
            try await scene.expectTakenBack("the last request")
        }
    }

    private static func trySome(_ points: [Int], of change: Change) async throws {
        guard !points.isEmpty else { return }
        try await withScene(change) { scene in
            for point in points {
                #expect(try await scene.endsBefore(point), "it has only \(scene.requests) requests")
                try await scene.expectTakenBack("request \(point)")
            }
        }
    }

    /// On the same host, unless one was not left as it was.
    private static func tryEach(_ change: Change) async throws {
        var (point, isOver) = (1, false)
        while !isOver {
            try await withScene(change) { scene in
                while try await scene.endsBefore(point) {
                    point += 1
                    let isAsItWas = try await scene.expectTakenBack("request \(point - 1)")
                    if point % 10 == 1 { note("\(change.testDescription): request \(point - 1)") }
                    // A repair that came far enough is one: the next finds nothing to do.
                    guard isAsItWas, !change.endsDaemon else { return }
                }
                isOver = true
            }
        }
        note("\(change.testDescription): killed before each of \(point - 1) requests")
    }

    /// A sign of life: all requests take long.
    private static func note(_ text: String) {
        let bytes = Array("\(text)\n".utf8)
        write(2, bytes, bytes.count)
    }

    private static func withScene(_ change: Change, _ body: (KillScene) async throws -> Void) async throws {
        try await withNamespace { ns in
            let scene = try await KillScene(ns, change)
            try await body(scene)
        }
    }
}

/// A host and a change of it that is killed.
private final class KillScene {
    private let ns: KernelFixture
    private let change: KillPointSharedTests.Change
    private let name: String
    private let command: [String]
    private let before: FullDump
    /// How many the last run of the change made.
    private(set) var requests = 0
    private var teams: [String] { change.hasDaemon ? [name] : [] }

    init(_ ns: KernelFixture, _ change: KillPointSharedTests.Change) async throws {
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
        if change.isLoaded { try await Scenes.ports(ns) } else { try await Scenes.addressedPort(ns) }
        if !change.host.isEmpty { _ = try ns.ip([], change.host) }
        for (file, value) in change.sysctls { try Self.set(file, value, in: ns) }
        for line in change.before {
            let outcome = try Self.run([Program.path] + Self.words(line, name) + ["--netns", ns.name])
            guard outcome.code == 0 else { throw Missing(what: "success of \(line): \(outcome)") }
        }
        if change.isLoaded { try Self.load(ns, name) }
        if change.endsDaemon, let process = TeamScene.process(of: name) {
            Glibc.kill(process, SIGKILL)
            try await eventually(within: .seconds(60), "the daemon gone") { Glibc.kill(process, 0) != 0 }
        }
        before = try await Self.settled(ns, change.hasDaemon ? [name] : [])
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

    private static func set(_ file: String, _ value: String, in ns: KernelFixture) throws {
        let path = "/proc/sys/net/\(file)"
        let outcome = try run(["ip", "netns", "exec", ns.name, "sh", "-c", "echo \(value) >\(path)"])
        guard outcome.code == 0 else { throw Missing(what: "\(value) in \(path): \(outcome)") }
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
        line.split(separator: " ").map { String($0).replacing("NAME", with: name).replacing("~", with: " ") }
    }

    private static func run(_ arguments: [String], environment: [String] = []) throws -> Program.Outcome {
        try ChildProcess(arguments, environment: environment).wait()
    }

    /// Runs the change and tells whether it was killed before this request, or before its last one of all.
    func endsBefore(_ point: Int?) async throws -> Bool {
        let count = "/tmp/\(ns.name)-count"
        ns.atEnd { unlink(count) }
        unlink(count)
        let library = FilePath(Program.path).removingLastComponent().appending("libKillPoint.so").string
        let at = point.map(String.init) ?? "last"
        let outcome = try Self.run(
            [Program.path] + command + ["--netns", ns.name],
            environment: ["LD_PRELOAD=\(library)", "AGGCTL_KILL_AT=\(at)", "AGGCTL_KILL_COUNT=\(count)"])
        requests = SmallFile.text(count).flatMap { Int($0.prefix { $0.isNumber }) } ?? 0
        guard outcome.code != 128 + SIGKILL else { return true }
        #expect(outcome.code == 0 || outcome.code == 2, "\(outcome)")
        return false
    }

    /// - Returns: whether it was.
    @discardableResult
    func expectTakenBack(_ what: String) async throws -> Bool {
        let back = try Self.run([Program.path, "rollback", "--netns", ns.name])
        #expect(back.code == 0, "\(what): \(back)")
        #expect(!back.output.contains("somebody else"), "\(what): \(back)")
        let deadline = ContinuousClock().now + .seconds(6)
        while true {
            let differences = before.differences(to: try FullDump(ns, teams: teams)).filter {
                !change.losesMulticast || !$0.contains("01:00:5e:7f")
            }
            if differences.isEmpty { return back.code == 0 }
            guard ContinuousClock().now < deadline else {
                Issue.record("\(what) left\n\(differences.joined(separator: "\n"))\n\(back)")
                return false
            }
            try await Task.sleep(for: .milliseconds(200))
        }
    }
}
