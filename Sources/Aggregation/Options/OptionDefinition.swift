/// One row of an option table: everything there is to know about one option of one driver.
///
/// Parser, encoder, decoder, validator, step ordering, help, JSON schema, completion and reference page derive from it.
package struct OptionDefinition: Sendable {
    /// The driver's own spelling, which is what people search for.
    package let name: String
    /// Other spellings that are read.
    package let aliases: [String]
    /// IFLA_BOND_… or IFLA_BOND_SLAVE_… (linux/if_link.h); 0 where the option does not travel by netlink.
    package let attribute: UInt16
    package let wire: WireType
    package let kind: ValueKind
    /// The kernel's default, which may differ by mode.
    package let defaultValue: DefaultValue
    /// Modes in which the kernel accepts the option.
    package let accepted: ModeSet
    /// Modes in which the option does anything.
    package let effective: ModeSet
    package let change: ChangeRule
    package let needs: [Need]
    /// The option that cannot be non-zero together with this one.
    package let excludes: String?
    /// The first kernel whose interface has the attribute; stable trees carry backports, so read back.
    package let since: String
    /// A value that newer kernels refuse.
    package var withdrawn: WithdrawnValue?
    /// No two ports may have one value of it, the default apart.
    package var isUnique = false
    /// One line for `aggctl options`.
    package let help: String
    /// Where the fact was read: kernel function or file.
    package let source: String

    package var isReadOnly: Bool { change == .never }
    package var isList: Bool {
        switch kind {
        case .targets(_, let maximum): maximum > 1
        case .names, .watches: true
        default: false
        }
    }
}

/// A value that kernels have ceased to take.
package struct WithdrawnValue: Sendable {
    package let value: OptionValue
    /// The first kernel that was seen to refuse it.
    package let refusedBy: String
}

/// How a value travels in its netlink attribute.
package enum WireType: String, Sendable {
    case u8, u16, u32, s32
    /// Six bytes.
    case ethernetAddress
    /// The index of a port, 0 for none.
    case ifindex
    /// A nest of addresses, numbered from 0.
    case ipv4Nest, ipv6Nest
    /// A member of teamd's JSON configuration; the option's name is the path (teamd.conf(5)).
    case json
    /// A writable item of teamd's state, which no configuration has (`teamd_state_val` with a setter).
    case stateItem
}

/// What the number means and which values it may have.
package enum ValueKind: Sendable {
    case integer(ClosedRange<Int64>)
    case duration(DurationUnit, ClosedRange<Int64>)
    case boolean
    case choice([Choice])
    case port
    case ethernetAddress
    case targets(IPAddress.Family, maximum: Int)
    /// An ordered list of names without repetition.
    case names([Choice])
    /// A list of link watches.
    case watches
    /// Text that only the kernel can judge, of at most so many bytes.
    case text(maximum: Int)

    /// One named value of a choice.
    package struct Choice: Sendable {
        package let name: String
        package let number: Int64
        package let help: String
        /// The first kernel that takes this value, where it is newer than the option.
        package let since: String?

        package init(_ name: String, _ number: Int64, _ help: String = "", since: String? = nil) {
            self.name = name
            self.number = number
            self.help = help
            self.since = since
        }
    }
}

/// The unit in which the wire counts.
package enum DurationUnit: String, Sendable {
    case milliseconds = "ms"
    /// Of a second, as teamd's balancer counts.
    case tenths = "100ms"
    case seconds = "s"

    /// Milliseconds in one wire unit.
    package var milliseconds: Int64 {
        switch self {
        case .milliseconds: 1
        case .tenths: 100
        case .seconds: 1000
        }
    }

    /// So many wire units as they are written.
    package func text(_ number: Int64) -> String {
        self == .seconds ? "\(number)s" : "\(number * milliseconds)ms"
    }
}

/// A default that may depend on the mode.
package struct DefaultValue: Sendable {
    package let general: OptionValue
    package let exceptions: [Exception]

    /// What the default is in some of the modes.
    package struct Exception: Sendable {
        package let modes: ModeSet
        package let value: OptionValue
    }

    package init(_ general: OptionValue, _ exceptions: [Exception] = []) {
        self.general = general
        self.exceptions = exceptions
    }

    package static func number(_ number: Int64) -> DefaultValue { DefaultValue(.number(number)) }

    package func value(in mode: Mode) -> OptionValue {
        exceptions.first { $0.modes.contains(mode) }?.value ?? general
    }
}

/// When the kernel lets an option change (BOND_OPTFLAG_* in bond_options.c).
package enum ChangeRule: String, Sendable {
    case anyTime = "any time"
    /// BOND_OPTFLAG_IFDOWN
    case whileDown = "while the aggregate is down"
    /// BOND_OPTFLAG_NOSLAVES
    case withoutPorts = "while it has no ports"
    case whileDownWithoutPorts = "while it is down and has no ports"
    /// teamd reads it when it starts: a new daemon takes over the living device.
    case byNewDaemon = "any time; a new daemon takes the device over"
    /// teamd reads it when a port joins.
    case byRejoining = "any time; the port leaves and joins again"
    case never = "never: it is read only"

    package var needsDown: Bool { self == .whileDown || self == .whileDownWithoutPorts }
    package var needsNoPorts: Bool { self == .withoutPorts || self == .whileDownWithoutPorts }
}

/// What an option needs to be accepted or to have any effect.
package enum Need: Sendable, Hashable {
    /// Another option has to be non-zero.
    case nonZero(String)
    /// The value has to be a multiple of another option's value; the kernel stores the quotient, so the value changes
    /// when that one does.
    case multipleOf(String)
    /// Does nothing unless the other option has at least this value.
    case effectNeeds(String, atLeast: Int64)
    /// Has to be a port of this aggregate.
    case ownPort
    /// Has to be a port of this aggregate to have any effect; until it joins the kernel keeps the name and shows none.
    case ownPortInTime
    /// Has to be no greater than the number of transmit queues of the aggregate, 16 unless it was made with more.
    case transmitQueue
    /// Has to be less than the number of transmit queues of the aggregate, 16 unless it was made with more.
    case transmitQueueIndex
    /// Has to be given.
    case required
}
