import Glibc
import Netlink

/// What bridge(8) and the files below /proc/sys say, besides what `HostWitness` asks: costly, so only where it counts.
struct DeepWitness {
    private(set) var facts: [String] = []

    /// Timers and what follows from the moment.
    private static let volatile: Set<Substring> = [
        "hold_timer", "message_age_timer", "forward_delay_timer", "port_id", "port_no", "designated_port", "state",
    ]

    /// - Parameter devices: whose settings are looked at.
    init(_ ns: KernelFixture, _ devices: [String], bridge: String? = nil) throws {
        for device in devices {
            // In their order: the first address of a device is its usual source.
            facts += try ns.ip(["-o"], ["addr show dev \(device)"]).split(separator: "\n").enumerated().map {
                "\($0): \(Self.stable($1))"
            }
            facts += try ns.ip(["-d", "-o"], ["link show dev \(device)"]).split(separator: "\n").map(Self.stable)
            facts += try ns.sysctls(device)
        }
        guard bridge != nil, let port = devices.first else { return }
        for command in [["vlan", "show", "dev", port], ["fdb", "show", "dev", port], ["mdb", "show"]] {
            let text = try Witness.run(["bridge", "-n", ns.name, "-d"] + command)
            facts += text.split(separator: "\n").map(Self.stable).filter { fact in
                // Learned by the bridge, and addresses that a device listens to.
                !fact.contains(" temp") && !fact.contains("self")
                    && (command.first != "fdb" || fact.hasSuffix("static") || fact.hasSuffix("permanent"))
            }.sorted()
        }
    }

    private static func stable(_ line: Substring) -> String {
        var words: [Substring] = []
        var skips = false
        for word in line.split(whereSeparator: \.isWhitespace) {
            defer { skips = volatile.contains(word) }
            if skips || volatile.contains(word) || word.hasSuffix("sec") || word.hasPrefix("<") || word == "tentative" {
                continue
            }
            words.append(word)
        }
        return words.joined(separator: " ")
    }

    func differences(to other: DeepWitness) -> [String] {
        facts.filter { !other.facts.contains($0) }.map { "- \($0)" }
            + other.facts.filter { !facts.contains($0) }.map { "+ \($0)" }
    }
}

extension KernelFixture {
    /// Every file of a device below /proc/sys/net with its value.
    func sysctls(_ device: String) throws -> [String] {
        try namespace.run {
            ["ipv4/conf", "ipv6/conf", "ipv4/neigh", "ipv6/neigh"].flatMap { folder in
                SmallFile.names(in: "/proc/sys/net/\(folder)/\(device)").sorted().compactMap { name in
                    SmallFile.text("/proc/sys/net/\(folder)/\(device)/\(name)").map {
                        "\(folder) \(device) \(name) \($0)"
                    }
                }
            }
        }
    }

    func setSysctl(_ path: String, _ value: String) throws {
        let code = try namespace.run { () -> Int in
            let file = open("/proc/sys/net/\(path)", O_WRONLY | O_CLOEXEC)
            defer { close(file) }
            return write(file, value, value.utf8.count)
        }
        guard code == value.utf8.count else { throw Missing(what: path) }
    }

    /// Waits until the devices are as they were.
    func expectUnchanged(since before: DeepWitness, _ devices: [String], bridge: String? = nil) async throws -> [String]
    {
        var differences: [String] = []
        for _ in 0..<20 {
            differences = before.differences(to: try DeepWitness(self, devices, bridge: bridge))
            if differences.isEmpty { break }
            try await Task.sleep(for: .milliseconds(150))
        }
        return differences
    }
}
