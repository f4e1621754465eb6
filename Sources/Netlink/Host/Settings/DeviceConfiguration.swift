package import Aggregation
import CNetlink
import Glibc

/// What the kernel tells of a device's files below /proc/sys/net/ipv4/conf and ipv6/conf in one attribute each
/// (IFLA_INET_CONF, IFLA_INET6_CONF), so that they need not be opened one by one.
struct DeviceConfiguration: Sendable {
    /// A file and its place in the attribute.
    struct Row: Sendable {
        let place: Int
        let name: String
        /// The attribute has milliseconds where the file has seconds.
        var divisor: Int32 = 1
    }

    let folder: String
    let rows: [Row]

    /// IPV4_DEVCONF_* less one. mc_forwarding cannot be written.
    static let ipv4 = DeviceConfiguration(
        folder: "ipv4/conf",
        rows: [
            "forwarding", nil, "proxy_arp", "accept_redirects", "secure_redirects", "send_redirects", "shared_media",
            "rp_filter", "accept_source_route", "bootp_relay", "log_martians", "tag", "arp_filter", "medium_id",
            "disable_xfrm", "disable_policy", "force_igmp_version", "arp_announce", "arp_ignore",
            "promote_secondaries", "arp_accept", "arp_notify", "accept_local", "src_valid_mark", "proxy_arp_pvlan",
            "route_localnet", "igmpv2_unsolicited_report_interval", "igmpv3_unsolicited_report_interval",
            "ignore_routes_with_linkdown", "drop_unicast_in_l2_multicast", "drop_gratuitous_arp", "bc_forwarding",
            "arp_evict_nocarrier",
        ].rows)

    /// DEVCONF_* of linux/ipv6.h. mtu follows the device, mc_forwarding cannot be written, stable_secret is no number.
    static let ipv6 = DeviceConfiguration(
        folder: "ipv6/conf",
        rows: [
            "forwarding", "hop_limit", nil, "accept_ra", "accept_redirects", "autoconf", "dad_transmits",
            "router_solicitations", "router_solicitation_interval", "router_solicitation_delay", "use_tempaddr",
            "temp_valid_lft", "temp_prefered_lft", "regen_max_retry", "max_desync_factor", "max_addresses",
            "force_mld_version", "accept_ra_defrtr", "accept_ra_pinfo", "accept_ra_rtr_pref", "router_probe_interval",
            "accept_ra_rt_info_max_plen", "proxy_ndp", "optimistic_dad", "accept_source_route", nil, "disable_ipv6",
            "accept_dad", "force_tllao", "ndisc_notify", "mldv1_unsolicited_report_interval",
            "mldv2_unsolicited_report_interval", "suppress_frag_ndisc", "accept_ra_from_local", "use_optimistic",
            "accept_ra_mtu", nil, "use_oif_addrs_only", "accept_ra_min_hop_limit", "ignore_routes_with_linkdown",
            "drop_unicast_in_l2_multicast", "drop_unsolicited_na", "keep_addr_on_down",
            "router_solicitation_max_interval", "seg6_enabled", "seg6_require_hmac", "enhanced_dad", "addr_gen_mode",
            "disable_policy", "accept_ra_rt_info_min_plen", "ndisc_tclass", "rpl_seg_enabled", "ra_defrtr_metric",
            "ioam6_enabled", "ioam6_id", "ioam6_id_wide", "ndisc_evict_nocarrier", "accept_untracked_na",
            "accept_ra_min_lft",
        ].rows)

    /// The values of a device by file; those that the kernel does not tell are missing.
    func values(_ attribute: Attribute?) -> [(name: String, value: String)] {
        guard let attribute else { return [] }
        return rows.compactMap { row in
            let offset = attribute.start + row.place * MemoryLayout<Int32>.size
            guard offset + MemoryLayout<Int32>.size <= attribute.end else { return nil }
            let value = attribute.message.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: Int32.self) }
            return (row.name, "\(value / row.divisor)")
        }
    }
}

extension [String?] {
    private static let inSeconds: Set<String> = [
        "router_solicitation_interval", "router_solicitation_delay", "router_probe_interval",
        "router_solicitation_max_interval",
    ]

    fileprivate var rows: [DeviceConfiguration.Row] {
        enumerated().compactMap { place, name in
            name.map { .init(place: place, name: $0, divisor: Self.inSeconds.contains($0) ? 1000 : 1) }
        }
    }
}

/// Files below /proc/sys/net of one namespace: they are those of the namespace of the thread that opens them.
package enum SysctlFiles {
    /// The words of files, as far as they can be read.
    package static func read(_ paths: [String], in namespace: NetworkNamespace) async -> [String: String] {
        let found = try? await namespace.run {
            var texts: [String: String] = [:]
            for path in paths {
                guard let text = SmallFile.text("/proc/sys/net/\(path)") else { continue }
                texts[path] = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            }
            return texts
        }
        return found ?? [:]
    }

    /// Writes what a record says, to another device's file when one is named.
    ///
    /// - Returns: the error number of what failed, 0 for none.
    package static func write(_ sysctl: DeviceSysctl, to device: String?, in namespace: NetworkNamespace) async -> Int32
    {
        let path = "/proc/sys/net/\(sysctl.folder)/\(device ?? sysctl.device)/\(sysctl.name)"
        let code = try? await namespace.run { () -> Int32 in
            let file = open(path, O_WRONLY | O_CLOEXEC)
            guard file >= 0 else { return errno }
            defer { close(file) }
            let bytes = Array(sysctl.value.utf8)
            return Glibc.write(file, bytes, bytes.count) == bytes.count ? 0 : errno
        }
        return code ?? EIO
    }
}
