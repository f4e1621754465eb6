import Aggregation
import ArgumentParser
import Glibc
import Operations
import System

/// `aggctl lab run`: one command in a throwaway kernel.
struct LabRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a command in a throwaway kernel.",
        discussion: """
            Boots a user-mode Linux kernel with bonding, team, veth, bridge, VLAN and traffic control in it, runs the \
            command there as root, and ends the kernel with it. Nobody needs to be root for that. The command sees \
            the files of this machine and may change all of them: the changes are kept in the guest's memory and are \
            gone afterwards. It has this working directory, this environment and these standard streams, but networks \
            of its own: only loopback, and what a topology adds.

            WHAT HOLDS IT
              The guest's root, and its kernel if that is changed by it, writes
              nothing of this machine. The running kernel sees to that:
                Landlock  no file is written, made, moved or removed outside of one
                          scratch folder, no other process traced (Linux 5.13); no
                          TCP (6.7), no signals to others (6.12)
                seccomp   what Landlock does not reach: modes, owners, times,
                          sockets, namespaces, mounts; no new privileges
                limits    no core files, 64 MiB of private memory a process; but
                          for root, 4096 processes more than the machine has
                for root  besides, a read-only tree without devices (5.12), other
                          networks, no capability but to read, and a size for the
                          scratch folder where that is memory
              With neither Landlock nor that tree, a line says that nothing holds
              it: run only what you would run yourself then. What you may read,
              the guest may read; root's processes have no limit in number, and an
              ordinary user's guest can fill the folder that holds its memory.

              Who writes to the guest's first serial line ends the lab (125) and
              cannot say how the command ended. Root there can still read the
              memory of the guest's first process, and then say so.

              --kernel host is no boundary, since root keeps mounts and namespaces
              there. It is taken by name only, or inside a lab, with few other
              capabilities and devices and read-only settings, against mistakes.

            TOPOLOGIES
              pair[:N]   N ports eth0, eth1, … (2 unless given); their far ends are ports of a bridge in the
                         namespace `switch`, which answers at 198.51.100.1 and 2001:db8:100::1
              lacp[:N]   the same, but the far ends are one 802.3ad bond
              static     the same, but they are one balance-xor bond: a static group
              unmanaged  the same as pair, by the name of the switch that it stands for
              mlag       every other port to `switch1`, to `switch2`: one LACP system
              two-switches
                         every other port to a bridge in `switch1`, in `switch2`
              routed     as pair, but `router` answers, behind the switch's `uplink`

            EXIT CODES
              the command's own; 128 + n when signal n ended it; 124 time limit; 125 the lab failed;
              126 the command cannot be run; 127 it was not found

            EXAMPLES
              aggctl lab run -- ip -details link
              aggctl lab run --topology lacp -- bash
              aggctl lab run --timeout 30s --kernel .build/lab-kernels/6.12/linux.uml -- ./try.sh
            """)

    @Option(
        help:
            "auto, host (namespaces of the running kernel, no boundary; needs root and its drivers), or a kernel program."
    )
    var kernel = "auto"

    @Option(help: "The other side to build first: pair, lacp, mlag, pair:4, …")
    var topology: String?

    @Option(help: "End the lab after this time, boot included: 500ms, 60s, 5m, 1h.")
    var timeout: String?

    @Option(help: ArgumentHelp("The guest's memory in MiB.", valueName: "MiB"))
    var memory = 512

    @Argument(parsing: .postTerminator, help: "The command and its arguments, after --.")
    var command: [String] = []

    func validate() throws {
        guard !command.isEmpty else { throw ValidationError("name a command after --, as in: aggctl lab run -- bash") }
        guard (64...65536).contains(memory) else { throw ValidationError("--memory must be 64 to 65536 (MiB)") }
        for (option, value) in [("--kernel", kernel), ("--topology", topology)] where value?.isEmpty == true {
            throw ValidationError("\(option) needs a value: give one, or leave it out")
        }
    }

    func run() async throws {
        // The command gets the mask that its caller has.
        FileMask.restore()
        LabRun.fillStandardStreams()
        var request = LabRequest(command: LabRun.rawArguments(last: command.count))
        request.kernel = LabKernelChoice(kernel)
        request.topology = topology ?? ""
        request.timeout = try timeout.map(Self.time)
        request.memory = memory
        request.note = { text in
            try? StandardStream.error.write(Array("aggctl: lab run: \(text)\n".utf8))
        }
        let outcome: LabOutcome
        do {
            outcome = try LabSession.run(request)
        } catch {
            throw CommandFailure(ExitStatus(rawValue: error.exitCode), message: error.what, hint: error.remedy)
        }
        if outcome == .timedOut {
            throw CommandFailure(
                .labTimedOut, message: "lab run: \(command[0]): ended at the time limit of \(timeout ?? "")",
                hint: "give a longer --timeout: the boot counts too")
        }
        throw ExitCode(outcome.exitCode)
    }

    /// A time with its unit, hours included.
    private static func time(_ text: String) throws(Problem) -> Duration {
        let hours = text.hasSuffix("h") ? Int64(text.dropLast()) : nil
        let minutes = hours.map { $0.multipliedReportingOverflow(by: 60) }
        let argument = minutes.map { $0.overflow ? text : "\($0.partialValue)m" } ?? text
        return try Duration(argument: argument, "timeout", of: "lab run", in: 1...Duration.longestWait)
    }

    /// The command as bytes: the parser has it as text, and arguments need not be text.
    private static func rawArguments(last count: Int) -> [[UInt8]] {
        let all = CommandLine.unsafeArgv
        let total = Int(CommandLine.argc)
        return (max(0, total - count)..<total).map { index in
            guard let text = all[index] else { return [] }
            return [UInt8](UnsafeRawBufferPointer(start: text, count: strlen(text)))
        }
    }

    /// A caller may have closed some; what is opened next must not take their numbers.
    private static func fillStandardStreams() {
        for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 {
            _ = open("/dev/null", O_RDWR)
        }
    }
}
