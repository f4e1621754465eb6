import Aggregation
import Testing

/// nsna_ping sends from an address of the port, which the port has, and says nothing else of.
@Suite struct TeamSolicitationEveryKernelTests {
    private static let target = "2001:db8:100::1"
    private static let watch = "{name:~nsna_ping,~target_host:~\(target),~interval:~100ms,~missed_max:~5}"
    private static let ports = ["eth0", "eth1", "eth2"]

    /// Three ports into one switch.
    private func withSwitch(_ body: (TeamScene, KernelFixture) async throws -> Void) async throws {
        try await withTeam { scene in
            try await withNamespace { far in
                try await scene.ns.cables([("eth0", "p0"), ("eth1", "p1"), ("eth2", "p2")], to: far)
                let plugs = ["p0", "p1", "p2"].flatMap { ["link set \($0) master sw", "link set \($0) up"] }
                _ = try far.ip([], ["link add sw type bridge mcast_snooping 0", "link set sw up"] + plugs)
                try await body(scene, far)
            }
        }
    }

    private func answer(_ far: KernelFixture) throws {
        _ = try far.ip([], ["addr add \(Self.target)/64 dev sw nodad"])
    }

    private func generation(_ port: String, _ scene: TeamScene) throws -> Substring? {
        let words = try scene.ns.ip(["-d"], ["link show dev \(port)"]).split(whereSeparator: \.isWhitespace)
        return words.firstIndex(of: "addrgenmode").map { words[$0 + 1] }
    }

    private func hasAddress(_ port: String, _ scene: TeamScene) throws -> Bool {
        try scene.ns.ip(["-6"], ["address show dev \(port)"]).contains("fe80")
    }

    private func isUp(_ port: String, _ scene: TeamScene) throws -> Bool {
        try scene.dump()["ports"]?[port]?["link_watches"]?["up"] == .bool(true)
    }

    /// The port that is active and gets answers; only ports in use ask, and all where none is (`lw_nsnap_send`).
    private func answered(_ scene: TeamScene) throws -> String? {
        try Self.ports.first { try isUp($0, scene) && scene.state("runner.active_port") == $0 }
    }

    /// All that is set below /proc/sys, but for the secret that a device draws when it first makes an address of one.
    private func settings(_ ports: [String], _ scene: TeamScene) throws -> [String] {
        try ports.flatMap { try scene.ns.sysctls($0) }.filter { !$0.contains("stable_secret") }
    }

    /// Without an answer all ports ask, and the team has no carrier: what goes out is theirs.
    @Test func portsAskAndAnnounceNothing() async throws {
        try await withSwitch { scene, far in
            let before = try settings(["eth0", "eth1"], scene)
            let witnesses = try ["p0", "p1", "p2"].map { try PortWitness(far, $0) }
            try await scene.require(
                "create TEAM --driver teaming --mode active-backup --ports eth0,eth1 --no-wait --set link_watch=\(Self.watch)"
            )
            _ = try scene.ns.ip([], ["link set eth2 up"])
            try await eventually("announcements of a plain device") {
                let seen = try witnesses[2].counts()
                return seen.detections > 0 && seen.routerSolicitations > 0
            }
            for witness in witnesses.prefix(2) {
                try await eventually("solicitations") { try witness.counts().solicitations > 5 }
                let seen = try witness.counts()
                #expect(seen.detections + seen.routerSolicitations + seen.advertisements == 0, "\(seen)")
                // The group of the address is reported twice when it is joined and when the address can be used (MLDv2,
                // RFC 3810, section 6.1; `ipv6_mc_dad_complete`).
                #expect(seen.others <= 4, "\(seen)")
            }
            try await scene.require("delete TEAM --allow-cutoff")
            #expect(try settings(["eth0", "eth1"], scene) == before)
        }
    }

    @Test func whoAnswersKeepsThePortAndWhoDoesNotLosesIt() async throws {
        try await withSwitch { scene, far in
            try answer(far)
            try await scene.require(
                "create TEAM --driver teaming --mode active-backup --ports eth0,eth1 --set link_watch=\(Self.watch)")
            let first = try #require(try answered(scene))
            let other = first == "eth0" ? "eth1" : "eth0"
            // Its carrier stays.
            _ = try far.ip([], ["link set p\(first.suffix(1)) nomaster"])
            try await eventually("failover") { try answered(scene) == other }
            _ = try far.ip([], ["addr del \(Self.target)/64 dev sw"])
            try await eventually("no port in use") { try !isUp("eth0", scene) && !isUp("eth1", scene) }
            let status = await scene.aggctl("status TEAM --check")
            #expect(status.code == 6, "\(status)")
            try answer(far)
            try await eventually("answers again") { try answered(scene) == other }
        }
    }

    /// The watch comes after the ports, and a port after the watch; then the watch goes.
    @Test func portsFollowTheWatch() async throws {
        try await withSwitch { scene, far in
            try answer(far)
            _ = try scene.ns.ip([], ["link set eth1 addrgenmode random", "link set eth2 addrgenmode none"])
            try scene.ns.setSysctl("ipv6/conf/eth0/accept_ra", "2")
            let before = try settings(Self.ports, scene)
            try await scene.require("create TEAM --driver teaming --mode active-backup --ports eth0,eth1")
            #expect(try !hasAddress("eth0", scene) && !hasAddress("eth1", scene))
            try await scene.require("set TEAM link_watch=\(Self.watch) --allow-interruption")
            try await scene.require("port add TEAM eth2")
            for port in Self.ports { #expect(try hasAddress(port, scene), "\(port)") }
            #expect(try generation("eth0", scene) == "eui64" && generation("eth1", scene) == "random")
            try await eventually("answers") { try answered(scene) != nil }

            try await scene.require("set TEAM link_watch={name:~ethtool} --allow-interruption")
            for port in Self.ports {
                #expect(try !hasAddress(port, scene), "\(port)")
                #expect(try generation(port, scene) == "none", "\(port)")
            }
            try await scene.require("delete TEAM --allow-cutoff")
            #expect(try settings(Self.ports, scene) == before)
        }
    }

    /// A watch of one port: the other has no address.
    @Test func onePortAsks() async throws {
        try await withSwitch { scene, far in
            try answer(far)
            let before = try settings(["eth0", "eth1"], scene)
            try await scene.require("create TEAM --driver teaming --mode active-backup --ports eth0,eth1")
            try await scene.require("port set TEAM eth1 link_watch=\(Self.watch)")
            #expect(try hasAddress("eth1", scene) && !hasAddress("eth0", scene))
            _ = try far.ip([], ["link set p0 down"])
            try await eventually("answers") { try answered(scene) == "eth1" }
            try await scene.require("port set TEAM eth1 link_watch=none --no-wait")
            #expect(try !hasAddress("eth1", scene))
            try await scene.require("delete TEAM --allow-cutoff")
            #expect(try settings(["eth0", "eth1"], scene) == before)
        }
    }

    /// The address of a port that keeps its own link-layer address is not the team's.
    @Test func aPortWithAnAddressOfItsOwnDoesNotAskFromTheTeams() async throws {
        try await withSwitch { scene, far in
            try answer(far)
            try await scene.require(
                "create TEAM --driver teaming --mode active-backup --ports eth0,eth1 --set link_watch=\(Self.watch) "
                    + "--set runner.hwaddr_policy=by_active")
            try await eventually("an address of the team") { try hasAddress(scene.team, scene) }
            let addresses = try (["eth0", "eth1"] + [scene.team]).map { device in
                try scene.ns.ip(["-6"], ["address show dev \(device)"]).split(whereSeparator: \.isWhitespace)
                    .first { $0.hasPrefix("fe80") }
            }
            #expect(Set(addresses).count == 3 && !addresses.contains(nil), "\(addresses)")
        }
    }
}

/// Counts what arrives at the far end of a cable, by tc(8).
private struct PortWitness {
    struct Counts {
        /// Neighbour solicitations from the unspecified address: duplicate address detection (RFC 4862, section 5.4.2).
        var detections = 0
        var routerSolicitations = 0
        var advertisements = 0
        /// Other neighbour solicitations.
        var solicitations = 0
        var others = 0
    }

    private let ns: String
    private let device: String
    private static let filters = [
        "protocol ipv6 flower ip_proto icmpv6 type 135 src_ip ::/128", "protocol ipv6 flower ip_proto icmpv6 type 133",
        "protocol ipv6 flower ip_proto icmpv6 type 136", "protocol ipv6 flower ip_proto icmpv6 type 135",
        "protocol all matchall",
    ]

    init(_ far: KernelFixture, _ device: String) throws {
        (ns, self.device) = (far.name, device)
        let filters = Self.filters.enumerated().map { place, filter in
            "filter add dev \(device) ingress prio \(place + 1) \(filter) action pass"
        }
        let commands = ["qdisc add dev \(device) clsact"] + filters
        _ = try Witness.run(["tc", "-n", ns, "-batch", "-"], input: commands.joined(separator: "\n") + "\n")
    }

    func counts() throws -> Counts {
        let text = try Witness.run(["tc", "-n", ns, "-s", "-j", "filter", "show", "dev", device, "ingress"])
        var counts = [Int](repeating: 0, count: Self.filters.count)
        for filter in try JSON.parse(text).elements {
            guard case .number(let place)? = filter["pref"],
                case .number(let packets)? = filter["options"]?["actions"]?[0]?["stats"]?["packets"]
            else { continue }
            counts[Int(place) - 1] += Int(packets)
        }
        return Counts(
            detections: counts[0], routerSolicitations: counts[1], advertisements: counts[2], solicitations: counts[3],
            others: counts[4])
    }
}
