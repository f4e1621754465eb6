/// How the aggregates of one file stand on each other: the order in which they can be built, and what cannot be.
struct WishStack {
    /// How many devices the kernel lets stand on each other (MAX_NEST_DEV in include/linux/netdevice.h).
    private static let deepest = 8

    /// Places in the file, each after those of the aggregates that its ports are or stand on. Where nothing stands on
    /// anything that is the order of the file.
    let lowersFirst: [Int]
    /// One stands on another.
    private(set) var isNested = false
    private(set) var problems: [Problem] = []
    /// Aggregates that would stand on themselves.
    private var cyclic: Set<String> = []

    private let wishes: [ResolvedAggregate]
    private let host: HostState
    private let places: [String: Int]

    init(_ wishes: [ResolvedAggregate], _ host: HostState) {
        self.wishes = wishes
        self.host = host
        let places = Dictionary(wishes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.places = places
        guard wishes.count > 1 else {
            lowersFirst = Array(wishes.indices)
            return
        }
        let below = wishes.map { Self.below($0, places, host) }
        lowersFirst = Self.sorted(below)
        isNested = below.contains { !$0.isEmpty }
        guard isNested else { return }
        findCycles(below)
        if problems.isEmpty { problems = contradictions() }
    }

    // MARK: - Order

    /// The aggregates of the file that the ports of one are, or are stacked on.
    private static func below(_ wish: ResolvedAggregate, _ places: [String: Int], _ host: HostState) -> Set<Int> {
        let names = wish.state == .absent ? host.currentPorts(of: wish) : host.finalPorts(of: wish)
        var found: Set<Int> = []
        for name in names {
            var (name, seen) = (name, Set<String>())
            while seen.insert(name).inserted {
                if let place = places[name] {
                    found.insert(place)
                    break
                }
                guard let link = host.link(named: name), let lower = link.lower, !link.lowerIsElsewhere,
                    link.kind != "veth", let next = host.link(index: lower)
                else { break }
                name = next.name
            }
        }
        return found
    }

    /// Whatever stands in a cycle keeps its place in the file.
    private static func sorted(_ below: [Set<Int>]) -> [Int] {
        var order: [Int] = []
        var isDone = [Bool](repeating: false, count: below.count)
        func visit(_ place: Int) {
            guard !isDone[place] else { return }
            isDone[place] = true
            below[place].sorted().forEach(visit)
            order.append(place)
        }
        below.indices.forEach(visit)
        return order
    }

    // MARK: - What cannot be

    func isCyclic(_ name: String) -> Bool { cyclic.contains(name) }

    private mutating func findCycles(_ below: [Set<Int>]) {
        for start in wishes.indices where !isCyclic(wishes[start].name) && wishes[start].state != .absent {
            guard let path = path(from: start, to: start, below), path.count > 1 else { continue }
            cyclic.formUnion(path.map { wishes[$0].name })
            let names = (path + [start]).map { wishes[$0].name }.joined(separator: " on ")
            problems.append(
                Problem(
                    .invalid, subject: wishes[start].name, option: "ports",
                    rule: "it would be stacked on itself: \(names)",
                    remedy: "take one of them off the ports of another"))
        }
    }

    /// The way down from one aggregate to another, without the last.
    private func path(from start: Int, to end: Int, _ below: [Set<Int>]) -> [Int]? {
        var seen: Set<Int> = []
        func search(_ place: Int) -> [Int]? {
            for next in below[place].sorted() where wishes[next].state != .absent {
                if next == end { return [place] }
                if seen.insert(next).inserted, let rest = search(next) { return [place] + rest }
            }
            return nil
        }
        return search(start)
    }

    /// What an aggregate is to be and cannot be as a port of another.
    private func contradictions() -> [Problem] {
        var problems: [Problem] = []
        for upper in wishes where upper.state != .absent {
            for name in host.finalPorts(of: upper) {
                guard let place = places[name] else { continue }
                problems += contradictions(wishes[place], upper)
            }
            if let depth = depth(upper.name), depth > Self.deepest {
                problems.append(
                    Problem(
                        .invalid, subject: upper.name, option: "ports",
                        rule: "\(depth) devices would be stacked on each other, and the kernel allows at most "
                            + "\(Self.deepest)", remedy: "leave some of them out"))
            }
        }
        return problems
    }

    private func contradictions(_ lower: ResolvedAggregate, _ upper: ResolvedAggregate) -> [Problem] {
        var problems: [Problem] = []
        func refuse(_ subject: String, _ key: String, _ value: String, _ rule: String, _ remedy: String) {
            problems.append(Problem(.invalid, subject: subject, option: key, value: value, rule: rule, remedy: remedy))
        }
        guard lower.state != .absent else {
            refuse(
                upper.name, "ports", lower.name, "the same file deletes it",
                "take it off the ports, or do not delete \(lower.name)")
            return problems
        }
        if let address = lower.addresses?.first {
            refuse(
                lower.name, "addresses", "\(address)", "it is a port of \(upper.name), and a port carries no addresses",
                "give them to \(upper.name)")
        }
        let mtu = upper.mtu ?? host.link(named: upper.name)?.mtu ?? 1500
        if let own = lower.mtu, own != mtu {
            refuse(
                lower.name, "mtu", "\(own)", "it is a port of \(upper.name) and gets the MTU of that, \(mtu)",
                "give both the same")
        }
        if let own = lower.macAddress, sharesAddress(upper), own != upper.macAddress {
            refuse(
                lower.name, "mac-address", "\(own)", "it is a port of \(upper.name) and gets the address of that",
                "give it to \(upper.name), or leave it out")
        }
        return problems
    }

    /// All ports have the address of the aggregate.
    private func sharesAddress(_ wish: ResolvedAggregate) -> Bool {
        let facts = host.link(named: wish.name)?.aggregate
        guard (wish.mode ?? facts?.mode) == .activeBackup else { return true }
        let option = wish.driver == .bonding ? "fail_over_mac" : "runner.hwaddr_policy"
        let value = wish.settings.first { $0.name == option }?.value ?? facts?.options[option] ?? .number(0)
        return value == .number(0)
    }

    /// How many devices are stacked on each other from a device down, itself included.
    private func depth(_ name: String) -> Int? {
        var seen: Set<String> = []
        func measure(_ name: String) -> Int {
            guard seen.insert(name).inserted else { return 0 }
            defer { seen.remove(name) }
            let link = host.link(named: name)
            var below = places[name].map { host.finalPorts(of: wishes[$0]) } ?? []
            if places[name] == nil, let link {
                below = host.ports(of: link).map(\.name)
                if let lower = link.lower, !link.lowerIsElsewhere, link.kind != "veth",
                    let next = host.link(index: lower)
                {
                    below.append(next.name)
                }
            }
            return 1 + (below.map(measure).max() ?? 0)
        }
        return measure(name)
    }
}
