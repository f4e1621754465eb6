import Aggregation
import Glibc
import Netlink
import System

/// Keeps ports of teams from announcing IPv6 addresses of their own.
///
/// A port has the team's address, and the kernel gives it a link-local one besides (seen on Linux 6.1, 6.12 and 7.2; of
/// ports of bonds `addrconf_notify` knows better). It is announced through the port, also through one that is not in use:
/// the switch then sends there what is for the team, and the team's own address may be taken for a duplicate.
struct QuietPorts: Sendable {
    /// What a port does by itself.
    enum Manner: Sendable, Hashable {
        /// It has no address.
        case silent
        /// It has a link-local address and says nothing of it: nsna_ping of teamd sends its solicitations from there
        /// (`lw_nsnap_send` leaves the source to the kernel, which takes an address of the device that it sends by).
        ///
        /// Where a port keeps a link-layer address of its own, one that followed from that would be the team's as long as
        /// the team has that too, and after a failover the solicitations of a backup port would turn to it what is for the
        /// team: there the address is one by chance.
        case asking(isApart: Bool)

        func generation(after before: AddressGeneration) -> AddressGeneration {
            switch self {
            case .silent: .none
            case .asking where before.isBySecret: before
            case .asking(let isApart): isApart ? .random : .hardware
            }
        }

        /// What has to be set below net.ipv6.conf, too: no router solicitation and no unsolicited advertisement
        /// (`addrconf_dad_completed`), and no duplicate address detection, for the address may well be the team's. The
        /// report of the address's multicast group remains: the kernel has no setting for it.
        var settings: [(name: String, value: String)] {
            self == .silent ? [] : DeviceSetting.unannounced
        }
    }

    /// Their folder is where it is kept what a port did before.
    let daemons: TeamDaemons

    /// Before a port joins.
    func quieten(_ port: String, _ manner: Manner, _ socket: NetlinkSocket) async throws {
        guard let present = try await socket.addressGeneration(of: port) else { return }
        let file = try await file(of: port, socket)
        // What is noted stays where we have quietened it and its join was cut short; else there is nothing to give back,
        // whatever an earlier device with this index left.
        let noted = noted(in: file).flatMap { $0.port == port && $0.explains(present) ? $0 : nil }
        try await set(port, to: manner, from: noted ?? PortNote(port, present), present, file, socket)
    }

    /// When the watches of a team that it is a port of change. A port that joined without us is left as it is, unless it
    /// has to ask.
    func adjust(_ port: String, _ manner: Manner, _ socket: NetlinkSocket) async throws {
        guard let present = try await socket.addressGeneration(of: port) else { return }
        let file = try await file(of: port, socket)
        let noted = noted(in: file).flatMap { $0.explains(present) ? $0 : nil }
        guard noted != nil || manner != .silent else { return }
        try await set(port, to: manner, from: noted ?? PortNote(port, present), present, file, socket)
    }

    private func set(
        _ port: String, to manner: Manner, from before: PortNote, _ present: AddressGeneration, _ file: PortNote.File,
        _ socket: NetlinkSocket
    ) async throws {
        var note = before
        let names = manner.settings.map(\.name)
        let values = await read(names.filter { before.settings[$0] == nil }, of: port)
        note.settings.merge(values) { known, _ in known }
        let generation = manner.generation(after: note.generation)
        if note.generation == generation, names.isEmpty, note.settings.isEmpty {
            StateFile.remove(file.path)
        } else {
            try daemons.write(note.text(file.owner), to: file.path)
        }
        for setting in manner.settings where note.settings[setting.name] != nil {
            try await write(setting.name, setting.value, of: port)
        }
        if present != generation { try await generate(generation, port, socket) }
        guard manner == .silent, !note.settings.isEmpty else { return }
        try await socket.deleteLinkLocalAddresses(of: port)
        for (name, value) in note.settings { try await write(name, value, of: port) }
        note.settings = [:]
        try daemons.write(note.text(file.owner), to: file.path)
    }

    /// A device that is up makes its address when the file is written, and not when it is told so by a request
    /// (`addrconf_sysctl_addr_gen_mode`, `inet6_set_link_af`); one that is down makes it when it is set up.
    private func generate(_ generation: AddressGeneration, _ port: String, _ socket: NetlinkSocket) async throws {
        guard generation != .none, try await socket.isUp(port) else {
            return try await socket.setAddressGeneration(of: port, generation)
        }
        try await write(DeviceSetting.addressGeneration, "\(generation.rawValue)", of: port)
    }

    // MARK: Giving back

    /// After a port has left, or did not join.
    func restore(_ port: String, _ socket: NetlinkSocket) async {
        guard let file = try? await file(of: port, socket) else { return }
        await restore(port, file, socket)
    }

    /// All of this namespace that are no ports: a change that was cut short between quietening a port and its join left
    /// them so.
    func restoreFree(_ socket: NetlinkSocket) async {
        guard let here = try? daemons.namespace.identity().inode else { return }
        let files = (try? StateFolder(daemons.directory))?.names() ?? []
        for file in files where file.hasPrefix("\(here).") && file.hasSuffix(".port") {
            let path = "\(daemons.directory)/\(file)"
            guard let name = StateFile.text(path).flatMap({ PortNote.parse($0) })?.note.port,
                let place = try? await self.file(of: name, socket), place.path == path,
                (try? await socket.master(of: name)) == .some(nil)
            else { continue }
            await restore(name, place, socket)
        }
    }

    /// Who has set something else meanwhile is not overruled.
    private func restore(_ port: String, _ file: PortNote.File, _ socket: NetlinkSocket) async {
        guard let note = noted(in: file) else { return }
        if let present = try? await socket.addressGeneration(of: port), note.explains(present) {
            try? await socket.setAddressGeneration(of: port, note.generation)
        }
        let present = await read(DeviceSetting.unannounced.map(\.name), of: port)
        for (name, value) in DeviceSetting.unannounced where present[name] == value {
            if let before = note.settings[name] { try? await write(name, before, of: port) }
        }
        StateFile.remove(file.path)
    }

    // MARK: Files

    private func file(of port: String, _ socket: NetlinkSocket) async throws -> PortNote.File {
        let key = try daemons.namespace.key()
        let hardware = try await socket.permanentAddress(of: port)?.description ?? "-"
        return PortNote.File(
            path: "\(daemons.directory)/\(key.inode).\(try await socket.linkIndex(port)).port",
            owner: "\(key.cookieText) \(hardware)")
    }

    /// Nil when it is noted of another port.
    private func noted(in file: PortNote.File) -> PortNote? {
        guard let (note, owner) = StateFile.text(file.path).flatMap({ PortNote.parse($0) }), owner == file.owner
        else { return nil }
        return note
    }

    private static let folder = "ipv6/conf"

    private func read(_ names: [String], of port: String) async -> [String: String] {
        let paths = names.map { "\(Self.folder)/\(port)/\($0)" }
        let texts = await SysctlFiles.read(paths, in: daemons.namespace)
        return Dictionary(
            uniqueKeysWithValues: zip(names, paths).compactMap { name, path in
                texts[path].map { (name, $0) }
            })
    }

    private func write(_ name: String, _ value: String, of port: String) async throws {
        let sysctl = DeviceSysctl(folder: Self.folder, name: name, device: port, value: value)
        let code = await SysctlFiles.write(sysctl, to: nil, in: daemons.namespace)
        guard code != 0 else { return }
        throw DriverError(
            code == EACCES || code == EPERM ? .notPermitted : .refused, operation: "set \(sysctl.text)", subject: port,
            errno: code, text: String(cString: strerror(code)), remedy: "see that /proc/sys can be written")
    }
}

extension TeamConfiguration {
    /// What a port has to do for its watches: those of all ports and its own (`link_watch_event_watch_port_added`).
    func manner(of port: String) -> QuietPorts.Manner {
        let asks = [options, ports[port] ?? [:]].contains { options in
            guard case .watches(let watches)? = options["link_watch"] else { return false }
            return watches.contains { $0.kind == .nsnaPing }
        }
        guard asks else { return .silent }
        return .asking(isApart: options[Self.addressPolicy].map { $0 != Self.sameForAll } ?? false)
    }

    private static let addressPolicy = "runner.hwaddr_policy"
    private static let sameForAll = TeamingOptions.table[addressPolicy]?.defaultValue.general
}
