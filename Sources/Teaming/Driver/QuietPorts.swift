import Glibc
import Netlink

/// Keeps ports of teams from making IPv6 link-local addresses of their own.
///
/// A port has the team's address. Before Linux 6.3 (`IFF_NO_ADDRCONF` in drivers/net/team) the kernel gives it a
/// link-local one besides, and announces it through the port: also through one that is not in use, so that the switch
/// sends what is for the team there, and the team's own address may be taken for a duplicate. Bonding never had this.
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
