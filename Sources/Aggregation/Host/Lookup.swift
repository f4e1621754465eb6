internal import Synchronization

/// A table of where things are, made of a value at the first question, so that a host with thousands of devices is not
/// searched from the start for each of them.
///
/// It follows from the value that it belongs to and is no part of it: two are always equal. The owner replaces it
/// whenever what it was made of changes; copies of an owner share it until then.
struct Lookup<Table: Sendable>: Sendable, Hashable {
    private final class Made: Sendable {
        let table = Mutex<Table?>(nil)
    }

    private let made = Made()

    /// The table; `make` is called when there is none yet.
    func table(_ make: () -> Table) -> Table {
        if let table = made.table.withLock({ $0 }) { return table }
        let table = make()
        made.table.withLock { $0 = table }
        return table
    }

    static func == (left: Lookup, right: Lookup) -> Bool { true }
    func hash(into hasher: inout Hasher) {}
}

/// The places of links in a host's list.
struct LinkPlaces: Sendable {
    private(set) var byName: [String: Int] = [:]
    private(set) var byAlternativeName: [String: Int] = [:]
    private(set) var byIndex: [Int32: Int] = [:]
    /// Ports by the index of their master.
    private(set) var ports: [Int32: [Int]] = [:]
    /// Devices made on top of another by that one's index; the peer of a veth is no lower device.
    private(set) var uppers: [Int32: [Int]] = [:]

    init(_ links: [Link]) {
        byName.reserveCapacity(links.count)
        byIndex.reserveCapacity(links.count)
        // Where several answer, the first does.
        for (place, link) in links.enumerated().reversed() {
            byName[link.name] = place
            byIndex[link.index] = place
            for name in link.alternativeNames { byAlternativeName[name] = place }
        }
        for (place, link) in links.enumerated() {
            if let master = link.master { ports[master, default: []].append(place) }
            for lower in link.lowers { uppers[lower, default: []].append(place) }
        }
    }
}

extension Link {
    /// The devices of its own namespace that it is made on. The other end of a cable is none.
    var lowers: [Int32] { lowerIsElsewhere ? [] : allLowers }

    /// The same wherever those are.
    package var allLowers: [Int32] {
        guard !StackedKind.isCable(kind) else { return [] }
        return (lower.map { [$0] } ?? []) + (furtherLowers ?? [])
    }
}
