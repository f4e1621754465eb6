/// Apply and status over bonds, against `ip`, inside the lab kernel.
struct BondBenchmark {
    let program: String
    /// How many bonds, in rising order.
    let sizes: [Int]

    static let defaultSizes = [10, 100, 1000]
    /// The size that the limits are about.
    private static let named = 100
    private static let rounds = 11
    /// A status is short, and more is needed to see it through the noise of the machine.
    private static let statusRounds = 41
    /// Each of these takes half a minute.
    private static let roundsOfMany = 5
    private static let applyLimit = 1.25
    private static let statusLimit = 0.75
    private static let growthLimit = 1.3
    private static let memoryLimit = 60.0

    func run(report: (Measurement) throws -> Void) throws {
        var results: [Result] = []
        for size in sizes {
            let result = try measure(size, rounds: size < 1000 ? Self.rounds : Self.roundsOfMany)
            for line in lines(result) { try report(line) }
            results.append(result)
        }
        if let small = results.first(where: { $0.bonds == Self.named }), let large = results.last,
            small.bonds < large.bonds
        {
            for line in growth(from: small, to: large) { try report(line) }
        }
    }

    /// Medians in milliseconds, each tool's own start subtracted.
    private struct Result {
        let bonds: Int
        var apply = 0.0
        var batch = 0.0
        var status = 0.0
        var show = 0.0
        /// MiB.
        var applyMemory = 0.0
        var statusMemory = 0.0
    }

    /// Times of a command in milliseconds, each with the time that the same tool took beside it to start and say its
    /// version.
    private struct Times {
        private var runs: [Double] = []
        private var starts: [Double] = []

        /// The median of the command, less the median of the start.
        var median: Double { runs.median - starts.median }

        mutating func add(_ command: [String], start: String) throws(Unmeasured) -> Child {
            starts.append(try Child.run([command[0], start]).wall.milliseconds)
            let child = try Child.run(command)
            runs.append(child.wall.milliseconds)
            return child
        }
    }

    private func measure(_ count: Int, rounds: Int) throws -> Result {
        let set = BondSet(count: count)
        try set.prepare()
        var result = Result(bonds: count)
        var apply = Times()
        var batch = Times()
        for round in 0..<rounds {
            // Taking turns at going first: what one leaves behind shall not always meet the other.
            for ours in round.isMultiple(of: 2) ? [true, false] : [false, true] {
                if ours {
                    let child = try apply.add([program, "apply", set.declaration], start: "--version")
                    result.applyMemory = max(result.applyMemory, Double(child.peakMemory) / 1024)
                } else {
                    _ = try batch.add(["ip", "-batch", set.batch], start: "-V")
                }
                if round == 0 {
                    try set.verify(after: ours ? "aggctl" : "ip")
                    // Both made the same: also what ip made is what the file asks for.
                    _ = try Child.run([program, "check", set.declaration])
                }
                try set.removeBonds()
            }
            say("\(count) bonds, round \(round + 1) of \(rounds)")
        }
        result.apply = apply.median
        result.batch = batch.median
        _ = try Child.run(["ip", "-batch", set.batch])
        try measureStatus(of: set, &result)
        try set.removeBonds()
        try set.removePorts()
        return result
    }

    private func measureStatus(of set: BondSet, _ result: inout Result) throws {
        try set.verify(after: "ip")
        var status = Times()
        var links = Times()
        var proc = Times()
        for _ in 0..<Self.statusRounds {
            let child = try status.add([program, "status", "--json"], start: "--version")
            result.statusMemory = max(result.statusMemory, Double(child.peakMemory) / 1024)
            _ = try links.add(["ip", "-d", "-j", "link", "show"], start: "-V")
            _ = try proc.add(["cat"] + set.procFiles, start: "--version")
        }
        result.status = status.median
        result.show = links.median + proc.median
    }

    private func lines(_ result: Result) -> [Measurement] {
        let isNamed = result.bonds == Self.named
        return [
            Measurement(
                "apply \(result.bonds) bonds", unit: "ms", ours: result.apply, peer: result.batch,
                limit: isNamed ? Self.applyLimit : nil, note: "ip -batch"),
            Measurement(
                "status of \(result.bonds) bonds", unit: "ms", ours: result.status, peer: result.show,
                limit: isNamed ? Self.statusLimit : nil, note: "ip -d -j link and /proc/net/bonding"),
            Measurement("peak memory, apply \(result.bonds)", unit: "MiB", ours: result.applyMemory),
            Measurement(
                "peak memory, status of \(result.bonds)", unit: "MiB", ours: result.statusMemory,
                limit: isNamed ? Self.memoryLimit : nil),
        ]
    }

    /// Cost of one bond among many against one among few. What the other tool's grows by is the kernel's share.
    private func growth(from small: Result, to large: Result) -> [Measurement] {
        func each(_ name: String, _ value: KeyPath<Result, Double>, limit: Double?, note: String?) -> Measurement {
            Measurement(
                "\(name), one of \(large.bonds) : of \(small.bonds)", unit: "ms/bond",
                ours: large[keyPath: value] / Double(large.bonds), peer: small[keyPath: value] / Double(small.bonds),
                limit: limit, note: note)
        }
        /// A growth that the kernel shows at the same work is its own.
        func judged(_ ours: Measurement, by theirs: Measurement, _ name: String) -> Measurement {
            guard let own = ours.ratio, let kernel = theirs.ratio, own > Self.growthLimit else { return ours }
            var ours = ours
            ours.isMet = own <= kernel * Self.growthLimit
            ours.note = ours.isMet == true ? "by the kernel's share: \(name) grows too" : "more than \(name) grows"
            return ours
        }
        let batch = each("ip -batch", \.batch, limit: nil, note: "the kernel's share")
        let show = each("ip and /proc", \.show, limit: nil, note: "the kernel's share")
        let apply = each("apply", \.apply, limit: Self.growthLimit, note: nil)
        let status = each("status", \.status, limit: Self.growthLimit, note: nil)
        return [judged(apply, by: batch, "ip -batch"), batch, judged(status, by: show, "ip"), show]
    }
}
