/// What the record of a change holds: the state before it, and the steps that tell what the change can have made.
///
/// Rolling back compares the host with the state before. Whatever neither that state had nor the steps can have made is
/// somebody else's: it is kept, and named.
package struct Rollback: Sendable, Codable {
    package internal(set) var restoration: Restoration
    /// Empty for a record of format 1, which lacks them; then nothing can be told apart.
    package let steps: [Step]
    /// Interface indices of the aggregates that the change created, by the name that it gave them.
    package var created: [String: Int32] = [:]
    /// Names that devices have got since the steps were planned, by the name in the steps.
    var renames: [String: String] = [:]
    /// What others changed meanwhile, as far as it was found.
    package internal(set) var foreign: [ForeignChange] = []

    package init(before snapshot: HostState, plan: Plan) {
        self.init(Restoration(before: snapshot, plan: plan), steps: plan.steps.map(\.step))
    }

    package init(_ restoration: Restoration, steps: [Step] = []) {
        self.restoration = restoration
        self.steps = steps
    }

    /// The devices of the change by their names: aggregates, ports, and what stands on them.
    package var devices: [String] { restoration.devices }

    /// Aggregates whose daemon the change may have started.
    package var teams: [String] {
        steps.filter { $0.driver == .teaming }.compactMap(\.devices.last)
    }

    /// Steps from the current state towards the one before the change; empty when a comparison finds no difference.
    package func steps(from current: HostState) -> [Step] {
        let steps = restoration.steps(from: current)
        return steps + leftovers(in: current).filter { !steps.contains($0) }
    }

    /// Addresses that the change added and that a comparison takes for the kernel's own, as a link-local one.
    private func leftovers(in current: HostState) -> [Step] {
        steps.compactMap { step in
            guard case .addAddress(let name, let prefix) = step,
                let device = current.link(named: renames[name] ?? name),
                current.addresses(of: device).contains(where: { $0.prefix == prefix && $0.isRestorable })
            else { return nil }
            let before = restoration.snapshot.link(named: device.name)
            let wasThere = before.map { restoration.snapshot.addresses(of: $0).contains { $0.prefix == prefix } }
            return wasThere == true ? nil : .removeAddress(device: device.name, prefix: prefix)
        }
    }

    /// Finds what others changed since, follows devices that were renamed, and from then on keeps all of that.
    ///
    /// - Returns: what had not been found before.
    @discardableResult
    package mutating func keepForeignChanges(in current: HostState) -> [ForeignChange] {
        var search = ForeignSearch(self, current)
        search.run()
        restoration = search.restoration
        renames = search.renames
        let new = search.found.filter { !foreign.contains($0) }
        foreign += new
        return new
    }

    /// What others put onto an aggregate that rolling back deletes: it would be lost.
    package func losses(in current: HostState) -> [ForeignChange] { ForeignSearch(self, current).losses() }
}

/// Something that somebody else changed on a device of a change.
package struct ForeignChange: Sendable, Hashable, Codable, CustomStringConvertible {
    package let device: String
    /// `address 192.0.2.9/24 was added`.
    package let text: String

    package init(_ device: String, _ text: String) {
        self.device = device
        self.text = text
    }

    package var description: String { "\(device): \(text)" }
}
