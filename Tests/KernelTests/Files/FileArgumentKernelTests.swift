import Glibc
import Testing

/// What only a machine of one's own can show of files: full disks, other users, devices.
@Suite struct FileArgumentKernelTests {
    private func shell(_ script: String) throws -> Program.Outcome {
        try ChildProcess(["sh", "-c", "aggctl=\(Program.path)\n\(script)"]).wait()
    }

    /// A full disk is told as one, and leaves what was there.
    @Test func aFullDisk() throws {
        let outcome = try shell(
            """
            set -e; d=$(mktemp -d /tmp/aggctl-full-XXXXXX); mount -t tmpfs -o size=8k none $d
            trap 'umount $d; rmdir $d' EXIT
            echo old > $d/plan; cp $d/plan $d/../aggctl-kept.$$
            dd if=/dev/zero of=$d/fill bs=4k 2>/dev/null || true
            set +e
            for path in $d/new $d/plan; do $aggctl recommend --require lacp --output $path --force; echo "code $?"; done
            $aggctl drill bond0 --report $d/report >/dev/null; echo "code $?"
            ls $d; cmp $d/plan $d/../aggctl-kept.$$ && echo same; rm $d/../aggctl-kept.$$
            """)
        #expect(outcome.code == 0, "\(outcome)")
        let codes = outcome.output.split(separator: "\n").filter { $0.hasPrefix("code ") }
        #expect(codes == ["code 1", "code 1", "code 1"], "\(outcome)")
        #expect(outcome.output.contains("No space left on device"))
        #expect(outcome.output.hasSuffix("fill\nplan\nsame\n"), "\(outcome)")
    }

    /// Who may not is told so, whatever the command.
    @Test func anotherUser() throws {
        let outcome = try shell(
            """
            d=$(mktemp -d /tmp/aggctl-user-XXXXXX); chmod 755 $d; echo 'version: 1' > $d/file; chmod 600 $d/file
            for words in "plan $d/file" "recommend --require lacp --output $d/new" "recommend --require lacp --facts $d/file" \\
                "recommend --require lacp --force --output $d/file" "drill bond0 --report $d/file"; do
              setpriv --reuid 65534 --clear-groups $aggctl $words >/dev/null 2>&1; echo "code $?"
            done
            ls $d; rm -r $d
            """)
        #expect(outcome.output == String(repeating: "code 77\n", count: 5) + "file\n", "\(outcome)")
    }

    /// A block device is no place for a plan, root or not.
    @Test func aBlockDevice() throws {
        let outcome = try shell(
            """
            d=$(mktemp -d /tmp/aggctl-block-XXXXXX); mknod $d/block b 7 0
            $aggctl recommend --require lacp --force --output $d/block 2>&1; echo "code $?"
            $aggctl plan $d/block 2>&1; echo "code $?"; stat -c %F $d/block; rm -r $d
            """)
        #expect(outcome.output.contains("it is a device, not a file"))
        #expect(outcome.output.split(separator: "\n").filter { $0.hasPrefix("code") } == ["code 66", "code 66"])
        #expect(outcome.output.hasSuffix("block special file\n"), "\(outcome)")
    }
}

/// A verification that does not come to its end.
@Suite(.serialized) struct FeatureVerifyInterruptedTests {
    /// The daemons of trials, of any process.
    private var daemons: [String] {
        let lines = (try? Witness.run(["pgrep", "-af", "teamd -t try"])) ?? ""
        return lines.split(separator: "\n").map(String.init).filter { !$0.contains("pgrep") }
    }

    private func begun() async throws -> ChildProcess {
        let child = try ChildProcess([Program.path, "features", "--verify"])
        try await eventually("a daemon of a trial") { !daemons.isEmpty }
        return child
    }

    @Test func anInterruptIsOneLine() async throws {
        let child = try await begun()
        child.signal(SIGINT)
        let outcome = child.wait()
        #expect(outcome.code == 1)
        #expect(outcome.output.contains("interrupted"), "\(outcome)")
        #expect(!outcome.output.contains("CancellationError"))
        #expect(daemons.isEmpty)
    }

    @Test func theNextRunEndsWhatAKilledOneLeft() async throws {
        let child = try await begun()
        child.signal(SIGKILL)
        #expect(child.wait().code == 128 + SIGKILL)
        #expect(!daemons.isEmpty)
        let next = try ChildProcess([Program.path, "features", "--verify", "vlan"]).wait()
        #expect(next.code == 0, "\(next)")
        #expect(daemons.isEmpty)
    }
}
