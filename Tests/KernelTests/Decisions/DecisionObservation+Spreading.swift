/// By which ports frames go, and whose address they have.
extension DecisionObservation {
    private static let carrier = "link-monitor: { interval: 100ms }"

    /// Whether at least two ports carry a tenth each.
    private static func uses(_ counts: [Int]) -> Bool {
        counts.filter { $0 * 10 >= counts.reduce(0, +) && $0 > 0 }.count > 1
    }

    private static let single = Control(
        side: .unmanaged, mode: "active-backup", settings: carrier,
        requirements: ["single-flow", "receive-balancing"])

    static let spreading: [DecisionObservation] =
        [
            .init(
                key: "throughput", title: "flows to stations behind one gateway leave by more than one port",
                applies: { _, side in side != .twoLACP },
                isHarmless: true,
                control: .init(
                    side: .static, mode: "balance-xor", settings: "\(carrier)\nhash: [l2]", requirements: ["throughput"]
                )
            ) { scene in
                try await scene.ready()
                let counts = try await scene.spread(flows: 64, each: 4)
                return .init(
                    uses(counts) && counts.reduce(0, +) >= 256, "of 256 frames the ports of the switch got \(counts)")
            },
            .init(
                key: "single-flow", title: "frames of one flow leave by more than one port", isHarmless: true,
                control: single
            ) { scene in
                try await scene.ready()
                let counts = try await scene.spread(flows: 1, each: 200)
                return .init(uses(counts), "of 200 frames of one flow the ports of the switch got \(counts)")
            },
            .init(
                key: "latency", title: "one flow leaves by one port",
                isHarmless: true,
                control: .init(side: .static, mode: "balance-rr", settings: carrier, requirements: ["latency"])
            ) { scene in
                try await scene.ready()
                let counts = try await scene.spread(flows: 1, each: 200)
                return .init(
                    counts.filter { $0 > 0 }.count == 1,
                    "of 200 frames of one flow the ports of the switch got \(counts)")
            },
            .init(
                key: "receive-balancing",
                title: "flows to the host come in by more than one port, and all are received",
                applies: { _, side in [.static, .lacp].contains(side) }, isHarmless: true, control: single
            ) { scene in
                try await scene.ready()
                let ports = (0..<scene.ports).map { "eth\($0)" }
                _ = try scene.host.ns.tc(ports.map { "qdisc replace dev \($0) clsact" })
                let ear = try await TestSocket(nil, port: 9, in: scene.host.ns.namespace)
                let counts = try await scene.counting(DecisionScene.datagrams, at: ports, in: scene.host.ns) {
                    for number in 0..<64 {
                        let sender = try await TestSocket(FarSide.gateway, in: scene.far.namespace)
                        sender.send(UInt32(number), to: FarSide.host, 9)
                    }
                }
                let received = ear.received().count
                return .init(
                    uses(counts) && received == 64, "of 64 flows \(received) were received, by ports \(counts)")
            },
            .init(
                key: "bridge", title: "frames of a guest keep its address",
                // By its own choice all may leave by the active port, whose address needs no rewriting.
                control: .init(
                    side: .unmanaged, mode: "balance-tlb",
                    settings: "\(carrier)\nhash: [l3, l4]\noptions: { tlb_dynamic_lb: off }",
                    requirements: ["bridge"])
            ) { scene in
                try await scene.ready()
                return try await withNamespace { guest in
                    let address = "02:00:5e:00:53:33"
                    try await guest.cables([("net0", "guest0")], to: scene.host.ns)
                    _ = try scene.host.ns.ip(
                        [],
                        [
                            "link add br0 type bridge", "link set \(scene.name) master br0",
                            "link set guest0 master br0",
                            "link set guest0 up", "link set br0 up",
                        ])
                    _ = try guest.ip(
                        [],
                        [
                            "link set net0 address \(address)", "link set net0 up",
                            "address add \(FarSide.guest)/24 dev net0",
                            "route add 203.0.113.0/24 via \(FarSide.gateway)",
                        ])
                    // A port of a new bridge forwards at once, but the first frames wait for an answer to ARP.
                    try await DecisionScene.send(flows: 1, each: 1, from: guest)
                    try await Task.sleep(for: .seconds(1))
                    let all = try await scene.counting(DecisionScene.datagrams, at: scene.switchPorts, in: scene.far) {
                        try await DecisionScene.send(flows: 48, each: 2, from: guest)
                    }
                    let kept = try await scene.counting(
                        "ip flower src_mac \(address) ip_proto udp dst_port 9", at: scene.switchPorts, in: scene.far
                    ) {
                        try await DecisionScene.send(flows: 48, each: 2, from: guest)
                    }
                    let (sent, own) = (all.reduce(0, +), kept.reduce(0, +))
                    return .init(
                        sent == 96 && own == 96, "of 96 frames of a guest \(sent) arrived, and \(own) with its address")
                }
            },
        ] + ["switch", "no-switch-setup"].map(isSeenOnce)

    /// A switch whose ports are in no group learns each address at one port and sends what is for all to every other one.
    private static func isSeenOnce(_ key: String) -> DecisionObservation {
        .init(
            key: key, title: "the switch sees the host at one port, and what is for all comes in once",
            applies: { _, side in side != .mlag && side != .twoLACP }, isHarmless: true,
            control: .init(side: .unmanaged, mode: "balance-rr", settings: carrier, requirements: [key])
        ) { scene in
            try await scene.ready()
            let address = try scene.aggregate["address"]?.plain ?? ""
            let own = try await scene.spread(
                flows: 16, each: 2, match: "ip flower src_mac \(address) ip_proto udp dst_port 9")
            let places = own.filter { $0 > 0 }.count
            _ = try scene.host.ns.tc(["qdisc replace dev \(scene.name) clsact"])
            let flooded = try await scene.counting(DecisionScene.datagrams, at: [scene.name], in: scene.host.ns) {
                let sender = try await TestSocket(FarSide.gateway, in: scene.far.namespace)
                for number in 0..<20 { sender.send(UInt32(number), to: FarSide.everybody, 9) }
            }[0]
            // Who asks for stations that are not there asks all, and the kernel gives no copy of that to the host itself.
            let asked = "arp flower arp_op request arp_sip \(FarSide.host)"
            let returned = try await scene.counting(asked, at: [scene.name], in: scene.host.ns) {
                let sender = try await TestSocket(FarSide.host, in: scene.host.ns.namespace)
                for number in 0..<20 { sender.send(UInt32(number), to: "\(FarSide.network).\(150 + number)", 9) }
            }[0]
            let isGroup = [.static, .lacp].contains(scene.side)
            // balance-alb asks by every port, so that half comes back by the active one: its row says that risk.
            let isOfferedBack = scene.decided.mode == "balance-alb"
            return .init(
                (isGroup || places <= 1) && flooded == 20 && (returned == 0 || isOfferedBack),
                "its address is seen at \(places) ports, of 20 frames for all \(flooded) came in, and \(returned) of what the host asked all"
            )
        }
    }
}
