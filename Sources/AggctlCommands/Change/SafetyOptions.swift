internal import Aggregation
internal import ArgumentParser

/// The flags that set a safety rule aside: the same on every command that changes something or plans to.
struct SafetyFlags: ParsableArguments {
    @Flag(help: "Move addresses and routes from ports to the aggregate.")
    var takeAddresses = false

    @Flag(help: "Allow steps that briefly take a device in use down.")
    var allowInterruption = false

    @Flag(help: "Allow steps that cut off whatever uses a device.")
    var allowCutoff = false

    @Flag(help: "Change devices that another network manager configures.")
    var ignoreManager = false

    init() {}

    var allowances: Allowances {
        var allowances: Allowances = []
        if takeAddresses { allowances.insert(.takeAddresses) }
        if allowInterruption { allowances.insert(.interruption) }
        if allowCutoff { allowances.insert(.cutoff) }
        if ignoreManager { allowances.insert(.ignoreManager) }
        return allowances
    }
}

/// The same with the choice of changing nothing.
struct SafetyOptions: ParsableArguments {
    @OptionGroup var flags: SafetyFlags

    @Flag(help: "Show the steps and change nothing.")
    var dryRun = false

    init() {}

    var allowances: Allowances { flags.allowances }
}
