/// A device of another network namespace that is made on one of this namespace, as a macvlan of a container.
package struct ForeignDependant: Sendable, Hashable, Codable {
    /// The index of the device below it, in this namespace.
    package var lower: Int32
    package var name: String
    /// IFLA_INFO_KIND.
    package var kind: String?
    /// What people call the namespace: its name, else a process in it.
    package var namespace: String
    /// Its global addresses, and those of what is stacked on it there.
    package var addresses: [IPPrefix]

    package init(lower: Int32, name: String, kind: String?, namespace: String, addresses: [IPPrefix] = []) {
        self.lower = lower
        self.name = name
        self.kind = kind
        self.namespace = namespace
        self.addresses = addresses
    }

    var summary: String {
        let carried = addresses.isEmpty ? "" : " (\(addresses.map(\.description).joined(separator: ", ")))"
        return "\(kind ?? "device") \(name) in namespace \(namespace)\(carried)"
    }
}

/// What other namespaces have on the devices of this one.
package struct ForeignDependants: Sendable, Hashable, Codable {
    package var devices: [ForeignDependant] = []
    /// Every namespace could be looked into; false for want of privilege.
    package var isComplete = true

    package init() {}
}
