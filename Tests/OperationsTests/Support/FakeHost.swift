import Aggregation

/// A host in memory that behaves as the kernel does where taking back depends on it: ports must be down to join and
/// are left down when they leave, going down drops IPv6 addresses, routes and neighbours, an aggregate takes the
/// address of its first port. It can be told to refuse one step.
actor FakeHost: AggregateDriver {
    private(set) var state: HostState
    private var performed = 0
    private let refused: Int?
    private var nextIndex: Int32

    /// - Parameter refused: the number of the step, from 1, that fails once.
    init(_ state: HostState, refusing refused: Int? = nil) {
        self.state = state
        self.refused = refused
        nextIndex = max(100, state.links.map(\.index).max() ?? 0)
    }

    func observe(_ scope: ObservationScope) -> HostState { state }

    func perform(_ step: Step) throws(DriverError) {
        performed += 1
        if performed == refused { throw refusal(step, "injected") }
        switch step {
        case .create(let name, let driver, let mode, let settings, let index):
            try create(name, driver, mode, settings, index, step)
        case .delete(let name, _): try delete(name, step)
        case .setOptions(let name, let settings, _): try setOptions(name, settings, step)
        case .attach(let port, let name, _): try attach(port, name, step)
        case .detach(let port, let name, _): try detach(port, name, step)
        case .setPortOptions(let port, _, let settings, _):
            try change(port, step) { link in
                for setting in settings { link.port?.options[setting.name] = setting.value }
            }
        case .activate(let port, let name, _): try change(name, step) { $0.aggregate?.activePort = port }
        case .bring(let device, let up): try bring(device, up, step)
        case .setMTU(let device, let mtu): try change(device, step) { $0.mtu = mtu }
        case .setAddress(let device, let address): try change(device, step) { $0.address = address }
        case .setFlags(let device, let set, let clear):
            try change(device, step) { $0.flags = $0.flags.union(set).subtracting(clear) }
        case .setMaster(let device, let master):
            let index = master.flatMap { state.link(named: $0)?.index }
            try change(device, step) { $0.master = index }
        case .addAddress(let device, let prefix): try add(prefix, to: device, step)
        case .removeAddress(let device, let prefix):
            let index = try link(device, step).index
            state.addresses.removeAll { $0.device == index && $0.prefix == prefix }
        case .replay(let record, let device): try replay(record, onto: device, step)
        case .remove(let record):
            state.addresses.removeAll { $0.record.key == record.key }
            state.routes.removeAll { $0.record.key == record.key }
            state.neighbours.removeAll { $0.record.key == record.key }
        case .repair: throw refusal(step, "no daemon here")
        case .restore: throw refusal(step, "restore is not a driver's step")
        }
    }

    // MARK: - What the kernel would do

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
    }

    private func delete(_ name: String, _ step: Step) throws(DriverError) {
        let link = try link(name, step)
        for port in state.ports(of: link) { try detach(port.name, name, step) }
        let gone = Set([link.index] + state.stacked(on: link).map(\.index))
        state.links.removeAll { gone.contains($0.index) }
        drop(from: gone, allAddresses: true)
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
        try change(name, step) { $0.aggregate?.ports.append(port) }
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
        }
    }

    private func bring(_ device: String, _ up: Bool, _ step: Step) throws(DriverError) {
        let link = try link(device, step)
        let affected = [link] + state.stacked(on: link)
        for each in affected {
            try change(each.name, step) { if up { $0.flags.insert(.up) } else { $0.flags.remove(.up) } }
        }
        if !up { drop(from: Set(affected.map(\.index)), allAddresses: false) }
    }

    private func drop(from devices: Set<Int32>, allAddresses: Bool) {
        state.addresses.removeAll { devices.contains($0.device) && (allAddresses || $0.prefix.address.family == .ipv6) }
        state.routes.removeAll { !devices.isDisjoint(with: $0.devices) }
        state.neighbours.removeAll { devices.contains($0.device) }
    }

    private func add(_ prefix: IPPrefix, to device: String, _ step: Step) throws(DriverError) {
        state.addresses.append(.fake(prefix, on: try link(device, step).index))
    }

    /// The payload of a fake record is the index of its device and an encoded text; see the builders below.
    private func replay(_ record: KernelRecord, onto device: String?, _ step: Step) throws(DriverError) {
        let original = Int32(record.payload.first ?? 0)
        let index = try device.map { name throws(DriverError) in try link(name, step).index } ?? original
        if record.kind != .link, state.link(index: index) == nil { throw refusal(step, "No such device") }
        let text = String(decoding: record.payload.dropFirst(), as: UTF8.self)
        switch record.kind {
        case .address:
            guard let prefix = IPPrefix(text: text) else { throw refusal(step, "Invalid argument") }
            state.addresses.append(.fake(prefix, on: index))
        case .route:
            guard state.link(index: index)?.isUp == true else { throw refusal(step, "Network is down") }
            state.routes.append(.fake(text, through: index))
        case .neighbour: state.neighbours.append(.fake(text, on: index))
        case .link:
            var link = Link(index: Int32(record.payload[1]), name: record.summary)
            link.kind = "vlan"
            link.lower = original
            link.record = record
            state.links.append(link)
        case .rule, .nexthop: break
        }
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

extension ValueKind {
    /// Not the name of a port: those are reported only when there is one.
    fileprivate var isPlain: Bool { if case .port = self { false } else { true } }
}

extension HostState.Address {
    static func fake(_ prefix: IPPrefix, on device: Int32) -> Self {
        .init(
            device: device, prefix: prefix, scope: 0, flags: 0x80, origin: 0, validLifetime: nil,
            record: .fake(.address, prefix.description, device))
    }
}

extension HostState.Route {
    static func fake(_ text: String, through device: Int32) -> Self {
        .init(
            devices: [device], table: 254, origin: 4, isDefault: text.hasPrefix("default"), preferredSource: nil,
            gateway: nil, record: .fake(.route, text, device))
    }
}

extension HostState.Neighbour {
    static func fake(_ text: String, on device: Int32) -> Self {
        .init(device: device, record: .fake(.neighbour, text, device))
    }
}

extension KernelRecord {
    static func fake(_ kind: Kind, _ text: String, _ device: Int32) -> KernelRecord {
        KernelRecord(
            kind: kind, key: "\(kind.rawValue) \(text) dev \(device)", summary: text,
            payload: [UInt8(truncatingIfNeeded: device)] + Array(text.utf8))
    }
}
