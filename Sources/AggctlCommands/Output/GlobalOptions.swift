package import ArgumentParser

/// What every command takes.
package struct GlobalOptions: ParsableArguments {
    @Option(
        name: .long, help: ArgumentHelp("Work in this network namespace, as `ip netns` names it.", valueName: "name"))
    package var netns: String?

    @OptionGroup
    package var output: OutputOptions

    package init() {}
}
