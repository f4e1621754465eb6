internal import AggctlCommands
internal import ArgumentParser

/// The entry point and nothing else: a closure in top-level code would be main-actor isolated and could not be called by C.
@main
enum Main {
    static func main() async {
        await Aggctl.main(firstProcessArguments())
    }
}
