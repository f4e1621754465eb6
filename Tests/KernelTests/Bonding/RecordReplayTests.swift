import Aggregation
import Bonding
import CNetlink
import Glibc
import Netlink
import Operations
import Testing

/// What the kernel drops from a device that goes down, put back as it was.
@Suite struct RecordReplayTests {
    static let dumps = [
        ["-d"]: [
            "addr show", "route show table all", "rule show", "nexthop show", "neigh show nud permanent",
            "neigh show proxy",
        ],
        ["-d", "-6"]: ["route show table all", "rule show"],
    ]

    /// A bond with a VLAN above it and everything on them that goes with the carrier of an administrator.
    private func build(_ ns: KernelFixture) async throws {
        try await ns.dummies("eth0", "eth1")
        try await ns.perform(
            .create(aggregate: "bond7", driver: .bonding, mode: .activeBackup, settings: [], index: nil),
            .attach(port: "eth0", aggregate: "bond7"), .attach(port: "eth1", aggregate: "bond7"),
            .bring(device: "bond7", up: true))
        _ = try ns.ip(
            [],
            [
                "link set lo up", "link add link bond7 name bond7.9 type vlan id 9 ingress-qos-map 1:2",
                "link set bond7.9 up",
                "addr add 192.0.2.2/24 dev bond7", "addr add 192.0.2.3/24 dev bond7 label bond7:x",
                "addr add 192.0.2.130/25 dev bond7 noprefixroute",
                "addr add 2001:db8::2/64 dev bond7 nodad", "addr add 2001:db8:9::2/64 dev bond7.9 nodad",
                "addr add 2001:db8:6::2/64 dev bond7",
                "addr add 2001:db8:8::2/64 dev bond7 valid_lft 5000 preferred_lft 4000 nodad",
                "route add default via 192.0.2.254 dev bond7 metric 5", "route add default via 2001:db8::1 dev bond7",
                "route add 198.51.100.0/24 via 192.0.2.200 dev bond7 table 77 mtu 1400 src 192.0.2.3",
                "route append 198.51.100.0/24 via 192.0.2.201 dev bond7 tos 8 table 77",
                "route add 203.0.113.0/24 nexthop via 192.0.2.4 dev bond7 weight 3 nexthop via 192.0.2.5 dev bond7 onlink",
                "route add 2001:db8:77::/48 nexthop via 2001:db8::4 dev bond7 nexthop via 2001:db8:9::5 dev bond7.9",
                "route add 2001:db8:78::/48 via 2001:db8:9::9 dev bond7.9 metric 77",
                "neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev bond7 nud permanent",
                "neigh add 2001:db8::9 lladdr 02:00:00:00:00:09 dev bond7 nud permanent",
                "neigh add proxy 192.0.2.10 dev bond7", "rule add from 192.0.2.3 table 77 priority 99",
                "nexthop add id 5 via 192.0.2.6 dev bond7", "nexthop add id 6 via 192.0.2.7 dev bond7",
                "nexthop add id 4 group 5,3/6,2",
                "route add 198.18.0.0/24 nhid 4", "route add 198.18.1.0/24 nhid 5",
            ])
        try await eventually("end of duplicate address detection") {
            try await ns.driver.observe(.addresses).addresses.allSatisfy { $0.flags & UInt32(IFA_F_TENTATIVE) == 0 }
        }
    }

    /// Lines of the witness without what runs by itself.
    private func witness(_ ns: KernelFixture) throws -> [String] {
        let text = try Self.dumps.map { try ns.ip($0, $1) }.sorted().joined()
        return text.split(separator: "\n").map(String.init).filter { line in
            !line.contains("valid_lft 4") && !line.contains("valid_lft 5") && !line.contains("fe80:")
                && !line.contains("ff00::")
                // States of a link, which the test takes down and up.
                && !line.contains("mtu 1500") && !line.contains("expires") && !line.contains("bond_slave")
        }
    }

    private func compare(_ now: [String], _ before: [String]) throws {
        #expect(before.filter { !now.contains($0) } == [], "lost")
        #expect(now.filter { !before.contains($0) } == [], "added")
        let moved = zip(now, before).filter { $0 != $1 }.map { "\($0) instead of \($1)" }
        #expect(moved == [], "in another order")
    }

    /// Takes the host back as the program does, with its own order of steps and its own rounds.
    private func takeBack(_ ns: KernelFixture, to before: HostState) async {
        var plan = Plan()
        plan.changes = [AggregateChange(aggregate: "bond7", kind: .modify)]
        let runner = ChangeRunner(driver: ns.driver, journal: nil, progress: { _, _, _ in })
        let undo = await runner.takeBack(Rollback(Restoration(before: before, plan: plan)), nil)
        #expect(undo.isComplete, "\(undo.remaining.map { $0.summary(.shared) }) \(undo.errors)")
    }

    @Test func whatGoingDownDropsComesBack() async throws {
        try await withNamespace { ns in
            try await build(ns)
            let before = try await ns.driver.observe(.change)
            let heard = try witness(ns)
            try await ns.perform(
                .bring(device: "bond7", up: false), .bring(device: "bond7", up: true),
                .bring(device: "bond7.9", up: true))
            #expect(try witness(ns) != heard)
            await takeBack(ns, to: before)
            try compare(witness(ns), heard)
        }
    }

    @Test func aDeletedBondComesBackWithItsVLAN() async throws {
        try await withNamespace { ns in
            try await build(ns)
            let before = try await ns.driver.observe(.change)
            let bond = try #require(before.link(named: "bond7"))
            let vlan = try #require(before.link(named: "bond7.9"))
            let address = try #require(bond.address)
            let heard = try witness(ns)
            try await ns.perform(.delete(aggregate: "bond7"))
            #expect(try await ns.driver.observe(.links).link(named: "bond7.9") == nil)
            await takeBack(ns, to: before)
            #expect(try await ns.link("bond7").index == bond.index)
            #expect(try await ns.link("bond7").address == address)
            let now = try await ns.link("bond7.9")
            #expect(now.index == vlan.index)
            #expect(now.isUp)
            #expect(now.record?.key == vlan.record?.key)
            try compare(witness(ns), heard)
        }
    }

    @Test func anAddressAndItsRoutesMoveToTheAggregate() async throws {
        try await withNamespace { ns in
            try await ns.dummies("eth0", "eth1", "eth9")
            _ = try ns.ip(
                [],
                [
                    "link set eth0 up", "link set eth9 up", "addr add 192.0.2.2/24 dev eth0",
                    "addr add 2001:db8::2/64 dev eth0 nodad",
                    "addr add 203.0.113.2/24 dev eth9",
                    "route add default via 192.0.2.254",
                    "route add 198.51.100.0/24 nexthop via 192.0.2.4 dev eth0 nexthop via 203.0.113.4 dev eth9",
                ])
            let before = try await ns.driver.observe(.change)
            let eth0 = try #require(before.link(named: "eth0"))
            let addresses = before.permanentAddresses(of: eth0)
            let routes = before.staticRoutes(through: eth0)
            #expect(addresses.count == 2)
            #expect(routes.count == 2)
            try await ns.perform(
                .create(aggregate: "bond7", driver: .bonding, mode: .activeBackup, settings: [], index: nil))
            for address in addresses { try await ns.perform(.remove(record: address.record)) }
            try await ns.perform(
                .bring(device: "eth0", up: false), .attach(port: "eth0", aggregate: "bond7"),
                .bring(device: "bond7", up: true))
            for record in addresses.map(\.record) + routes.map(\.record) {
                try await ns.perform(.replay(record: record, onto: "bond7"))
            }
            let now = try await ns.driver.observe(.change)
            let bond = try #require(now.link(named: "bond7"))
            #expect(now.permanentAddresses(of: bond).map(\.prefix) == addresses.map(\.prefix))
            let text = try ns.ip([], ["route show"])
            #expect(text.contains("default via 192.0.2.254 dev bond7"))
            #expect(text.contains("nexthop via 192.0.2.4 dev bond7"))
            #expect(text.contains("nexthop via 203.0.113.4 dev eth9"))
            #expect(!text.contains("eth0"))
            let listed = try ns.ip(["-6"], ["addr show dev bond7"])
            #expect(listed.contains("2001:db8::2/64 scope global"))
        }
    }

    @Test func addressesComeAndGo() async throws {
        try await withNamespace { ns in
            try await ns.dummies("eth0")
            let prefixes = ["192.0.2.7/24", "2001:db8::7/64"].compactMap { IPPrefix(text: $0) }
            for prefix in prefixes { try await ns.perform(.addAddress(device: "eth0", prefix: prefix)) }
            let eth0 = try await ns.link("eth0")
            #expect(try await ns.driver.observe(.addresses).permanentAddresses(of: eth0).map(\.prefix) == prefixes)
            for prefix in prefixes { try await ns.perform(.removeAddress(device: "eth0", prefix: prefix)) }
            #expect(try await ns.driver.observe(.addresses).permanentAddresses(of: eth0).isEmpty)
        }
    }

    @Test func devicesAreSetAsAsked() async throws {
        try await withNamespace { ns in
            try await ns.dummies("eth0")
            try await ns.socket.createBridge("br0")
            try await ns.perform(
                .setMTU(device: "eth0", mtu: 9000),
                .setAddress(device: "eth0", address: LinkLayerAddress([2, 0, 0, 0, 0, 0x33])),
                .setFlags(device: "eth0", set: [.promiscuous, .allMulticast], clear: []),
                .setMaster(device: "eth0", master: "br0"))
            var link = try await ns.link("eth0")
            #expect(link.mtu == 9000)
            #expect(link.address?.description == "02:00:00:00:00:33")
            #expect(link.flags.isSuperset(of: [.promiscuous, .allMulticast]))
            #expect(try await ns.driver.observe(.links).link(named: "br0")?.index == link.master)
            #expect(link.portKind == "bridge")
            try await ns.perform(
                .setFlags(device: "eth0", set: [], clear: [.allMulticast]), .setMaster(device: "eth0", master: nil))
            link = try await ns.link("eth0")
            #expect(link.master == nil)
            #expect(!link.flags.contains(.allMulticast))
        }
    }
}
