package import ArgumentParser

/// How results are written: the same on every command.
package struct OutputOptions: ParsableArguments {
    @Flag(name: .long, help: "Write JSON for programs instead of text for people.")
    package var json = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Use colour: auto, always or never.",
            discussion: "auto colours a terminal unless NO_COLOR is set and not empty.", valueName: "when"))
    package var color: ColourChoice = .auto

    package init() {}
}
