package import Aggregation
package import Netlink

/// Remembers how many ports each aggregate of a namespace was asked to have, so that one that is missing is missed: the
/// kernel knows only of those that are there.
///
/// Kept beside the journal and, like it, only as long as the system runs. Losing it costs a verdict that is too good.
package struct ExpectedPorts: Sendable {
    private let file: IndexedNumbers

    /// - Parameter directory: where the program keeps what has to outlive it.
    package init(in directory: String, of namespace: NamespaceKey) {
        file = IndexedNumbers("expected", in: directory, of: namespace)
    }

    /// The numbers by the names that the aggregates of a host have now.
    package func recall(on host: HostState) -> [String: Int] {
        var numbers: [String: Int] = [:]
        for (index, number) in file.load() {
            if let link = host.link(index: index), link.isAggregate { numbers[link.name] = Int(clamping: number) }
        }
        return numbers
    }

    /// Takes note of what was asked for, and forgets aggregates that are gone.
    package func remember(_ wishes: [ResolvedAggregate], on host: HostState) {
        let known = file.load()
        var numbers = known.filter { host.link(index: $0.key)?.isAggregate == true }
        for wish in wishes {
            guard let expected = wish.expectedPorts, let link = host.link(named: wish.name) else { continue }
            numbers[link.index] = Int64(expected)
        }
        if numbers != known { file.save(numbers) }
    }
}
