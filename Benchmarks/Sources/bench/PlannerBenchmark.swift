import FoundationEssentials
import Glibc

/// What deciding costs: a decision from given facts against the start alone, and reading the facts against `ip`.
enum PlannerBenchmark {
    private static let rounds = 31
    private static let ports = 100
    private static let decisionLimit = 2.0
    private static let factsLimit = 1.5

    /// On the host: nothing of it is read.
    static func decision(_ program: String) throws -> [Measurement] {
        let file = FileManager.default.temporaryDirectory.appending(path: "aggctl-bench-\(getpid()).json")
        let facts = #"{"schema": 1, "facts": {"kernel": "6.12.9", "bonding": true, "team": true, "teamd": true}}"#
        try Data(facts.utf8).write(to: file)
        defer { unlink(file.path) }
        let times = try medians([
            [program, "recommend", "--profile", "hypervisor", "--facts", file.path], [program, "--version"],
        ])
        return [
            Measurement(
                "recommend", unit: "ms", ours: times[0], peer: times[1], limit: decisionLimit,
                note: "aggctl --version, whole processes, on the host")
        ]
    }

    /// Inside the lab kernel, each tool's own start subtracted; and what of that comes with the ports.
    static func facts(_ program: String) throws -> [Measurement] {
        let commands = [
            [program, "facts", "--json"], [program, "--version"], ["ip", "-d", "-j", "link", "show"], ["ip", "-V"],
        ]
        let none = try medians(commands)
        for number in 0..<ports { _ = try Child.run(["ip", "link", "add", "bench\(number)", "type", "dummy"]) }
        let all = try medians(commands)
        return [
            Measurement(
                "facts of \(ports) ports", unit: "ms", ours: all[0] - all[1], peer: all[2] - all[3],
                limit: factsLimit, note: "ip -d -j link"),
            Measurement(
                "… of which with the ports", unit: "ms", ours: all[0] - all[1] - (none[0] - none[1]),
                peer: all[2] - all[3] - (none[2] - none[3]), note: "the rest comes without any"),
        ]
    }

    private static func medians(_ commands: [[String]]) throws -> [Double] {
        var times = commands.map { _ in [Double]() }
        for _ in 0..<rounds {
            for (place, command) in commands.enumerated() {
                times[place].append(try Child.run(command).wall.milliseconds)
            }
        }
        return times.map(\.median)
    }
}
