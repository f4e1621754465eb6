internal import AggctlCommands
internal import Glibc

/// The entry point and nothing else: a closure in top-level code would be main-actor isolated and could not be called by C.
@main
enum Main {
    static func main() async {
        Heap.prepare()
        StandardStream.prepare()
        exit(await Aggctl.run(arguments: firstProcessArguments() ?? Array(CommandLine.arguments.dropFirst())))
    }
}
