import Aggregation
import CNetlink

/// Where in its own data (IFLA_INFO_DATA) a device names those that it uses: IFLA_LINK does not tell of all kinds.
enum LowerAttributes {
    /// Attributes by kind, each the index of a device (linux/if_link.h, if_tunnel.h).
    private static let rows: [String: [Int]] = [
        "vxlan": [IFLA_VXLAN_LINK],
        "hsr": [IFLA_HSR_SLAVE1, IFLA_HSR_SLAVE2],
        "gre": [greLink], "gretap": [greLink], "erspan": [greLink], "ip6gre": [greLink], "ip6gretap": [greLink],
        "ip6erspan": [greLink], "vti": [greLink], "vti6": [greLink],
        "ipip": [greLink], "sit": [greLink], "ip6tnl": [greLink],
        "xfrm": [IFLA_XFRM_LINK], "dsa": [dsaConduit], "amt": [amtLink],
    ]
    /// IFLA_GRE_LINK, IFLA_VTI_LINK and IFLA_IPTUN_LINK.
    private static let greLink = 1
    /// IFLA_DSA_CONDUIT and IFLA_AMT_LINK are younger than some headers.
    private static let dsaConduit = 1
    private static let amtLink = 4

    /// The devices that it names, but for the one of IFLA_LINK; nil when there are none.
    static func devices(below link: Link, _ data: AttributeReader) -> [Int32]? {
        guard let kind = link.kind, let attributes = rows[kind] else { return nil }
        let found = attributes.compactMap { data[$0]?.i32 }.filter { $0 != 0 && $0 != link.lower }
        return found.isEmpty ? nil : found
    }
}
