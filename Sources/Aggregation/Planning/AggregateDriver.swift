/// What carries steps out on a host and reads the host back. Operations sees drivers only through this.
package protocol AggregateDriver: Sendable {
    /// Reads the namespace. An observation is never kept across a write: read again.
    func observe(_ scope: ObservationScope) async throws(DriverError) -> HostState
    /// Reads what devices are set to besides: of those that a change can affect, just before it and while it is undone.
    func settings(of devices: [String]) async throws(DriverError) -> [DeviceSetting]
    /// Carries one step out, and returns when the kernel has accepted it.
    func perform(_ step: Step) async throws(DriverError)
    /// Waits for daemons of these aggregates that are starting: whoever started one may have been killed since, and it goes
    /// on to make its device.
    func awaitDaemons(of aggregates: [String]) async
    /// What devices of other namespaces stand on those of this one. Looks into every namespace, so it is asked for where
    /// something is about to change, and not before.
    func foreignDependants() async -> ForeignDependants
    /// What is missing on this host for aggregates of a driver, in words; nil when nothing is, as far as can be seen.
    func missingPrerequisite(of driver: DriverKind) async -> Problem?
    /// Ports, by index, at which an LACP partner was heard within a time.
    func hearPartners(at ports: [Int32], for time: Duration) async -> Set<Int32>
    /// Hints that something may have changed since the call; read again after each. Ends only with whoever takes them.
    func hints() async throws(DriverError) -> AsyncStream<Void>
}

extension AggregateDriver {
    /// A recorded host has none.
    package func settings(of devices: [String]) async throws(DriverError) -> [DeviceSetting] { [] }

    /// A host that is not live, as a recorded one, does not change by itself.
    package func hints() async throws(DriverError) -> AsyncStream<Void> { AsyncStream { _ in } }

    package func awaitDaemons(of aggregates: [String]) async {}
    package func foreignDependants() async -> ForeignDependants { ForeignDependants() }
    package func missingPrerequisite(of driver: DriverKind) async -> Problem? { nil }
    package func hearPartners(at ports: [Int32], for time: Duration) async -> Set<Int32> { [] }
}

/// How much to read.
package struct ObservationScope: OptionSet, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }

    /// Links with what makes them aggregates and ports.
    package static let links: ObservationScope = []
    package static let addresses = ObservationScope(rawValue: 1)
    /// Routes, permanent neighbours, nexthop objects and rules.
    package static let routing = ObservationScope(rawValue: 2)
    /// Speed and duplex, over generic netlink.
    package static let speeds = ObservationScope(rawValue: 4)
    /// The order of ports, and partners as /proc/net/bonding has them.
    package static let ports = ObservationScope(rawValue: 8)
    /// LACPDU counters.
    package static let lacpCounters = ObservationScope(rawValue: 16)
    /// Which devices other managers own.
    package static let managers = ObservationScope(rawValue: 32)
    /// What devices can do and which cards they are on.
    package static let capabilities = ObservationScope(rawValue: 64)
    /// From where the caller has logged in.
    package static let caller = ObservationScope(rawValue: 128)

    /// What a change needs to know so that it can be taken back.
    package static let change: ObservationScope = [
        .addresses, .routing, .ports, .managers, .speeds, .capabilities, .caller,
    ]
    /// What tells whether a change has worked: the aggregates, their ports and their addresses.
    package static let verification: ObservationScope = [.addresses]
}

/// What the kernel or a daemon refused.
package struct DriverError: Error, Sendable, CustomStringConvertible {
    package enum Category: Sendable, Hashable {
        /// The kernel said no.
        case refused
        case notPermitted
        /// A module or feature is missing.
        case unavailable
        case notFound
        case timedOut
    }

    package var category: Category
    /// `attach eth0 to bond0`.
    package var operation: String
    package var subject: String
    /// The kernel's errno, 0 when there is none.
    package var errno: Int32
    /// The kernel's extended-ack text, or errno in words.
    package var text: String
    /// The option that the extended ack's offset points at.
    package var option: String?
    package var remedy: String?

    package init(
        _ category: Category, operation: String, subject: String, errno: Int32 = 0, text: String,
        option: String? = nil, remedy: String? = nil
    ) {
        self.category = category
        self.operation = operation
        self.subject = subject
        self.errno = errno
        self.text = text
        self.option = option
        self.remedy = remedy
    }

    package var description: String {
        let place = option.map { " (\($0))" } ?? ""
        return "\(operation): \(text)\(place)" + (remedy.map { "; \($0)" } ?? "")
    }
}
