/// What can be known about ports before the first write, so that nothing is half-made when the kernel would refuse.
package enum Preflight {
    /// ARPHRD_INFINIBAND.
    private static let infiniBand: UInt16 = 32

    /// The name of the aggregate belongs to something else.
    package static func otherDevice(_ link: Link, _ wish: ResolvedAggregate) -> Problem? {
        guard let facts = link.aggregate else {
            if link.aggregateDriver == .teaming {
                return Problem(
                    .notPermitted, subject: wish.name, rule: "teamd tells nothing about it without CAP_NET_ADMIN",
                    remedy: "run it as root")
            }
            return Problem(
                .invalid, subject: wish.name,
                rule: "a device of this name exists and is no aggregate: \(link.kind ?? "a network card")",
                remedy: "choose another name")
        }
        guard facts.driver != wish.driver else { return nil }
        return Problem(
            .invalid, subject: wish.name,
            rule: "it exists with driver \(facts.driver.rawValue), not \(wish.driver.rawValue)",
            remedy: "delete it first, or choose another name")
    }

    /// A team without its daemon takes no orders; one that does not answer would take them too late.
    static func daemonToAsk(of link: Link, _ facts: AggregateFacts, isRestoring: Bool) -> Problem? {
        if let problem = unseenDaemon(of: link, facts, isRestoring: isRestoring) { return problem }
        guard let daemon = facts.daemon, daemon.state != .running, !isRestoring else { return nil }
        let process = daemon.process.map { " (process \($0))" } ?? ""
        return Problem(
            .unavailable, subject: link.name,
            rule: daemon.state == .absent ? "its teamd is not running" : "its teamd\(process) does not answer",
            remedy: daemon.canBeRepaired
                ? "run aggctl repair \(link.name) first" : AggregateFacts.Daemon.startByHand(link.name))
    }

    /// One that does not answer lets go of each port only when its time is up; of a team without a daemon the kernel
    /// lets go by itself.
    static func daemonToEnd(of link: Link, _ facts: AggregateFacts?, isRestoring: Bool) -> Problem? {
        guard let facts, facts.daemon?.state != .absent else { return nil }
        return daemonToAsk(of: link, facts, isRestoring: isRestoring)
    }

    /// Whoever cannot see a daemon cannot end it, and finds out half-way.
    private static func unseenDaemon(of link: Link, _ facts: AggregateFacts, isRestoring: Bool) -> Problem? {
        guard let rule = facts.daemon?.unseenRule, !isRestoring else { return nil }
        return Problem(.notPermitted, subject: link.name, rule: rule, remedy: AggregateFacts.Daemon.unseenRemedy)
    }

    /// Whether a device may become a port.
    static func port(
        _ port: Link, joining wish: ResolvedAggregate, aggregate: Link?, host: HostState, released: Set<String>,
        allow: Allowances
    ) -> (problems: [Problem], notes: [PlanNote]) {
        var problems: [Problem] = []
        func refuse(_ rule: String, _ remedy: String, as category: Problem.Category = .invalid) {
            problems.append(
                .init(category, subject: wish.name, option: "ports", value: port.name, rule: rule, remedy: remedy))
        }
        if port.flags.contains(.loopback) { refuse("it is the loopback device", "name a device with a link") }
        if port.name == wish.name { refuse("an aggregate is no port of itself", "take it off the list") }
        if let aggregate, host.above(aggregate).contains(where: { $0.index == port.index }) {
            refuse("it is stacked on \(wish.name) itself", "name the device below it")
        }
        if let master = port.master.flatMap(host.link(index:)), !released.contains(port.name) {
            refuse("it is a port of \(master.name) already", "remove it there first")
        }
        if let other = otherType(than: port, among: wish.ports ?? [], host) {
            refuse("it is of another type of hardware than \(other.name)", "name ports of one type")
        }
        if port.hardwareType == infiniBand, let mode = wish.mode, mode != .activeBackup {
            refuse("InfiniBand ports work in active-backup only", "use mode active-backup")
        }
        if port.flags.contains(.master), port.aggregate == nil {
            refuse("it is a master of other devices: \(port.kind ?? "of unknown kind")", "name a device with a link")
        }
        if port.isVLANChallenged, let aggregate, host.stacked(on: aggregate).contains(where: { $0.kind == "vlan" }) {
            refuse("it cannot carry VLANs and \(wish.name) has some", "remove the VLANs, or choose another port")
        }
        let dependants = Dependants(of: port, on: host, asPort: true)
        if !dependants.own.isEmpty, !allow.contains(.takeAddresses) {
            refuse(
                "it carries \(AggregatePlanner.shortened(dependants.own))",
                "use --take-addresses to move them to \(wish.name), or remove them",
                as: .refused(flag: "--take-addresses"))
        }
        let uppers = dependants.above.filter { $0.lowers.contains(port.index) }
        for upper in uppers where StackedKind.of(upper.kind).holdsReceiveHandler {
            refuse(
                "\(upper.kind ?? "device") \(upper.name) on it receives all its frames, and the kernel lets no such device join",
                "delete \(upper.name) first, and create it on \(wish.name) afterwards")
        }
        for upper in dependants.foreign
        where upper.lower == port.index && StackedKind.of(upper.kind).holdsReceiveHandler {
            refuse(
                "\(upper.summary) receives all its frames, and the kernel lets no such device join",
                "delete that device first, and create it on \(wish.name) afterwards")
        }
        let stranded = uppers.filter {
            !StackedKind.of($0.kind).holdsReceiveHandler && !StackedKind.of($0.kind).worksOnPort
        }
        if !stranded.isEmpty, !allow.contains(.cutoff) {
            let names = stranded.map { "\($0.kind ?? "device") \($0.name)" }.joined(separator: ", ")
            refuse(
                "\(names) would go on sending by it alone, past \(wish.name), and carry nothing",
                "create it on \(wish.name) instead, or use --allow-cutoff to proceed",
                as: .refused(flag: "--allow-cutoff"))
        }
        let interrupted = dependants.above.map(\.name) + dependants.foreign.map(\.summary)
        if port.isUp, !interrupted.isEmpty, !allow.contains(.interruption) {
            refuse(
                "it has to go down for a moment, which would interrupt \(AggregatePlanner.shortened(interrupted))",
                "use --allow-interruption when that is acceptable now", as: .refused(flag: "--allow-interruption"))
        }
        return (problems, [])
    }

    /// The first port of the list decides what hardware the aggregate is of.
    private static func otherType(than port: Link, among ports: [ResolvedAggregate.ResolvedPort], _ host: HostState)
        -> Link?
    {
        guard let first = ports.first.flatMap({ host.link(named: $0.name) }), !first.flags.contains(.loopback),
            !port.flags.contains(.loopback), first.hardwareType != port.hardwareType
        else { return nil }
        return first
    }

    /// Ports that differ in what should be alike, or that fail together.
    static func differences(
        among ports: [ResolvedAggregate.ResolvedPort], host: HostState, aggregate: String
    ) -> [PlanNote] {
        let links = ports.compactMap { host.link(named: $0.name) }
        var notes: [PlanNote] = []
        func warn(_ text: String) { notes.append(.init(.warning, subject: aggregate, text: text)) }
        if let text = unlike(links, { $0.speed.map { "\($0) Mbit/s" } }) { warn("ports differ in speed: \(text)") }
        if let text = unlike(links, { $0.duplex?.rawValue }) { warn("ports differ in duplex: \(text)") }
        if let text = unlike(links, { "\($0.mtu)" }) {
            warn("ports differ in MTU and will all get the aggregate's: \(text)")
        }
        for (card, members) in Dictionary(grouping: links.filter { $0.card != nil }, by: { $0.card ?? "" })
            .sorted(by: { $0.key < $1.key }) where members.count > 1
        {
            warn("\(members.map(\.name).joined(separator: " and ")) are on one card (\(card)) and fail together")
        }
        return notes
    }

    private static func unlike(_ links: [Link], _ value: (Link) -> String?) -> String? {
        let known = links.compactMap { link in value(link).map { (link.name, $0) } }
        guard Set(known.map(\.1)).count > 1 else { return nil }
        return known.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    }
}
