import Glibc
import Netlink

/// What `ip` and sysfs say of a whole namespace, without what changes by itself.
///
/// One text a fact, so that a difference reads as the facts that came and went.
struct HostWitness: Equatable, CustomStringConvertible {
    private(set) var facts: Set<String> = []

    /// All that a change may touch.
    static let everything = [
        "link show", "addr show", "route show table all", "neigh show nud permanent", "neigh show proxy", "rule show",
        "nexthop show", "maddr show",
    ]

    /// Counters, ages, and what protocols and elections find out by themselves: the word goes with the one after it.
    private static let volatile: Set<Substring> = [
        "state", "qdisc", "mii_status", "link_failure_count", "active_slave", "ad_aggregator", "ad_aggregator_id",
        "ad_num_ports", "ad_actor_key", "ad_partner_key", "ad_partner_mac", "ad_actor_oper_port_state",
        "ad_actor_oper_port_state_str", "ad_partner_oper_port_state", "ad_partner_oper_port_state_str",
        "ad_churn_actor_state", "ad_churn_partner_state", "expires", "users", "used", "promiscuity", "allmulti",
        // Timers of a bridge and of its ports.
        "hello_timer", "tcn_timer", "topology_change_timer", "gc_timer", "hold_timer", "message_age_timer",
        "forward_delay_timer",
    ]
    /// Flags that follow from the carrier, which takes its time.
    private static let volatileFlags: Set<Substring> = ["LOWER_UP", "NO-CARRIER", "M-DOWN"]
    private static let volatileWords: Set<Substring> = ["linkdown", "dead"]

    /// - Parameter countsPromiscuity: how often others want a device to receive everything, of those that are no ports: of
    ///   ports it follows elections.
    init(
        _ ns: KernelFixture, _ commands: [String] = HostWitness.everything, countsPromiscuity: Bool = false
    ) throws {
        for line in try ns.ip(["-d", "-o"], commands).split(separator: "\n") {
            // The kernel joins and leaves multicast groups by itself; only what a test has set is looked at.
            let fact = Self.stable(line)
            if fact.contains("\\ link ") || fact.contains("\\ inet 224.") || fact.contains("\\ inet6 ff0"),
                !fact.contains("01:00:5e:7f")
            {
                continue
            }
            facts.insert(fact)
            if countsPromiscuity, !line.contains(" master "), let count = line.firstMatch(of: #/ promiscuity [0-9]+/#) {
                facts.insert("\(line.prefix { $0 != "<" })\(count.output)")
            }
        }
        for (device, type) in try ns.sysfs() { facts.insert("assign type of \(device): \(type)") }
    }

    private static func stable(_ line: Substring) -> String {
        var words: [Substring] = []
        var skips = false
        for word in line.split(whereSeparator: \.isWhitespace) {
            defer { skips = volatile.contains(word) }
            if skips || volatile.contains(word) || volatileWords.contains(word) { continue }
            if word.hasPrefix("<") {
                let flags = word.dropFirst().dropLast().split(separator: ",").filter { !volatileFlags.contains($0) }
                words.append("<\(flags.joined(separator: ","))>")
            } else if word.hasSuffix("sec"), words.last?.hasSuffix("_lft") == true {
                words.append("finite")
            } else {
                words.append(word)
            }
        }
        return words.joined(separator: " ")
    }

    /// What is in one and not in the other.
    func differences(to other: HostWitness) -> [String] {
        facts.subtracting(other.facts).sorted().map { "- \($0)" }
            + other.facts.subtracting(facts).sorted().map { "+ \($0)" }
    }

    var description: String { facts.sorted().joined(separator: "\n") }
}

extension KernelFixture {
    /// addr_assign_type of every device: 0 permanent, 1 random, 2 taken from another device, 3 set by somebody.
    func sysfs() throws -> [String: String] {
        let directory = "/tmp/\(name)-sysfs"
        if mkdir(directory, 0o755) == 0 {
            // sysfs shows the devices of the namespace whose thread mounts it.
            let code = try namespace.run { mount("sysfs", directory, "sysfs", 0, nil) }
            guard code == 0 else { throw Missing(what: "sysfs of \(name)") }
            atEnd {
                umount2(directory, Int32(MNT_DETACH))
                rmdir(directory)
            }
        }
        var found: [String: String] = [:]
        guard let listing = opendir("\(directory)/class/net") else { throw Missing(what: "class/net") }
        defer { closedir(listing) }
        while let entry = readdir(listing) {
            let device = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard let text = SmallFile.text("\(directory)/class/net/\(device)/addr_assign_type") else { continue }
            found[device] = String(text.prefix { !$0.isNewline })
        }
        return found
    }

    /// Waits until the namespace is as it was; what comes with the carrier needs a moment.
    ///
    /// - Parameter ignored: facts with this text need not be the same.
    func expectUnchanged(
        since before: HostWitness, ignoring ignored: String? = nil, _ commands: [String] = HostWitness.everything,
        within limit: Duration = .seconds(20)
    ) async throws -> [String] {
        let deadline = ContinuousClock().now + limit
        while true {
            let differences = before.differences(to: try HostWitness(self, commands)).filter { difference in
                ignored.map { !difference.contains($0) } ?? true
            }
            if differences.isEmpty || ContinuousClock().now > deadline { return differences }
            try await Task.sleep(for: .milliseconds(100))
        }
    }
}
