import Aggregation
import Glibc

/// Which devices another network manager configures, from the state that it keeps below /run.
enum ManagedDevices {
    /// Manager by device name; empty in a namespace other than the one that the managers run in.
    static func read(_ links: [Link], in namespace: NetworkNamespace) -> [String: String] {
        guard isManagersOwn(namespace) else { return [:] }
        var managers: [String: String] = [:]
        for (manager, folder, isManaged) in [
            ("systemd-networkd", "/run/systemd/netif/links", isManagedByNetworkd),
            ("NetworkManager", "/run/NetworkManager/devices", isManagedByNetworkManager),
        ] {
            // Files are named by index. Most hosts have one manager or none, so they are not tried link by link.
            let known = SmallFile.names(in: folder)
            for link in links where known.contains("\(link.index)") {
                guard let text = SmallFile.text("\(folder)/\(link.index)"), isManaged(text) else { continue }
                managers[link.name] = manager
            }
        }
        let ours = IfupdownFiles.interfaces()
        if !ours.isEmpty {
            for link in links where managers[link.name] == nil && !link.flags.contains(.loopback) {
                if ours.contains(link.name) { managers[link.name] = "ifupdown" }
            }
        }
        return managers
    }

    /// A key file; `managed=true` in its section `[device]`.
    static func isManagedByNetworkManager(_ text: String) -> Bool {
        values(of: "managed", in: text).contains { $0 == "true" || $0 == "full" }
    }

    /// Lines of KEY=VALUE (sd-network): managed with a .network file, unless it says otherwise. Until it has found one,
    /// networkd says `pending` or `initialized` of every device.
    static func isManagedByNetworkd(_ text: String) -> Bool {
        let state = values(of: "ADMIN_STATE", in: text).last ?? ""
        if state == "unmanaged" { return false }
        return ["configuring", "configured", "failed", "linger"].contains(state)
            || values(of: "NETWORK_FILE", in: text).contains { !$0.isEmpty }
    }

    private static func values(of key: String, in text: String) -> [Substring] {
        text.split(separator: "\n").compactMap { line in
            guard let equals = line.firstIndex(of: "="), line[..<equals] == key else { return nil }
            return line[line.index(after: equals)...]
        }
    }

    private static func isManagersOwn(_ namespace: NetworkNamespace) -> Bool {
        var status = stat()
        // Only root may look; others are in the host's own namespace unless they went elsewhere on purpose.
        guard stat("/proc/1/ns/net", &status) == 0 else {
            return (try? namespace.identity()) == (try? NetworkNamespace.current.identity())
        }
        guard let identity = try? namespace.identity() else { return false }
        return identity == .init(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }
}
