import FoundationEssentials

/// A number of LACP bonds of two dummy ports each, as each tool asks for it.
///
/// The ports exist beforehand and are up, as those of a host are. Ports and bonds are in groups of their own, so that
/// one request takes all of them up or away.
struct BondSet {
    let count: Int

    private static let portGroup = 8
    private static let bondGroup = 9
    private static let folder = "/tmp/aggctl-bench"

    private var bonds: [String] { (0..<count).map { "lag\($0)" } }
    private func ports(_ bond: Int) -> [String] { ["lp\(bond)a", "lp\(bond)b"] }

    /// The file for `aggctl apply`.
    var declaration: String { "\(Self.folder)/\(count).yaml" }
    /// The same state for `ip -batch`: ports down, master, up.
    var batch: String { "\(Self.folder)/\(count).batch" }

    private var makePorts: String { "\(Self.folder)/\(count).ports" }
    private var groupBonds: String { "\(Self.folder)/\(count).group" }

    /// Writes the files and makes the ports.
    func prepare() throws {
        try FileManager.default.createDirectory(atPath: Self.folder, withIntermediateDirectories: true)
        var yaml = "version: 1\naggregates:\n"
        var batch = ""
        var group = ""
        var make = ""
        for (number, bond) in bonds.enumerated() {
            let ports = ports(number)
            yaml += """
                  - name: \(bond)
                    driver: bonding
                    mode: lacp
                    link-monitor: { interval: 100ms }
                    lacp: { rate: fast }
                    hash: [l3, l4]
                    ports: [\(ports.joined(separator: ", "))]

                """
            batch += """
                link add name \(bond) type bond mode 802.3ad miimon 100 lacp_rate fast xmit_hash_policy layer3+4

                """
            for port in ports {
                make += "link add name \(port) group \(Self.portGroup) type dummy\n"
                batch += "link set dev \(port) down\nlink set dev \(port) master \(bond)\n"
            }
            batch += "link set dev \(bond) up\n"
            group += "link set dev \(bond) group \(Self.bondGroup)\n"
        }
        for (path, text) in [(declaration, yaml), (self.batch, batch), (groupBonds, group), (makePorts, make)] {
            try Data(text.utf8).write(to: URL(filePath: path))
        }
        _ = try Child.run(["ip", "-batch", makePorts])
        try raisePorts()
    }

    func removePorts() throws(Unmeasured) {
        _ = try Child.run(["ip", "link", "delete", "group", "\(Self.portGroup)"])
    }

    /// Deletes the bonds and takes the ports up again.
    func removeBonds() throws(Unmeasured) {
        _ = try Child.run(["ip", "-batch", groupBonds])
        _ = try Child.run(["ip", "link", "delete", "group", "\(Self.bondGroup)"])
        try raisePorts()
    }

    private func raisePorts() throws(Unmeasured) {
        _ = try Child.run(["ip", "link", "set", "group", "\(Self.portGroup)", "up"])
    }

    /// Makes sure, by the kernel's own word, that the bonds are there with both ports: a tool that did nothing is fast.
    func verify(after tool: String) throws {
        for (number, bond) in bonds.enumerated() {
            let text = try? String(contentsOf: URL(filePath: "/proc/net/bonding/\(bond)"), encoding: .utf8)
            let found = (text ?? "").split(separator: "\n").filter { $0.hasPrefix("Slave Interface: ") }
            guard found.map({ String($0.dropFirst(17)) }) == ports(number) else {
                throw Unmeasured("\(tool) left \(bond) without its ports \(ports(number))")
            }
        }
    }

    /// What /proc has about the bonds, as arguments.
    var procFiles: [String] { bonds.map { "/proc/net/bonding/\($0)" } }
}
