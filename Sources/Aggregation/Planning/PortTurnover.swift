/// Which ports of an aggregate stay, leave, come back and join in one change.
struct PortTurnover {
    /// Ports that are not touched, with what is asked of them.
    let staying: [ResolvedAggregate.ResolvedPort]
    /// Ports that are taken out and do not come back.
    let leaving: [Link]
    /// Ports that are taken out and join again.
    let rejoining: [Link]
    /// Ports that join, those that come back among them, in this order.
    let joining: [ResolvedAggregate.ResolvedPort]
    /// No port is left for a moment, or for good.
    let emptiesAggregate: Bool

    var released: [Link] { leaving + rejoining }
    var rejoins: Bool { !rejoining.isEmpty }

    /// - Parameters:
    ///   - allRejoin: something can change only while there are no ports.
    ///   - some: ports of which something can change only while they are out.
    init(
        _ wish: ResolvedAggregate, _ link: Link, host: HostState, allRejoin: Bool, rejoining some: Set<String>,
        isRestoring: Bool
    ) {
        let members = host.ports(of: link)
        let wanted = wish.ports ?? members.map { .init(name: $0.name) }
        let names = wanted.map(\.name)
        var stay = members.filter { names.contains($0.name) }
        if allRejoin {
            stay = []
        } else if isRestoring {
            // The order comes back only if all ports from the first misplaced one on join anew.
            let agreeing = zip(members.map(\.name), names).prefix { $0 == $1 }.count
            stay = Array(members.prefix(agreeing))
        }
        stay.removeAll { some.contains($0.name) }
        let staying = Set(stay.map(\.name))
        self.staying = wanted.filter { staying.contains($0.name) }
        leaving = members.filter { !names.contains($0.name) }
        let back = members.filter { names.contains($0.name) && !staying.contains($0.name) }
        rejoining = back
        emptiesAggregate = !members.isEmpty && stay.isEmpty
        let coming = wanted.filter { !staying.contains($0.name) }
        joining =
            isRestoring
            ? coming : Self.keepingOrder(coming, back).map { Self.keepingOptions($0, back, wish, link) }
    }

    /// Ports that come back keep their places, whatever the order of the list: the first gives the address.
    private static func keepingOrder(
        _ coming: [ResolvedAggregate.ResolvedPort], _ rejoining: [Link]
    ) -> [ResolvedAggregate.ResolvedPort] {
        let back = rejoining.compactMap { link in coming.first { $0.name == link.name } }
        return back + coming.filter { port in !rejoining.contains { $0.name == port.name } }
    }

    /// Leaving makes the kernel forget a port's options; those that nobody asked to change are set again.
    private static func keepingOptions(
        _ port: ResolvedAggregate.ResolvedPort, _ rejoining: [Link], _ wish: ResolvedAggregate, _ link: Link
    ) -> ResolvedAggregate.ResolvedPort {
        guard let facts = rejoining.first(where: { $0.name == port.name })?.port,
            let mode = wish.mode ?? link.aggregate?.mode
        else { return port }
        let table = OptionTables.shared.port(wish.driver)
        var port = port
        for row in table.rows where !row.isReadOnly && row.accepted.contains(mode) {
            guard let value = facts.options[row.name], value != row.defaultValue.value(in: mode),
                !port.settings.contains(where: { $0.name == row.name })
            else { continue }
            port.settings.append(.init(row.name, value, origin: "as before"))
        }
        return port
    }
}
