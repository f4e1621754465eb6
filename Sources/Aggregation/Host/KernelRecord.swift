/// Something the kernel keeps, verbatim, so that it can be put back exactly as it was.
///
/// Routes, addresses and neighbours have dozens of attributes, and new kernels add some. Taking a change back must not
/// lose those that we do not know, so the message that described the thing is kept whole and sent again.
package struct KernelRecord: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Codable { case address, nexthop, route, neighbour, rule, link }

    package let kind: Kind
    /// What makes two records the same thing: volatile attributes (ages, counters) are not part of it.
    package let key: String
    /// For people: `192.0.2.1/24 on bond0`, `default via 192.0.2.254 table 254`.
    package let summary: String
    /// The kernel's message after its header, without volatile attributes.
    package let payload: [UInt8]

    package init(kind: Kind, key: String, summary: String, payload: [UInt8]) {
        self.kind = kind
        self.key = key
        self.summary = summary
        self.payload = payload
    }
}
