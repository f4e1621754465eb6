internal import AggctlCommands
internal import Glibc

/// The entry point and nothing else: a closure in top-level code would be main-actor isolated and could not be called by C.
@main
enum Main {
    static func main() async {
        Heap.prepare()
        StandardStream.prepare()
        await run()
    }

    /// Ends where the command ended: for the way back to the main actor another thread would be started.
    @concurrent private static func run() async -> Never {
        exit(await Aggctl.run(arguments: firstProcessArguments() ?? Array(CommandLine.arguments.dropFirst())))
    }
}
