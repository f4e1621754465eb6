import CNetlink
package import Netlink

/// Hints that something of teams may have changed: options and ports in the kernel, daemons on the bus.
package actor TeamHints {
    /// An element for each, several together when nobody takes them.
    package nonisolated let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let namespace: NetworkNamespace
    private var kernel: NetlinkEvents?
    private var bus: BusNameWatch?

    /// How long the bus may take to answer.
    private static let patience: Duration = .seconds(1)

    package init(in namespace: NetworkNamespace) {
        self.namespace = namespace
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Opens what is not open: the kernel has no family of teams until the module is loaded, and a bus may come back.
    package func open() async {
        if kernel == nil,
            let events = try? await NetlinkEvents(
                family: TEAM_GENL_NAME, group: TEAM_GENL_CHANGE_EVENT_MC_GRP_NAME, in: namespace)
        {
            kernel = events
            Task {
                for await _ in events.stream { continuation.yield() }
                kernel = nil
            }
        }
        if bus == nil, let watch = try? BusNameWatch(prefix: TeamdControl.service, by: .now + Self.patience) {
            bus = watch
            Task {
                for await _ in watch.changes { continuation.yield() }
                // A bus that went away is a change, too.
                bus = nil
                continuation.yield()
            }
        }
    }

    package func close() async {
        await kernel?.cancel()
        bus?.close()
        continuation.finish()
    }
}
