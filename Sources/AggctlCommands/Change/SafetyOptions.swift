internal import Aggregation
internal import ArgumentParser

/// The flags that set a safety rule aside: the same on every command that changes something.
struct SafetyOptions: ParsableArguments {
    @Flag(help: "Move addresses and routes from ports to the aggregate.")
    var takeAddresses = false

    @Flag(help: "Let a device that carries something go down for a moment.")
    var allowInterruption = false

    @Flag(help: "Let a device that carries something go for good.")
    var allowCutoff = false

    @Flag(help: "Show the steps and change nothing.")
    var dryRun = false

    init() {}

    var allowances: Allowances {
        var allowances: Allowances = []
        if takeAddresses { allowances.insert(.takeAddresses) }
        if allowInterruption { allowances.insert(.interruption) }
        if allowCutoff { allowances.insert(.cutoff) }
        return allowances
    }
}
