import AggctlCommands
import Aggregation
import Testing

/// What whole commands refuse, with which code, and that the same command without the fault is not refused.
@Suite struct CommandRuleTests {
    private let bond = OneRuleScene(driver: .bonding, mode: .activeBackup)
    private let team = OneRuleScene(driver: .teaming, mode: .activeBackup)

    private func run(_ words: String, _ host: HostState) async -> CommandRun {
        await CommandRun(words.split(separator: " ").map(String.init), state: host)
    }

    // MARK: Given twice, contradictions, and what does nothing

    static let create = "create bond0 --mode active-backup --ports eth0 --dry-run"

    static let creations: [(String, Int32)] = [
        (create, 0), ("\(create) --set mode=lacp", 64), ("\(create) --set mode=active-backup", 64),
        ("\(create) --ports eth1", 64), ("\(create) --set ports=eth1", 64),
        ("\(create) --set driver=teaming", 64), ("\(create) --set name=x", 64),
        ("\(create) --address 192.0.2.2/24 --set addresses=192.0.2.3/24", 64),
        ("\(create) --address 192.0.2.2/24 --address 192.0.2.3/24", 0),
        ("\(create) --address 192.0.2.2/24 --set addresses+=192.0.2.3/24", 0),
        ("\(create) --address fe80::5/64", 65), ("\(create) --address 127.0.0.1/8", 65),
        ("\(create) --down --set state=present", 64), ("\(create) --down", 0), ("\(create) --set state=down", 0),
        ("\(create) --set state=absent", 64), ("\(create) --down --wait 5s", 64), ("\(create) --wait 5s", 0),
        ("\(create) --set miimon=50ms --set miimon=100ms", 64), ("\(create) --set mtu=1400 --set mtu=1400", 64),
        ("\(create) --set num_grat_arp=3 --set num_unsol_na=3", 0),
        ("\(create) --set num_grat_arp=3 --set num_unsol_na=4", 64),
        ("\(create) --set lacp={rate: fast}", 65), ("\(create) --set nosuch", 64),
    ]

    @Test(arguments: creations)
    func creating(_ words: String, _ code: Int32) async {
        let run = await CommandRun(Self.split(words), state: bond.bare)
        #expect(run.code == code, "\(run.transcript)")
    }

    /// Words, in which U+0001 and a space behind a colon stand for a space.
    private static func split(_ line: String) -> [String] {
        var words: [[Character]] = [[]]
        for character in line {
            if character == " ", words.last?.last != ":" {
                words.append([])
            } else {
                words[words.count - 1].append(character == "\u{1}" ? " " : character)
            }
        }
        return words.map { String($0) }
    }

    static let changes: [(String, Int32)] = [
        ("set bond0 --dry-run mtu=1400", 0), ("set bond0 --dry-run approximate=true", 64),
        ("set bond0 --dry-run approximate=true mtu=1400", 0), ("set bond0 --dry-run state=absent mtu=1400", 64),
        ("set bond0 --dry-run state=absent", 0), ("set bond0 --dry-run link-monitor.interval=50ms miimon=50ms", 65),
        ("set bond0 --dry-run link-monitor={interval:\u{1}50ms} link-monitor.interval=60ms", 64),
        ("set bond0 --dry-run link-monitor.interval=60ms link-monitor={interval:\u{1}50ms}", 64),
        ("set bond0 --dry-run mode=lacp arp_interval=0", 0), ("set bond0 --dry-run mode=lacp arp_interval=1s", 65),
        ("set bond0 --dry-run arp_interval=1s", 65),
        ("set bond0 --dry-run arp_interval=1s arp_ip_target=192.0.2.1", 0),
        ("set bond0 --dry-run arp_ip_target=none arp_interval=1s", 65),
        ("set bond0 --dry-run downdelay=150ms", 65), ("set bond0 --dry-run miimon=default", 0),
    ]

    @Test(arguments: changes)
    func setting(_ words: String, _ code: Int32) async {
        let run = await CommandRun(Self.split(words), state: bond.built)
        #expect(run.code == code, "\(run.transcript)")
    }

    @Test(
        arguments: [
            ("set bond0 mtu=1400", [false, true, true]), ("delete bond0", [false, true, true]),
            ("port add bond0 eth2", [true, true, true]), ("port remove bond0 eth1", [false, true, true]),
            ("port set bond0 eth1 priority=1", [false, true, true]),
            ("port activate bond0 eth1", [false, false, false]),
            ("create bond1 --mode lacp --ports eth2", [true, true, true]),
        ])
    func flagsThatDoNothingAreRefused(_ words: String, _ useful: [Bool]) async {
        let flags = ["--take-addresses", "--allow-interruption", "--allow-cutoff"]
        for (flag, isUseful) in zip(flags, useful) {
            let run = await run("\(words) --dry-run \(flag)", bond.built)
            #expect(run.code == (isUseful ? 0 : 64), "\(run.transcript)")
            if !isUseful { #expect(run.errors.contains("\(flag): it does nothing here")) }
        }
    }

    // MARK: Names

    @Test(
        arguments: [
            "port remove bond0 wan1", "port activate bond0 wan1", "port set bond0 wan1 priority=3",
            "port remove bond0 {permanent-address:\u{1}\"02:00:00:00:00:03\"}", "port add bond0 wan2",
            "set bond0 primary=wan1", "set bond0 active_slave=wan1", "set uplink mtu=1400", "delete uplink",
            "port add uplink wan2", "port remove uplink a-name-with-more-than-fifteen-bytes",
            "set bond0 primary=a-name-with-more-than-fifteen-bytes",
        ])
    func alternativeNamesAreKnown(_ words: String) async {
        var host = bond.built
        host.change("eth1") { $0.alternativeNames = ["wan1", "a-name-with-more-than-fifteen-bytes"] }
        host.change("eth2") { $0.alternativeNames = ["wan2"] }
        host.change("bond0") { $0.alternativeNames = ["uplink"] }
        let words = Self.split(words + " --dry-run")
        let run = await CommandRun(words, state: host)
        #expect(run.code == 0, "\(run.transcript)")
        for name in ["wan1", "wan2", "uplink", "a-name"] { #expect(!run.output.contains(name), "\(run.output)") }
        #expect(!run.output.contains("nothing to do"))
        let stranger = words.map { $0.hasPrefix("wan") ? "wan7" : $0 }
        if stranger != words { #expect(await CommandRun(stranger, state: host).code == 66) }
    }

    @Test func aPortThatWasRenamedStays() async throws {
        var host = bond.built
        host.change("eth1") { $0.name = "enp65s0f1" }
        host.change("bond0") { $0.aggregate?.ports = ["eth0", "enp65s0f1"] }
        // Nothing is known of its former name: it is missing, and what is there is not in the list.
        let unknown = try await bond.applyBuilt(["ports: [eth0, eth1]"], host: host)
        #expect(unknown.output.contains("detach enp65s0f1"))
        host.formerNames = ["eth1": 3]
        let known = try await bond.applyBuilt(["ports: [eth0, eth1]", "primary: eth1"], host: host)
        #expect(known.code == 0)
        #expect(!known.output.contains("detach"))
        #expect(known.output.contains("eth1 is called enp65s0f1 now"))
        #expect(known.output.contains("primary=enp65s0f1"))
        // A port of another aggregate is none of this one's.
        host.change("enp65s0f1") { $0.master = nil }
        let elsewhere = try await bond.applyBuilt(["ports: [eth0, eth1]"], host: host)
        #expect(elsewhere.output.contains("eth1 is not on this host"))
    }

    @Test func oneAggregateByTwoNamesIsOne() async throws {
        let text = "version: 1\naggregates:\n  - { name: bond0, mtu: 1400 }\n  - { name: uplink, mtu: 1500 }\n"
        var host = bond.built
        #expect(try await bond.apply(text: text, host).code == 0)
        host.change("bond0") { $0.alternativeNames = ["uplink"] }
        let twice = try await bond.apply(text: text, host)
        #expect(twice.code == 65 && twice.errors.contains("declared already as bond0"), "\(twice)")
    }

    // MARK: Several names

    @Test func deleteTakesSeveralNames() async {
        var host = bond.built
        var second = Link(index: 20, name: "bond1")
        second.aggregate = AggregateFacts(driver: .bonding, mode: .lacp, options: [:])
        second.alternativeNames = ["other"]
        host.links.append(second)
        let both = await run("delete bond0 bond1 other --dry-run", host)
        #expect(both.code == 0)
        #expect(both.output.contains("bond0: will be deleted") && both.output.contains("bond1: will be deleted"))
        #expect(both.output.components(of: "bond1: will be deleted") == 1)
        let missing = await run("delete bond0 nosuch other7 --dry-run", host)
        #expect(missing.code == 66)
        #expect(missing.errors.contains("nosuch") && missing.errors.contains("other7"))
    }

    // MARK: Values that the host decides on

    @Test func aPortWithoutCarrierDoesNotBecomeActive() async throws {
        var texts: [String] = []
        for scene in [bond, team] {
            var host = scene.built
            #expect(await run("port activate \(scene.name) eth1 --dry-run", host).code == 0)
            host.change("eth1") { $0.loseCarrier() }
            let activated = await run("port activate \(scene.name) eth1 --dry-run", host)
            #expect(activated.code == 5)
            #expect(activated.errors.contains("eth1 has no carrier"))
            texts.append(
                activated.errors.replacing(scene.name, with: "NAME").replacing(
                    scene.driver.activePortOption, with: "OPTION"))
            let option = scene.driver.activePortOption
            #expect(await scene.set(["\(option)=eth1"], host: host).errors == activated.errors)
            #expect(try await scene.applyBuilt(["options: { \(option): eth1 }"], host: host).errors == activated.errors)
            // The one in use may stay so.
            #expect(await scene.set(["\(option)=eth0"], host: host).code == 0)
            host.change("eth1") {
                $0.hasCarrier = true
                $0.flags.remove(.up)
            }
            #expect(await run("port activate \(scene.name) eth1 --dry-run", host).errors.contains("eth1 is down"))
            host.change("eth1") {
                $0.flags.insert(.up)
                $0.port?.monitor = .goingUp
            }
            #expect(await run("port activate \(scene.name) eth1 --dry-run", host).errors.contains("going-up"))
        }
        #expect(texts[0] == texts[1])
    }

    @Test func anMTUThatTakesIPv6AwayIsRefused() async throws {
        for scene in [bond, team] {
            var host = scene.built
            #expect(await scene.set(["mtu=1200"], host: host).code == 0)
            host.addresses = .init(("2001:db8:100::2/64", 10))
            let own = await scene.set(["mtu=1200"], host: host)
            #expect(own.code == 65)
            #expect(own.errors == (try await scene.applyBuilt(["mtu: 1200"], host: host)).errors)
            #expect(own.errors == (await scene.create(["mtu=1200", "addresses=2001:db8:100::2/64"])).errors)
            #expect(await scene.set(["mtu=1280"], host: host).code == 0)
            host.addresses = .init(("198.51.100.2/24", 10))
            #expect(await scene.set(["mtu=1200"], host: host).code == 0)
            // On a VLAN above it.
            var vlan = Link(index: 30, name: "vlan7")
            vlan.kind = "vlan"
            vlan.lower = 10
            host.links.append(vlan)
            host.addresses += .init(("2001:db8:7::2/64", 30))
            #expect(await scene.set(["mtu=1200"], host: host).errors.contains("vlan7 has 2001:db8:7::2/64"))
            // One that is small already loses nothing.
            host.change("vlan7") { $0.mtu = 1200 }
            #expect(await scene.set(["mtu=1200"], host: host).code == 0)
            // The other way round.
            host.change(scene.name) { $0.mtu = 1200 }
            #expect(await scene.set(["addresses+=2001:db8::9/64"], host: host).code == 65)
            #expect(await scene.set(["addresses+=2001:db8::9/64", "mtu=1500"], host: host).code == 0)
        }
    }

    @Test func addressesThatAreNotOursAreNotClaimed() async {
        var host = bond.built
        host.addresses = .init(("192.0.2.50/24", 10))
        #expect(await bond.set(["addresses=192.0.2.50/24"], host: host).code == 0)
        host.addresses[0].validLifetime = 600
        let leased = await bond.set(["addresses=192.0.2.50/24"], host: host)
        #expect(leased.code == 65 && leased.errors.contains("leased or learned"))
        #expect(await bond.set(["addresses=192.0.2.51/24"], host: host).code == 0)
    }

    @Test func absentKeysAreNotManaged() async throws {
        // Neither driver nor mode: those that it has.
        #expect(try await team.applyBuilt(["mtu: 1500"]).output.contains("team0: nothing to do"))
        #expect(
            try await team.applyBuilt(["options: { notify_peers.count: 3 }"]).output.contains("notify_peers.count=3"))
        #expect(try await team.applyBuilt(["options: { miimon: 50ms }"]).code == 65)
        #expect(try await team.applyBuilt(["options: { nosuch: 50ms }"]).code == 65)
        #expect(try await team.applyBuilt(["state: absent"]).output.contains("team0: will be deleted"))
        #expect(try await team.applyBuilt(["driver: bonding", "state: absent"]).code == 65)
        #expect(
            try await bond.applyBuilt(["mtu: 1500"], host: bond.bare).output.contains("driver bonding, mode balance-rr")
        )
        let check = await run("check Tests/nosuch.yaml", team.built)
        #expect(check.code == 66)
    }

    @Test func approximationHasAWordOnEveryCommand() async {
        for words in ["port set team0 eth1 priority=10", "port add team0 eth2 --set priority=10"] {
            let refused = await run("\(words) --dry-run", team.built)
            #expect(refused.code == 65 && refused.errors.contains("approximate=true"))
            let flag = words.contains("--set") ? "--set approximate=true" : "approximate=true"
            let taken = await run("\(words) \(flag) --dry-run", team.built)
            #expect(taken.code == 0 && taken.output.contains("prio=10"), "\(taken.transcript)")
        }
    }

    @Test func aTeamThatOthersRanIsNotSentToRepair() async {
        var host = team.built
        for (remembered, code) in [(true, Int32(0)), (false, 66)] {
            host.change("team0") {
                $0.aggregate?.daemon = .init(.absent)
                $0.aggregate?.daemon?.runnerIsUnknown = !remembered
            }
            let added = await run("port add team0 eth2 --dry-run", host)
            #expect(added.code == 69)
            #expect(added.errors.contains("aggctl repair team0") == remembered)
            let status = await run("status team0", host)
            #expect(status.output.contains("aggctl repair team0") == remembered)
            #expect(await run("repair team0 --dry-run", host).code == code)
        }
    }

    @Test func aDaemonThatHangsIsRepairedFirst() async {
        let changes = [
            "delete team0", "set team0 notify_peers.count=2", "port remove team0 eth1", "port add team0 eth2",
            "port set team0 eth1 prio=3",
        ]
        var host = team.built
        for change in changes {
            host.change("team0") { $0.aggregate?.daemon = .init(.silent, process: 7) }
            let refused = await run("\(change) --dry-run", host)
            #expect(refused.code == 69, "\(refused.transcript)")
            #expect(
                refused.errors.contains("its teamd (process 7) does not answer\n  hint: run aggctl repair team0 first"))
            host.change("team0") { $0.aggregate?.daemon?.state = .running }
            #expect(await run("\(change) --dry-run", host).code == 0)
        }
        // Nobody has to be waited for.
        host.change("team0") { $0.aggregate?.daemon = .init(.absent) }
        #expect(await run("delete team0 --dry-run", host).code == 0)
    }

    // MARK: Exit codes

    @Test func aMissingPortIsCodeTwo() async throws {
        // Nothing differs but the port that is not there: nothing is written.
        let missing = try await bond.applyForGood(["ports: [eth0, eth1, eth9]"])
        #expect(missing.code == 2 && missing.output.contains("port eth9 is not on this host"), "\(missing)")
        #expect(try await bond.applyForGood(["ports: [eth0, eth1]"]).code == 0)
        #expect(await run("port add bond0 eth9 --dry-run", bond.built).code == 66)
        #expect(await run("create bond1 --mode lacp --ports eth2,eth9 --dry-run", bond.built).code == 66)
    }
}

extension [HostState.Address] {
    /// Global addresses, each on a device.
    fileprivate init(_ pairs: (String, Int32)...) {
        self = pairs.compactMap { text, device in
            IPPrefix(text: text).map { prefix in
                .init(
                    device: device, prefix: prefix, scope: 0, flags: 0x80, origin: 0, validLifetime: nil,
                    record: KernelRecord(kind: .address, key: "\(text) \(device)", summary: text, payload: []))
            }
        }
    }
}

extension String {
    fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
