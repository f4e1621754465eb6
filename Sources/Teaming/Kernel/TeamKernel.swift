import Aggregation
import CNetlink
package import Netlink

/// What the kernel's team driver does: options of a team and of its ports (drivers/net/team, linux/if_team.h).
package struct TeamKernel: Sendable, Hashable {
    package var mode: String?
    /// The index of the port in use.
    package var activePort: Int32?
    package var notifyPeersCount: Int64?
    package var notifyPeersInterval: Int64?
    package var mcastRejoinCount: Int64?
    package var mcastRejoinInterval: Int64?
    /// `hash`, or ``balancing``.
    package var transmitMethod: String?
    /// The method by which a balancer moves flows.
    package static let balancing = "hash_to_port_mapping"
    package var balances: Bool { transmitMethod == Self.balancing }
    /// The classic BPF program of the hash, eight bytes an instruction.
    package var hashProgram: [UInt8]?
    /// By index.
    package var ports: [Int32: Port] = [:]

    package struct Port: Sendable, Hashable {
        /// Frames are sent and taken in.
        package var isEnabled: Bool?
        package var priority: Int64?
        package var queue: Int64?
        /// What the daemon said of the link; nil where the kernel looks at the carrier itself.
        package var userLinkUp: Bool?
        /// How many of the 256 hash values go by this port, where a balancer says so.
        package var hashes = 0
        /// Bytes that the balancer saw go by this port; counted only while it asks for that.
        package var balancedBytes: UInt64?

        /// What of it teamd is told, as far as it is not teamd's default.
        var daemonOptions: OptionValues {
            var options: OptionValues = [:]
            if let priority, priority != 0 { options["prio"] = .number(priority) }
            if let queue, queue != 0 { options["queue_id"] = .number(queue) }
            return options
        }

        package init(isEnabled: Bool? = nil, priority: Int64? = nil, queue: Int64? = nil) {
            self.isEnabled = isEnabled
            self.priority = priority
            self.queue = queue
        }
    }

    package init() {}

    /// What of it teamd is told, as far as it is not teamd's default.
    var daemonOptions: OptionValues {
        let numbers = [
            "notify_peers.count": notifyPeersCount, "notify_peers.interval": notifyPeersInterval,
            "mcast_rejoin.count": mcastRejoinCount, "mcast_rejoin.interval": mcastRejoinInterval,
        ]
        var options: OptionValues = [:]
        for (name, number) in numbers { if let number { options[name] = .number(number) } }
        return options
    }

    // MARK: Decoding

    /// Options of a team and its ports, as the kernel answers TEAM_CMD_OPTIONS_GET.
    init(options: [ReceivedMessage]) {
        var choice = UserLink()
        for option in Self.items(options) { readOption(option, &choice) }
        for (index, isUp) in choice.isUp where choice.counts.contains(index) { ports[index]?.userLinkUp = isUp }
        for (index, count) in choice.hashes { ports[index]?.hashes = count }
    }

    /// Two options that only together say something, by port.
    private struct UserLink {
        var isUp: [Int32: Bool] = [:]
        var counts: Set<Int32> = []
        var hashes: [Int32: Int] = [:]
    }

    private static func items(_ messages: [ReceivedMessage]) -> [AttributeReader] {
        messages.flatMap { message -> [AttributeReader] in
            let list = message.attributes(after: MemoryLayout<genlmsghdr>.size)[Int(TEAM_ATTR_LIST_OPTION)]?.nested
            return list?.compactMap { $0.type == Int(TEAM_ATTR_ITEM_OPTION) ? $0.nested : nil } ?? []
        }
    }

    private mutating func readOption(_ attributes: AttributeReader, _ choice: inout UserLink) {
        var (name, data, index, type) = (String?.none, Attribute?.none, Int32?.none, Int?.none)
        for attribute in attributes {
            switch attribute.type {
            case Int(TEAM_ATTR_OPTION_NAME): name = attribute.string
            case Int(TEAM_ATTR_OPTION_TYPE): type = attribute.u8.map(Int.init)
            case Int(TEAM_ATTR_OPTION_DATA): data = attribute
            case Int(TEAM_ATTR_OPTION_PORT_IFINDEX): index = attribute.i32
            default: break
            }
        }
        // A flag is set when it carries something (`team_nl_fill_one_option_get`).
        let isSet = type == Int(NLA_FLAG) && data != nil
        guard let name else { return }
        if let index {
            switch name {
            case "enabled": ports[index, default: .init()].isEnabled = isSet
            case "priority": ports[index, default: .init()].priority = data?.i32.map(Int64.init)
            case "queue_id": ports[index, default: .init()].queue = data?.number
            case "user_linkup": choice.isUp[index] = isSet
            case "user_linkup_enabled": if isSet { choice.counts.insert(index) }
            case "lb_port_stats": ports[index, default: .init()].balancedBytes = data?.u64
            default: break
            }
            return
        }
        switch name {
        case "mode": mode = data?.string
        case "activeport": activePort = data?.i32
        case "notify_peers_count": notifyPeersCount = data?.number
        case "notify_peers_interval": notifyPeersInterval = data?.number
        case "mcast_rejoin_count": mcastRejoinCount = data?.number
        case "mcast_rejoin_interval": mcastRejoinInterval = data?.number
        case "lb_tx_method": transmitMethod = data?.string
        case "bpf_hash_func": hashProgram = data.map { Array($0.bytes) }
        // One value for each of 256 hashes: a port's index, or 0.
        case "lb_tx_hash_to_port_mapping": if let port = data?.i32 { choice.hashes[port, default: 0] += 1 }
        default: break
        }
    }
}

extension Attribute {
    fileprivate var number: Int64? { u32.map(Int64.init) }
}

// MARK: Asking

extension TeamKernel {
    /// Reads teams of a namespace by their indexes; those that cannot be read are left out.
    ///
    /// Without CAP_NET_ADMIN the kernel tells nothing (GENL_ADMIN_PERM in drivers/net/team).
    package static func read(_ teams: [Int32], in namespace: NetworkNamespace) async -> [Int32: TeamKernel] {
        guard !teams.isEmpty, let socket = try? NetlinkSocket(.generic, in: namespace) else { return [:] }
        return await socket.perform { socket in
            var found: [Int32: TeamKernel] = [:]
            for team in teams { found[team] = try? socket.team(team) }
            return found
        }
    }
}

extension NetlinkSocket {
    /// Options alone, which name every port: of the list of ports the kernel tells by a flag what has changed since
    /// anybody looked (`team_nl_fill_one_port_get`), and our looking would take that flag from teamd.
    fileprivate func team(_ index: Int32) throws(NetlinkError) -> TeamKernel {
        let family = try genericFamily(named: TEAM_GENL_NAME)
        var message = try NetlinkMessage.generic(
            family: family, command: Int(TEAM_CMD_OPTIONS_GET), operation: "read a team", subject: "\(index)")
        try message.put(Int(TEAM_ATTR_TEAM_IFINDEX), u32: UInt32(bitPattern: index))
        return TeamKernel(options: try query(message))
    }
}
