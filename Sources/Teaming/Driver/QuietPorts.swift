import Glibc
import Netlink
import System

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
        let path = try path(try await socket.linkIndex(port))
        if before == .none {
            // What is noted stays where we have quietened it and its join was cut short; else there is nothing to give
            // back, whatever an earlier device with this index left.
            if noted(path)?.name != port { StateFile.remove(path) }
            return
        }
        try daemons.write("\(before.rawValue) \(port)", to: path)
        try await socket.setAddressGeneration(of: port, .none)
    }

    /// After a port has left, or did not join.
    func restore(_ port: String, _ socket: NetlinkSocket) async {
        guard let index = try? await socket.linkIndex(port), let path = try? path(index) else { return }
        await restore(port, path, socket)
    }

    /// All of this namespace that are no ports: a change that was cut short between quietening a port and its join left
    /// them so.
    func restoreFree(_ socket: NetlinkSocket) async {
        guard let here = try? daemons.namespace.identity().inode else { return }
        let files = (try? StateFolder(daemons.directory))?.names() ?? []
        for file in files where file.hasPrefix("\(here).") && file.hasSuffix(".port") {
            let path = "\(daemons.directory)/\(file)"
            guard let name = noted(path)?.name, let index = try? await socket.linkIndex(name),
                (try? self.path(index)) == path, (try? await socket.master(of: name)) == .some(nil)
            else { continue }
            await restore(name, path, socket)
        }
    }

    private func restore(_ port: String, _ path: String, _ socket: NetlinkSocket) async {
        guard let before = noted(path)?.mode else { return }
        // Who has set something else meanwhile is not overruled.
        if (try? await socket.addressGeneration(of: port)) == AddressGeneration.none {
            try? await socket.setAddressGeneration(of: port, AddressGeneration(rawValue: before))
        }
        StateFile.remove(path)
    }

    /// What a port did, and its name at that time; files of earlier versions have no name.
    private func noted(_ path: String) -> (mode: UInt8, name: String?)? {
        let words = (StateFile.text(path) ?? "").split(whereSeparator: \.isWhitespace)
        guard let mode = words.first.flatMap({ UInt8($0) }) else { return nil }
        return (mode, words.count > 1 ? String(words[1]) : nil)
    }

    /// Ports are known by namespace and index, since names change.
    private func path(_ index: Int32) throws -> String {
        "\(daemons.directory)/\(try daemons.namespace.identity().inode).\(index).port"
    }
}
