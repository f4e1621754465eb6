import Aggregation
import Glibc
import Netlink
import Testing

/// What others left or lack: files of a daemon that is gone, a second daemon, no daemon to be had.
@Suite struct TeamLeftoverTests {
    /// The number in a stale file may belong to anybody by now, here to this process.
    @Test func aStalePIDFileIsNoDaemon() async throws {
        try await withTeam { scene in
            try await scene.ns.dummies("eth0")
            mkdir("/run/teamd", 0o755)
            let file = "/run/teamd/\(scene.team).pid"
            _ = try Witness.run(["sh", "-c", "echo \(getpid()) > \(file)"])
            try await scene.require("create TEAM --driver teaming --mode broadcast --ports eth0 --no-wait")
            let daemon = try #require(scene.process)
            #expect(daemon != getpid())
            kill(daemon, SIGKILL)
            try await eventually(within: .seconds(60), "the daemon gone") {
                try await scene.facts().daemon?.state == .absent
            }
            _ = try Witness.run(["sh", "-c", "echo \(getpid()) > \(file)"])
            let status = await scene.aggctl("status TEAM")
            #expect(status.output.contains("teamd is not running"), "\(status)")
            try await scene.require("repair TEAM")
            try await scene.require("delete TEAM")
            let remains = try await scene.remains
            #expect(remains == [])
        }
    }

    /// teamd looks for another only in its file.
    @Test func twoDaemonsForOneTeamAreTold() async throws {
        try await withTeam { scene in
            try await scene.ns.dummies("eth0")
            try await scene.require("create TEAM --driver teaming --mode broadcast --ports eth0 --no-wait")
            let first = try #require(scene.process)
            scene.ns.atEnd { kill(first, SIGKILL) }
            for suffix in ["pid", "sock"] { unlink("/run/teamd/\(scene.team).\(suffix)") }
            _ = try Witness.run([
                "ip", "netns", "exec", scene.ns.name, "teamd", "-d", "-o", "-t", scene.team, "-c",
                #"{"runner": {"name": "broadcast"}}"#,
            ])
            let second = try #require(scene.process)
            #expect(second != first)
            let status = await scene.aggctl("status TEAM --check")
            #expect(status.code == 6, "\(status)")
            #expect(status.output.contains("\(first)") && status.output.contains("\(second)"), "\(status)")
        }
    }

    @Test func withoutTeamdItIsSaidHowToInstallIt() async throws {
        try await withTeam { scene in
            try await scene.ns.dummies("eth0")
            let child = try ChildProcess([
                "unshare", "-m", "sh", "-c", "mount --bind /dev/null \"$0\" && exec \"$@\"", "/usr/bin/teamd",
                Program.path, "create", scene.team, "--driver", "teaming", "--mode", "broadcast", "--ports", "eth0",
                "--netns", scene.ns.name,
            ])
            let outcome = child.wait()
            #expect(outcome.code == 69 && outcome.output.contains("apt install libteam-utils"), "\(outcome)")
            let remains = try await scene.remains
            #expect(remains == [])
        }
    }
}
