import Glibc
import Netlink

/// What `ip` and sysfs say of a whole namespace, without what changes by itself.
///
/// One text a fact, so that a difference reads as the facts that came and went.
struct HostWitness: Equatable, CustomStringConvertible {
    private(set) var facts: Set<String>

    private static let commands = [
        "link show", "addr show", "route show table all", "neigh show nud permanent",
        "neigh show proxy", "rule show", "nexthop show", "maddr show",
    ]

    /// Counters, ages, and what protocols and elections find out by themselves.
    private static let volatile: Set<String> = [
        "stats", "stats64", "valid_life_time", "preferred_life_time", "ad_info", "mii_status", "link_failure_count",
        "ad_aggregator_id", "ad_actor_oper_port_state", "ad_partner_oper_port_state", "ad_actor_oper_port_state_str",
        "ad_partner_oper_port_state_str", "ad_churn_actor_state", "ad_churn_partner_state", "state", "active_slave",
        "used", "users", "operstate", "age", "churn", "expires",
        // A device that has been up once has another one that does nothing.
        "qdisc",
    ]

    /// Flags that follow from the carrier, which takes its time.
    private static let volatileFlags: Set<String> = ["LOWER_UP", "NO-CARRIER", "M-DOWN", "linkdown", "dead", "RUNNING"]

    init(_ ns: KernelFixture) throws {
        facts = []
        let text = try ns.ip(["-d", "-j"], Self.commands)
        // One JSON text a command: a line each, but for empty answers of some commands.
        for (number, part) in Self.documents(text).enumerated() {
            let command = Self.commands.indices.contains(number) ? Self.commands[number] : "?"
            for entry in try JSON.parse(part).elements { add(entry, under: command) }
        }
        let sysfs = try ns.sysfs()
        for (device, type) in sysfs { facts.insert("assign type of \(device): \(type)") }
    }

    private mutating func add(_ entry: JSON, under command: String) {
        switch command {
        case "maddr show":
            // The kernel joins and leaves groups by itself; only what somebody set is looked at.
            for group in entry["maddr"]?.elements ?? [] where group["link"] != nil {
                if group["link"]?.plain.hasPrefix("01:00:5e:7f") == true { facts.insert("maddr \(entry["ifname"]?.plain ?? "") \(group["link"]?.plain ?? "")") }
            }
        case "addr show":
            for address in entry["addr_info"]?.elements ?? [] {
                let lifetime = address["valid_life_time"].map { $0 == .number(4_294_967_295) } ?? true
                facts.insert("addr \(entry["ifname"]?.plain ?? "?") \(Self.text(address)) \(lifetime ? "" : "finite")")
            }
        default: facts.insert("\(command): \(Self.text(entry))")
        }
    }

    /// What is in one and not in the other.
    func differences(to other: HostWitness) -> [String] {
        facts.subtracting(other.facts).sorted().map { "- \($0)" } + other.facts.subtracting(facts).sorted().map { "+ \($0)" }
    }

    var description: String { facts.sorted().joined(separator: "\n") }

    private static func text(_ value: JSON) -> String {
        switch value {
        case .object(let object):
            let parts = object.filter { !volatile.contains($0.key) }.sorted { $0.key < $1.key }.map { key, value in
                key == "flags" ? "flags \(flags(value))" : "\(key) \(text(value))"
            }
            return "{\(parts.joined(separator: ", "))}"
        case .array(let values): return "[\(values.map(text).joined(separator: ", "))]"
        default: return value.plain
        }
    }

    private static func flags(_ value: JSON) -> String {
        value.elements.map(\.plain).filter { !volatileFlags.contains($0) }.sorted().joined(separator: " ")
    }

    /// The JSON texts that follow each other.
    private static func documents(_ text: String) -> [String] {
        var found: [String] = []
        var depth = 0
        var current = ""
        var isQuoted = false
        var isEscaped = false
        for character in text {
            current.append(character)
            if isQuoted {
                if isEscaped { isEscaped = false } else if character == "\\" { isEscaped = true } else if character == "\"" { isQuoted = false }
                continue
            }
            switch character {
            case "\"": isQuoted = true
            case "[", "{": depth += 1
            case "]", "}":
                depth -= 1
                if depth == 0 {
                    found.append(current)
                    current = ""
                }
            default: break
            }
        }
        return found
    }
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
    /// - Parameter ignored: how facts begin that need not be the same.
    func expectUnchanged(
        since before: HostWitness, ignoring ignored: String? = nil, within limit: Duration = .seconds(4)
    ) async throws -> [String] {
        let deadline = ContinuousClock().now + limit
        while true {
            let differences = before.differences(to: try HostWitness(self)).filter { difference in
                ignored.map { !difference.dropFirst(2).hasPrefix($0) } ?? true
            }
            if differences.isEmpty || ContinuousClock().now > deadline { return differences }
            try await Task.sleep(for: .milliseconds(100))
        }
    }
}
