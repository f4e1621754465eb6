import Aggregation

/// Hosts that a change could hurt, as `ObservedFile` reads them; DRIVER stands for either driver.
enum GuardHosts {
    /// An aggregate `agg0` of eth0 and eth1, and eth2 and eth3, which are no ports.
    ///
    /// - Parameters:
    ///   - mode: of `agg0`; with `options` as in the file.
    ///   - eth1: keys of the second port, such as `carrier: no`.
    ///   - more: further links, one a line.
    ///   - rest: addresses, routes and the rest of the file.
    static func aggregate(
        mode: String = "active-backup", eth1: String = "up: yes", more: [String] = [], _ rest: String = ""
    ) -> String {
        let links =
            [
                "{name: eth0}", "{name: eth1, \(eth1)}", "{name: eth2, up: no}", "{name: eth3, up: no}",
                "{name: agg0, driver: DRIVER, mode: \(mode), ports: [eth0, eth1]}",
            ] + more
        return "links:\n" + links.map { "  - \($0)\n" }.joined() + rest + "\n"
    }

    /// Two plain ports, the first of them up.
    static func ports(eth0: String = "up: yes", more: [String] = [], _ rest: String = "") -> String {
        let links = ["{name: eth0, \(eth0)}", "{name: eth1, up: no}"] + more
        return "links:\n" + links.map { "  - \($0)\n" }.joined() + rest + "\n"
    }

    static let address = "addresses: [{device: agg0, prefix: 192.0.2.2/24}]"
    static let portAddress = "addresses: [{device: eth0, prefix: 192.0.2.2/24}]"
    static let vlan = "{name: agg0.7, kind: vlan, on: agg0}"
    static let portVLAN = "{name: eth0.7, kind: vlan, on: eth0}"
}
