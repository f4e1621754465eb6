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
        // The first bond loads the module.
        _ = try? Child.run(["modprobe", "bonding", "max_bonds=0"])
        let starts = try Starts(program)
        var results: [Result] = []
        for size in sizes {
            let result = try measure(size, rounds: size < 1000 ? Self.rounds : Self.roundsOfMany, starts)
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

    /// What it costs to start each tool, in milliseconds.
    private struct Starts {
        var ours: Double
        var ip: Double
        var cat: Double

        init(_ program: String) throws(Unmeasured) {
            var times: [[Double]] = [[], [], []]
            for round in 0..<12 {
                for (place, command) in [[program, "--version"], ["ip", "-V"], ["cat", "--version"]].enumerated() {
                    let took = try Child.run(command).wall.milliseconds
                    if round > 0 { times[place].append(took) }
                }
            }
            ours = times[0].median
            ip = times[1].median
            cat = times[2].median
            say("starts: aggctl \(ours.rounded()) ms, ip \(ip.rounded()) ms, cat \(cat.rounded()) ms")
        }
    }

    private func measure(_ count: Int, rounds: Int, _ starts: Starts) throws -> Result {
        let set = BondSet(count: count)
        try set.prepare()
        var result = Result(bonds: count)
        var apply: [Double] = []
        var batch: [Double] = []
        for round in 0..<rounds {
            // Taking turns at going first: what one leaves behind shall not always meet the other.
            for ours in round.isMultiple(of: 2) ? [true, false] : [false, true] {
                let child = try Child.run(ours ? [program, "apply", set.declaration] : ["ip", "-batch", set.batch])
                if round == 0 {
                    try set.verify(after: ours ? "aggctl" : "ip")
                    // Both made the same: also what ip made is what the file asks for.
                    _ = try Child.run([program, "check", set.declaration])
                }
                if ours {
                    apply.append(child.wall.milliseconds - starts.ours)
                    result.applyMemory = max(result.applyMemory, Double(child.peakMemory) / 1024)
                } else {
                    batch.append(child.wall.milliseconds - starts.ip)
                }
                if round < rounds - 1 || ours == round.isMultiple(of: 2) { try set.removeBonds() }
            }
            say("\(count) bonds, round \(round + 1): aggctl \(Int(apply[round])) ms, ip \(Int(batch[round])) ms")
        }
        result.apply = apply.median
        result.batch = batch.median
        try measureStatus(of: set, starts, &result)
        try set.removeBonds()
        try set.removePorts()
        return result
    }

    /// The bonds of the last round are still there.
    private func measureStatus(of set: BondSet, _ starts: Starts, _ result: inout Result) throws {
        try set.verify(after: "the last round")
        var status: [Double] = []
        var show: [Double] = []
        for _ in 0..<Self.statusRounds {
            let child = try Child.run([program, "status", "--json"])
            status.append(child.wall.milliseconds - starts.ours)
            result.statusMemory = max(result.statusMemory, Double(child.peakMemory) / 1024)
            let links = try Child.run(["ip", "-d", "-j", "link", "show"]).wall.milliseconds
            let proc = try Child.run(["cat"] + set.procFiles).wall.milliseconds
            show.append(links - starts.ip + proc - starts.cat)
        }
        result.status = status.median
        result.show = show.median
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
