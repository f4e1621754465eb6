import Aggregation
import FoundationEssentials

/// A host with two ports in an aggregate or free, and one more that is free: the ground on which one wish is given in
/// several ways.
struct OneRuleScene {
    let driver: DriverKind
    let mode: Mode

    var name: String { driver == .bonding ? "bond0" : "team0" }

    /// Nothing has been made yet.
    var bare: HostState {
        var host = HostState()
        host.links = (0..<3).map { Self.free("eth\($0)", Int32($0 + 2)) }
        return host
    }

    /// The aggregate is there, as `create` makes it.
    var built: HostState {
        var host = bare
        var options: OptionValues = [:]
        let silent: Set<String> = ["active_slave", "primary", driver.modeOption]
        for row in OptionTables.shared.aggregate(driver).rows where !silent.contains(row.name) && row.wire != .stateItem
        {
            if driver == .teaming, !row.accepted.contains(mode) || row.since != TeamingOptions.firstVersion { continue }
            options[row.name] = row.defaultValue.value(in: mode)
        }
        if driver == .bonding {
            options["miimon"] = .number(100)
            if mode == .random { options["packets_per_slave"] = .number(0) }
        }
        let reported = driver == .bonding && mode == .random ? .balanceRR : mode
        var facts = AggregateFacts(driver: driver, mode: reported, options: options)
        facts.ports = ["eth0", "eth1"]
        if mode == .activeBackup { facts.activePort = "eth0" }
        if driver == .teaming { facts.daemon = .init(.running, process: 77) }
        var link = Link(index: 10, name: name)
        link.kind = driver.linkKind
        link.flags = [.up, .running, .master]
        link.hasCarrier = true
        link.address = HostFixtures.address(2)
        link.aggregate = facts
        for place in host.links.indices.prefix(2) {
            host.links[place].master = link.index
            var own: OptionValues = [:]
            for row in OptionTables.shared.port(driver).rows where row.accepted.contains(mode) {
                own[row.name] = row.defaultValue.value(in: mode)
            }
            host.links[place].port = PortFacts(
                options: own, isBackup: false, monitor: .up, linkFailures: 0,
                permanentAddress: host.links[place].permanentAddress)
        }
        host.links.append(link)
        return host
    }

    private static func free(_ name: String, _ index: Int32) -> Link {
        var link = Link(index: index, name: name)
        link.flags = [.up, .running]
        link.hasCarrier = true
        link.permanentAddress = HostFixtures.address(UInt8(index))
        link.address = link.permanentAddress
        return link
    }

    // MARK: Ways

    /// What came of one way of saying something, without what hangs on the way.
    struct Verdict: Equatable, CustomStringConvertible {
        var code: Int32
        /// What was planned and noted.
        let output: String
        /// What was refused, and what to do.
        let errors: String

        var description: String { "\(code)\n\(output)\(errors)" }
    }

    func create(_ settings: [String], host: HostState? = nil) async -> Verdict {
        await run(
            [
                "create", name, "--driver", driver.rawValue, "--mode", mode.rawValue, "--ports", "eth0,eth1",
                "--dry-run",
            ] + settings.flatMap { ["--set", $0] }, host ?? bare)
    }

    func set(_ settings: [String], host: HostState? = nil) async -> Verdict {
        await run(["set", name, "--dry-run"] + settings, host ?? built)
    }

    func addPort(_ port: String, _ settings: [String]) async -> Verdict {
        await run(["port", "add", name, port, "--dry-run"] + settings.flatMap { ["--set", $0] }, built)
    }

    func setPort(_ port: String, _ settings: [String]) async -> Verdict {
        await run(["port", "set", name, port, "--dry-run"] + settings, built)
    }

    /// A file for an aggregate that is to be made.
    func applyNew(_ lines: [String]) async throws -> Verdict {
        try await apply(["driver: \(driver.rawValue)", "mode: \(mode.rawValue)", "ports: [eth0, eth1]"] + lines, bare)
    }

    /// A file for the aggregate that is there, which says nothing of driver and mode.
    func applyBuilt(_ lines: [String], host: HostState? = nil) async throws -> Verdict {
        try await apply(lines, host ?? built)
    }

    /// A file for the aggregate that is there, carried out.
    func applyForGood(_ lines: [String]) async throws -> Verdict { try await apply(lines, built, isRehearsal: false) }

    private func apply(_ lines: [String], _ host: HostState, isRehearsal: Bool = true) async throws -> Verdict {
        let text = "version: 1\naggregates:\n  - name: \(name)\n" + lines.map { "    \($0)\n" }.joined()
        return try await apply(text: text, host, isRehearsal: isRehearsal)
    }

    /// A whole file.
    func apply(text: String, _ host: HostState, isRehearsal: Bool = true) async throws -> Verdict {
        let number = UInt64.random(in: .min ... .max)
        let file = FileManager.default.temporaryDirectory.appending(path: "aggctl-rule-\(number).yaml")
        try Data(text.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        var verdict = await run(["apply", file.path] + (isRehearsal ? ["--dry-run"] : []), host)
        // As `plan`, it says by 2 that something differs; the commands for one aggregate rehearse what differs for sure.
        if isRehearsal, verdict.code == 2 { verdict.code = 0 }
        return verdict
    }

    private func run(_ arguments: [String], _ host: HostState) async -> Verdict {
        let run = await CommandRun(arguments, state: host)
        return Verdict(code: run.code, output: run.output, errors: Self.withoutPlaces(run.errors))
    }

    /// Takes `FILE:3:5: ` away.
    private static func withoutPlaces(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            guard let start = line.firstRange(of: "/"), let end = line.firstRange(of: ".yaml:") else {
                return String(line)
            }
            let rest = line[end.upperBound...].drop { $0.isNumber || $0 == ":" }.drop { $0 == " " }
            return String(line[..<start.lowerBound]) + String(rest)
        }.joined(separator: "\n")
    }
}
