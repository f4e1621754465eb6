import ArgumentParser

/// The noun `lab`: throwaway kernels and test-beds.
struct Lab: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lab",
        abstract: "Work in a throwaway kernel that has the real drivers.",
        discussion: """
            EXAMPLES
              aggctl lab run -- ip -details link
              aggctl lab run --topology mlag -- bash
            """,
        subcommands: [LabRun.self])
}
