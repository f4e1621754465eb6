import Glibc
import Testing

@testable import Operations

/// What a hostile guest gets at: each attempt behind the wall, as root where the tests run as root and as an ordinary user,
/// and without it, where it has to work for the rest to prove anything.
@Suite("Lab: the wall", .serialized)
struct LabRunWallTests {
    static let users: [UInt32] = geteuid() == 0 ? [0, 65534] : [geteuid()]

    /// A folder of a user with a file in it, and what can be seen of both.
    private struct Victim {
        let folder: Scratch
        var path: String { folder.path + "/victim" }
        var file: String { path + "/file" }

        init(user: UInt32) throws {
            folder = try Scratch()
            try #require(chmod(folder.path, 0o755) == 0 && mkdir(folder.path + "/victim", 0o755) == 0)
            try folder.file("victim/file", mode: 0o644, Array("kept\n".utf8))
            guard user != geteuid() else { return }
            try #require(chown(path, user, user) == 0 && chown(file, user, user) == 0)
        }

        var state: String {
            var status = stat()
            guard stat(file, &status) == 0 else { return "gone" }
            let entries = LabScratch.names(in: path).sorted().joined(separator: ",")
            return "\(entries) \(String(status.st_mode, radix: 8)) \(status.st_uid) \(status.st_mtim.tv_sec) "
                + folder.text("victim/file")
        }
    }

    /// Shell commands that change the victim `$v`, each by a way of its own; the last takes it away.
    static let changes = [
        ("write", "echo changed >$v/file"), ("append", "echo more >>$v/file"), ("empty", "truncate -s 0 $v/file"),
        ("mode", "chmod 4777 $v/file"), ("time", "touch -d 2001-01-01 $v/file"), ("make", "touch $v/new"),
        ("folder", "mkdir $v/folder"), ("link", "ln -s file $v/link"), ("name", "ln $v/file $v/name"),
        ("fifo", "mkfifo $v/fifo"), ("move", "mv $v/file $v/moved && mv $v/moved $v/file"), ("remove", "rm $v/file"),
    ]

    /// A script that names what worked, in one line. Each runs in a shell of its own; nothing is emptied to be silent,
    /// which the wall would refuse.
    static func script(_ attempts: [(String, String)]) -> String {
        attempts.map { "( \($0.1) ) >>/dev/null 2>&1 && printf '%s ' \($0.0)" }.joined(separator: "\n") + "\necho end\n"
    }

    private func run(_ request: LabRequest, in lab: LabProcess) throws(LabError) -> LabOutcome {
        var request = request
        request.agent = lab.program
        request.input = -1
        request.error = -1
        request.forwardsSignals = false
        request.timeout = .seconds(60)
        request.output = open(lab.folder.path + "/out", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        defer { close(request.output) }
        return try LabSession.run(request)
    }

    // MARK: - From the guest

    private func mounting(_ victim: Victim) -> String {
        "v=/mnt; mount -t hostfs none /mnt -o \(victim.path) || exit 9\n" + Self.script(Self.changes)
    }

    @Test("the guest's root changes no file of the host", arguments: users) func guestWrites(user: UInt32) throws {
        let (lab, victim) = (try LabProcess(), try Victim(user: user))
        let before = victim.state
        try lab.start(["lab", "run", "--timeout", "60s", "--", "bash", "-c", mounting(victim)], user: user)
        #expect(lab.wait() == 0)
        #expect(lab.folder.text("out") == "end\n")
        #expect(lab.folder.text("err") == "")
        #expect(victim.state == before)
    }

    @Test("control: without the wall it changes them in every way") func guestWritesWithoutWall() throws {
        let (lab, victim) = (try LabProcess(), try Victim(user: geteuid()))
        var request = LabRequest(command: ["bash", "-c", mounting(victim)].map { Array($0.utf8) })
        request.wall = LabWall.none
        let noted = Noted()
        request.note = { noted.add($0) }
        #expect(try run(request, in: lab) == .exited(0))
        let worked = lab.folder.text("out").split { " \n".contains($0) }.map(String.init)
        // A hard link or a FIFO is not for hostfs to make.
        #expect(Set(worked).isSuperset(of: ["write", "append", "mode", "time", "make", "remove", "end"]), "\(worked)")
        #expect(victim.state == "gone")
        #expect(noted.text.contains("Nothing here keeps the lab from writing your files"))
    }

    private final class Noted: @unchecked Sendable {
        private(set) var text = ""
        func add(_ more: String) { text += more }
    }

    @Test("whoever writes to the guest's line ends the lab, and says nothing of how its command ended")
    func forgedEnd() throws {
        let lab = try LabProcess()
        try lab.start(["lab", "run", "--timeout", "60s", "--", "bash", "-c", Self.forging])
        #expect(lab.wait() == 125)
        #expect(lab.folder.text("err").contains("/dev/ttyS0"))

        var request = LabRequest(command: ["bash", "-c", Self.forging].map { Array($0.utf8) })
        request.secret = 0
        #expect(try run(request, in: lab) == .exited(0), "control: without a secret the forged end is believed")
    }

    private static var forging: String {
        let bytes = LabFrame(.ended, payload: [0, 0]).encoded.map {
            "\\x" + ($0 < 16 ? "0" : "") + String($0, radix: 16)
        }
        return "printf '\(bytes.joined())' >/dev/ttyS0; sleep 20; exit 7"
    }

    // MARK: - From the kernel

    /// A program in the kernel's place: what the guest's root can make of its kernel with a module.
    private func kernel(_ body: String, in folder: Scratch) throws -> String {
        try folder.file("kernel", mode: 0o755, Array("#!/bin/bash\n\(body)".utf8))
        try #require(chmod(folder.path, 0o755) == 0)
        return folder.path + "/kernel"
    }

    /// System calls by their number where no command makes them alone.
    static let calls =
        changes.dropLast() + [
            ("socket", "perl -MSocket -e 'socket(S, AF_UNIX, SOCK_STREAM, 0) or exit 1'"),
            ("trace", "perl -e 'exit(syscall(101, 16, 0 + shift, 0, 0) == 0 ? 0 : 1)' $other"),
            ("signal", "kill -0 $other"), ("everybody", "kill -0 -1"), ("limit", "prlimit --pid $other --core=0"),
            ("namespace", "unshare --user true"), ("device", ": >>/dev/kmsg"),
            (
                "attribute",
                "perl -e 'my ($f, $n, $v) = (shift, q(user.a), q(b)); exit(syscall(188, $f, $n, $v, 1, 0) == 0 ? 0 : 1)' $v/file"
            ),
            ("setting", "s=$(cat /proc/sys/vm/swappiness) && echo $s >/proc/sys/vm/swappiness"),
            ("dump", "ulimit -c unlimited"),
        ]

    private func attack(_ victim: Victim, other: pid_t) -> String {
        "v=\(victim.path) other=\(other)\n" + Self.script(Array(Self.calls))
            + "grep -c 'CapEff:.*0000000[04]$' /proc/self/status\n"
    }

    @Test("nor does the kernel itself, whatever runs in its place", arguments: users) func kernelCode(user: UInt32)
        throws
    {
        let (lab, victim) = (try LabProcess(), try Victim(user: user))
        let other = try Sleeper(user: user)
        let before = victim.state
        let program = try kernel(attack(victim, other: other.pid), in: lab.folder)
        try lab.start(["lab", "run", "--kernel", program, "--", "true"], user: user)
        #expect(lab.wait() == 125)
        let said = lab.folder.text("err").split(separator: "\n").drop { !$0.contains("It said last") }.dropFirst()
        #expect(said.map { String($0.drop { $0 == " " }) } == ["end", "1"], "\(lab.folder.text("err"))")
        #expect(victim.state == before)
    }

    @Test(
        "Landlock and the mounts hold each alone",
        arguments: geteuid() == 0 ? [LabWall.Layers.mounts, .landlock] : [.mounts])
    func oneOfTwo(missing: LabWall.Layers) throws {
        let (lab, victim) = (try LabProcess(), try Victim(user: geteuid()))
        let other = try Sleeper(user: geteuid())
        let before = victim.state
        var request = LabRequest(command: [Array("true".utf8)])
        // Before Landlock tells signals apart, nothing else does.
        let script = Self.script(Self.calls.filter { $0.0 != "signal" })
        request.kernel = .program(try kernel("v=\(victim.path) other=\(other.pid)\n" + script, in: lab.folder))
        request.wall = LabWall(layers: LabWall.userMode.layers.subtracting(missing))
        do throws(LabError) {
            _ = try run(request, in: lab)
            Issue.record("that is no kernel")
        } catch {
            #expect(error.what.hasSuffix("It said last:\n  end"), "\(error)")
        }
        #expect(victim.state == before)
    }

    @Test("control: without the wall a program in its place does all of that") func kernelCodeWithoutWall() throws {
        let (lab, victim) = (try LabProcess(), try Victim(user: geteuid()))
        let other = try Sleeper(user: geteuid())
        var request = LabRequest(command: [Array("true".utf8)])
        request.kernel = .program(try kernel(attack(victim, other: other.pid), in: lab.folder))
        request.wall = LabWall.none
        do throws(LabError) {
            _ = try run(request, in: lab)
            Issue.record("that is no kernel")
        } catch {
            for name in ["mode", "socket", "trace", "signal", "limit", "attribute"] {
                #expect(error.what.contains("\(name) "), "\(error)")
            }
        }
        #expect(victim.state.hasPrefix("fifo,file,folder,link,name,new 104777"), "\(victim.state)")
    }

    /// Another process of the user, to be left alone.
    private final class Sleeper {
        private(set) var pid: pid_t = 0

        init(user: UInt32) throws {
            let command = ["/usr/bin/setpriv", "--reuid=\(user)", "--regid=\(user)", "--clear-groups", "sleep", "1000"]
            let words = user == geteuid() ? Array(command.suffix(2)) : command
            let code = withCStrings(words) { posix_spawnp(&pid, words[0], nil, nil, $0, environ) }
            try #require(code == 0)
        }

        deinit {
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
        }
    }

    @Test("a guest that heeds no window is stopped before it fills this side", arguments: [(10, false), (40, true)])
    func window(frames: Int, isTooMuch: Bool) throws {
        let lab = try LabProcess()
        let frame = LabFrame(.data, stream: .output, payload: Array(repeating: 0x41, count: LabFrame.chunk))
        try lab.folder.file("start", mode: 0o644, LabFrame(.hello).encoded + LabFrame(.running).encoded)
        try lab.folder.file("frame", mode: 0o644, frame.encoded)
        try lab.folder.file("end", mode: 0o644, LabFrame(.ended, payload: [0, 3]).encoded)
        let at = lab.folder.path
        let body =
            "cat \(at)/start >&3; for i in $(seq \(frames)); do cat \(at)/frame; done >&3; cat \(at)/end >&3; sleep 20"
        var request = LabRequest(command: [Array("true".utf8)], agent: "/bin/true")
        request.kernel = .program(try kernel(body, in: lab.folder))
        request.secret = 0
        request.input = -1
        request.error = -1
        request.forwardsSignals = false
        request.timeout = .seconds(10)
        // Nobody reads it: a pipe takes 64 kB, the rest waits here.
        let unread = try LabDescriptor.pipe()
        defer {
            close(unread.read)
            close(unread.write)
        }
        request.output = unread.write
        do throws(LabError) {
            #expect(try LabSession.run(request) == .timedOut)
            #expect(!isTooMuch)
        } catch {
            #expect(isTooMuch && error.what.contains("than there was room for"), "\(error)")
        }
    }
}
