import Aggregation

@testable import Declaration

/// Reads a host from a short YAML text, so that a plan is a folder of files and no code.
///
/// Ports of an aggregate are named there; a port's own state is that of a healthy one unless the file says otherwise.
struct ObservedFile {
    private var host = HostState()

    static func read(_ text: String, name: String) throws -> HostState {
        var reader = ObservedFile()
        let result = YAMLReader.read(Array(text.utf8), fileName: name)
        guard let root = result.root, result.problems.isEmpty else { throw Wrong(what: "\(result.problems)") }
        for (place, node) in root.items("links").enumerated() { try reader.addLink(node, index: Int32(place + 1)) }
        for node in root.items("links") { try reader.join(node) }
        for node in root.items("links") { try reader.setMaster(node) }
        for node in root.items("addresses") { try reader.addAddress(node) }
        for node in root.items("routes") { try reader.addRoute(node) }
        for node in root.items("nexthops") { try reader.addNexthop(node) }
        for node in root.items("rules") { try reader.addRule(node) }
        for node in root.items("foreign") { try reader.addForeign(node) }
        for entry in root.pairs("managed-elsewhere") { reader.host.managedElsewhere[entry.0] = entry.1 }
        for node in root.items("up-before-joining") { reader.host.upBeforeJoining.insert(node.text ?? "") }
        reader.host.callerAddress = root["caller-address"]?.text.flatMap(IPAddress.init(text:))
        return reader.host
    }

    struct Wrong: Error { let what: String }

    private mutating func addLink(_ node: YAMLNode, index: Int32) throws {
        var link = Link(index: index, name: try node.need("name"))
        link.kind = node["kind"]?.text
        if node["up"]?.text != "no" { link.flags.insert(.up) }
        if node["loopback"]?.text == "yes" { link.flags.insert(.loopback) }
        link.hardwareType = node["hardware"]?.text.flatMap(UInt16.init) ?? 1
        if node["vlans"]?.text == "no" { link.isVLANChallenged = true }
        link.hasCarrier = node["carrier"]?.text != "no"
        link.mtu = node["mtu"]?.text.flatMap(UInt32.init) ?? 1500
        link.address = LinkLayerAddress(
            text: node["address"]?.text ?? "02:00:00:00:00:\(index < 10 ? "0" : "")\(index)")
        link.permanentAddress = node["permanent-address"]?.text.flatMap(LinkLayerAddress.init(text:))
        link.speed = node["speed"]?.text.flatMap(UInt32.init)
        link.duplex = link.speed == nil ? nil : .full
        if let path = node["path"]?.text, let hyphen = path.firstIndex(of: "-") {
            link.parentBus = String(path[..<hyphen])
            link.parentDevice = String(path[path.index(after: hyphen)...])
        }
        if let lower = node["on"]?.text { link.lower = try position(of: lower) }
        if let lower = node["uses"]?.text { link.furtherLowers = [try position(of: lower)] }
        if let mode = node["mode"]?.text {
            guard let mode = Mode(text: mode) else { throw Wrong(what: "mode \(mode)") }
            let driver = try driver(node)
            link.kind = driver.linkKind
            link.aggregate = AggregateFacts(driver: driver, mode: mode, options: try options(node, mode, driver))
            link.aggregate?.ports = node.items("ports").compactMap(\.text)
            if driver == .teaming {
                let state = try node["daemon"]?.text.map { word in
                    guard let state = AggregateFacts.Daemon.State(rawValue: word) else { throw Wrong(what: word) }
                    return state
                }
                link.aggregate?.daemon = .init(state ?? .running, process: 77)
                link.aggregate?.daemon?.optionsAreRemembered = state != nil && state != .running
            }
        }
        host.links.append(link)
    }

    /// A bridge, a VRF or another master that is no aggregate.
    private mutating func setMaster(_ node: YAMLNode) throws {
        guard let master = node["master"]?.text else { return }
        let (place, index) = (host.links.firstIndex { $0.name == node["name"]?.text }, try position(of: master))
        guard let place else { return }
        host.links[place].master = index
        host.change(master) { $0.flags.insert(.master) }
    }

    private func driver(_ node: YAMLNode) throws -> DriverKind {
        guard let word = node["driver"]?.text else { return .bonding }
        guard let driver = DriverKind(rawValue: word) else { throw Wrong(what: "driver \(word)") }
        return driver
    }

    /// All options of a fresh aggregate of this mode, and those that the file names.
    private func options(_ node: YAMLNode, _ mode: Mode, _ driver: DriverKind) throws -> OptionValues {
        var options: OptionValues = [:]
        let table = OptionTables.shared.aggregate(driver)
        for row in table.rows where row.name != driver.modeOption {
            if driver == .teaming, !row.accepted.contains(mode) || row.since != TeamingOptions.firstVersion { continue }
            let value = row.defaultValue.value(in: mode)
            if case .port = value { continue }
            options[row.name] = value
        }
        for (name, text) in node.pairs("options") {
            guard let row = table[name] else { throw Wrong(what: "option \(name)") }
            options[name] = try row.parse(text)
        }
        for name in node.items("unknown-to-kernel") { options[name.text ?? ""] = nil }
        return options
    }

    private mutating func join(_ node: YAMLNode) throws {
        guard node["mode"] != nil, let master = host.link(named: try node.need("name")) else { return }
        for port in node.items("ports").compactMap(\.text) {
            guard let place = host.links.firstIndex(where: { $0.name == port }) else {
                throw Wrong(what: "port \(port)")
            }
            host.links[place].master = master.index
            let options: OptionValues =
                master.aggregate?.driver == .teaming
                ? [
                    "queue_id": .number(0), "prio": .number(0), "sticky": .number(0), "lacp_prio": .number(255),
                    "lacp_key": .number(0), "link_watch": .watches([]),
                ] : ["queue_id": .number(0), "prio": .number(0), "actor_port_prio": .number(255)]
            host.links[place].port = PortFacts(
                options: options, isBackup: false,
                monitor: .up, linkFailures: 0, permanentAddress: host.links[place].address)
            host.links[place].address = master.address
        }
    }

    private mutating func addAddress(_ node: YAMLNode) throws {
        let device = try position(of: try node.need("device"))
        guard let prefix = IPPrefix(text: try node.need("prefix")) else { throw Wrong(what: "prefix") }
        host.addresses.append(
            .init(
                device: device, prefix: prefix, scope: 0, flags: 0x80, origin: 0,
                validLifetime: node["lifetime"]?.text.flatMap(UInt32.init),
                record: KernelRecord(kind: .address, key: "\(prefix) \(device)", summary: "\(prefix)", payload: [])))
    }

    private mutating func addRoute(_ node: YAMLNode) throws {
        let device = try position(of: try node.need("device"))
        let text = try node.need("to")
        host.routes.append(
            .init(
                devices: [device], table: 254, origin: 4, isDefault: text.hasPrefix("default"), preferredSource: nil,
                gateway: node["via"]?.text.flatMap(IPAddress.init(text:)),
                record: KernelRecord(kind: .route, key: "\(text) \(device)", summary: text, payload: [])))
    }

    private mutating func addNexthop(_ node: YAMLNode) throws {
        let (device, text) = (try position(of: try node.need("device")), try node.need("text"))
        host.nexthops.append(
            .init(device: device, record: KernelRecord(kind: .nexthop, key: text, summary: text, payload: [])))
    }

    /// A rule by the device that packets come in by.
    private mutating func addRule(_ node: YAMLNode) throws {
        let (name, text) = (try node.need("iif"), try node.need("text"))
        host.rules.append(KernelRecord(kind: .rule, key: text, summary: text, payload: [], deviceNames: [name]))
    }

    private mutating func addForeign(_ node: YAMLNode) throws {
        var foreign = host.foreign ?? ForeignDependants()
        foreign.devices.append(
            .init(
                lower: try position(of: try node.need("on")), name: try node.need("name"), kind: node["kind"]?.text,
                namespace: try node.need("namespace")))
        host.foreign = foreign
    }

    private func position(of name: String) throws -> Int32 {
        guard let link = host.link(named: name) else { throw Wrong(what: "device \(name)") }
        return link.index
    }
}

extension YAMLNode {
    fileprivate func items(_ key: String) -> [YAMLNode] {
        if case .sequence(let items) = self[key]?.content { items } else { [] }
    }

    fileprivate func pairs(_ key: String) -> [(String, String)] {
        guard case .mapping(let entries) = self[key]?.content else { return [] }
        return entries.map { ($0.key.text ?? "", $0.value.text ?? "") }
    }

    fileprivate func need(_ key: String) throws -> String {
        guard let text = self[key]?.text else { throw ObservedFile.Wrong(what: "no \(key)") }
        return text
    }
}
