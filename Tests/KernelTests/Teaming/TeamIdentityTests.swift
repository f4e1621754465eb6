import Aggregation
import Glibc
import Netlink
import Testing

/// Who is a teamd is proved, not said: by the kernel, by the socket, by the first process.
@Suite struct TeamIdentityTests {
    private static let create = "create TEAM --driver teaming --mode active-backup --ports eth0,eth1"

    /// With the names believed, `set` killed the only real one, could start neither a new nor the old one for the others,
    /// and left the team dead for good.
    @Test func eightFalseDaemonsChangeNothing() async throws {
        try await withTeam { scene in
            try await Scenes.ports(scene.ns)
            let fakes = try FalseDaemons(scene)
            try await fakes.start(8)
            let before = fakes.processes
            // By name and words they are what they want to be.
            for process in before {
                let words = SmallFile.read("/proc/\(process)/cmdline")?.split(separator: 0) ?? []
                #expect(words.suffix(2).map { String(decoding: $0, as: UTF8.self) } == ["-t", scene.team])
            }
            try await scene.require(Self.create)
            let first = try #require(scene.process)
            try await scene.require("set TEAM notify_peers.count=3")
            #expect(try scene.kernelOption("notify_peers_count") == "3")
            let status = await scene.aggctl("status TEAM --check")
            #expect(status.code == 0 && !status.output.contains("two teamd"), "\(status)")
            let second = try #require(scene.process)
            #expect(second != first)
            kill(second, SIGKILL)
            try await eventually(within: .seconds(60), "the daemon gone") {
                try await scene.facts().daemon?.state == .absent
            }
            try await scene.require("repair TEAM")
            try await scene.require("delete TEAM")
            #expect(fakes.processes == before, "they were killed")
        }
    }

    /// The program that would be run, run by somebody else: it waits for its configuration.
    @Test func theRightProgramOfAnotherUserIsNone() async throws {
        try await withTeam { scene in
            try await Scenes.ports(scene.ns)
            let fakes = try FalseDaemons(scene)
            let fifo = "\(fakes.directory)/fifo"
            mkfifo(fifo, 0o666)
            chmod(fifo, 0o666)
            let child = try ChildProcess(
                FalseDaemons.nobody + ["/usr/bin/teamd", "-t", scene.team, "-f", fifo])
            let process = child.process
            scene.ns.atEnd { kill(process, SIGKILL) }
            try await eventually("teamd of nobody") {
                try FalseDaemons.program(of: process) == "/usr/bin/teamd"
            }
            try await scene.require(Self.create)
            #expect(SmallFile.text("/proc/\(process)/comm") == "teamd\n", "it was killed")
            try await scene.require("set TEAM notify_peers.count=3")
            #expect(try await scene.facts().daemon?.rivals == [])
        }
    }

    /// A container has a /run of its own: what it calls its team is its affair.
    @Test func aDaemonWithFilesOfItsOwnElsewhereIsNoRival() async throws {
        try await withTeam { scene in
            try await Scenes.ports(scene.ns)
            try await withNamespace { other in
                let child = try ChildProcess([
                    "ip", "netns", "exec", other.name, "unshare", "-m", "sh", "-c",
                    "mount -t tmpfs tmpfs /run && exec teamd -t \"$0\" -c \"$1\"", scene.team,
                    #"{"runner": {"name": "broadcast"}}"#,
                ])
                let process = child.process
                scene.ns.atEnd { kill(process, SIGKILL) }
                let theirs = "/proc/\(process)/root/run/teamd/\(scene.team).pid"
                try await eventually("their daemon") { SmallFile.text(theirs) != nil }
                #expect(try FalseDaemons.program(of: process) == "/usr/bin/teamd")
                try await scene.require(Self.create)
                try await scene.require("set TEAM notify_peers.count=3")
                try await scene.require("delete TEAM")
                #expect(SmallFile.text(theirs) != nil)
            }
        }
    }

    /// Of another path: it is known by who listens at the socket of the team.
    @Test func aDaemonOfAnotherProgramIsKnownByItsSocket() async throws {
        try await withTeam { scene in
            try await Scenes.ports(scene.ns)
            let fakes = try FalseDaemons(scene)
            let program = "\(fakes.directory)/otherd"
            _ = try Witness.run(["cp", "/usr/bin/teamd", program])
            _ = try Witness.run([
                "ip", "netns", "exec", scene.ns.name, program, "-d", "-t", scene.team, "-c",
                #"{"runner": {"name": "broadcast"}}"#,
            ])
            let process = try #require(scene.process)
            scene.ns.atEnd { kill(process, SIGKILL) }
            #expect(try FalseDaemons.program(of: process) == program)
            let daemon = try #require(try await scene.facts().daemon)
            #expect(daemon.state == .running && daemon.process == process)
            let refused = await scene.aggctl(Self.create)
            #expect(refused.code != 0, "\(refused)")
            try await scene.require("set TEAM notify_peers.count=3")
            #expect(scene.process != process)
            #expect(try scene.kernelOption("notify_peers_count") == "3")
        }
    }

    private static let onlyNetAdmin = ["--bounding-set=-all,+net_admin", "--inh-caps=-all"]
    private static let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups"]

    private static func withCapabilities(_ names: [String]) -> [String] {
        let list = names.map { "+\($0)" }.joined(separator: ",")
        return nobody + ["--inh-caps=\(list)", "--ambient-caps=\(list)"]
    }

    private static func run(_ line: String, _ options: [String], _ scene: TeamScene) throws -> Program.Outcome {
        let words = line.replacing("TEAM", with: scene.team).split(separator: " ").map(String.init)
        return try ChildProcess(
            ["ip", "netns", "exec", scene.ns.name, "setpriv"] + options + ["--", Program.path] + words
        ).wait()
    }

    /// Who may not look at a process does not know that it is not there.
    @Test func aHealthyTeamIsNotCalledDeadByWhoCannotSeeItsDaemon() async throws {
        try await withTeam { scene in
            try await Scenes.ports(scene.ns)
            try await scene.require(Self.create)
            let process = try #require(scene.process)
            // What may not be seen: the control.
            let denied = try ChildProcess(
                ["setpriv"] + Self.onlyNetAdmin + ["--", "stat", "-L", "/proc/\(process)/ns/net"]
            ).wait()
            #expect(denied.code != 0 && denied.output.contains("Permission denied"), "\(denied)")
            // Root may ask it all the same, and the answer shows whose team it is.
            let root = try Self.run("status TEAM --check", Self.onlyNetAdmin, scene)
            #expect(root.code == 0 && root.output.contains("healthy"), "\(root)")
            for (options, missing) in [
                (Self.withCapabilities(["net_admin"]), ["CAP_SYS_PTRACE", "CAP_DAC_OVERRIDE"]),
                (Self.withCapabilities(["net_admin", "sys_ptrace"]), ["CAP_DAC_OVERRIDE"]),
            ] {
                let status = try Self.run("status TEAM", options, scene)
                #expect(status.output.contains("unknown: teamd"), "\(status)")
                #expect(!status.output.contains("not running") && !status.output.contains("repair"), "\(status)")
                for name in missing { #expect(status.output.contains("\(name) is missing"), "\(status)") }
            }
        }
    }

    /// Whoever cannot end it finds that out before anything is touched.
    @Test func withoutTheCapabilityNothingIsBegun() async throws {
        try await withTeam { scene in
            try await Scenes.ports(scene.ns)
            try await scene.require(Self.create)
            let process = scene.process
            for command in ["set TEAM notify_peers.count=3", "port remove TEAM eth1", "delete TEAM"] {
                let outcome = try Self.run(command, Self.onlyNetAdmin, scene)
                #expect(outcome.code == 77 && outcome.output.contains("CAP_SYS_PTRACE is missing"), "\(outcome)")
                #expect(!outcome.output.contains("rolled back"), "\(outcome)")
            }
            #expect(scene.process == process)
            kill(try #require(process), SIGKILL)
            try await eventually(within: .seconds(60), "the daemon gone") {
                try await scene.facts().daemon?.state == .absent
            }
            let status = try Self.run("status TEAM", Self.onlyNetAdmin, scene)
            #expect(status.output.contains("cannot be examined: CAP_SYS_PTRACE is missing"), "\(status)")
            #expect(try Self.run("repair TEAM", Self.onlyNetAdmin, scene).code == 77)
            try await scene.require("repair TEAM")
        }
    }
}

/// How long the end of daemons takes, measured.
@Suite(.serialized) struct TeamEndSerialTests {
    /// Each on its own had half a minute.
    @Test func allDaemonsEndByOneDeadline() async throws {
        try await withTeam { scene in
            try await Scenes.ports(scene.ns)
            try await scene.require("create TEAM --driver teaming --mode active-backup --ports eth0,eth1")
            let fakes = try FalseDaemons(scene)
            for _ in 0..<3 { try await fakes.startStubborn(in: scene.ns.name) }
            // They are root's and run the program, as far as the kernel tells: all of them have to end.
            for process in fakes.processes { #expect(try FalseDaemons.program(of: process) == "/usr/bin/teamd") }
            let clock = ContinuousClock()
            let time = try await clock.measure { try await scene.require("delete TEAM") }
            #expect(time < .seconds(60), "\(time)")
            #expect(fakes.processes == [])
            #expect(try await scene.remains == [])
        }
    }
}
