import Aggregation
import Bonding
import CNetlink
import Netlink
import SystemPackage
import Testing

/// Writes options to bonds of one mode, in a namespace of their own, and reads them back.
///
/// Synchronous, inside the socket's isolation: thousands of requests with a single hop.
struct OptionProbe {
    let mode: Mode
    private let socket: NetlinkSocket
    private let codec = BondCodec()
    private let indexes: [String: Int32]
    private let names: DeviceNames
    private var bonds = 0
    /// The bond in hand, with what it is like before each value is written.
    private var bond = ""
    private var baseline: OptionValues = [:]
    private(set) var result = OptionMatrix()

    /// Measures one mode.
    static func measure(_ mode: Mode, in fixture: KernelFixture) async throws -> OptionMatrix {
        try await fixture.dummies("d0", "d1")
        return try await fixture.socket.perform { socket in
            var probe = try OptionProbe(mode, socket)
            try probe.run(socket)
            return probe.result
        }
    }

    private init(_ mode: Mode, _ socket: isolated NetlinkSocket) throws {
        self.mode = mode
        self.socket = socket
        var indexes: [String: Int32] = [:]
        for name in OptionSamples.ports { indexes[name] = try socket.linkIndex(name) }
        self.indexes = indexes
        names = DeviceNames(indexes.map { Link(index: $0.value, name: $0.key) })
    }

    // MARK: The course

    private mutating func run(_ socket: isolated NetlinkSocket) throws {
        for situation in Situation.all(.aggregate) {
            try makeBond(situation, socket)
            if situation == .down { result.defaults[mode] = baseline }
            for row in BondingOptions.table.rows {
                for value in OptionSamples.inRange(row, in: mode, situation) {
                    try measure(row, value, situation, isInRange: true, socket)
                }
                guard situation == .down, row.accepted.contains(mode) else { continue }
                for value in OptionSamples.outOfRange(row) {
                    try measure(row, value, situation, isInRange: false, socket)
                }
            }
        }
        for situation in Situation.all(.port) {
            try makeBond(situation, socket)
            let port = OptionSamples.ports[0]
            let usual = try portOptions(port, socket)
            if situation == .upWithPorts { result.portDefaults[mode] = usual }
            for row in BondingPortOptions.table.rows {
                let outside =
                    row.accepted.contains(mode) && situation == .upWithPorts ? OptionSamples.outOfRange(row) : []
                for value in OptionSamples.inRange(row, in: mode, situation) + outside {
                    try measurePort(row, value, port, usual, situation, isInRange: !outside.contains(value), socket)
                }
            }
        }
    }

    private mutating func measure(
        _ row: OptionDefinition, _ value: OptionValue, _ situation: Situation, isInRange: Bool,
        _ socket: isolated NetlinkSocket
    ) throws {
        let needed = OptionSamples.prerequisites(row, given: baseline)
        var expected = baseline
        for setting in needed { expected[setting.name] = setting.value }
        let outcome: Outcome
        var after = expected
        if situation == .create {
            bonds += 1
            let name = "n\(bonds)"
            outcome = try attempt {
                // With few queues it is there sooner.
                try create(name, needed + [OptionSetting(row.name, value)], queues: 1, socket)
                after = try options(name, socket)
                return Self.compare(row, value, before: expected, after: after)
            }
        } else {
            if !needed.isEmpty { try write(needed, socket) }
            outcome = try attempt {
                try write([OptionSetting(row.name, value)], socket)
                return Self.compare(row, value, before: expected, after: try options(bond, socket))
            }
            after = try options(bond, socket)
        }
        result.measurements.append(
            Measurement(
                subject: .aggregate, option: row.name, mode: mode, situation: situation, value: value,
                isInRange: isInRange, outcome: outcome,
                remains: outcome.errno != nil && after[row.name] != expected[row.name] ? after[row.name] : nil,
                sideEffects: Self.differences(expected, after, but: row.name)))
        if situation != .create { try reset(situation, socket) }
    }

    private mutating func measurePort(
        _ row: OptionDefinition, _ value: OptionValue, _ port: String, _ usual: OptionValues, _ situation: Situation,
        isInRange: Bool, _ socket: isolated NetlinkSocket
    ) throws {
        let outcome = try attempt {
            try writePort(port, [OptionSetting(row.name, value)], socket)
            return Self.compare(row, value, before: usual, after: try portOptions(port, socket))
        }
        let after = try portOptions(port, socket)
        result.measurements.append(
            Measurement(
                subject: .port, option: row.name, mode: mode, situation: situation, value: value, isInRange: isInRange,
                outcome: outcome, remains: outcome.errno != nil && after != usual ? after[row.name] : nil,
                sideEffects: Self.differences(usual, after, but: row.name)))
        if after[row.name] != usual[row.name], let value = usual[row.name] {
            try writePort(port, [OptionSetting(row.name, value)], socket)
        }
        #expect(try portOptions(port, socket) == usual, "\(row.name) in \(mode) is not as it was")
    }

    // MARK: Judging

    private func attempt(_ body: () throws -> Outcome) throws -> Outcome {
        do { return try body() } catch let error as NetlinkError where error.origin == .kernel {
            let path = error.attributePath
            let attribute = path.count == 3 ? UInt16(exactly: path[2]) : nil
            let table = path.count == 3 && path[1] == IFLA_INFO_DATA ? BondingOptions.table : BondingPortOptions.table
            return .refused(
                .init(
                    errno: error.errno.rawValue, words: error.kernelMessage ?? "",
                    option: attribute.flatMap { table.row(attribute: $0) }?.name))
        } catch is OptionEncodingError { return .unsendable }
    }

    private static func compare(
        _ row: OptionDefinition, _ value: OptionValue, before: OptionValues, after: OptionValues
    ) -> Outcome {
        guard let seen = after[row.name] else { return .ignored }
        if seen == value { return .taken }
        return seen == before[row.name] ? .ignored : .changed(seen)
    }

    private static func differences(_ before: OptionValues, _ after: OptionValues, but name: String) -> [String] {
        Set(before.keys).union(after.keys).filter { $0 != name && before[$0] != after[$0] }.sorted()
    }

    // MARK: Bonds

    /// Makes the bond in hand; the one before goes out of use.
    private mutating func makeBond(_ situation: Situation, _ socket: isolated NetlinkSocket) throws {
        if !bond.isEmpty {
            for port in OptionSamples.ports { try socket.setMaster(.name(port), nil) }
            try socket.deleteLink(.name(bond))
        }
        bonds += 1
        bond = "n\(bonds)"
        try create(bond, [], socket)
        if situation.hasPorts {
            for port in OptionSamples.ports { try socket.setMaster(.name(port), .name(bond)) }
        }
        if situation.isUp { try socket.setUp(.name(bond)) }
        baseline = try options(bond, socket)
    }

    /// Brings the bond in hand back to its baseline.
    private mutating func reset(_ situation: Situation, _ socket: isolated NetlinkSocket) throws {
        var now = try options(bond, socket)
        if now == baseline { return }
        // A new bond is quicker than the reasons why the kernel does not let an old one back.
        if now["mode"] == baseline["mode"] {
            for row in BondingOptions.table.rows.reversed() where now[row.name] != baseline[row.name] {
                guard let value = baseline[row.name] else { continue }
                _ = try attempt {
                    try write([OptionSetting(row.name, value)], socket)
                    return .taken
                }
            }
            now = try options(bond, socket)
            if now == baseline { return }
        }
        let before = baseline
        try makeBond(situation, socket)
        #expect(baseline == before, "a new bond in \(mode), \(situation.rawValue), is not like the one before")
    }

    // MARK: Requests

    private func create(
        _ name: String, _ settings: [OptionSetting], queues: UInt32 = UInt32(OptionSamples.transmitQueues),
        _ socket: isolated NetlinkSocket
    ) throws {
        let mode = OptionSetting("mode", .number(Int64(mode.bondingNumber)))
        let data = try codec.encode([mode] + settings.filter { $0.name != "mode" }) { indexes[$0] }
        var message = try NetlinkMessage.link(.name(name), flags: [.create, .exclusive], operation: "create")
        try message.put(IFLA_NUM_TX_QUEUES, u32: queues)
        try message.put(IFLA_NUM_RX_QUEUES, u32: queues)
        try message.nest(IFLA_LINKINFO) { (info) throws(NetlinkError) in
            try info.put(IFLA_INFO_KIND, string: DriverKind.bonding.linkKind)
            try info.put(IFLA_INFO_DATA | Int(WireFormat.nestedFlag), bytes: data)
        }
        try socket.request(message)
    }

    private func write(_ settings: [OptionSetting], _ socket: isolated NetlinkSocket) throws {
        let data = try codec.encode(settings) { indexes[$0] }
        var message = try NetlinkMessage.link(.name(bond), operation: "set options of")
        try message.nest(IFLA_LINKINFO) { (info) throws(NetlinkError) in
            try info.put(IFLA_INFO_KIND, string: DriverKind.bonding.linkKind)
            try info.put(IFLA_INFO_DATA | Int(WireFormat.nestedFlag), bytes: data)
        }
        try socket.request(message)
    }

    private func writePort(_ port: String, _ settings: [OptionSetting], _ socket: isolated NetlinkSocket) throws {
        let data = try codec.encodePort(settings)
        var message = try NetlinkMessage.link(.name(port), operation: "set port options of")
        try message.nest(IFLA_LINKINFO) { (info) throws(NetlinkError) in
            try info.put(IFLA_INFO_SLAVE_KIND, string: DriverKind.bonding.linkKind)
            try info.put(IFLA_INFO_SLAVE_DATA | Int(WireFormat.nestedFlag), bytes: data)
        }
        try socket.request(message)
    }

    private func options(_ name: String, _ socket: isolated NetlinkSocket) throws -> OptionValues {
        let data = try info(name, socket)[IFLA_INFO_DATA]?.nested
        return try #require(data.flatMap { codec.aggregate($0, names: names) }, "\(name) is no bond").options
    }

    private func portOptions(_ name: String, _ socket: isolated NetlinkSocket) throws -> OptionValues {
        let data = try info(name, socket)[IFLA_INFO_SLAVE_DATA]?.nested
        return try #require(data.flatMap { codec.port($0) }, "\(name) is no port of a bond").options
    }

    private func info(_ name: String, _ socket: isolated NetlinkSocket) throws -> AttributeReader {
        let answer = try socket.query(try NetlinkMessage.link(.name(name), type: RTM_GETLINK, operation: "find"))
        let attributes = try #require(answer.first, "there is no \(name)").attributes(
            after: MemoryLayout<ifinfomsg>.size)
        return try #require(attributes[IFLA_LINKINFO]).nested
    }
}
