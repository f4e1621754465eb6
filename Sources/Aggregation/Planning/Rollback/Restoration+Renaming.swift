/// Editing the state to go back to.
extension Restoration {
    mutating func changeLinks(_ body: (inout Link) -> Void) {
        var links = snapshot.links
        for place in links.indices { body(&links[place]) }
        snapshot.links = links
    }

    /// Leaves a device alone from now on.
    mutating func forget(_ name: String) {
        let index = snapshot.link(named: name)?.index
        devices.removeAll { $0 == name }
        aggregates.removeAll { $0 == name }
        snapshot.links.removeAll { $0.name == name }
        changeLinks { link in
            link.aggregate?.ports.removeAll { $0 == name }
            if link.master == index { link.master = nil }
        }
        snapshot.addresses.removeAll { $0.device == index }
        snapshot.neighbours.removeAll { $0.device == index }
        snapshot.nexthops.removeAll { $0.device == index }
        snapshot.routes.removeAll { route in route.devices.contains { $0 == index } }
        snapshot.settings?.removeAll { $0.device == name }
    }

    /// The same with another name for a device, wherever the name stands.
    func renaming(_ old: String, to new: String) -> Restoration {
        func other(_ name: String) -> String { name == old ? new : name }
        var copy = self
        copy.devices = devices.map(other)
        copy.aggregates = aggregates.map(other)
        copy.changeLinks { link in
            link.name = other(link.name)
            guard var facts = link.aggregate else { return }
            facts.ports = facts.ports.map(other)
            facts.activePort = facts.activePort.map(other)
            facts.options = facts.options.mapValues { $0.renaming(old, to: new) }
            link.aggregate = facts
        }
        var host = copy.snapshot
        let indices = Set(host.links.filter { $0.name == new }.map(\.index))
        host.addresses = host.addresses.map { address in
            guard indices.contains(address.device) else { return address }
            var address = address
            address.record = address.record.renaming(old, to: new)
            return address
        }
        host.routes = host.routes.map { route in
            guard !indices.isDisjoint(with: route.devices) else { return route }
            var route = route
            route.record = route.record.renaming(old, to: new)
            return route
        }
        host.neighbours = host.neighbours.map { neighbour in
            guard indices.contains(neighbour.device) else { return neighbour }
            return .init(device: neighbour.device, record: neighbour.record.renaming(old, to: new))
        }
        host.nexthops = host.nexthops.map { nexthop in
            guard indices.contains(nexthop.device) else { return nexthop }
            return .init(device: nexthop.device, record: nexthop.record.renaming(old, to: new))
        }
        host.settings = host.settings?.map { $0.device == old ? $0.renaming(to: new) : $0 }
        copy.snapshot = host
        return copy
    }
}

extension DeviceSetting {
    fileprivate func renaming(to new: String) -> DeviceSetting {
        guard let sysctl = DeviceSysctl(record) else {
            return DeviceSetting(device: new, record: record.renaming(device, to: new))
        }
        let renamed = DeviceSysctl(folder: sysctl.folder, name: sysctl.name, device: new, value: sysctl.value)
        return DeviceSetting(device: new, record: renamed.record)
    }
}

extension OptionValue {
    fileprivate func renaming(_ old: String, to new: String) -> OptionValue {
        if case .port(old) = self { .port(new) } else { self }
    }
}

extension KernelRecord {
    private static let separators: Set<Character> = [" ", "=", ",", ";"]

    /// The key without the devices that it names, so that what was moved is known again.
    var keyWithoutDevice: String {
        var words = key.split(separator: " ", omittingEmptySubsequences: false)
        // `RecordBuilder` puts the device of an address and of a neighbour second.
        if kind == .neighbour || kind == .address, words.count > 1, !words.contains("dev") { words.remove(at: 1) }
        if let place = words.firstIndex(of: "dev") { words = Array(words[..<place]) }
        return words.compactMap { word -> String? in
            if word.hasPrefix("\(RTA.device)=") { return nil }
            guard word.hasPrefix("\(RTA.legs)=") else { return String(word) }
            // A leg begins with its device.
            return word.split(separator: ";").map { $0.drop { $0 != "," } }.joined(separator: ";")
        }.joined(separator: " ")
    }

    /// RTA_OIF and RTA_MULTIPATH (linux/rtnetlink.h).
    private enum RTA {
        static let device = 4
        static let legs = 9
    }

    /// The same thing on a device that has another name now. An IPv4 address has the name in its label, which the kernel
    /// changes with it (`inetdev_changename`).
    fileprivate func renaming(_ old: String, to new: String) -> KernelRecord {
        let oldLabel = HexText.text(Array(old.utf8)[...])
        let newLabel = HexText.text(Array(new.utf8)[...])
        var token = ""
        var text = ""
        func renamed(_ token: String) -> String {
            if token == old { return new }
            let isLabel = token == oldLabel + "00" || token.hasPrefix(oldLabel + "3a")
            return isLabel ? newLabel + token.dropFirst(oldLabel.count) : token
        }
        for character in key {
            if Self.separators.contains(character) {
                text += renamed(token)
                text.append(character)
                token = ""
            } else {
                token.append(character)
            }
        }
        text += renamed(token)
        let words = summary.split(separator: " ", omittingEmptySubsequences: false)
        let plain = words.map { word in
            word.split(separator: ",", omittingEmptySubsequences: false).map { $0 == old ? new[...] : $0 }
                .joined(separator: ",")
        }.joined(separator: " ")
        return KernelRecord(
            kind: kind, key: text, summary: plain,
            payload: kind == .address ? relabelled(Array(old.utf8), Array(new.utf8)) : payload)
    }

    /// struct ifaddrmsg comes before the attributes of an address; IFA_LABEL is 3 (linux/if_addr.h).
    private static let addressHeader = 8
    private static let labelType: UInt16 = 3

    private func relabelled(_ old: [UInt8], _ new: [UInt8]) -> [UInt8] {
        var result = Array(payload.prefix(Self.addressHeader))
        var place = Self.addressHeader
        while place + 4 <= payload.count {
            let (length, type) = payload.withUnsafeBytes { bytes in
                (
                    Int(bytes.loadUnaligned(fromByteOffset: place, as: UInt16.self)),
                    bytes.loadUnaligned(fromByteOffset: place + 2, as: UInt16.self)
                )
            }
            guard length >= 4, place + length <= payload.count else { break }
            var value = Array(payload[place + 4..<place + length])
            let ending = value.dropFirst(old.count).first
            if type == Self.labelType, value.starts(with: old), ending == 0 || ending == UInt8(ascii: ":") {
                value = new + value.dropFirst(old.count)
            }
            withUnsafeBytes(of: UInt16(4 + value.count)) { result += $0 }
            withUnsafeBytes(of: type) { result += $0 }
            result += value
            while !result.count.isMultiple(of: 4) { result.append(0) }
            place += (length + 3) & ~3
        }
        return result
    }
}
