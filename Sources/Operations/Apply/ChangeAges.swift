package import Aggregation
internal import Glibc
package import Netlink

/// Remembers when the monitors or the LACP of each aggregate of a namespace last began anew through us. The kernel gives
/// no times, and without one a status could not tell what is not up yet from what does not come up.
///
/// Kept beside the journal and, like it, only as long as the system runs, whose clock it counts by.
package struct ChangeAges: Sendable {
    private let file: IndexedNumbers

    /// - Parameter directory: where the program keeps what has to outlive it.
    package init(in directory: String, of namespace: NamespaceKey) {
        file = IndexedNumbers("changed", in: directory, of: namespace)
    }

    /// Milliseconds since then, by the names that the aggregates of a host have now.
    package func recall(on host: HostState) -> [String: Int64] {
        let now = Self.now
        var ages: [String: Int64] = [:]
        for (index, time) in file.load() {
            // What lies ahead was written by another boot.
            if time <= now, let link = host.link(index: index), link.isAggregate { ages[link.name] = now - time }
        }
        return ages
    }

    /// Takes note that they began anew now, and forgets aggregates that are gone.
    package func remember(_ names: Set<String>, on host: HostState) {
        let known = file.load()
        var times = known.filter { host.link(index: $0.key)?.isAggregate == true }
        for name in names {
            if let link = host.link(named: name), link.isAggregate { times[link.index] = Self.now }
        }
        if times != known { file.save(times) }
    }

    /// Milliseconds since the system was started, with those in which it slept.
    private static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
