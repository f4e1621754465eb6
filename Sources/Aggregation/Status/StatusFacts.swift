/// Questions that a status asks of the model.
extension AggregateFacts {
    /// The number of an option, nil when it was not reported or is no number.
    package func number(_ option: String) -> Int64? {
        if case .number(let number) = options[option] { number } else { nil }
    }

    /// Neither the carrier nor any target is watched; false while that is not known.
    package var hasNoMonitor: Bool {
        driver == .bonding && number("miimon") == 0 && number("arp_interval") ?? 0 == 0
    }

    /// Who is asked whether links work; nil where the carrier decides. Ports of a team may have watches besides.
    package var targetMonitor: TargetMonitor? {
        switch driver {
        case .bonding: TargetMonitor(bond: options, mode: mode)
        case .teaming:
            TargetMonitor(watches: commonWatches, mode: mode, needsAll: number("link_watch_policy") == 1)
        }
    }

    /// The link watches that all ports of a team have.
    var commonWatches: [LinkWatch] { if case .watches(let watches)? = options["link_watch"] { watches } else { [] } }

    /// Nobody at the other end speaks LACP, as far as that is shown.
    var hasNoPartner: Bool { mode == .lacp && activeAggregator?.partnerSystem?.isZero == true }

    /// Ports that must be usable before the aggregate has carrier; 0 where that is no rule.
    package var minimumPorts: Int64 {
        guard mode == .lacp else { return 0 }
        return number(driver == .bonding ? "min_links" : "runner.min_ports") ?? 0
    }

    /// The option that says what a flow is made of.
    package var hashOption: String { driver == .bonding ? "xmit_hash_policy" : "runner.tx_hash" }

    /// What a flow is made of, in the driver's words; nil where that is not known.
    package var hashPolicyText: String? {
        options[hashOption].flatMap { OptionTables.shared.aggregate(driver)[hashOption]?.format($0) }
    }

    /// teamd answers, or none is needed.
    package var isManaged: Bool { daemon.map { $0.state == .running } ?? true }

    /// Which port a frame leaves by follows from its hash (`bond_mode_can_use_xmit_hash`).
    package var choosesByHash: Bool {
        switch mode {
        case .balanceXOR, .lacp: true
        case .balanceTLB, .balanceALB: number("tlb_dynamic_lb") == 0
        default: false
        }
    }
}

extension Mode {
    /// There is an active port (`bond_uses_primary`).
    package var usesOnePort: Bool { self == .activeBackup || self == .balanceTLB || self == .balanceALB }
}

extension Link {
    /// The driver whose aggregate the device is, by its kind.
    package var aggregateDriver: DriverKind? { DriverKind.allCases.first { $0.linkKind == kind } }

    package var isAggregate: Bool { aggregate != nil || aggregateDriver != nil }

    /// `pci-0000:01:00.1`: bus, hyphen, parent device.
    package var busPath: String? {
        guard let parentBus, let parentDevice else { return nil }
        return "\(parentBus)-\(parentDevice)"
    }
}
