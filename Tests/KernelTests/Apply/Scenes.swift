import Aggregation
import Bonding
import Glibc
import Netlink

/// Hosts to begin with.
enum Scenes {
    /// Four ports that are told apart by all that may be lost: two up, one of them with its own MTU and address.
    static func ports(_ ns: KernelFixture) async throws {
        _ = try ns.ip(
            [],
            [
                "link set lo up",
                "link add eth0 address 02:00:00:00:00:10 type veth peer name far0",
                "link add eth1 address 02:00:00:00:00:11 type veth peer name far1",
                "link add eth2 address 02:00:00:00:00:12 type veth peer name far2",
                "link add eth3 address 02:00:00:00:00:13 type veth peer name far3",
                "link set far0 up", "link set far1 up", "link set far2 up", "link set far3 up",
                // Those have had a carrier once, as later.
                "link set eth1 up", "link set eth3 up", "link set eth1 down", "link set eth3 down",
                "link set eth0 up", "link set eth2 mtu 1300 up",
            ])
        ns.atEnd { rmtree(ns.stateDirectory) }
    }

    /// Lets IPv6 addresses be used at once, where a test is about something else: each look would have to wait a second or
    /// two for them.
    static func skipDuplicateDetection(_ ns: KernelFixture) throws {
        let code = try ns.namespace.run { () -> Int in
            let file = open("/proc/sys/net/ipv6/conf/default/dad_transmits", O_WRONLY | O_CLOEXEC)
            defer { close(file) }
            return write(file, "0", 1)
        }
        guard code == 1 else { throw Missing(what: "dad_transmits in \(ns.name)") }
    }

    /// A port with the host's only addresses and routes, a second one that is idle.
    static func addressedPort(_ ns: KernelFixture) async throws {
        try await ports(ns)
        _ = try ns.ip(
            [],
            [
                "addr add 192.0.2.2/24 dev eth0", "addr add 2001:db8::2/64 dev eth0 nodad",
                "addr add 2001:db8:8::2/64 dev eth0 valid_lft 5000 preferred_lft 4000 nodad",
                "route add default via 192.0.2.254", "route add ::/0 via 2001:db8::1 dev eth0",
                "route add 198.51.100.0/24 via 192.0.2.253 table 77", "rule add from 192.0.2.2 table 77 priority 99",
                "neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev eth0 nud permanent",
            ])
    }

    /// A bond of eth0 and eth1 that carries everything that a host may have on one.
    static func loaded(_ ns: KernelFixture, mode: String) async throws {
        try await ports(ns)
        try await ns.require("create bond0 --mode \(mode) --ports eth0,eth1 --no-wait")
        if mode == "active-backup" { try await ns.require("port set bond0 eth1 priority=4 queue-id=2") }
        _ = try ns.ip(
            [],
            [
                "link add link bond0 name bond0.10 type vlan id 10 ingress-qos-map 1:2", "link set bond0.10 up",
                "link add link bond0 name bond0.20 type vlan id 20",
                "link add link bond0 name mac0 address 02:00:00:00:00:50 type macvlan mode bridge", "link set mac0 up",
                "link set bond0 promisc on allmulticast on",
                "addr add 192.0.2.2/24 dev bond0", "addr add 192.0.2.3/24 dev bond0 label bond0:x",
                "addr add 198.51.100.2/24 dev bond0.10", "addr add 2001:db8::2/64 dev bond0 nodad",
                "addr add fe80::77/64 dev bond0 nodad",
                "addr add 2001:db8:8::2/64 dev bond0 valid_lft 5000 preferred_lft 4000 nodad",
                "addr add 2001:db8:10::2/64 dev bond0.10 nodad", "addr add 2001:db8:20::2/64 dev bond0.20 nodad",
                "addr add 2001:db8:50::2/64 dev mac0 nodad",
                "route add default via 192.0.2.254 metric 5", "route add ::/0 via 2001:db8::1 metric 7",
                "route add 203.0.113.0/24 via 198.51.100.254 table 77",
                "route add 2001:db8:77::/48 via 2001:db8:10::1 table 77",
                "route add 198.18.0.0/24 nexthop via 192.0.2.4 dev bond0 weight 3 nexthop via 198.51.100.4 dev bond0.10",
                "route add 2001:db8:78::/48 nexthop via 2001:db8::4 dev bond0 nexthop via 2001:db8:10::5 dev bond0.10",
                "nexthop add id 5 via 192.0.2.6 dev bond0", "nexthop add id 6 via 198.51.100.7 dev bond0.10",
                "nexthop add id 4 group 5,3/6,2", "route add 198.18.1.0/24 nhid 4",
                "rule add from 192.0.2.3 table 77 priority 99",
                "neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev bond0 nud permanent",
                "neigh add 2001:db8::9 lladdr 02:00:00:00:00:09 dev bond0 nud permanent",
                "neigh add proxy 192.0.2.10 dev bond0",
                // The last one, for ip ends its batch with it.
                "maddr add 01:00:5e:7f:00:01 dev bond0",
            ])
        _ = try ns.ip(["-6"], ["rule add from 2001:db8::2 table 77 priority 99"])
        guard try ns.ip([], ["addr show dev bond0"]).contains("192.0.2.3/24") else {
            throw Missing(what: "load on bond0")
        }
    }

    /// The namespace once what comes by itself has come: aggregates have carrier and with it their link-local address,
    /// two looks agree, and no address is tentative.
    static func settled(_ ns: KernelFixture) async throws -> HostWitness {
        let up = try await ns.driver.observe(.links).links.filter { $0.aggregate != nil && $0.isUp }.map(\.name)
        var last = try HostWitness(ns)
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(100))
            let now = try HostWitness(ns)
            let isComplete = up.allSatisfy { name in now.facts.contains { $0.contains(" \(name) inet6 fe80::ff:fe00:") }
            }
            let isAsking = now.facts.contains { $0.contains("tentative") && !$0.contains(" bond0.20 ") }
            if now == last, isComplete, !isAsking { return now }
            last = now
        }
        throw Missing(what: "quiet in the namespace: \(last)")
    }

    static func rmtree(_ path: String) {
        for name in SmallFile.names(in: path) where name.hasPrefix("expected-") { unlink("\(path)/\(name)") }
        for name in ["changes/lock", "changes", "ports.json", ""] {
            let item = name.isEmpty ? path : "\(path)/\(name)"
            if unlink(item) != 0 { rmdir(item) }
        }
    }
}
