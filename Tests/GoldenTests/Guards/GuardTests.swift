import AggctlCommands
import Aggregation
import FoundationEssentials
import Testing

/// What a change would take from a host, and the one flag that allows it: host × command × flag → exit code, flag named,
/// nothing written. A row is data, so a new guard is a new row.
@Suite struct GuardTests {
    struct Row: Sendable, CustomTestStringConvertible {
        /// What the host has that matters.
        let about: String
        let host: String
        /// Without `aggctl`; FILE stands for ``file``, DRIVER for the driver.
        let command: String
        var file: String?
        /// The flag that has to be given.
        let flag: String?
        /// A text of the refusal: what would be lost.
        var says = ""
        /// The code with no flag that helps; nil for what is allowed, or refused with ``flag``.
        var code: Int32?
        var drivers = DriverKind.allCases

        var testDescription: String { "\(command) on \(about)" }

        /// Flags that the command refuses, since they do nothing there.
        var useless: [String] {
            ["delete", "set", "port remove"].contains(where: command.hasPrefix) ? ["--take-addresses"] : []
        }
    }

    static let flags = ["--take-addresses", "--allow-interruption", "--allow-cutoff", "--ignore-manager"]

    /// A row on one driver.
    struct Case: Sendable, CustomTestStringConvertible {
        let row: Row
        let driver: DriverKind
        var testDescription: String { "\(row) with \(driver.rawValue)" }
    }

    static let cases = GuardTests.rows.flatMap { row in row.drivers.map { Case(row: row, driver: $0) } }

    @Test func theTableHasBothSidesOfEveryGuard() {
        for flag in Self.flags { #expect(Self.rows.count { $0.flag == flag } >= 5, "\(flag)") }
        #expect(Self.rows.count { $0.flag == nil && $0.code == nil } >= 15)
    }

    /// The flag alone decides: no flag, every other flag, all but it, and it alone.
    @Test(arguments: cases) func guarded(_ example: Case) async throws {
        let row = example.row
        let accepted = Self.flags.filter { !row.useless.contains($0) }
        guard row.code == nil else {
            for flags in [[], accepted] { try await expectRefusal(example, flags, code: row.code ?? 0) }
            return
        }
        guard let flag = row.flag else {
            try await expectAllowed(example, [])
            return
        }
        for flags in [[], accepted.filter { $0 != flag }] { try await expectRefusal(example, flags, code: 5) }
        try await expectAllowed(example, [flag])
    }

    /// Refused with and without `--dry-run`, naming what is lost and the flag, before the first write.
    private func expectRefusal(_ example: Case, _ flags: [String], code: Int32) async throws {
        for rehearsal in [[], ["--dry-run"]] {
            let (run, driver) = try await run(example, flags + rehearsal)
            #expect(run.code == code, "\(run.transcript)")
            #expect(driver.refused.isEmpty, "\(run.transcript)")
            // A rehearsal shows the plan, and below it what would be refused.
            let text = run.errors.isEmpty ? run.output : run.errors
            #expect(run.errors.isEmpty == (!rehearsal.isEmpty && code == 5), "\(run.transcript)")
            #expect(text.contains(example.row.says), "\(run.transcript)")
            for flag in Self.flags {
                #expect(text.contains(flag) == (flag == example.row.flag), "\(flag): \(run.transcript)")
            }
        }
    }

    /// It gets as far as the first write, which this driver refuses.
    private func expectAllowed(_ example: Case, _ flags: [String]) async throws {
        let (rehearsal, untouched) = try await run(example, flags + ["--dry-run"])
        #expect(rehearsal.code == (example.row.file == nil ? 0 : 2), "\(rehearsal.transcript)")
        #expect(untouched.refused.isEmpty)
        let (run, driver) = try await run(example, flags)
        #expect(run.code == 1, "\(run.transcript)")
        #expect(!driver.refused.isEmpty, "\(run.transcript)")
    }

    private func run(_ example: Case, _ flags: [String]) async throws -> (run: CommandRun, driver: RecordedDriver) {
        func fill(_ text: String) -> String { text.replacing("DRIVER", with: example.driver.rawValue) }
        let driver = RecordedDriver(state: try ObservedFile.read(fill(example.row.host), name: example.row.about))
        var command = fill(example.row.command)
        var path: String?
        if let text = example.row.file {
            let file = FileManager.default.temporaryDirectory.appending(
                path: "guard-\(UInt64.random(in: .min ... .max)).yaml")
            try Data("version: 1\naggregates:\n  - \(fill(text))\n".utf8).write(to: file)
            command = command.replacing("FILE", with: file.path)
            path = file.path
        }
        defer { if let path { try? FileManager.default.removeItem(atPath: path) } }
        return (await CommandRun(command.split(separator: " ").map(String.init) + flags, driver: driver), driver)
    }
}
