/// What it costs to start a program that then does nothing.
enum StartBenchmark {
    private static let rounds = 41
    private static let limit = 4.0

    static func run(_ program: String) throws -> [Measurement] {
        let ours = [program, "--version"]
        let peer = ["ip", "-V"]
        // The first run of each reads it from disk.
        _ = try Child.run(ours)
        _ = try Child.run(peer)
        var own: [Child] = []
        var others: [Child] = []
        for _ in 0..<rounds {
            own.append(try Child.run(ours))
            others.append(try Child.run(peer))
        }
        return [
            Measurement(
                "start", unit: "ms", ours: own.map(\.wall.milliseconds).median,
                peer: others.map(\.wall.milliseconds).median, limit: limit, note: "--version and ip -V, on the host"),
            Measurement(
                "start, processor time", unit: "ms", ours: own.map(\.cpu.milliseconds).median,
                peer: others.map(\.cpu.milliseconds).median),
            Measurement(
                "start, minor page faults", unit: "faults", ours: own.map { Double($0.minorFaults) }.median,
                peer: others.map { Double($0.minorFaults) }.median),
            Measurement(
                "start, major page faults", unit: "faults", ours: own.map { Double($0.majorFaults) }.median,
                note: "ip -V: \(Int(others.map { Double($0.majorFaults) }.median))"),
        ]
    }
}
