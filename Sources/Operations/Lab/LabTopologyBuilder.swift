import CNetlink
import FoundationEssentials
import Glibc
import Netlink

/// Builds a topology in the namespace of this process and one named namespace.
enum LabTopologyBuilder {
    /// Host ports are left down, as a machine's unconfigured ports are; the far ends are up.
    static func build(_ topology: LabTopology) async throws(LabError) {
        let map = topology.map
        do {
            let remote = try NamedNamespaces.create(LabTopology.namespace)
            let here = try NetlinkSocket()
            let there = try NetlinkSocket(in: remote)
            try await there.perform { (socket) throws(NetlinkError) in
                try socket.setUp("lo")
                try createDevice(topology.kind, map.device, on: socket)
            }
            try await here.perform { (socket) throws(NetlinkError) in
                for port in map.ports {
                    try socket.createVethPair(port.port, peer: port.farEnd, peerNamespace: remote)
                }
            }
            try await there.perform { (socket) throws(NetlinkError) in
                for port in map.ports {
                    // A bond takes ports that are down and brings them up itself; a bridge leaves that to us.
                    try socket.setMaster(.name(port.farEnd), .name(map.device))
                    try socket.setUp(.name(port.farEnd))
                }
                try socket.setUp(.name(map.device))
                for address in LabTopology.addresses.compactMap({ AddressPrefix($0) }) {
                    try socket.addAddress(address, to: .name(map.device), duplicateDetection: false)
                }
            }
            try LabDescriptor.writeFile(LabTopologyMap.path, Array(map.encoded()) + [0x0a])
        } catch let error as LabError {
            throw error
        } catch {
            throw LabError(.topology, "Building the topology \(topology.name) failed: \(error)")
        }
    }

    private static func createDevice(
        _ kind: LabTopology.Kind, _ name: String, on socket: isolated NetlinkSocket
    ) throws(NetlinkError) {
        switch kind {
        case .pair:
            try socket.createBridge(name)
            // Else its address would change with its ports and outdate every neighbour entry.
            try socket.setAddress(.name(name), [0x02, 0x00, 0x5e, 0x00, 0x53, 0x01])
        case .lacp:
            try socket.createLink(name, kind: "bond") { (data) throws(NetlinkError) in
                try data.put(IFLA_BOND_MODE, u8: 4)  // 802.3ad
                try data.put(IFLA_BOND_MIIMON, u32: 100)
                try data.put(IFLA_BOND_XMIT_HASH_POLICY, u8: 1)  // layer3+4
                try data.put(IFLA_BOND_AD_LACP_RATE, u8: 1)  // fast
            }
        }
    }
}
