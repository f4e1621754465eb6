/// One aggregate as a file or a command asks for it, in neutral words, before a driver has been chosen.
///
/// A key that is nil is not managed: a new aggregate gets the default, an existing one keeps its value.
package struct DesiredAggregate: Sendable, Hashable {
    package var name: InterfaceName
    /// Nil: that of the aggregate that exists, bonding for a new one.
    package var driver: DriverChoice?
    package var state: State = .present
    package var mode: Mode?
    package var linkMonitor: Wish<LinkMonitor>?
    package var pathMonitor: Wish<PathMonitor>?
    package var lacp = LACPWishes()
    package var hash: Wish<Set<HashLayer>>?
    package var primary: Wish<PortSelector>?
    package var reselect: Wish<Reselect>?
    package var macPolicy: Wish<MACPolicy>?
    package var macAddress: LinkLayerAddress?
    /// Bytes.
    package var mtu: UInt32?
    /// The whole list of permanent global addresses.
    package var addresses: [IPPrefix]?
    /// The whole list of ports, in attach order.
    package var ports: [DesiredPort]?
    /// The driver's own options, for what has no neutral key.
    package var options: [DriverOption] = []
    package var expectedPorts: Int?
    /// A neutral key that the driver honours only nearly is a warning instead of an error.
    package var approximate = false
    /// Where each key stands in the file, by key (`mode`, `link-monitor`, `options.miimon`, `ports.0`).
    package var locations: [String: SourceLocation] = [:]

    package init(name: InterfaceName) { self.name = name }

    package enum DriverChoice: String, Sendable, CaseIterable { case bonding, teaming, auto }

    package enum State: String, Sendable, CaseIterable {
        /// It exists and is administratively up.
        case present
        /// It exists and is administratively down.
        case down
        /// It does not exist.
        case absent
    }

    /// Ports expected to be usable: what was said, else the number listed.
    package var expectedPortCount: Int? { expectedPorts ?? ports?.count }

    package func location(_ key: String) -> SourceLocation? { locations[key] ?? locations["name"] }
}

/// A value that was given, or the wish for the mode's default.
package enum Wish<Value: Sendable & Hashable>: Sendable, Hashable {
    case value(Value)
    case `default`

    package var value: Value? { if case .value(let value) = self { value } else { nil } }
}

/// `link-monitor`: how the carrier of ports is watched.
package enum LinkMonitor: Sendable, Hashable {
    case none
    /// Milliseconds, each.
    case carrier(interval: Int64, upDelay: Int64?, downDelay: Int64?)
}

/// `path-monitor`: whether somebody behind the link answers.
package struct PathMonitor: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable { case arp, ns }

    package var kind: Kind
    package var targets: [IPAddress]
    /// Milliseconds.
    package var interval: Int64 = 1000
    /// Probes without an answer before a port is down.
    package var missed: Int64 = 3

    /// Probes that may go by where the kernel knows no arp_missed_max: it counts two (`bond_ab_arp_inspect` up to 5.16).
    package static let kernelMissed: Int64 = 2

    package init(kind: Kind, targets: [IPAddress]) {
        self.kind = kind
        self.targets = targets
    }
}

/// `lacp`: what is said only in mode lacp.
package struct LACPWishes: Sendable, Hashable {
    package enum Rate: String, Sendable, CaseIterable { case slow, fast }

    package var rate: Wish<Rate>?
    package var active: Wish<Bool>?
    /// 1...65535, lower wins.
    package var systemPriority: Wish<Int64>?
    package var minPorts: Wish<Int64>?
    /// The driver's name of the rule that chooses the aggregator.
    package var select: Wish<String>?

    package init() {}
}

/// `hash`: what a flow is made of.
package enum HashLayer: String, Sendable, CaseIterable { case l2, l3, l4, vlan, encap }

/// `reselect`: when to go back to a better port.
package enum Reselect: String, Sendable, CaseIterable { case always, better, failure }

/// `mac-policy`: which address is used when the active port changes.
package enum MACPolicy: String, Sendable, CaseIterable { case same, active, follow }

/// A port as a file or a command asks for it.
package struct DesiredPort: Sendable, Hashable {
    package var selector: PortSelector
    /// Higher wins.
    package var priority: Wish<Int64>?
    /// LACP port priority; lower wins.
    package var lacpPriority: Wish<Int64>?
    package var queueID: Wish<Int64>?
    /// The driver's own port options.
    package var options: [DriverOption] = []

    package init(_ selector: PortSelector) { self.selector = selector }
}

/// How a port is found on this host.
package enum PortSelector: Sendable, Hashable, CustomStringConvertible {
    /// A name or an alternative name.
    case name(String)
    case permanentAddress(LinkLayerAddress)
    /// `pci-0000:01:00.1`: bus, hyphen, parent device.
    case path(String)

    package var description: String {
        switch self {
        case .name(let name): name
        case .permanentAddress(let address): "permanent-address \(address)"
        case .path(let path): "path \(path)"
        }
    }
}

/// An option under the driver's own name, with its source text; the option table gives it meaning.
package struct DriverOption: Sendable, Hashable {
    package enum Edit: String, Sendable {
        case replace = "="
        /// Lists only.
        case add = "+="
        /// Lists only.
        case remove = "-="
    }

    package var name: String
    package var edit: Edit
    package var text: String
    package var location: SourceLocation?

    package init(name: String, edit: Edit = .replace, text: String, location: SourceLocation? = nil) {
        self.name = name
        self.edit = edit
        self.text = text
        self.location = location
    }

    /// An option's own name is what people search for: `options.` is the file's way of saying it.
    package static func shown(_ key: String) -> String {
        key.hasPrefix("options.") ? String(key.dropFirst("options.".count)) : key
    }

    /// `KEY=default` asks for the mode's default.
    package var asksForDefault: Bool { text == "default" && edit == .replace }
}

/// A place in a file, counted from 1.
package struct SourceLocation: Sendable, Hashable, CustomStringConvertible {
    package let file: String
    package let line: Int
    package let column: Int

    package init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    package var description: String { "\(file):\(line):\(column)" }
}
