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
        let ours = [program, "recommend", "--profile", "hypervisor", "--facts", file.path]
        var (own, starts): ([Double], [Double]) = ([], [])
        for _ in 0..<rounds {
            own.append(try Child.run(ours).wall.milliseconds)
            starts.append(try Child.run([program, "--version"]).wall.milliseconds)
        }
        return [
            Measurement(
                "recommend", unit: "ms", ours: own.median, peer: starts.median, limit: decisionLimit,
                note: "aggctl --version, whole processes, on the host")
        ]
    }

    /// Inside the lab kernel, each tool's own start subtracted.
    static func facts(_ program: String) throws -> [Measurement] {
        for number in 0..<ports { _ = try Child.run(["ip", "link", "add", "bench\(number)", "type", "dummy"]) }
        var times: [[Double]] = [[], [], [], []]
        let commands = [
            [program, "facts", "--json"], [program, "--version"], ["ip", "-d", "-j", "link", "show"], ["ip", "-V"],
        ]
        for _ in 0..<rounds {
            for (place, command) in commands.enumerated() {
                times[place].append(try Child.run(command).wall.milliseconds)
            }
        }
        return [
            Measurement(
                "facts of \(ports) ports", unit: "ms", ours: times[0].median - times[1].median,
                peer: times[2].median - times[3].median, limit: factsLimit, note: "ip -d -j link")
        ]
    }
}
