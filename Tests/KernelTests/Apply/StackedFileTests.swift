import AggctlCommands
import Aggregation
import Glibc
import Netlink
import Testing

/// One file, one apply: aggregates that stand on each other, and ports and addresses that change hands. `ip` is the witness.
@Suite struct StackedFileTests {
    /// What a stack is made of, from the top.
    static let stacks: [[DriverKind]] = [
        [.bonding, .bonding], [.teaming, .bonding], [.bonding, .teaming], [.teaming, .teaming],
        [.bonding, .teaming, .bonding], [.teaming, .bonding, .teaming],
    ]

    @Test(arguments: stacks) func aStackIsBuiltAndTakenAwayInOneRun(_ drivers: [DriverKind]) async throws {
        try await withHost { host in
            let names = drivers.indices.map { host.name("s\($0)") }
            var lines: [String] = []
            for (place, driver) in drivers.enumerated() {
                let below = place + 1 < names.count ? names[place + 1] : "eth3"
                let addresses = place == 0 ? ", addresses: [192.0.2.2/24]" : ""
                lines.append(
                    "{name: \(names[place]), driver: \(driver.rawValue), mode: active-backup, "
                        + "ports: [\(below), eth\(place)]\(addresses)}")
            }
            // The top first: what it stands on is not there yet.
            try await host.apply(lines)
            let masters = try host.masters()
            for place in names.indices {
                #expect(masters["eth\(place)"] == names[place], "\(masters)")
                if place > 0 { #expect(masters[names[place]] == names[place - 1], "\(masters)") }
            }
            #expect(try host.ip("addr show dev \(names[0])").contains("192.0.2.2/24"))
            try await host.expectNothingToDo(lines.reversed())

            // The bottom first: it is deleted last all the same.
            let absent = names.indices.reversed().map { place in
                "{name: \(names[place]), driver: \(drivers[place].rawValue), state: absent}"
            }
            try await host.apply(absent, "--allow-cutoff")
            #expect(try host.masters().isEmpty)
            #expect(try !host.ip("link show").contains(names[0]))
        }
    }

    /// The lower aggregate of two changes in a way that takes it down, while the upper one gets another port.
    @Test(arguments: stacks.prefix(4)) func bothOfAStackChangeTogether(_ drivers: [DriverKind]) async throws {
        try await withHost { host in
            let (top, low) = (host.name("t"), host.name("l"))
            func lines(_ mode: String, _ ports: (String, String), mtu: Int) -> [String] {
                [
                    "{name: \(top), driver: \(drivers[0].rawValue), mode: active-backup, mtu: \(mtu), "
                        + "ports: [\(ports.0)], addresses: [192.0.2.2/24]}",
                    "{name: \(low), driver: \(drivers[1].rawValue), mode: \(mode), mtu: \(mtu), ports: [\(ports.1)]}",
                ]
            }
            try await host.apply(lines("active-backup", ("\(low), eth2", "eth0"), mtu: 1500))
            let changed = lines("balance-xor", ("eth3, \(low)", "eth1, eth0"), mtu: 1400)
            try await host.apply(changed, "--allow-interruption")
            let masters = try host.masters()
            #expect(masters == [low: top, "eth0": low, "eth1": low, "eth3": top], "\(masters)")
            #expect(try host.ip("link show dev eth0").contains("mtu 1400"))
            #expect(try host.ip("link show dev \(low)").contains("UP"))
            // What comes for the top has to be taken in at the bottom.
            let address = try host.address(of: top)
            #expect(try host.address(of: low) == address && host.address(of: "eth0") == address)
            try await host.expectNothingToDo(changed)
        }
    }

    @Test func aStackIsTurnedUpsideDownAndLeavesItsLowerHalf() async throws {
        try await withHost { host in
            let (one, other) = (host.name("o"), host.name("p"))
            try await host.apply([
                "{name: \(one), mode: active-backup, ports: [\(other), eth0], addresses: [192.0.2.2/24]}",
                "{name: \(other), mode: active-backup, ports: [eth1]}",
            ])
            // What carries addresses cannot be a port, but these go in the same change.
            let turned = [
                "{name: \(one), mode: active-backup, ports: [eth0], addresses: []}",
                "{name: \(other), mode: active-backup, ports: [eth1, \(one)]}",
            ]
            try await host.apply(turned)
            #expect(try host.masters() == [one: other, "eth0": one, "eth1": other])
            try await host.expectNothingToDo(turned)

            let parted = ["{name: \(other), state: absent, driver: bonding}", turned[0]]
            try await host.apply(parted)
            #expect(try host.masters() == ["eth0": one])
            #expect(try host.ip("link show dev \(one)").contains("UP"), "leaving takes a port down")
            try await host.expectNothingToDo(parted)
        }
    }

    /// A cycle and what is too deep are refused before anything is touched.
    @Test func whatTheKernelWouldRefuseIsRefusedFirst() async throws {
        try await withHost { host in
            let before = try HostWitness(host.ns, ["link show"])
            func names(_ count: Int) -> [String] { (0..<count).map { host.name("d\($0)") } }
            func stack(_ names: [String]) -> [String] {
                names.indices.map {
                    "{name: \(names[$0]), mode: active-backup, ports: [\($0 == 0 ? "eth0" : names[$0 - 1])]}"
                }
            }
            let deep = await host.outcome(stack(names(8)))
            #expect(deep.code == 65 && deep.errors.contains("at most 8"), "\(deep)")
            let (a, b) = (host.name("a"), host.name("b"))
            let cycle = await host.outcome([
                "{name: \(a), mode: active-backup, ports: [\(b)]}", "{name: \(b), mode: active-backup, ports: [\(a)]}",
            ])
            #expect(cycle.code == 65 && cycle.errors.contains("\(a) on \(b) on \(a)"), "\(cycle)")
            let differences = try await host.ns.expectUnchanged(since: before, ["link show"])
            #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
            // The most that the kernel allows is built.
            try await host.apply(stack(names(7)))
            #expect(try host.masters().count == 7)
        }
    }

    // MARK: - What changes hands

    /// Each driver with each: all ports of two aggregates are exchanged.
    @Test(arguments: stacks.prefix(4)) func twoAggregatesExchangeAllPorts(_ drivers: [DriverKind]) async throws {
        try await withHost { host in
            let (one, other) = (host.name("x"), host.name("y"))
            func lines(_ ports: (String, String)) -> [String] {
                [
                    "{name: \(one), driver: \(drivers[0].rawValue), mode: active-backup, ports: [\(ports.0)]}",
                    "{name: \(other), driver: \(drivers[1].rawValue), mode: lacp, ports: [\(ports.1)]}",
                ]
            }
            try await host.apply(lines(("eth0", "eth1, eth2")))
            try await host.apply(lines(("eth2, eth1", "eth0")))
            #expect(try host.masters() == ["eth0": other, "eth1": one, "eth2": one])
            try await host.expectNothingToDo(lines(("eth2, eth1", "eth0")))
            try await host.apply(lines(("eth0", "eth1, eth2")))
            #expect(try host.masters() == ["eth0": one, "eth1": other, "eth2": other])
        }
    }

    @Test func queuesPrioritiesAndThePrimaryAreSwapped() async throws {
        try await withHost { host in
            let bond = host.name("q")
            func line(_ queues: [Int], _ priorities: [Int]) -> String {
                let ports = queues.indices.map {
                    "{name: eth\($0), queue-id: \(queues[$0]), priority: \(priorities[$0])}"
                }
                return "{name: \(bond), mode: active-backup, ports: [\(ports.joined(separator: ", "))]}"
            }
            try await host.apply([line([1, 2, 0], [7, 5, 0])])
            for queues in [[2, 1, 0], [3, 2, 1], [1, 3, 2], [0, 1, 3]] {
                try await host.apply([line(queues, [queues[1], queues[2], queues[0]])])
                let dump = try host.ns.ip(["-d"], ["link show"])
                for (place, queue) in queues.enumerated() {
                    let text = dump.split(separator: "\n").drop { !$0.contains(" eth\(place)@") }.prefix(5)
                        .joined(separator: " ")
                    #expect(text.contains("queue_id \(queue) "), "\(queues): \(text)")
                }
            }
        }
    }

    @Test(arguments: stacks.prefix(4)) func addressesMoveFromOneAggregateToTheOther(
        _ drivers: [DriverKind]
    ) async throws {
        try await withHost { host in
            let (one, other) = (host.name("m"), host.name("n"))
            func lines(_ addresses: (String, String)) -> [String] {
                [
                    "{name: \(one), driver: \(drivers[0].rawValue), mode: active-backup, ports: [eth0], "
                        + "addresses: [\(addresses.0)]}",
                    "{name: \(other), driver: \(drivers[1].rawValue), mode: active-backup, ports: [eth1], "
                        + "addresses: [\(addresses.1)]}",
                ]
            }
            // One link: whoever has an address answers the other's question for it.
            _ = try host.ns.ip(
                [],
                [
                    "link add bridge0 type bridge", "link set bridge0 up", "link set far0 master bridge0",
                    "link set far1 master bridge0",
                ])
            try await host.apply(lines(("192.0.2.2/24, \"2001:db8::2/64\"", "198.51.100.2/24, \"2001:db8:1::2/64\"")))
            let swapped = lines(("198.51.100.2/24, \"2001:db8:1::2/64\"", "192.0.2.2/24, \"2001:db8::2/64\""))
            try await host.apply(swapped)
            try await eventually(within: .seconds(60), "no address tentative") {
                try !host.ns.ip(["-6"], ["addr show tentative"]).contains("2001:db8")
            }
            let addresses = try host.ip("addr show dev \(other)")
            #expect(addresses.contains("192.0.2.2/24") && addresses.contains("2001:db8::2/64"), "\(addresses)")
            #expect(try !host.ip("addr show").contains("dadfailed"))
            try await host.expectNothingToDo(swapped)
        }
    }

    @Test(arguments: [stacks[0], stacks[1]]) func linkLayerAddressesAreExchanged(_ drivers: [DriverKind]) async throws {
        try await withHost { host in
            let (one, other) = (host.name("u"), host.name("v"))
            func lines(_ addresses: (String, String)) -> [String] {
                [
                    "{name: \(one), driver: \(drivers[0].rawValue), mode: active-backup, ports: [eth0], "
                        + "mac-address: \(addresses.0)}",
                    "{name: \(other), driver: \(drivers[1].rawValue), mode: active-backup, ports: [eth1], "
                        + "mac-address: \(addresses.1)}",
                ]
            }
            let (first, second) = ("02:00:00:00:01:01", "02:00:00:00:01:02")
            try await host.apply(lines((first, second)))
            try await host.apply(lines((second, first)))
            #expect(try host.address(of: one) == second && host.address(of: other) == first)
            try await eventually(within: .seconds(60), "the ports having the addresses of their aggregates") {
                try host.address(of: "eth0") == second && host.address(of: "eth1") == first
            }
            try await host.expectNothingToDo(lines((second, first)))
        }
    }

    /// All ports but one leave, and one is enough from then on: the carrier stays the whole time.
    @Test func lessPortsAreNeededBeforeSomeLeave() async throws {
        try await withHost { host in
            let bond = host.name("k")
            func line(_ needed: Int, _ ports: String) -> String {
                "{name: \(bond), mode: lacp, lacp: {min-ports: \(needed)}, ports: [\(ports)]}"
            }
            try await host.apply([line(2, "eth0, eth1")])
            let plan = await host.outcome([line(1, "eth0")], command: "plan")
            let steps = plan.output.split(separator: "\n").filter { $0.hasPrefix("  ") }
            #expect(steps.first?.contains("min_links=1") == true, "\(plan)")
            try await host.apply([line(1, "eth0")])
            try await host.expectNothingToDo([line(1, "eth0")])
        }
    }

    private func withHost(_ body: (StackedHost) async throws -> Void) async throws {
        try await withNamespace { ns in
            try await Scenes.ports(ns)
            try await body(try await StackedHost(ns))
        }
    }
}

/// A namespace with four ports, names of aggregates that no other test has, and files for them.
private struct StackedHost {
    let ns: KernelFixture
    private let driver: any AggregateDriver
    private let suffix: String

    init(_ ns: KernelFixture) async throws {
        self.ns = ns
        suffix = String(UInt32.random(in: .min ... .max), radix: 36)
        driver = try await Session.open(netns: ns.name, stateDirectory: ns.stateDirectory).driver
        let (suffix, directory) = (suffix, ns.stateDirectory)
        ns.atEnd {
            for file in SmallFile.names(in: "/run/teamd") where file.hasSuffix(suffix + ".pid") {
                if let process = TeamScene.process(of: String(file.dropLast(4))) { kill(process, SIGKILL) }
                for end in ["pid", "sock"] { unlink("/run/teamd/\(file.dropLast(4)).\(end)") }
            }
            for file in SmallFile.names(in: "\(directory)/teamd") { unlink("\(directory)/teamd/\(file)") }
            rmdir("\(directory)/teamd")
            Scenes.rmtree(directory)
        }
    }

    func name(_ short: String) -> String { short + suffix }

    func ip(_ line: String) throws -> String { try ns.ip([], [line]) }

    func outcome(_ lines: [String], _ flags: String = "", command: String = "apply") async -> Program.Outcome {
        let text = "version: 1\naggregates:\n" + lines.map { "  - \($0)\n" }.joined()
        guard let file = try? ns.file(text) else { return .init(code: -1, output: "", errors: "no file") }
        return await ns.aggctl("\(command) \(file) \(flags)", driver: driver)
    }

    func apply(_ lines: [String], _ flags: String = "") async throws {
        let outcome = await outcome(lines, flags + " --no-wait")
        guard outcome.code == 0 else { throw Missing(what: "success of \(lines): \(outcome)") }
    }

    func expectNothingToDo(_ lines: [String]) async throws {
        for command in ["plan", "check"] {
            let outcome = await outcome(lines, command: command)
            #expect(outcome.code == 0, "\(command) of \(lines): \(outcome)")
        }
    }

    /// Ports and what they are ports of, as `ip` tells.
    func masters() throws -> [String: String] {
        var found: [String: String] = [:]
        for line in try ip("link show").split(separator: "\n") where line.contains(" master ") {
            let words = line.split(whereSeparator: { $0 == " " || $0 == ":" }).map(String.init)
            guard words.count > 1, let place = words.firstIndex(of: "master"), words[place + 1] != "bridge0" else {
                continue
            }
            found[String(words[1].prefix { $0 != "@" })] = words[place + 1]
        }
        return found
    }

    func address(of name: String) throws -> String {
        let words = try ip("link show dev \(name)").split(whereSeparator: \.isWhitespace).map(String.init)
        guard let place = words.firstIndex(of: "link/ether"), place + 1 < words.count else {
            throw Missing(what: "address of \(name)")
        }
        return words[place + 1]
    }
}
