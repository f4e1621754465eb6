import TestSupport

/// What one case asks `recommend` for, drawn from a seed.
struct DecisionCase: Sendable, CustomStringConvertible {
    let seed: UInt64
    let number: Int
    /// What the ports lead to, as `switch=` says it.
    let side: FarSide
    let ports: Int
    /// `--kernel`; nil for the one that runs.
    let kernel: String?
    let musts: [String]
    let wishes: [String]

    /// The command line that decides; `TEAM` is the name of the aggregate.
    var line: String {
        let words =
            musts.map { "--require \($0)" } + wishes.map { "--prefer \($0)" }
            + (kernel.map { ["--kernel \($0)"] } ?? [])
        return "recommend \(words.joined(separator: " ")) --ports \(portNames.joined(separator: ",")) --name TEAM"
    }

    var portNames: [String] { (0..<ports).map { "eth\($0)" } }

    /// The command that repeats it.
    var command: String { "make verify-decisions SEED=\(seed) CASE=\(number)" }

    var description: String { "case \(number) (\(line))" }

    // MARK: Drawing

    /// Requirements that are drawn, each with the values that it may have. Those whose answer nobody can see in a lab are
    /// there because they exclude candidates: they bring teaming, or another mode.
    private static let menu: [(key: String, values: [String])] = [
        ("redundancy", []), ("detection", ["50ms", "100ms", "300ms", "600ms", "1s"]), ("latency", []),
        ("throughput", []), ("single-flow", []), ("lacp", []), ("lacp-rate", ["fast", "slow"]), ("lacp-passive", []),
        ("lacp-key", ["17", "513"]), ("lacp-system", ["02:00:5e:00:53:77"]), ("min-ports", ["1", "2"]),
        ("no-switch-setup", []), ("traffic-without-partner", []), ("per-port-monitoring", []),
        ("arp-monitoring", [FarSide.target]), ("ipv6-monitoring", [FarSide.target6]), ("priorities", []),
        ("settle", ["1s", "2s"]), ("stickiness", []), ("mac-policy", ["active", "follow"]), ("port-security", []),
        ("announcements", ["5"]), ("receive-balancing", []),
        ("bridge", []), ("containers", []), ("dbus", []), ("daemon-free", []), ("maintained", []),
    ]

    /// The keys that every run has at least one case of.
    static let keys = menu.map(\.key)

    /// - Parameter attempt: a set that nobody meets is drawn again, with the next number here.
    init(seed: UInt64, number: Int, attempt: Int) {
        var numbers = SeededNumbers(seed &+ UInt64(number) &* 1000 &+ UInt64(attempt))
        // The first is given by the number, so that each key has its turn.
        var chosen = [Self.menu[number % Self.menu.count]]
        for _ in 0..<Int.random(in: 0...3, using: &numbers) {
            let one = Self.menu.randomElement(using: &numbers) ?? chosen[0]
            if !chosen.contains(where: { $0.key == one.key }) { chosen.append(one) }
        }
        var musts: [String] = []
        var wishes: [String] = []
        for (place, one) in chosen.enumerated() {
            let text = one.values.randomElement(using: &numbers).map { "\(one.key)=\($0)" } ?? one.key
            if place > 0, Int.random(in: 0..<4, using: &numbers) == 0 {
                wishes.append(text)
            } else {
                musts.append(text)
            }
        }
        side = FarSide.described.randomElement(using: &numbers) ?? .unmanaged
        musts.append("switch=\(side.rawValue)")
        self.seed = seed
        self.number = number
        self.musts = musts
        self.wishes = wishes
        ports = Int.random(in: 0..<4, using: &numbers) == 0 ? 3 : 2
        kernel = [nil, nil, "5.10", "6.1"].randomElement(using: &numbers) ?? nil
    }
}

/// What `recommend` answered: a plan, and what it says of each requirement.
struct Decided: Sendable {
    /// The file that `apply` takes.
    let plan: String
    let driver: String
    let mode: String
    let requirements: [String]
    /// Keys that are met, with or without a condition, and not only in part.
    let met: Set<String>

    /// - Parameter json: of `recommend --json`.
    init(_ json: JSON, requirements: [String]) throws {
        let decision = json["decision"]
        guard let plan = decision?["plan"]?["file"]?.plain, let mode = decision?["recommended"]?["mode"]?.plain,
            let driver = decision?["recommended"]?["driver"]?.plain
        else { throw Missing(what: "a plan in \(json)") }
        (self.plan, self.driver, self.mode, self.requirements) = (plan, driver, mode, requirements)
        let verdicts = decision?["candidates"]?[0]?["verdicts"]?.elements ?? []
        met = Set(
            verdicts.filter { $0["outcome"]?.plain != "not-met" && $0["answer"]?.plain == "yes" }
                .compactMap { $0["requirement"]?.plain.split(separator: "=").first.map(String.init) })
    }

    /// What is wanted is said, and the plan is what somebody wrote who knew better.
    init(plan: String, mode: String, driver: String = "bonding", requirements: [String]) {
        (self.plan, self.driver, self.mode, self.requirements) = (plan, driver, mode, requirements)
        met = []
    }

    /// The value of a requirement; nil when it is not wanted.
    func value(_ key: String) -> String? {
        requirements.first { $0.hasPrefix(key + "=") }.map { String($0.dropFirst(key.count + 1)) }
    }

    /// Milliseconds of a requirement that is a time.
    func time(_ key: String) -> Int64? {
        guard let text = value(key) else { return nil }
        if text.hasSuffix("ms") { return Int64(text.dropLast(2)) }
        return text.hasSuffix("s") ? Int64(text.dropLast()).map { $0 * 1000 } : nil
    }

    /// Who answers is asked, so a port without a link is known by probes that are missed.
    var asksTargets: Bool { !monitors.isEmpty }

    /// Of the answers of a target some ports get none.
    var mayLosePorts: Bool { !met.isSuperset(of: monitors) }

    private var monitors: [String] { ["arp-monitoring", "ipv6-monitoring"].filter { value($0) != nil } }
}
