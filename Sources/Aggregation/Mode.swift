/// What an aggregate does with its ports, under the neutral name that both drivers share.
package enum Mode: String, Sendable, Hashable, CaseIterable, Codable {
    case balanceRR = "balance-rr"
    case activeBackup = "active-backup"
    case balanceXOR = "balance-xor"
    case broadcast
    case lacp
    case balanceTLB = "balance-tlb"
    case balanceALB = "balance-alb"
    /// Bonding has no mode of this name: it is balance-rr with packets_per_slave 0.
    case random

    /// The kernel's number (BOND_MODE_* in linux/if_bonding.h).
    package var bondingNumber: UInt8 {
        switch self {
        case .balanceRR, .random: 0
        case .activeBackup: 1
        case .balanceXOR: 2
        case .broadcast: 3
        case .lacp: 4
        case .balanceTLB: 5
        case .balanceALB: 6
        }
    }

    package init?(bondingNumber: UInt8) {
        guard let mode = Self.bondingModes.first(where: { $0.bondingNumber == bondingNumber }) else { return nil }
        self = mode
    }

    /// The seven modes of kernel bonding, in the kernel's order.
    package static let bondingModes: [Mode] = [
        .balanceRR, .activeBackup, .balanceXOR, .broadcast, .lacp, .balanceTLB, .balanceALB,
    ]

    /// The modes that a driver has, in the order of the contract.
    package static func modes(of driver: DriverKind) -> [Mode] {
        driver == .bonding ? bondingModes : allCases.filter { $0.teamRunner != nil }
    }

    package init?(teamRunner: String) {
        guard let mode = Self.allCases.first(where: { $0.teamRunner == teamRunner }) else { return nil }
        self = mode
    }

    /// The mode of the kernel's team driver under a runner (drivers/net/team): those of lacp and loadbalance are one.
    package var teamKernelMode: String? { self == .lacp ? Mode.balanceXOR.teamRunner : teamRunner }

    /// Whether an aggregate of a driver that has this mode has to change for another.
    package func differs(from other: Mode, on driver: DriverKind) -> Bool {
        driver == .bonding ? bondingNumber != other.bondingNumber : self != other
    }

    /// The name that bonding itself uses, which people search for.
    package var bondingName: String {
        switch self {
        case .lacp: "802.3ad"
        case .random: Mode.balanceRR.rawValue
        default: rawValue
        }
    }

    /// The runner of teamd, nil where teamd has none.
    package var teamRunner: String? {
        switch self {
        case .balanceRR: "roundrobin"
        case .activeBackup: "activebackup"
        case .balanceXOR: "loadbalance"
        case .broadcast: "broadcast"
        case .lacp: "lacp"
        case .random: "random"
        case .balanceTLB, .balanceALB: nil
        }
    }

    /// What is said of a mode that teamd has no runner for.
    package static let missingInTeaming = (
        rule: "teaming has no such mode",
        remedy: "use driver bonding, or one of " + modes(of: .teaming).map(\.rawValue).joined(separator: ", ")
    )

    /// Other spellings that are read and printed back as the neutral name.
    package var aliases: [String] {
        var names: [String] = []
        if self != .random { names.append(String(bondingNumber)) }
        if bondingName != rawValue, self != .random { names.append(bondingName) }
        if let teamRunner, teamRunner != rawValue { names.append(teamRunner) }
        return names
    }

    /// Reads a neutral name or an alias.
    package init?(text: String) {
        guard let mode = Self.allCases.first(where: { $0.rawValue == text || $0.aliases.contains(text) }) else {
            return nil
        }
        self = mode
    }
}

/// A set of modes, for the columns of the option table.
package struct ModeSet: OptionSet, Sendable, Hashable {
    package let rawValue: UInt16
    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package init(_ mode: Mode) { rawValue = mode == .random ? 1 << 7 : 1 << UInt16(mode.bondingNumber) }

    /// Of bonding, for which `random` is a way of balance-rr.
    package static let rr: ModeSet = [ModeSet(.balanceRR), ModeSet(.random)]
    package static let ab = ModeSet(.activeBackup)
    package static let xor = ModeSet(.balanceXOR)
    package static let bc = ModeSet(.broadcast)
    package static let ad = ModeSet(.lacp)
    package static let tlb = ModeSet(.balanceTLB)
    package static let alb = ModeSet(.balanceALB)
    package static let all: ModeSet = [.rr, .ab, .xor, .bc, .ad, .tlb, .alb]
    /// The modes that teamd has a runner for.
    package static let teaming: ModeSet = [.rr, .ab, .xor, .bc, .ad]

    package func contains(_ mode: Mode) -> Bool { contains(ModeSet(mode)) }

    package var modes: [Mode] { Mode.bondingModes.filter { contains($0) } }

    /// The modes of a driver that are in the set.
    package func modes(of driver: DriverKind) -> [Mode] { Mode.modes(of: driver).filter { contains($0) } }
}

/// The two ways Linux aggregates links.
package enum DriverKind: String, Sendable, Hashable, CaseIterable, Codable {
    case bonding, teaming

    /// The kind under which the kernel registers the device (IFLA_INFO_KIND).
    package var linkKind: String { self == .bonding ? "bond" : "team" }
}
