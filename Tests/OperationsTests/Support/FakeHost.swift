import Aggregation

/// A host in memory that behaves as the kernel does where taking back depends on it: ports must be down to join and
/// are left down when they leave, going down drops IPv6 addresses, routes, nexthop objects and neighbours, a gateway
/// has to be reachable, an aggregate takes the address of its first port, and what is made anew has no settings. It can
/// be told to refuse one step.
actor FakeHost: AggregateDriver {
    private(set) var state: HostState
    private var performed = 0
    private let refused: Int?
    private let refusesAlways: @Sendable (Step) -> Bool
    private var nextIndex: Int32

    /// - Parameters:
    ///   - refused: the number of the step, from 1, that fails once.
    ///   - refusesAlways: steps that fail every time.
    init(
        _ state: HostState, refusing refused: Int? = nil,
        refusingAlways refusesAlways: @escaping @Sendable (Step) -> Bool = { _ in false }
    ) {
        self.state = state
        self.refused = refused
        self.refusesAlways = refusesAlways
        nextIndex = max(100, state.links.map(\.index).max() ?? 0)
    }

    /// It has come to the step that was to fail.
    var hasRefused: Bool { refused.map { performed >= $0 } ?? false }

    func observe(_ scope: ObservationScope) -> HostState {
        var seen = state
        seen.settings = nil
        return seen
    }

    func settings(of devices: [String]) -> [DeviceSetting] {
        (state.settings ?? []).filter { devices.contains($0.device) }
    }

    /// Somebody else changes something.
    func meddle(_ body: @Sendable (inout HostState) -> Void) { body(&state) }

    func perform(_ step: Step) throws(DriverError) {
        performed += 1
        if performed == refused || refusesAlways(step) { throw refusal(step, "injected") }
        switch step {
        case .create(let name, let driver, let mode, let settings, let index):
            try create(name, driver, mode, settings, index, step)
        case .delete(let name, _): try delete(name, step)
        case .setOptions(let name, let settings, _): try setOptions(name, settings, step)
        case .attach(let port, let name, _): try attach(port, name, step)
        case .detach(let port, let name, _): try detach(port, name, step)
        case .setPortOptions(let port, let name, let settings, let driver):
            // teamd keeps them for a port that is to join.
            if driver == .teaming, state.link(named: port)?.port == nil { return }
            try refuseSharedQueue(port, name, settings, step)
            try change(port, step) { link in
                for setting in settings { link.port?.options[setting.name] = setting.value }
            }
        case .activate(let port, let name, _): try change(name, step) { $0.aggregate?.activePort = port }
        case .bring(let device, let up): try bring(device, up, step)
        case .setMTU(let device, let mtu): try change(device, step) { $0.mtu = mtu }
        case .setAddress(let device, let address): try change(device, step) { $0.address = address }
        case .setFlags(let device, let set, let clear):
            try change(device, step) { $0.flags = $0.flags.union(set).subtracting(clear) }
        case .setMaster(let device, let master): try setMaster(device, master, step)
        case .addAddress(let device, let prefix): add(.fake(prefix, on: try link(device, step).index))
        case .removeAddress(let device, let prefix):
            let index = try link(device, step).index
            removeAddresses { $0.device == index && $0.prefix == prefix }
        case .replay(let record, let device): try replay(record, onto: device, step)
        case .remove(let record): remove(record)
        case .repair: throw refusal(step, "no daemon here")
        case .restore: throw refusal(step, "restore is not a driver's step")
        }
    }

    // MARK: - Aggregates

    /// `bond_option_queue_id_set`.
    private func refuseSharedQueue(
        _ port: String, _ name: String, _ settings: [OptionSetting], _ step: Step
    ) throws(DriverError) {
        let others = state.ports(of: try link(name, step)).filter { $0.name != port }.map {
            $0.port?.options["queue_id"]
        }
        for setting in settings where setting.name == "queue_id" && setting.value != .number(0) {
            if others.contains(setting.value) { throw refusal(step, "Invalid argument") }
        }
    }

    private func create(
        _ name: String, _ driver: DriverKind, _ mode: Mode, _ settings: [OptionSetting], _ index: Int32?, _ step: Step
    ) throws(DriverError) {
        guard state.link(named: name) == nil else { throw refusal(step, "File exists") }
        nextIndex += 1
        var link = Link(index: index ?? nextIndex, name: name)
        link.kind = driver.linkKind
        link.address = LinkLayerAddress([0x0e, 0, 0, 0, 0, UInt8(truncatingIfNeeded: nextIndex)])
        var options: OptionValues = [:]
        for row in BondingOptions.table.rows where row.kind.isPlain {
            options[row.name] = row.defaultValue.value(in: mode)
        }
        options["mode"] = nil
        for setting in settings { options[setting.name] = setting.value }
        link.aggregate = AggregateFacts(driver: driver, mode: mode, options: options)
        state.links.append(link)
        state.settings?.append(.fake(.setting, "alias", "", of: name))
    }

    private func delete(_ name: String, _ step: Step) throws(DriverError) {
        let link = try link(name, step)
        for port in state.ports(of: link) { try detach(port.name, name, step) }
        if link.port != nil, let master = link.master.flatMap(state.link(index:)) {
            try detach(name, master.name, step)
        }
        vanish(link)
    }

    private func vanish(_ link: Link) {
        let gone = [link] + state.stacked(on: link)
        let indices = Set(gone.map(\.index))
        state.links.removeAll { indices.contains($0.index) }
        drop(from: indices, allAddresses: true)
        state.settings?.removeAll { setting in gone.contains { $0.name == setting.device } }
    }

    private func setOptions(_ name: String, _ settings: [OptionSetting], _ step: Step) throws(DriverError) {
        let link = try link(name, step)
        for setting in settings {
            let rule = BondingOptions.table[setting.name]?.change
            if rule?.needsDown == true, link.isUp { throw refusal(step, "Device or resource busy") }
            if rule?.needsNoPorts == true, !state.ports(of: link).isEmpty { throw refusal(step, "Directory not empty") }
        }
        try change(name, step) { link in
            for setting in settings {
                if setting.name == "mode", case .number(let number) = setting.value,
                    let mode = Mode(bondingNumber: UInt8(number))
                {
                    link.aggregate?.mode = mode
                } else {
                    link.aggregate?.options[setting.name] = setting.value
                }
            }
        }
    }

    private func attach(_ port: String, _ name: String, _ step: Step) throws(DriverError) {
        let aggregate = try link(name, step)
        let joining = try link(port, step)
        guard !joining.isUp else { throw refusal(step, "Device can not be enslaved while up") }
        guard joining.master == nil else { throw refusal(step, "Device or resource busy") }
        guard !state.isBelow(joining, aggregate) else { throw refusal(step, "Too many levels of symbolic links") }
        let isFirst = state.ports(of: aggregate).isEmpty
        let isRandom = aggregate.address?.bytes.first == 0x0e
        if isFirst, isRandom { try change(name, step) { $0.address = joining.address } }
        let address = try link(name, step).address
        try change(port, step) { link in
            link.port = PortFacts(
                options: ["queue_id": .number(0), "prio": .number(0)], isBackup: false, monitor: .up, linkFailures: 0,
                permanentAddress: link.address)
            link.master = aggregate.index
            link.address = address
            link.mtu = aggregate.mtu
            link.flags.insert(.up)
        }
        try change(name, step) { link in
            link.aggregate?.ports.append(port)
            if link.aggregate?.mode == .activeBackup, link.aggregate?.activePort == nil {
                link.aggregate?.activePort = port
            }
        }
    }

    private func detach(_ port: String, _ name: String, _ step: Step) throws(DriverError) {
        let leaving = try link(port, step)
        guard leaving.port != nil else { throw refusal(step, "Invalid argument") }
        try change(port, step) { link in
            link.address = link.port?.permanentAddress
            link.port = nil
            link.master = nil
            link.mtu = 1500
            link.flags.remove(.up)
        }
        try change(name, step) { link in
            link.aggregate?.ports.removeAll { $0 == port }
            if link.aggregate?.ports.isEmpty == true { link.address = LinkLayerAddress([0x0e, 9, 9, 9, 9, 9]) }
            let next = link.aggregate?.ports.first
            if link.aggregate?.activePort == port { link.aggregate?.activePort = next }
        }
    }

    private func setMaster(_ device: String, _ master: String?, _ step: Step) throws(DriverError) {
        let index = master.flatMap { state.link(named: $0)?.index }
        try change(device, step) { $0.master = index }
        // A bridge gives a new port its default VLAN, and forgets all of one that leaves.
        state.settings?.removeAll { $0.device == device && $0.isOfBridge }
        if index != nil { state.settings?.append(.fake(.bridgeVLAN, "1", nil, of: device)) }
    }

    // MARK: - Up and down

    private func bring(_ device: String, _ up: Bool, _ step: Step) throws(DriverError) {
        let link = try link(device, step)
        let affected = [link] + state.stacked(on: link)
        for each in affected {
            try change(each.name, step) { if up { $0.flags.insert(.up) } else { $0.flags.remove(.up) } }
        }
        if up {
            for address in state.addresses where affected.contains(where: { $0.index == address.device }) {
                makeRoute(for: address)
            }
        } else {
            drop(from: Set(affected.map(\.index)), allAddresses: false)
        }
    }

    private func drop(from devices: Set<Int32>, allAddresses: Bool) {
        state.addresses.removeAll { devices.contains($0.device) && (allAddresses || $0.prefix.address.family == .ipv6) }
        state.routes.removeAll { !devices.isDisjoint(with: $0.devices) }
        state.neighbours.removeAll { devices.contains($0.device) }
        state.nexthops.removeAll { devices.contains($0.device) }
    }

    // MARK: - Addresses, routes, rules, settings

    private func add(_ address: HostState.Address) {
        guard !state.addresses.contains(where: { $0.record.key == address.record.key }) else { return }
        state.addresses.append(address)
        if state.link(index: address.device)?.isUp == true { makeRoute(for: address) }
    }

    private func makeRoute(for address: HostState.Address) {
        guard address.flags & HostState.Address.noPrefixRoute == 0 else { return }
        let route = HostState.Route.fakeKernel(address.prefix, through: address.device)
        if !state.routes.contains(where: { $0.record.key == route.record.key }) { state.routes.append(route) }
    }

    private func removeAddresses(_ isGone: (HostState.Address) -> Bool) {
        let gone = state.addresses.filter(isGone)
        state.addresses.removeAll(where: isGone)
        for address in gone {
            state.routes.removeAll { route in
                route.isSelfMade == true && route.devices == [address.device]
                    && route.destination == address.prefix.network
            }
        }
    }

    private func remove(_ record: KernelRecord) {
        removeAddresses { $0.record.key == record.key }
        state.routes.removeAll { $0.record.key == record.key }
        state.neighbours.removeAll { $0.record.key == record.key }
        state.nexthops.removeAll { $0.record.key == record.key }
        state.rules.removeAll { $0.key == record.key }
        state.settings?.removeAll { $0.record.key == record.key }
        if record.kind == .link, let link = state.link(named: record.summary) { vanish(link) }
    }

    private func isReachable(_ gateway: IPAddress, through device: Int32) -> Bool {
        state.routes.contains { $0.devices == [device] && !$0.isIndirect && $0.destination?.contains(gateway) == true }
    }

    /// The payload of a fake record is the index of its device and an encoded text; see the builders below.
    private func replay(_ record: KernelRecord, onto device: String?, _ step: Step) throws(DriverError) {
        let original = Int32(record.payload.first ?? 0)
        let index = try device.map { name throws(DriverError) in try link(name, step).index } ?? original
        let text = String(decoding: record.payload.dropFirst(), as: UTF8.self)
        let needsDevice = record.kind != .link && record.kind != .rule
        guard !needsDevice || state.link(index: index) != nil else { throw refusal(step, "No such device") }
        switch record.kind {
        case .address: add(try address(text, on: index, step))
        case .route: try replayRoute(text, through: index, step)
        case .nexthop: try replayNexthop(text, on: index, step)
        case .neighbour: state.neighbours.append(.fake(text, on: index))
        case .link: try replayLink(record, onto: device, step)
        case .rule:
            let rule = device.map { KernelRecord.fakeRule(text, device: $0) } ?? record
            if !state.rules.contains(where: { $0.key == rule.key }) { state.rules.append(rule) }
        case .queueing: throw refusal(step, "it is not put back")
        default:
            let name = state.link(index: index)?.name ?? ""
            let new = DeviceSetting.fake(record.kind, text, of: name)
            if !new.isListed { state.settings?.removeAll { $0.isOfTheSame(as: new) } }
            state.settings?.append(new)
        }
    }

    private func address(_ text: String, on index: Int32, _ step: Step) throws(DriverError) -> HostState.Address {
        let words = text.split(separator: " ")
        guard let prefix = words.first.flatMap({ IPPrefix(text: String($0)) }) else {
            throw refusal(step, "Invalid argument")
        }
        return .fake(prefix, on: index, noPrefixRoute: words.count > 1)
    }

    private func replayRoute(_ text: String, through index: Int32, _ step: Step) throws(DriverError) {
        guard state.link(index: index)?.isUp == true else { throw refusal(step, "Network is down") }
        let route = HostState.Route.fake(text, through: index)
        if let gateway = route.gateway, !isReachable(gateway, through: index) {
            throw refusal(step, "Nexthop has invalid gateway")
        }
        if let id = route.nexthop, !state.nexthops.contains(where: { $0.id == id }) {
            throw refusal(step, "Nexthop id does not exist")
        }
        if !state.routes.contains(where: { $0.record.key == route.record.key }) { state.routes.append(route) }
    }

    private func replayNexthop(_ text: String, on index: Int32, _ step: Step) throws(DriverError) {
        guard state.link(index: index)?.isUp == true else { throw refusal(step, "Nexthop device is not up") }
        let nexthop = HostState.Nexthop.fake(text, on: index)
        guard nexthop.gateway.map({ isReachable($0, through: index) }) ?? true else {
            throw refusal(step, "Nexthop has invalid gateway")
        }
        state.nexthops.removeAll { $0.id == nexthop.id }
        state.nexthops.append(nexthop)
    }

    private func replayLink(_ record: KernelRecord, onto device: String?, _ step: Step) throws(DriverError) {
        guard state.link(named: record.summary) == nil else { throw refusal(step, "File exists") }
        let lower = try device.map { name throws(DriverError) in try link(name, step).index }
        var made = Link(index: Int32(record.payload[1]), name: record.summary)
        made.kind = "vlan"
        made.vlanID = UInt16(record.payload[1])
        made.lower = lower ?? Int32(record.payload[0])
        guard let below = made.lower.flatMap(state.link(index:)) else { throw refusal(step, "No such device") }
        made.record = record
        if below.isUp { made.flags.insert(.up) }
        state.links.append(made)
        state.settings?.append(.fake(.setting, "alias", "", of: made.name))
    }

    private func link(_ name: String, _ step: Step) throws(DriverError) -> Link {
        guard let link = state.link(named: name) else { throw refusal(step, "No such device") }
        return link
    }

    private func change(_ name: String, _ step: Step, _ body: (inout Link) -> Void) throws(DriverError) {
        guard let place = state.links.firstIndex(where: { $0.name == name }) else {
            throw refusal(step, "No such device")
        }
        body(&state.links[place])
    }

    private func refusal(_ step: Step, _ text: String) -> DriverError {
        DriverError(.refused, operation: step.summary(.shared), subject: step.devices.first ?? "", text: text)
    }
}

extension HostState {
    /// Going down from a device by its ports one comes to another.
    fileprivate func isBelow(_ device: Link, _ other: Link) -> Bool {
        device.index == other.index || ports(of: device).contains { isBelow($0, other) }
    }
}

extension ValueKind {
    /// Not the name of a port: those are reported only when there is one.
    fileprivate var isPlain: Bool { if case .port = self { false } else { true } }
}
