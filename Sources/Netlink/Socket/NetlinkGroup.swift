import CNetlink

/// What the kernel announces on a route netlink socket (`RTNLGRP_*` in linux/rtnetlink.h).
package enum NetlinkGroup: Sendable, Hashable, CaseIterable {
    case links
    case neighbours
    case ipv4Addresses
    case ipv6Addresses
    case ipv4Routes
    case ipv6Routes
    case ipv4Rules
    case ipv6Rules

    var number: Int32 {
        let group =
            switch self {
            case .links: RTNLGRP_LINK
            case .neighbours: RTNLGRP_NEIGH
            case .ipv4Addresses: RTNLGRP_IPV4_IFADDR
            case .ipv6Addresses: RTNLGRP_IPV6_IFADDR
            case .ipv4Routes: RTNLGRP_IPV4_ROUTE
            case .ipv6Routes: RTNLGRP_IPV6_ROUTE
            case .ipv4Rules: RTNLGRP_IPV4_RULE
            case .ipv6Rules: RTNLGRP_IPV6_RULE
            }
        return Int32(group.rawValue)
    }
}
