import Glibc
import Testing

@testable import Operations

/// Where a lab is started: few descriptors, no /proc, foreign folders, no throwaway kernel.
@Suite("Lab: bad surroundings", .serialized)
struct LabRunSurroundingsTests {
    @Test(
        "few descriptors: it runs, or says why not",
        arguments: [(350, 0), (301, 0), (400, 0), (64, 0), (18, nil), (10, nil)])
    func descriptors(limit: Int, code: Int32?) throws {
        let lab = try LabProcess()
        try lab.start(
            ["lab", "run", "--timeout", "60s", "--", "true"], through: ["/usr/bin/prlimit", "--nofile=\(limit)"])
        let ended = try #require(lab.wait())
        #expect(code == nil || ended == code)
        let said = lab.folder.text("err")
        #expect(ended == 0 ? said.isEmpty : !said.isEmpty && !said.contains("It said nothing"), "\(ended): \(said)")
        #expect(lab.alive.isEmpty)
    }

    @Test("a lab ends with aggctl where the kernel lists no children")
    func noChildren() throws {
        guard geteuid() == 0 else { return }
        let lab = try LabProcess()
        try lab.start(
            ["lab", "run", "--", "sh", "-c", "echo ready; sleep 1000"], through: ["/usr/bin/unshare", "--mount"])
        #expect(LabProcess.eventually(.seconds(30)) { lab.folder.text("out") == "ready\n" })
        var hider: pid_t = 0
        let hide = [
            "/usr/bin/nsenter", "--mount", "--target", "\(lab.started)", "mount", "-t", "tmpfs", "none", "/proc",
        ]
        try #require(withCStrings(hide) { posix_spawn(&hider, hide[0], nil, nil, $0, environ) } == 0)
        var status: Int32 = 0
        try #require(waitpid(hider, &status, 0) == hider && status == 0)
        lab.send(SIGKILL)
        #expect(lab.wait(.seconds(5)) == 256 + SIGKILL)
        #expect(LabProcess.eventually(.seconds(5)) { lab.alive.isEmpty }, "\(lab.alive)")
    }

    @Test("what a lab left behind is removed without following a link that cannot be removed")
    func leftLink() throws {
        let user: UInt32 = geteuid() == 0 ? 65534 : geteuid()
        let lab = try LabProcess()
        let folder = try Scratch()
        let left = "\(folder.path)/aggctl-lab-\(user)-gone"
        for path in ["\(folder.path)/target", left, "\(left)/locked"] { try #require(mkdir(path, 0o755) == 0) }
        try folder.file("target/precious", mode: 0o644, Array("kept".utf8))
        try #require(symlink("\(folder.path)/target", "\(left)/locked/link") == 0)
        for path in ["", "/target", "/target/precious"].map({ folder.path + $0 }) + [left, "\(left)/locked"] {
            try #require(chown(path, user, user) == 0)
        }
        // Nothing can be removed from it.
        try #require(chmod("\(left)/locked", 0o555) == 0)
        try lab.start(
            ["lab", "run", "--kernel", "/bin/false", "--", "true"], user: user,
            through: ["/usr/bin/env", "TMPDIR=\(folder.path)"])
        #expect(lab.wait() == 125)
        #expect(folder.text("target/precious") == "kept")
        chmod("\(left)/locked", 0o755)
    }

    /// Inside a guest, whose kernel has the drivers: what root on such a machine gets.
    @Test("the running kernel is taken by name only, and then without what would reach past the lab")
    func runningKernel() throws {
        let lab = try LabProcess()
        let attempts = LabRunWallTests.script([
            ("node", "mknod /run/memory c 1 1"), ("module", "modprobe -r dummy"),
            ("setting", "echo 7 >/proc/sys/vm/swappiness"),
            ("parameter", "echo 1 >/sys/kernel/mm/ksm/run || echo 3 >/sys/kernel/profiling"),
            ("shared", "touch /dev/shm/left; false"), ("disk", "test -e /dev/ttyS0"),
            ("request", "echo h >/proc/sysrq-trigger"),
            ("namespace", "ip netns add n1 && ip netns delete n1"), ("tunnel", "ip tuntap add t0 mode tap"),
            (
                "bond",
                "ip link add b0 type bond && echo 50 >/sys/class/net/b0/bonding/miimon && grep 50 /sys/class/net/b0/bonding/miimon"
            ),
            ("network", "echo 1 >/proc/sys/net/ipv4/ip_forward"), ("terminal", "script -qc true /dev/null"),
        ])
        let script = """
            run="\(lab.program) lab run"
            rmdir /run/aggctl/lab; rm /usr/bin/linux.uml
            $run -- true; echo auto $?
            $run --kernel host -- bash -c '\(attempts.replacingQuotes)'; echo host $?
            ls /dev/shm; cat /proc/sys/vm/swappiness
            mknod /run/memory c 1 1 && echo 60 >/proc/sys/vm/swappiness && test -e /dev/ttyS0 && echo "control: root may"
            """
        try lab.start(["lab", "run", "--timeout", "60s", "--", "bash", "-c", script])
        #expect(lab.wait() == 0)
        #expect(
            lab.folder.text("out").split(separator: "\n") == [
                "auto 125", "namespace tunnel bond network terminal end", "host 0", "60",
                "control: root may",
            ])
        let said = lab.folder.text("err")
        #expect(said.contains("There is no /usr/bin/linux.uml") && said.contains("--kernel host"), "\(said)")
        #expect(said.contains("The lab shares the running kernel and is no boundary"), "\(said)")
    }
}

extension String {
    fileprivate var replacingQuotes: String { split(separator: "'").joined(separator: "'\\''") }
}
