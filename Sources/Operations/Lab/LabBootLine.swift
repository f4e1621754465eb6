/// The command line of a user-mode kernel.
package struct LabBootLine: Equatable, Sendable {
    package var program: String
    package var memory: Int
    package var scratch: String
    package var agent: String

    /// - Parameter memory: the guest's memory in MiB.
    package init(program: String, memory: Int, scratch: String, agent: String) {
        self.program = program
        self.memory = memory
        self.scratch = scratch
        self.agent = agent
    }

    /// Descriptor 3 is the line to the agent, 1 takes what the kernel itself says.
    ///
    /// - Throws: `.system` when a path cannot be written on a kernel command line.
    package func arguments() throws(LabError) -> [String] {
        guard LabBootLine.canQuote(agent) else {
            throw LabError(
                .system, "The path of aggctl, \(agent), cannot be written on a kernel command line.",
                remedy: "Move the program to a path without quotes and control characters.")
        }
        guard LabBootLine.isOneWord(scratch) else {
            throw LabError(.system, "The folder \(scratch) cannot be written on a kernel command line.")
        }
        let quoted = agent.utf8.contains(0x20) ? "\"init=\(agent)\"" : "init=\(agent)"
        return [
            program, "root=/dev/root", "rootfstype=hostfs", "rootflags=/", "ro", "mem=\(memory)M",
            "uml_dir=\(scratch)/", "umid=lab", "con=null", "con0=null,fd:1", "ssl=null", "ssl0=fd:3", "quiet",
            // Unless there is one here, the kernel adds its own behind the agent's arguments.
            "console=tty0", "bonding.max_bonds=0", quoted, "--", "lab-guest", "uml",
        ]
    }

    private static func canQuote(_ text: String) -> Bool {
        text.utf8.count < 2048 && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x22 && $0 != 0x7f }
    }

    /// The kernel puts its arguments together with blanks between them, so one with a blank in it is two; quotes would not
    /// help here, since the program reads the folder's name before it is a kernel.
    static func isOneWord(_ text: String) -> Bool { canQuote(text) && !text.utf8.contains(0x20) }
}
