import Aggregation
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

    /// Where it is kept what a port did, and the words by which it is known to be of this port: a file of this name may
    /// be left of another namespace, or of another device with the index.
    private struct Place {
        let path: String
        let owner: String
    }

    private func place(of port: String, _ socket: NetlinkSocket) async throws -> Place {
        let key = try daemons.namespace.key()
        let hardware = try await socket.permanentAddress(of: port)?.description ?? "-"
        return Place(
            path: "\(daemons.directory)/\(key.inode).\(try await socket.linkIndex(port)).port",
            owner: "\(key.cookieText) \(hardware)")
    }

    /// Before a port joins.
    func quieten(_ port: String, _ socket: NetlinkSocket) async throws {
        guard let before = try await socket.addressGeneration(of: port) else { return }
        let place = try await place(of: port, socket)
        if before == .none {
            // What is noted stays where we have quietened it and its join was cut short; else there is nothing to give
            // back, whatever an earlier device with this index left.
            if noted(place)?.name != port { StateFile.remove(place.path) }
            return
        }
        try daemons.write("\(before.rawValue) \(place.owner) \(port)", to: place.path)
        try await socket.setAddressGeneration(of: port, .none)
    }

    /// After a port has left, or did not join.
    func restore(_ port: String, _ socket: NetlinkSocket) async {
        guard let place = try? await place(of: port, socket) else { return }
        await restore(port, place, socket)
    }

    /// All of this namespace that are no ports: a change that was cut short between quietening a port and its join left
    /// them so.
    func restoreFree(_ socket: NetlinkSocket) async {
        guard let here = try? daemons.namespace.identity().inode else { return }
        let files = (try? StateFolder(daemons.directory))?.names() ?? []
        for file in files where file.hasPrefix("\(here).") && file.hasSuffix(".port") {
            guard let name = Self.words("\(daemons.directory)/\(file)").map({ String($0[3]) }),
                let place = try? await place(of: name, socket), place.path == "\(daemons.directory)/\(file)",
                (try? await socket.master(of: name)) == .some(nil)
            else { continue }
            await restore(name, place, socket)
        }
    }

    private func restore(_ port: String, _ place: Place, _ socket: NetlinkSocket) async {
        guard let before = noted(place)?.mode else { return }
        // Who has set something else meanwhile is not overruled.
        if (try? await socket.addressGeneration(of: port)) == AddressGeneration.none {
            try? await socket.setAddressGeneration(of: port, AddressGeneration(rawValue: before))
        }
        StateFile.remove(place.path)
    }

    /// What a port did, and its name at that time; nil when it is noted of another one.
    private func noted(_ place: Place) -> (mode: UInt8, name: String)? {
        guard let words = Self.words(place.path), "\(words[1]) \(words[2])" == place.owner, let mode = UInt8(words[0])
        else { return nil }
        return (mode, String(words[3]))
    }

    /// Mode, cookie of the namespace, address of the hardware, name.
    private static func words(_ path: String) -> [Substring]? {
        guard let line = StateFile.text(path)?.split(separator: "\n").first else { return nil }
        let words = line.split(separator: " ", maxSplits: 3)
        return words.count == 4 ? words : nil
    }
}
