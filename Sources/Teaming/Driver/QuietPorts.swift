import Glibc
import Netlink

/// Keeps ports of teams from making IPv6 link-local addresses of their own.
///
/// A port has the team's address, and the kernel gives it a link-local one besides (seen on Linux 6.1, 6.12 and 7.2; of
/// ports of bonds `addrconf_notify` knows better). It is announced through the port, also through one that is not in use:
/// the switch then sends there what is for the team, and the team's own address may be taken for a duplicate.
struct QuietPorts: Sendable {
    /// Their folder is where it is kept what a port did before.
    let daemons: TeamDaemons

    /// Before a port joins.
    func quieten(_ port: String, _ socket: NetlinkSocket) async throws {
        guard let before = try await socket.addressGeneration(of: port) else { return }
        let path = try await path(port, socket)
        if before == .none {
            // Nothing to give back, whatever an earlier device with this index left.
            unlink(path)
            return
        }
        try daemons.write(String(before.rawValue), to: path)
        try await socket.setAddressGeneration(of: port, .none)
    }

    /// After a port has left, or did not join.
    func restore(_ port: String, _ socket: NetlinkSocket) async {
        guard let path = try? await path(port, socket),
            let before = SmallFile.text(path).flatMap({ UInt8($0.prefix { $0.isNumber }) })
        else { return }
        try? await socket.setAddressGeneration(of: port, AddressGeneration(rawValue: before))
        unlink(path)
    }

    /// Ports are known by namespace and index, since names change.
    private func path(_ port: String, _ socket: NetlinkSocket) async throws -> String {
        let (here, index) = (try daemons.namespace.identity(), try await socket.linkIndex(port))
        return "\(daemons.directory)/\(here.inode).\(index).port"
    }
}
