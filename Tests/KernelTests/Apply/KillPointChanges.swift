import AggctlCommands
import Testing

extension KillPointSharedTests {
    /// A change that somebody may ask for. `NAME` is the aggregate, `FILE` its file.
    struct Change: Sendable, CustomTestStringConvertible {
        let name: String
        var driver = "bonding"
        /// Commands of ours before the change.
        var before: [String] = []
        /// What `ip` is asked for before the change, besides.
        var host: [String] = []
        /// Files below /proc/sys/net and what is written to them, before the change.
        var sysctls: [String: String] = [:]
        let command: String
        var file: String?
        /// An aggregate that is deleted loses what only `ip` knows of.
        var losesMulticast = false
        /// teamd is killed before.
        var endsDaemon = false
        /// The sample of its requests; nil: numbers that grow, until the change is over before one comes. None costs nothing
        /// but where all are tried.
        var points: [Int]?
        /// The very last request is tried as well, where not all are: it takes a new host.
        var triesLast = false

        var testDescription: String { "\(driver) \(name)" }
        /// The aggregate is there before the change.
        var isLoaded: Bool { !before.isEmpty }
        /// Its teamd runs before the change.
        var hasDaemon: Bool { driver == "teaming" && isLoaded && !endsDaemon }
    }

    static let bonding: [Change] = [
        Change(
            name: "create",
            command: "create NAME --mode active-backup --ports eth0,eth1 --set primary=eth1 --take-addresses "
                + "--allow-interruption --no-wait", triesLast: true),
        Change(
            name: "create, used port", host: usedPort, sysctls: usedPortSettings,
            command: "create NAME --mode balance-xor --ports eth1,eth0 --take-addresses --allow-interruption --no-wait",
            points: [12]),
        Change(
            name: "delete", before: [loaded("lacp")], command: "delete NAME --allow-cutoff",
            losesMulticast: true, triesLast: true),
        Change(
            name: "set, mode", before: [loaded("lacp")],
            command: "set NAME mode=active-backup miimon=50ms --allow-interruption"),
        Change(
            name: "port add", before: [loaded("active-backup")],
            command: "port add NAME eth2 --set priority=10 --set queue-id=3"),
        Change(
            name: "port remove", before: [loaded("active-backup")],
            command: "port remove NAME eth0 --allow-interruption"),
        Change(
            name: "port set", before: [loaded("active-backup")], command: "port set NAME eth1 priority=4 queue-id=2",
            points: []),
        Change(
            name: "port activate", before: [loaded("active-backup")],
            command: "port activate NAME eth1", points: []),
        Change(
            name: "apply", before: [loaded("active-backup")], command: "apply FILE --allow-interruption",
            file: """
                version: 1
                aggregates:
                  - { name: NAME, mode: lacp, lacp: { rate: fast }, ports: [eth0] }
                  - { name: NAME2, mode: balance-xor, mtu: 1400, ports: [eth1, eth3], addresses: [198.51.100.7/24] }
                """),
        Change(
            name: "apply, absent", before: [loaded("active-backup")], command: "apply FILE --allow-cutoff",
            file: """
                version: 1
                aggregates: [{ name: NAME, state: absent }]
                """, losesMulticast: true, points: []),
        Change(
            name: "apply, stack", command: "apply FILE --allow-interruption --no-wait",
            file: """
                version: 1
                aggregates:
                  - { name: NAME, mode: active-backup, ports: [NAME2, eth3], addresses: [198.51.100.7/24] }
                  - { name: NAME2, mode: balance-xor, ports: [eth1, eth2] }
                """, points: [8]),
    ]

    static let teaming: [Change] = [
        Change(
            name: "create", driver: "teaming",
            command: "create NAME --driver teaming --mode active-backup --ports eth0,eth1 --take-addresses "
                + "--allow-interruption --no-wait", triesLast: true),
        Change(
            name: "create, used port", driver: "teaming", host: usedPort, sysctls: usedPortSettings,
            command: "create NAME --driver teaming --mode balance-xor --ports eth1,eth0 --take-addresses "
                + "--allow-interruption --no-wait", points: [24]),
        Change(
            name: "delete", driver: "teaming", before: [loaded("active-backup", "teaming")],
            command: "delete NAME --allow-cutoff", losesMulticast: true, triesLast: true),
        Change(
            name: "set, mode", driver: "teaming", before: [loaded("active-backup", "teaming")],
            command: "set NAME mode=balance-xor --allow-interruption"),
        Change(
            name: "set, solicitations", driver: "teaming", before: [loaded("active-backup", "teaming")],
            command: "set NAME link_watch={name:~nsna_ping,~target_host:~2001:db8::1} --allow-interruption --no-wait"),
        Change(
            name: "port add", driver: "teaming", before: [loaded("active-backup", "teaming")],
            command: "port add NAME eth2 --set prio=10 --set sticky=true"),
        Change(
            name: "port remove", driver: "teaming",
            before: [loaded("active-backup", "teaming"), "port set NAME eth1 prio=10 queue_id=2"],
            command: "port remove NAME eth1 --allow-interruption"),
        Change(
            name: "port set", driver: "teaming", before: [loaded("active-backup", "teaming")],
            command: "port set NAME eth1 prio=-4 queue_id=2", points: [2]),
        Change(
            name: "port activate", driver: "teaming", before: [loaded("active-backup", "teaming")],
            command: "port activate NAME eth1", points: []),
        Change(
            name: "repair", driver: "teaming", before: [loaded("active-backup", "teaming")],
            command: "repair NAME", endsDaemon: true),
        Change(
            name: "apply", driver: "teaming", before: [loaded("active-backup", "teaming")],
            command: "apply FILE --allow-interruption",
            file: """
                version: 1
                aggregates:
                  - { name: NAME, driver: teaming, mode: balance-rr, ports: [eth0] }
                  - { name: NAME2, driver: teaming, mode: balance-xor, mtu: 1400, ports: [eth1, eth3] }
                """, points: [12]),
        Change(
            name: "apply, absent", driver: "teaming", before: [loaded("active-backup", "teaming")],
            command: "apply FILE --allow-cutoff",
            file: """
                version: 1
                aggregates: [{ name: NAME, driver: teaming, state: absent }]
                """, losesMulticast: true, points: []),
        Change(
            name: "apply, stack", driver: "teaming", command: "apply FILE --allow-interruption --no-wait",
            file: """
                version: 1
                aggregates:
                  - { name: NAME, driver: teaming, mode: active-backup, ports: [NAME2, eth3] }
                  - { name: NAME2, mode: balance-xor, ports: [eth1, eth2] }
                """, points: [24]),
    ]

    private static func loaded(_ mode: String, _ driver: String = "bonding") -> String {
        "create NAME --driver \(driver) --mode \(mode) --ports eth0,eth1 --no-wait"
    }

    /// What a port may be set to, and what may stand on it.
    private static let usedPort = [
        "link set eth0 alias uplink txqueuelen 777", "link property add dev eth0 altname uplink0",
        "link add link eth0 name v10 type vlan id 10", "link set v10 promisc on up", "link set eth1 allmulticast on",
        "addr add 203.0.113.2/24 dev v10",
    ]
    private static let usedPortSettings = [
        "ipv4/conf/eth0/rp_filter": "2", "ipv6/conf/eth0/accept_ra": "0", "ipv6/conf/eth1/addr_gen_mode": "1",
    ]
}
