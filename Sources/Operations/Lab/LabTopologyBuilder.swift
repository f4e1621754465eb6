import CNetlink
import FoundationEssentials
import Glibc
import Netlink

/// Builds a topology in the namespace of this process and named ones.
enum LabTopologyBuilder {
    /// Host ports are left down, as a machine's unconfigured ports are; the far ends are up.
    static func build(_ topology: LabTopology) async throws(LabError) {
        do {
            let here = try NetlinkSocket()
            var before: NetlinkSocket?
            for (number, name) in topology.switches.enumerated() {
                let namespace = try NamedNamespaces.create(name)
                let there = try NetlinkSocket(in: namespace)
                try await make(topology, number, there, in: namespace, here)
                if let before { try await join(before, there, in: namespace) }
                before = before ?? there
            }
            if let first = before { try await answer(topology, first) }
            try LabDescriptor.writeFile(LabTopologyMap.path, Array(topology.map.encoded()) + [0x0a])
        } catch let error as LabError {
            throw error
        } catch {
            throw LabError(.topology, "Building the topology \(topology.name) failed: \(error)")
        }
    }

    /// One switch with its far ends.
    private static func make(
        _ topology: LabTopology, _ number: Int, _ there: NetlinkSocket, in namespace: NetworkNamespace,
        _ here: NetlinkSocket
    ) async throws(NetlinkError) {
        let ports = topology.ports(of: number)
        try await there.perform { (socket) throws(NetlinkError) in
            try socket.setUp("lo")
            if topology.hasBridge { try createBridge(number, on: socket) }
            if topology.group != .none { try createBond(topology, on: socket) }
        }
        try await here.perform { (socket) throws(NetlinkError) in
            for port in ports { try socket.createVethPair(port.port, peer: port.farEnd, peerNamespace: namespace) }
        }
        try await there.perform { (socket) throws(NetlinkError) in
            for port in ports {
                // A bond takes ports that are down and brings them up itself; a bridge leaves that to us.
                try socket.setMaster(.name(port.farEnd), .name(topology.map.device))
                try socket.setUp(.name(port.farEnd))
            }
            try socket.setUp(.name(topology.map.device))
            guard topology.hasBridge, topology.group != .none else { return }
            try socket.setMaster(.name(LabTopology.bond), .name(LabTopology.bridge))
            // Else what the host sends to all comes back to it by the other switch.
            try socket.setFlooding(.name(LabTopology.bond), ofBroadcasts: false)
            try socket.setUp(.name(LabTopology.bridge))
        }
    }

    /// The cable between two switches.
    private static func join(
        _ first: NetlinkSocket, _ second: NetlinkSocket, in namespace: NetworkNamespace
    ) async throws(NetlinkError) {
        try await first.perform { (socket) throws(NetlinkError) in
            try socket.createVethPair("peer", peer: "peer", peerNamespace: namespace)
        }
        for socket in [first, second] {
            try await socket.perform { (socket) throws(NetlinkError) in
                try socket.setMaster("peer", .name(LabTopology.bridge))
                try socket.setUp("peer")
            }
        }
    }

    /// The addresses that answer: the first switch's own, or those of a router behind it.
    private static func answer(_ topology: LabTopology, _ first: NetlinkSocket) async throws(NetlinkError) {
        guard topology.kind == .routed else {
            return try await give(topology.hasBridge ? LabTopology.bridge : LabTopology.bond, first)
        }
        let namespace = try NamedNamespaces.create(LabTopology.router)
        try await first.perform { (socket) throws(NetlinkError) in
            try socket.createVethPair("uplink", peer: "downlink", peerNamespace: namespace)
            try socket.setMaster("uplink", .name(LabTopology.bridge))
            try socket.setUp("uplink")
        }
        let router = try NetlinkSocket(in: namespace)
        try await router.perform { (socket) throws(NetlinkError) in
            try socket.setUp("lo")
            try socket.setUp("downlink")
        }
        try await give("downlink", router)
    }

    private static func give(_ device: String, _ socket: NetlinkSocket) async throws(NetlinkError) {
        try await socket.perform { (socket) throws(NetlinkError) in
            for address in LabTopology.addresses.compactMap({ AddressPrefix($0) }) {
                try socket.addAddress(address, to: .name(device), duplicateDetection: false)
            }
        }
    }

    private static func createBridge(_ number: Int, on socket: isolated NetlinkSocket) throws(NetlinkError) {
        try socket.createBridge(LabTopology.bridge)
        // Else its address would change with its ports and outdate every neighbour entry.
        try socket.setAddress(.name(LabTopology.bridge), [0x02, 0x00, 0x5e, 0x00, 0x53, UInt8(number + 1)])
    }

    private static func createBond(
        _ topology: LabTopology, on socket: isolated NetlinkSocket
    ) throws(NetlinkError) {
        try socket.createLink(LabTopology.bond, kind: "bond") { (data) throws(NetlinkError) in
            try data.put(IFLA_BOND_MODE, u8: topology.group == .lacp ? 4 : 2)  // 802.3ad, balance-xor
            try data.put(IFLA_BOND_MIIMON, u32: 100)
            try data.put(IFLA_BOND_XMIT_HASH_POLICY, u8: 1)  // layer3+4
            guard topology.group == .lacp else { return }
            try data.put(IFLA_BOND_AD_LACP_RATE, u8: 1)  // fast
            guard topology.switches.count > 1 else { return }
            // One system with one key is what two switches of a pair say they are.
            try data.put(IFLA_BOND_AD_USER_PORT_KEY, u16: 7)
            try data.put(IFLA_BOND_AD_ACTOR_SYSTEM, bytes: [0x02, 0x00, 0x5e, 0x00, 0x53, 0xff])
        }
    }
}
