internal import AggctlCommands
internal import Glibc
internal import System

/// The entry point and nothing else: a closure in top-level code would be main-actor isolated and could not be called by C.
@main
enum Main {
    static func main() {
        Heap.prepare()
        FileMask.restrict()
        StandardStream.prepare()
        switch Aggctl.begin(arguments: firstProcessArguments() ?? Array(CommandLine.arguments.dropFirst())) {
        case .answered(let code): exit(code)
        case .command(let run):
            let thread = MainThreadExecutor()
            Task(executorPreference: thread) { exit(await run()) }
            thread.run()
        }
    }
}
