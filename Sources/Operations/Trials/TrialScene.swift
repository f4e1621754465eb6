internal import Aggregation
internal import CNetlink
internal import Glibc
internal import Netlink
internal import Synchronization

/// Two throwaway namespaces with cables between them: an aggregate here, the other side there.
package final class TrialScene: Sendable {
    let kind: DriverKind
    let here: NetworkNamespace
    let there: NetworkNamespace
    let driver: any AggregateDriver
    /// The other side's, whatever the driver here.
    let farDriver: any AggregateDriver
    let socket: NetlinkSocket
    let farSocket: NetlinkSocket
    /// All namespaces share the names of teams.
    let name: String
    private let made = Mutex<[String]>([])

    static let farName = "far"
    /// How long to wait for what the kernel or a daemon does by itself.
    static let patience = Duration.seconds(10)

    init(_ kind: DriverKind, open: TrialRun.Opening) throws {
        self.kind = kind
        here = try NetworkNamespace.anonymous()
        there = try NetworkNamespace.anonymous()
        driver = try open(here)
        farDriver = try open(there)
        socket = try NetlinkSocket(in: here)
        farSocket = try NetlinkSocket(in: there)
        name = Self.newName()
    }

    // MARK: Names

    private static let prefix = "try"
    /// Letters of the number of the process, and as many of chance: 13 with the prefix, and a device may have 15.
    private static let digits = 5

    /// A name that tells who made it: a team outlives a program that is killed, by its daemon.
    static func newName(of process: Int32 = getpid()) -> String {
        func letters(_ number: UInt32) -> String {
            let text = String(number % 60_466_176, radix: 36)  // 36 to the fifth
            return String(repeating: "0", count: digits - text.count) + text
        }
        return prefix + letters(UInt32(bitPattern: process)) + letters(UInt32.random(in: .min ... .max))
    }

    /// The process that made a scene of this name; nil for what is no scene's.
    package static func maker(of name: String) -> Int32? {
        guard name.hasPrefix(prefix), name.utf8.count == prefix.utf8.count + 2 * digits else { return nil }
        return Int32(name.dropFirst(prefix.count).prefix(digits), radix: 36)
    }

    /// Deletes what was made; the namespaces go with their last user.
    func end() async {
        let names = made.withLock { $0 }
        // Apart from the task, which may have been cancelled.
        await Task { [driver, kind] in
            for name in names.reversed() { try? await driver.perform(.delete(aggregate: name, driver: kind)) }
        }.value
    }

    // MARK: Making

    /// Cables: `p0` here and `f0` there, and so on; the far ends are up.
    func cable(_ count: Int) async throws {
        for number in 0..<count {
            try await socket.createVethPair("p\(number)", peer: "f\(number)", peerNamespace: there)
            try await farSocket.setUp(.name("f\(number)"))
        }
    }

    /// Makes the aggregate and gives it the first ports.
    ///
    /// - Parameters:
    ///   - options: as `miimon=100ms`.
    ///   - portOptions: by port.
    ///   - isUp: leaves it down when false.
    func make(
        _ mode: Mode, _ options: [String] = [], ports count: Int = 0, portOptions: [String: [String]] = [:],
        isUp: Bool = true
    ) async throws {
        try await make(name, mode, options, ports: (0..<count).map { "p\($0)" }, portOptions: portOptions, isUp: isUp)
    }

    func make(
        _ aggregate: String, _ mode: Mode, _ options: [String] = [], ports: [String] = [],
        portOptions: [String: [String]] = [:], isUp: Bool = true
    ) async throws {
        let table = OptionTables.shared.aggregate(kind)
        try await driver.perform(
            .create(
                aggregate: aggregate, driver: kind, mode: mode, settings: try Self.settings(options, table), index: nil)
        )
        made.withLock { $0.append(aggregate) }
        for port in ports { try await join(port, to: aggregate, portOptions[port] ?? []) }
        if isUp { try await driver.perform(.bring(device: aggregate, up: true)) }
    }

    private func join(_ port: String, to aggregate: String, _ options: [String]) async throws {
        let settings = try Self.settings(options, OptionTables.shared.port(kind))
        let set = Step.setPortOptions(port: port, aggregate: aggregate, settings: settings, driver: kind)
        // teamd reads most of them when the port joins, the kernel of a bond knows none before.
        if kind == .teaming, !settings.isEmpty { try await driver.perform(set) }
        try await driver.perform(.attach(port: port, aggregate: aggregate, driver: kind))
        if kind == .bonding, !settings.isEmpty { try await driver.perform(set) }
    }

    /// The other side speaks LACP, every second.
    func makePartner(ports count: Int) async throws {
        try await makeFar(.lacp, Self.partnerOptions, ports: 0..<count)
    }

    /// Each port leads to another partner.
    func makePartners(ports count: Int) async throws {
        try await makePartners((0..<count).map { $0..<($0 + 1) })
    }

    /// Some ports lead to one partner, some to another.
    func makePartners(_ groups: [Range<Int>]) async throws {
        for (number, ports) in groups.enumerated() {
            try await makeFar(.lacp, Self.partnerOptions, ports: ports, name: "\(Self.farName)\(number)")
        }
    }

    private static let partnerOptions = ["miimon=100ms", "lacp_rate=fast"]

    /// The other side takes its ports for one, and spreads flows over them.
    func makeGroup(ports count: Int) async throws {
        try await makeFar(.balanceXOR, ["miimon=100ms", "xmit_hash_policy=layer3+4"], ports: 0..<count)
    }

    private func makeFar(
        _ mode: Mode, _ options: [String], ports: Range<Int>, name: String = TrialScene.farName
    ) async throws {
        let settings = try Self.settings(options, OptionTables.shared.aggregate(.bonding))
        try await farDriver.perform(
            .create(aggregate: name, driver: .bonding, mode: mode, settings: settings, index: nil))
        for number in ports {
            try await farSocket.setUp(.name("f\(number)"), false)
            try await farDriver.perform(.attach(port: "f\(number)", aggregate: name))
        }
        try await farDriver.perform(.bring(device: name, up: true))
    }

    /// Takes the carrier of a port away.
    func pull(_ port: String) async throws { try await farSocket.setUp(.name(farEnd(port)), false) }

    /// Gives it back.
    func giveBack(_ port: String) async throws { try await farSocket.setUp(.name(farEnd(port)), true) }

    func farEnd(_ port: String) -> String { "f" + port.dropFirst() }

    /// The name and the value of an option as it is written here, `miimon=100ms`.
    static func parts(of option: String) -> (name: String, value: String) {
        let parts = option.split(separator: "=", maxSplits: 1)
        return (parts.first.map(String.init) ?? "", parts.count == 2 ? String(parts[1]) : "")
    }

    static func settings(_ texts: [String], _ table: OptionTable) throws -> [OptionSetting] {
        try texts.map { text in
            let (name, value) = parts(of: text)
            guard let row = table[name] else {
                throw DriverError(.notFound, operation: "set \(text)", subject: text, text: "there is no such option")
            }
            return OptionSetting(row.name, try row.parse(value))
        }
    }

    // MARK: Looking

    func link(_ name: String) async throws -> Link {
        guard let link = try await driver.observe(.ports).link(named: name) else { throw Self.missing(name) }
        return link
    }

    func facts() async throws -> AggregateFacts {
        guard let facts = try await link(name).aggregate else { throw Self.missing(name) }
        return facts
    }

    /// What the other side knows of a port of ours.
    func farPort(_ port: String) async throws -> PortFacts? {
        try await farDriver.observe(.ports).link(named: farEnd(port))?.port
    }

    /// Waits until something holds.
    ///
    /// - Returns: whether it did in time.
    func eventually(within limit: Duration = patience, _ condition: () async throws -> Bool) async throws -> Bool {
        let deadline = ContinuousClock.now + limit
        while true {
            if try await condition() { return true }
            guard ContinuousClock.now < deadline else { return false }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    /// Waits until the aggregate has carrier and its ports work.
    func ready(ports count: Int) async throws {
        _ = try await eventually {
            guard try await link(name).hasCarrier else { return false }
            for number in 0..<count where try await link("p\(number)").port?.monitor != .up { return false }
            return true
        }
    }

    /// The value of an option as the kernel or teamd gives it back, in the text of the tables.
    func value(_ option: String) async throws -> String? {
        let facts = try await facts()
        return facts.options[option].flatMap { OptionTables.shared.aggregate(kind)[option]?.format($0) }
    }

    static func missing(_ name: String) -> DriverError {
        DriverError(.notFound, operation: "look at \(name)", subject: name, text: "there is no \(name)")
    }
}
