import Glibc
import Testing

@testable import Operations

/// Boots the real lab kernel through the built program; several checks share a boot.
@Suite("aggctl lab run", .serialized)
struct LabRunTests {
    private let nobody: UInt32 = 65534

    @Test("streams, directory, environment, exit code; the guest's tree is writable and the host's is not written")
    func surroundings() throws {
        let lab = try LabProcess()
        let mark = "/etc/aggctl-test-\(getpid())"
        try lab.folder.file("in", mode: 0o644, Array("line one\nline two".utf8))
        let script = """
            pwd; echo "$LAB_TEST"; cat; echo; echo apart >&2
            echo written > \(mark) && cat \(mark); rm /etc/hostname && test ! -e /etc/hostname && echo removed
            id -u; ls /sys/class/net; for m in bonding team veth bridge 8021q vrf; do test -d /sys/module/$m || echo no $m; done
            ip -o link show lo | grep -o 'LOWER_UP'
            dbus-send --system --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.GetId >/dev/null && echo bus
            exit 7
            """
        try lab.start(["lab", "run", "--timeout", "60s", "--", "sh", "-c", script], directory: "/usr/share")
        #expect(lab.wait() == 7)
        #expect(
            lab.folder.text("out") == """
                /usr/share
                two
                lines
                line one
                line two
                written
                removed
                0
                bonding_masters
                lo
                LOWER_UP
                bus

                """)
        #expect(lab.folder.text("err") == "apart\n")
        #expect(access(mark, F_OK) != 0)
        #expect(access("/etc/hostname", F_OK) == 0)
        #expect(lab.alive.isEmpty)
    }

    @Test("10 MB out and 1 MB in, byte for byte, standard error apart")
    func bytes() throws {
        let lab = try LabProcess()
        var generator = SystemRandomNumberGenerator()
        func noise(_ count: Int) -> [UInt8] {
            (0..<(count / 8)).flatMap { _ in withUnsafeBytes(of: generator.next()) { Array($0) } }
        }
        let (large, small) = (noise(10_000_000), noise(1_000_000))
        try lab.folder.file("large", mode: 0o644, large)
        try lab.folder.file("in", mode: 0o644, small)
        let script = "cat >&2; cat \(lab.folder.path)/large"
        try lab.start(["lab", "run", "--timeout", "100s", "--", "sh", "-c", script])
        #expect(lab.wait(.seconds(110)) == 0)
        #expect(lab.folder.contents("out") == large)
        #expect(lab.folder.contents("err") == small)
    }

    @Test(
        "what does not run has its code and reason",
        arguments: [
            (["--", "/nowhere/at-all"], 127, "No such file"), (["--", "no-such-command"], 127, "not found"),
            (["--", "/etc/passwd"], 126, "denied"), (["--", "sh", "-c", "kill -9 $$"], 137, ""),
            (["--timeout", "3s", "--", "sleep", "100"], 124, "time limit"),
            (["--kernel", "/nowhere/linux.uml", "--", "true"], 125, "/nowhere/linux.uml"),
            (["--kernel", "/bin/false", "--", "true"], 125, "ended before"),
            (["--topology", "ring", "--", "true"], 125, "ring"), (["--memory", "1", "--", "true"], 64, "memory"),
            (["--timeout", "5", "--", "true"], 64, "timeout"), ([], 64, "command"),
        ] as [([String], Int32, String)])
    func codes(arguments: [String], code: Int32, reason: String) throws {
        let lab = try LabProcess()
        try lab.start(["lab", "run"] + arguments)
        #expect(lab.wait() == code)
        #expect(lab.folder.text("out") == "")
        let said = lab.folder.text("err")
        #expect(reason.isEmpty ? said.isEmpty : said.contains(reason), "\(said)")
        #expect(lab.alive.isEmpty)
    }

    @Test("an interrupt reaches the command, and the lab ends with it")
    func interrupt() throws {
        let lab = try LabProcess()
        let script = "trap 'echo caught; exit 9' INT; echo ready; while :; do sleep 0.1; done"
        try lab.start(["lab", "run", "--timeout", "60s", "--", "sh", "-c", script])
        #expect(LabProcess.eventually(.seconds(30)) { lab.folder.text("out") == "ready\n" })
        let scratch = lab.scratchFolders
        #expect(scratch.count == 1)
        lab.send(SIGINT)
        #expect(lab.wait(.seconds(10)) == 9)
        #expect(lab.folder.text("out") == "ready\ncaught\n")
        #expect(lab.alive.isEmpty)
        for folder in scratch { #expect(access(folder, F_OK) != 0) }
    }

    @Test("the far ends of a topology answer, and namespaces do as a lab where the drivers are")
    func topology() throws {
        let lab = try LabProcess()
        let script = """
            ip -o -d link show lag0 2>/dev/null; ip -o -n switch -d link show lag0 | grep -o '802.3ad\\|layer3+4\\|fast' | sort -u
            ip -o link | cut -d: -f2 | cut -d@ -f1; grep -c far_end /run/aggctl/lab/topology.json
            ip link add bond0 type bond mode 802.3ad miimon 100 lacp_rate fast
            for p in eth0 eth1 eth2; do ip link set $p master bond0; done
            ip link set bond0 up; ip addr add 198.51.100.2/24 dev bond0; ip addr add 2001:db8:100::2/64 dev bond0 nodad
            for i in $(seq 100); do
              test $(ip -d link show master bond0 | grep -o 'ad_actor_oper_port_state 63' | wc -l) = 3 && break; sleep 0.1
            done
            for a in 198.51.100.1 2001:db8:100::1; do (: > /dev/tcp/$a/9) 2>&1 | grep -o refused | head -1; done
            \(lab.program) lab run --topology pair -- sh -c 'ip -o link | wc -l; touch /etc/inner; exit 5'; echo $?
            test -e /etc/inner || ip netns list | cut -d' ' -f1
            """
        try lab.start(["lab", "run", "--topology", "lacp:3", "--timeout", "90s", "--", "bash", "-c", script])
        #expect(lab.wait(.seconds(100)) == 0)
        let lines = lab.folder.text("out").split(separator: "\n").map { String($0).trimmingBlanks }
        #expect(
            lines == [
                "802.3ad", "fast", "layer3+4", "lo", "eth0", "eth1", "eth2", "3", "refused", "refused", "3", "5",
                "switch",
            ])
        #expect(lab.folder.text("err") == "")
    }

    @Test("SIGKILL at 20 random moments leaves no process within 2 s and no scratch after the next run")
    func killed() async throws {
        // Both users at once: they share nothing, and the time is mostly the guests'.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for user in geteuid() == 0 ? [0, nobody] : [geteuid()] {
                group.addTask { try killTwentyTimes(user: user) }
            }
            try await group.waitForAll()
        }
    }

    private func killTwentyTimes(user: UInt32) throws {
        let lab = try LabProcess()
        var scratch: Set<String> = []
        for _ in 0..<20 {
            try lab.start(["lab", "run", "--", "sleep", "1000"], user: user)
            let moment = Duration.milliseconds(Int.random(in: 0...2500))
            _ = LabProcess.eventually(moment) { false }
            scratch.formUnion(lab.scratchFolders)
            lab.send(SIGKILL)
            #expect(lab.wait(.seconds(5)) == 256 + SIGKILL)
            #expect(LabProcess.eventually(.seconds(2)) { lab.alive.isEmpty }, "after \(moment): \(lab.alive)")
        }
        #expect(!scratch.isEmpty)
        try lab.start(["lab", "run", "--timeout", "60s", "--", "id", "-u"], user: user)
        #expect(lab.wait() == 0)
        #expect(lab.folder.text("out") == "0\n")
        for folder in scratch { #expect(access(folder, F_OK) != 0, "\(folder)") }
    }
}

extension String {
    fileprivate var trimmingBlanks: String { String(drop { $0 == " " }) }
}
