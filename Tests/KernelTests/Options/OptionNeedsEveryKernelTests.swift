import Aggregation
import Glibc
import Testing

/// What the option table says about options that need or exclude each other, against the kernel.
@Suite struct OptionNeedsEveryKernelTests {
    private static let table = BondingOptions.table

    private static func rows(in mode: Mode, _ need: (OptionDefinition) -> Bool) -> [OptionDefinition] {
        table.rows.filter { $0.accepted.contains(mode) && need($0) }
    }

    /// Options that need another to be non-zero, or to be multiples of it.
    @Test(arguments: Mode.bondingModes)
    func needsAreNeeded(mode: Mode) async throws {
        try await withNamespace { ns in
            try await ns.perform(Self.create(mode))
            func set(_ name: String, _ number: Int64) async throws {
                try await ns.perform(.setOptions(aggregate: "agg", settings: [.init(name, .number(number))]))
            }
            for row in Self.rows(in: mode, { !$0.needs.isEmpty }) {
                for case .nonZero(let other) in row.needs {
                    try await set(other, 0)
                    for number: Int64 in [0, 400] {
                        let refusal = await #expect(throws: DriverError.self, "\(row.name) \(number) in \(mode)") {
                            try await set(row.name, number)
                        }
                        #expect(refusal?.errno == EPERM, "\(row.name) in \(mode)")
                        #expect(refusal?.remedy != nil)
                    }
                }
                for case .multipleOf(let other) in row.needs {
                    try await set(other, 100)
                    try await set(row.name, 250)
                    #expect(try await ns.facts("agg").options[row.name] == .number(200), "\(row.name) in \(mode)")
                    // The kernel keeps the quotient.
                    try await set(other, 150)
                    #expect(try await ns.facts("agg").options[row.name] == .number(300), "\(row.name) in \(mode)")
                }
            }
        }
    }

    /// Options that cannot be non-zero together: refused in one request, and one puts the other away in two.
    @Test(arguments: Mode.bondingModes)
    func exclusionsExclude(mode: Mode) async throws {
        try await withNamespace { ns in
            try await ns.perform(Self.create(mode))
            for row in Self.rows(in: mode, { $0.excludes != nil }) {
                guard let other = row.excludes.flatMap({ Self.table[$0] }), other.accepted.contains(mode) else {
                    continue
                }
                let both = [OptionSetting(row.name, .number(400)), OptionSetting(other.name, .number(300))]
                let refusal = await #expect(throws: DriverError.self, "\(row.name) in \(mode)") {
                    try await ns.perform(.setOptions(aggregate: "agg", settings: both))
                }
                #expect(refusal?.errno == EINVAL)
                for setting in both { try await ns.perform(.setOptions(aggregate: "agg", settings: [setting])) }
                let options = try await ns.facts("agg").options
                #expect(options[row.name] == .number(0), "\(other.name) puts \(row.name) away in \(mode)")
                #expect(options[other.name] == .number(300))
            }
        }
    }

    /// A queue is one port's only.
    @Test func aQueueBelongsToOnePort() async throws {
        try await withNamespace { ns in
            try await ns.dummies("d0", "d1")
            try await ns.perform(
                Self.create(.activeBackup), .attach(port: "d0", aggregate: "agg"),
                .attach(port: "d1", aggregate: "agg"),
                .setPortOptions(port: "d0", aggregate: "agg", settings: [OptionSetting("queue_id", .number(2))]))
            let refusal = await #expect(throws: DriverError.self) {
                try await ns.perform(
                    .setPortOptions(port: "d1", aggregate: "agg", settings: [OptionSetting("queue_id", .number(2))]))
            }
            #expect(refusal?.errno == EPERM)
            #expect(try await ns.port("d1").options["queue_id"] == .number(0))
        }
    }

    /// The highest one is the kernel's as it is ours.
    @Test func aQueueIsOneThatTheAggregateHas() async throws {
        try await withNamespace { ns in
            try await ns.dummies("d0")
            try await ns.perform(Self.create(.activeBackup), .attach(port: "d0", aggregate: "agg"))
            let most = try #require(try await ns.link("agg").transmitQueues)
            #expect(await ns.aggctl("port set agg d0 queue-id=\(most + 1)").code == 65)
            let refusal = await #expect(throws: DriverError.self) {
                try await ns.perform(
                    .setPortOptions(
                        port: "d0", aggregate: "agg", settings: [OptionSetting("queue_id", .number(Int64(most) + 1))]))
            }
            #expect(refusal?.errno == EPERM)
            try await ns.require("port set agg d0 queue-id=\(most)")
        }
    }

    private static func create(_ mode: Mode) -> Step {
        .create(aggregate: "agg", driver: .bonding, mode: mode, settings: [], index: nil)
    }
}
