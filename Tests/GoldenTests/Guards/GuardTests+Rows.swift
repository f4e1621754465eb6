import Aggregation

/// The table. Beside each guard stands a host just past its edge.
extension GuardTests {
    private typealias Hosts = GuardHosts

    static let rows = deletion + stacked + portsThatLeave + stops + interruptions + joining + managers + caller

    // MARK: - For good

    private static let deletion: [Row] = [
        Row(about: "an idle aggregate", host: Hosts.aggregate(), command: "delete agg0", flag: nil),
        Row(
            about: "a link-local address",
            host: Hosts.aggregate("addresses: [{device: agg0, prefix: \"fe80::1/64\"}]"), command: "delete agg0",
            flag: nil),
        Row(
            about: "an address of a device beside it",
            host: Hosts.aggregate("addresses: [{device: eth2, prefix: 192.0.2.2/24}]"), command: "delete agg0",
            flag: nil),
        Row(
            about: "an address", host: Hosts.aggregate(Hosts.address), command: "delete agg0", flag: "--allow-cutoff",
            says: "192.0.2.2/24"),
        Row(
            about: "an address of IPv6",
            host: Hosts.aggregate("addresses: [{device: agg0, prefix: \"2001:db8::2/64\"}]"),
            command: "delete agg0", flag: "--allow-cutoff", says: "2001:db8::2/64"),
        Row(
            about: "a leased address",
            host: Hosts.aggregate("addresses: [{device: agg0, prefix: 192.0.2.2/24, lifetime: 600}]"),
            command: "delete agg0", flag: "--allow-cutoff", says: "192.0.2.2/24"),
        Row(
            about: "a static route and no address",
            host: Hosts.aggregate("routes: [{device: agg0, to: 198.51.100.0/24}]"), command: "delete agg0",
            flag: "--allow-cutoff", says: "198.51.100.0/24"),
        Row(
            about: "a VLAN without an address", host: Hosts.aggregate(more: [Hosts.vlan]), command: "delete agg0",
            flag: "--allow-cutoff", says: "agg0.7"),
        Row(
            about: "an address two devices up",
            host: Hosts.aggregate(
                more: [Hosts.vlan, "{name: mac0, kind: macvlan, on: agg0.7}"],
                "addresses: [{device: mac0, prefix: 192.0.2.2/24}]"), command: "delete agg0",
            flag: "--allow-cutoff", says: "192.0.2.2/24"),
        Row(
            about: "a bridge above",
            host: Hosts.aggregate(more: ["{name: br0, kind: bridge}"], "").replacing(
                "mode: active-backup,", with: "mode: active-backup, master: br0,"),
            command: "delete agg0", flag: "--allow-cutoff", says: "br0"),
        Row(
            about: "the caller's own address",
            host: Hosts.aggregate(Hosts.address + "\ncaller-address: 192.0.2.2"), command: "delete agg0",
            flag: "--allow-cutoff", says: "your own SSH connection to 192.0.2.2"),
        Row(
            about: "an address, by file", host: Hosts.aggregate(Hosts.address), command: "apply FILE",
            file: "{name: agg0, driver: DRIVER, state: absent}", flag: "--allow-cutoff", says: "192.0.2.2/24"),
        Row(
            about: "an idle aggregate, by file", host: Hosts.aggregate(), command: "apply FILE",
            file: "{name: agg0, driver: DRIVER, state: absent}", flag: nil),
    ]

    /// Whatever else the kernel deletes or leaves dead with a device.
    private static let stacked: [Row] = [
        Row(
            about: "a vxlan", host: Hosts.aggregate(more: ["{name: vx7, kind: vxlan, uses: agg0}"]),
            command: "delete agg0", flag: "--allow-cutoff", says: "vxlan vx7"),
        Row(
            about: "a vxlan on another device", host: Hosts.aggregate(more: ["{name: vx7, kind: vxlan, uses: eth2}"]),
            command: "delete agg0", flag: nil),
        Row(
            about: "a container's macvlan",
            host: Hosts.aggregate("foreign: [{on: agg0, name: mv0, kind: macvlan, namespace: pod}]"),
            command: "delete agg0", flag: "--allow-cutoff", says: "macvlan mv0 in namespace pod"),
        Row(
            about: "a container's macvlan on another device",
            host: Hosts.aggregate("foreign: [{on: eth2, name: mv0, kind: macvlan, namespace: pod}]"),
            command: "delete agg0", flag: nil),
        Row(
            about: "a nexthop object", host: Hosts.aggregate("nexthops: [{device: agg0, text: id 5}]"),
            command: "delete agg0", flag: "--allow-cutoff", says: "nexthop id 5"),
        Row(
            about: "a rule by its name", host: Hosts.aggregate("rules: [{iif: agg0, text: \"99: iif agg0\"}]"),
            command: "delete agg0", flag: "--allow-cutoff", says: "rule 99"),
        Row(
            about: "a rule by a longer name", host: Hosts.aggregate("rules: [{iif: agg00, text: \"99: iif agg00\"}]"),
            command: "delete agg0", flag: nil),
        Row(
            about: "a VLAN on a port of it", host: Hosts.aggregate(more: [Hosts.portVLAN]), command: "delete agg0",
            flag: "--allow-cutoff", says: "eth0.7"),
    ]

    private static let portsThatLeave: [Row] = [
        Row(
            about: "a VLAN on the port that leaves", host: Hosts.aggregate(more: [Hosts.portVLAN]),
            command: "port remove agg0 eth0", flag: "--allow-cutoff", says: "eth0.7"),
        Row(
            about: "a VLAN on the port that leaves and comes up again",
            host: Hosts.aggregate(more: [Hosts.portVLAN], "up-before-joining: [eth0]"),
            command: "port remove agg0 eth0", flag: "--allow-interruption", says: "eth0.7"),
        Row(
            about: "a VLAN on the port that stays", host: Hosts.aggregate(more: [Hosts.portVLAN]),
            command: "port remove agg0 eth1", flag: nil),
        Row(
            about: "another port that works", host: Hosts.aggregate(Hosts.address), command: "port remove agg0 eth0",
            flag: nil),
        Row(
            about: "another port that is up without carrier",
            host: Hosts.aggregate(eth1: "carrier: no", Hosts.address), command: "port remove agg0 eth0",
            flag: "--allow-cutoff", says: "last usable port"),
        Row(
            about: "another port that is down", host: Hosts.aggregate(eth1: "up: no", Hosts.address),
            command: "port remove agg0 eth0", flag: "--allow-cutoff", says: "last usable port"),
        Row(
            about: "no carrier on the one that leaves", host: Hosts.aggregate(eth1: "carrier: no", Hosts.address),
            command: "port remove agg0 eth1", flag: nil),
        Row(
            about: "nothing on the aggregate", host: Hosts.aggregate(eth1: "carrier: no"),
            command: "port remove agg0 eth0", flag: nil),
        Row(
            about: "a VLAN on the aggregate", host: Hosts.aggregate(eth1: "carrier: no", more: [Hosts.vlan]),
            command: "port remove agg0 eth0", flag: "--allow-cutoff", says: "agg0.7"),
        Row(
            about: "an empty list of ports", host: Hosts.aggregate(Hosts.address), command: "apply FILE",
            file: "{name: agg0, driver: DRIVER, ports: []}", flag: "--allow-cutoff", says: "last usable port"),
        Row(
            about: "a list with one port that works", host: Hosts.aggregate(Hosts.address), command: "apply FILE",
            file: "{name: agg0, driver: DRIVER, ports: [eth1]}", flag: nil),
        Row(
            about: "a list of other ports", host: Hosts.aggregate(Hosts.address), command: "apply FILE",
            file: "{name: agg0, driver: DRIVER, ports: [eth2, eth3]}", flag: "--allow-interruption",
            says: "leave for a moment"),
    ]

    private static let stops: [Row] = [
        Row(
            about: "an address, taken down", host: Hosts.aggregate(Hosts.address), command: "apply FILE",
            file: "{name: agg0, driver: DRIVER, state: down}", flag: "--allow-cutoff", says: "192.0.2.2/24"),
        Row(
            about: "nothing, taken down", host: Hosts.aggregate(), command: "apply FILE",
            file: "{name: agg0, driver: DRIVER, state: down}", flag: nil),
        Row(
            about: "an address, taken down with an option that needs that",
            host: Hosts.aggregate(mode: "lacp", Hosts.address),
            command: "apply FILE", file: "{name: agg0, driver: DRIVER, state: down, mode: lacp, lacp: {rate: fast}}",
            flag: "--allow-cutoff", says: "192.0.2.2/24", drivers: [.bonding]),
    ]

    // MARK: - For a moment

    private static let interruptions: [Row] = [
        Row(
            about: "an address, another mode", host: Hosts.aggregate(Hosts.address),
            command: "set agg0 mode=balance-xor", flag: "--allow-interruption", says: "192.0.2.2/24"),
        Row(
            about: "nothing, another mode", host: Hosts.aggregate(), command: "set agg0 mode=balance-xor", flag: nil),
        Row(
            about: "an address, the mode it has", host: Hosts.aggregate(mode: "lacp", Hosts.address),
            command: "set agg0 mode=lacp mtu=1400", flag: nil),
        Row(
            about: "an address, an option that needs it down", host: Hosts.aggregate(mode: "lacp", Hosts.address),
            command: "set agg0 lacp_rate=fast", flag: "--allow-interruption", says: "lacp_rate", drivers: [.bonding]),
        Row(
            about: "a VLAN, an option that needs it down", host: Hosts.aggregate(mode: "lacp", more: [Hosts.vlan]),
            command: "set agg0 lacp_rate=fast", flag: "--allow-interruption", says: "agg0.7", drivers: [.bonding]),
        Row(
            about: "nothing, an option that needs it down", host: Hosts.aggregate(mode: "lacp"),
            command: "set agg0 lacp_rate=fast", flag: nil, drivers: [.bonding]),
        Row(
            about: "an address, an option that needs no ports", host: Hosts.aggregate(Hosts.address),
            command: "set agg0 fail_over_mac=active", flag: "--allow-interruption", says: "192.0.2.2/24",
            drivers: [.bonding]),
        Row(
            about: "an address, an option for any time", host: Hosts.aggregate(Hosts.address),
            command: "set agg0 miimon=200ms", flag: nil, drivers: [.bonding]),
        Row(
            about: "an address, an option by file", host: Hosts.aggregate(mode: "lacp", Hosts.address),
            command: "apply FILE", file: "{name: agg0, driver: bonding, mode: lacp, lacp: {rate: fast}}",
            flag: "--allow-interruption", says: "192.0.2.2/24", drivers: [.bonding]),
    ]

    // MARK: - Ports that join

    private static let create = "create agg0 --driver DRIVER --mode active-backup --no-wait --ports"

    private static let joining: [Row] = [
        Row(about: "plain ports", host: Hosts.ports(), command: "\(create) eth0,eth1", flag: nil),
        Row(
            about: "an address", host: Hosts.ports(Hosts.portAddress), command: "\(create) eth0,eth1",
            flag: "--take-addresses", says: "192.0.2.2/24"),
        Row(
            about: "an address of the other port", host: Hosts.ports(Hosts.portAddress), command: "\(create) eth1",
            flag: nil),
        Row(
            about: "a leased address",
            host: Hosts.ports("addresses: [{device: eth0, prefix: 192.0.2.2/24, lifetime: 600}]"),
            command: "\(create) eth0", flag: "--take-addresses", says: "192.0.2.2/24"),
        Row(
            about: "a link-local address", host: Hosts.ports("addresses: [{device: eth0, prefix: \"fe80::1/64\"}]"),
            command: "\(create) eth0", flag: nil),
        Row(
            about: "a static route", host: Hosts.ports("routes: [{device: eth0, to: 198.51.100.0/24}]"),
            command: "\(create) eth0", flag: "--take-addresses", says: "198.51.100.0/24"),
        Row(
            about: "an address, by file", host: Hosts.ports(Hosts.portAddress), command: "apply FILE",
            file: "{name: agg0, driver: DRIVER, mode: active-backup, ports: [eth0, eth1]}", flag: "--take-addresses",
            says: "192.0.2.2/24"),
        Row(
            about: "an address of a port to add",
            host: Hosts.aggregate("addresses: [{device: eth2, prefix: 192.0.2.2/24}]"), command: "port add agg0 eth2",
            flag: "--take-addresses", says: "192.0.2.2/24"),
        Row(about: "a plain port to add", host: Hosts.aggregate(), command: "port add agg0 eth2", flag: nil),
        Row(
            about: "a VLAN on a port that is up", host: Hosts.ports(more: [Hosts.portVLAN]),
            command: "\(create) eth0", flag: "--allow-interruption", says: "eth0.7"),
        Row(
            about: "a VLAN on a port that is down", host: Hosts.ports(eth0: "up: no", more: [Hosts.portVLAN]),
            command: "\(create) eth0", flag: nil),
        // No flag helps where the kernel or sense forbids it.
        Row(
            about: "the loopback device", host: Hosts.ports(eth0: "loopback: yes"), command: "\(create) eth0",
            flag: nil,
            says: "loopback", code: 65),
        Row(
            about: "InfiniBand in another mode", host: Hosts.ports(eth0: "hardware: 32"),
            command: "create agg0 --mode balance-xor --no-wait --ports eth0", flag: nil, says: "InfiniBand", code: 65,
            drivers: [.bonding]),
        Row(
            about: "InfiniBand in active-backup", host: Hosts.ports(eth0: "hardware: 32"), command: "\(create) eth0",
            flag: nil, drivers: [.bonding]),
        Row(
            about: "ports of two kinds of hardware", host: Hosts.ports(eth0: "hardware: 32"),
            command: "\(create) eth0,eth1", flag: nil, says: "another type of hardware", code: 65),
        Row(
            about: "a bridge port", host: Hosts.ports(eth0: "master: br0", more: ["{name: br0, kind: bridge}"]),
            command: "\(create) eth0", flag: nil, says: "br0", code: 65),
        Row(
            about: "a port that cannot carry VLANs, under a VLAN",
            host: Hosts.aggregate(more: [Hosts.vlan]).replacing("{name: eth2,", with: "{name: eth2, vlans: no,"),
            command: "port add agg0 eth2", flag: nil, says: "cannot carry VLANs", code: 65),
        Row(
            about: "a port that cannot carry VLANs, under none",
            host: Hosts.aggregate().replacing("{name: eth2,", with: "{name: eth2, vlans: no,"),
            command: "port add agg0 eth2", flag: nil),
    ]

    private static let managers: [Row] = [
        Row(
            about: "a port of another manager", host: Hosts.ports("managed-elsewhere: {eth1: NetworkManager}"),
            command: "\(create) eth0,eth1", flag: "--ignore-manager", says: "NetworkManager manages"),
        Row(
            about: "a port of another manager beside it", host: Hosts.ports("managed-elsewhere: {eth1: ifupdown}"),
            command: "\(create) eth0", flag: nil),
        Row(
            about: "an aggregate of another manager, set",
            host: Hosts.aggregate("managed-elsewhere: {agg0: systemd-networkd}"), command: "set agg0 mtu=1400",
            flag: "--ignore-manager", says: "systemd-networkd manages"),
        Row(
            about: "an aggregate of another manager, deleted",
            host: Hosts.aggregate("managed-elsewhere: {agg0: NetworkManager}"), command: "delete agg0",
            flag: "--ignore-manager", says: "NetworkManager manages"),
        Row(
            about: "an aggregate of another manager, a port added",
            host: Hosts.aggregate("managed-elsewhere: {agg0: NetworkManager}"), command: "port add agg0 eth2",
            flag: "--ignore-manager", says: "agg0: NetworkManager manages"),
        Row(
            about: "an aggregate of another manager, by file",
            host: Hosts.aggregate("managed-elsewhere: {agg0: ifupdown}"), command: "apply FILE",
            file: "{name: agg0, driver: DRIVER, mtu: 1400}", flag: "--ignore-manager", says: "ifupdown manages"),
    ]

    /// The caller's own way in.
    private static let caller: [Row] = [
        Row(
            about: "the caller's address, more ports needed than there are",
            host: Hosts.aggregate(mode: "lacp", Hosts.address + "\ncaller-address: 192.0.2.2"),
            command: "apply FILE", file: "{name: agg0, driver: bonding, lacp: {min-ports: 3}}",
            flag: "--allow-cutoff", says: "min_links is 3", drivers: [.bonding]),
        Row(
            about: "another address, more ports needed than there are",
            host: Hosts.aggregate(mode: "lacp", Hosts.address + "\ncaller-address: 198.51.100.2"),
            command: "apply FILE", file: "{name: agg0, driver: bonding, lacp: {min-ports: 3}}", flag: nil,
            drivers: [.bonding]),
        Row(
            about: "the caller's address, a target that nobody can answer for",
            host: Hosts.aggregate(Hosts.address + "\ncaller-address: 192.0.2.2"),
            command: "set agg0 arp_ip_target=198.51.100.1 arp_interval=100ms miimon=0", flag: "--allow-cutoff",
            says: "198.51.100.1", drivers: [.bonding]),
        Row(
            about: "the caller's address, a target in its network",
            host: Hosts.aggregate(Hosts.address + "\ncaller-address: 192.0.2.2"),
            command: "set agg0 arp_ip_target=192.0.2.1 arp_interval=100ms miimon=0", flag: nil, drivers: [.bonding]),
    ]
}
