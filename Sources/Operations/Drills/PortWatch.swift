package import Aggregation
package import Netlink

/// What the driver says of the ports of an aggregate, at each moment it changed.
package actor PortWatch {
    /// What matters of a port.
    package struct Condition: Sendable, Hashable {
        /// What the aggregate's link monitor thinks; nil where it says nothing.
        package var monitor: PortFacts.MonitorState?
        package var hasCarrier: Bool
        package var isUsable: Bool
        package var isActive: Bool

        package init(monitor: PortFacts.MonitorState?, hasCarrier: Bool, isUsable: Bool, isActive: Bool) {
            self.monitor = monitor
            self.hasCarrier = hasCarrier
            self.isUsable = isUsable
            self.isActive = isActive
        }

        /// `up, active`, `up, no carrier, active`, `down`, …
        package var text: String {
            var words = [monitor?.text ?? (isUsable ? "up" : "down")]
            // Between these two lies how long the link monitor takes.
            if monitor == .up, !hasCarrier {
                words.append("no carrier")
            } else if monitor == .up, !isUsable {
                words.append("not forwarding")
            } else if let monitor, monitor != .up, hasCarrier {
                words.append("has carrier")
            }
            if isActive { words.append("active") }
            return words.joined(separator: ", ")
        }
    }

    package struct Change: Sendable, Hashable {
        /// When the announcement was taken, nanoseconds of CLOCK_MONOTONIC.
        package var time: Int64
        package var port: String
        package var from: Condition
        package var to: Condition

        package init(time: Int64, port: String, from: Condition, to: Condition) {
            self.time = time
            self.port = port
            self.from = from
            self.to = to
        }
    }

    private let driver: any AggregateDriver
    private let aggregate: Int32
    private var conditions: [String: Condition] = [:]
    package private(set) var changes: [Change] = []

    package init(driver: any AggregateDriver, aggregate: Int32, start: HostState) {
        self.driver = driver
        self.aggregate = aggregate
        conditions = Self.conditions(aggregate, in: start)
    }

    /// Follows announcements until their stream or the task ends.
    package func follow(_ events: NetlinkEvents) async {
        for await event in events.stream {
            let time = DrillClock.now
            if Task.isCancelled { return }
            // An announcement is a hint: the state is read again, by whoever knows the driver.
            if case .message(let message) = event, message.linkIndex == nil { continue }
            guard let host = try? await driver.observe(.links) else { continue }
            note(host, at: time)
        }
    }

    private func note(_ host: HostState, at time: Int64) {
        let current = Self.conditions(aggregate, in: host)
        for (port, condition) in current.sorted(by: { $0.key < $1.key }) {
            guard let before = conditions[port], before != condition else { continue }
            changes.append(Change(time: time, port: port, from: before, to: condition))
        }
        conditions = current
    }

    private static func conditions(_ aggregate: Int32, in host: HostState) -> [String: Condition] {
        guard let link = host.link(index: aggregate), let facts = link.aggregate else { return [:] }
        let pairs = host.ports(of: link).map { port in
            (
                port.name,
                Condition(
                    monitor: port.port?.monitor, hasCarrier: port.hasCarrier,
                    isUsable: port.isUsable(in: link),
                    isActive: facts.activePort == port.name)
            )
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }
}
