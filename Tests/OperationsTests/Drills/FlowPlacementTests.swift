import Operations
import Testing

/// Where flows go, by counters, and which of them are taken.
@Suite struct FlowPlacementTests {
    private func placement(_ growth: [String: (UInt64, UInt64)], burst: Int = 24) -> FlowPlacement {
        FlowPlacement(growth: growth.mapValues { .init(sent: $0.0, received: $0.1) }, burst: burst)
    }

    @Test func aFlowIsWhereItsPacketsWere() {
        let placement = placement(["eth0": (24, 0), "eth1": (0, 24)])
        #expect(placement.sending == ["eth0"])
        #expect(placement.receiving == ["eth1"])
        #expect(placement.uses("eth0"))
        #expect(placement.uses("eth1"))
    }

    @Test func otherTrafficDoesNotCount() {
        // A port that saw LACPDUs and neighbour discovery meanwhile.
        let placement = placement(["eth0": (25, 26), "eth1": (2, 2)])
        #expect(placement.sending == ["eth0"])
        #expect(placement.receiving == ["eth0"])
        #expect(!placement.uses("eth1"))
    }

    @Test func aModeThatSpreadsPacketsUsesSeveralPorts() {
        let placement = placement(["eth0": (8, 24), "eth1": (8, 0), "eth2": (8, 0)])
        #expect(placement.sending == ["eth0", "eth1", "eth2"])
        #expect(placement.receiving == ["eth0"])
    }

    @Test func noPortsNoPlacement() {
        #expect(placement([:]).sending.isEmpty)
    }
}

@Suite struct FlowChoiceTests {
    private func flow(_ sending: String, _ receiving: String) -> FlowPlacement {
        FlowPlacement(sending: [sending], receiving: [receiving])
    }

    private func load(_ choice: FlowChoice, _ candidates: [FlowPlacement], _ port: String) -> (Int, Int) {
        let chosen = choice.flows.map { candidates[$0] }
        return (chosen.count { $0.sending.contains(port) }, chosen.count { $0.receiving.contains(port) })
    }

    @Test func theRareFlowIsTaken() {
        var candidates = Array(repeating: flow("eth0", "eth0"), count: 30)
        candidates.append(flow("eth1", "eth0"))
        candidates.append(flow("eth0", "eth1"))
        let choice = FlowChoice(from: candidates, ports: ["eth0", "eth1"], count: 16)
        #expect(choice.flows.count == 16)
        #expect(choice.flows.contains(30))
        #expect(choice.flows.contains(31))
        #expect(choice.empty.isEmpty)
    }

    @Test func portsAreLoadedEvenly() {
        let ports = ["eth0", "eth1", "eth2", "eth3"]
        let candidates = (0..<64).map { flow(ports[$0 * $0 % 4], ports[$0 % 4]) }
        let choice = FlowChoice(from: candidates, ports: ports, count: 16)
        for port in ports { #expect(load(choice, candidates, port).1 >= 3) }
    }

    @Test func emptyLanesAreNamed() {
        let choice = FlowChoice(
            from: [flow("eth0", "eth0"), flow("eth0", "eth1")], ports: ["eth0", "eth1"], count: 16)
        #expect(choice.flows == [0, 1])
        #expect(choice.empty == [.init(port: "eth1", direction: .sent)])
    }

    /// As many as asked for, none twice, and a lane is empty only if no candidate could fill it.
    @Test func anyCandidates() {
        let ports = ["eth0", "eth1", "eth2"]
        for _ in 0..<100 {
            let candidates = (0..<Int.random(in: 0...64)).map { _ in
                flow(ports.randomElement() ?? "eth0", ports.randomElement() ?? "eth0")
            }
            let choice = FlowChoice(from: candidates, ports: ports, count: 16)
            #expect(choice.flows.count == min(16, candidates.count))
            #expect(Set(choice.flows).count == choice.flows.count)
            for port in ports where candidates.contains(where: { $0.sending == [port] }) {
                #expect(load(choice, candidates, port).0 > 0)
            }
        }
    }
}

@Suite struct ProbeTests {
    @Test func whatIsWrittenIsRead() {
        var bytes = [UInt8](repeating: 0, count: Probe.length)
        let probe = Probe(run: .random(in: .min ... .max), flow: 7, sequence: 0xdead_beef, sent: 123_456_789_012)
        bytes.withUnsafeMutableBytes { probe.write(to: $0) }
        #expect(bytes.withUnsafeBytes { Probe($0) } == probe)
    }

    @Test func whatIsNoProbeIsNone() {
        var bytes = [UInt8](repeating: 0, count: Probe.length)
        #expect(bytes.withUnsafeBytes { Probe($0) } == nil)
        bytes.withUnsafeMutableBytes { Probe(run: 1, flow: 2, sequence: 3, sent: 4).write(to: $0) }
        for length in 0..<Probe.length {
            #expect(bytes[..<length].withUnsafeBytes { Probe($0) } == nil)
        }
        #expect((bytes + [0]).withUnsafeBytes { Probe($0) } == nil)
        bytes[0] ^= 1
        #expect(bytes.withUnsafeBytes { Probe($0) } == nil)
    }
}
