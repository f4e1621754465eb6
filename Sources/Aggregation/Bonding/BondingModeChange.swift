/// What the kernel does to other options when the mode changes (`bond_option_mode_set`).
package enum BondingModeChange {
    /// The options as they are after a change of mode, for those who ask what will be there before writing the rest.
    package static func apply(to options: OptionValues, from old: Mode, to new: Mode) -> OptionValues {
        guard old.bondingNumber != new.bondingNumber else { return options }
        var options = options
        set(&options, "arp_validate", 0)
        set(&options, "broadcast_neighbor", 0)
        if !ModeSet([.rr, .ab, .xor, .bc]).contains(new) {
            set(&options, "arp_interval", 0)
            if options["miimon"] == .number(0) { options["miimon"] = .number(100) }
        }
        if new == .balanceALB { set(&options, "tlb_dynamic_lb", 1) }
        return options
    }

    /// An attribute that the kernel does not have stays absent.
    private static func set(_ options: inout OptionValues, _ name: String, _ number: Int64) {
        if options[name] != nil { options[name] = .number(number) }
    }
}
