import Aggregation
import Testing

@testable import Teaming

/// One picture of a team from teamd, the kernel and what is remembered.
@Suite struct TeamObservationTests {
    private static func snapshot(_ configuration: String, _ state: String) throws -> TeamdControl.Snapshot {
        TeamdControl.Snapshot(
            configuration: try #require(TeamConfiguration(parsing: configuration)),
            state: try #require(TeamState(parsing: state)))
    }

    private static let daemon = TeamDaemons.Running(
        process: 731, team: "tx", usesBus: true, isHere: true)

    private static func link(_ name: String, _ index: Int32) -> Link {
        var link = Link(index: index, name: name)
        link.hasCarrier = true
        link.flags = [.up]
        return link
    }

    private static let names: [Int32: String] = [3: "d0", 5: "d1"]

    @Test func theKernelsWordCountsBeforeTheConfiguration() throws {
        var kernel = TeamKernel()
        kernel.mode = "activebackup"
        kernel.activePort = 5
        kernel.notifyPeersCount = 9
        kernel.ports = [
            3: .init(isEnabled: false, priority: 4, queue: 0),
            5: .init(isEnabled: true, priority: 0, queue: 2),
        ]
        let told = #"{"runner": {"name": "activebackup"}, "notify_peers": {"count": 2}, "ports": {"d0": {"prio": 1}}}"#
        let observation = TeamObservation(
            answer: .success(try Self.snapshot(told, TeamDumps.activeBackup)), daemons: [Self.daemon], kernel: kernel,
            remembered: nil, names: Self.names)
        let facts = try #require(observation.facts)
        #expect(facts.mode == .activeBackup)
        #expect(facts.daemon?.state == .running)
        #expect(facts.options["notify_peers.count"] == .number(9))
        #expect(facts.options["link_watch"] == .watches([LinkWatch(.ethtool)]))
        let first = observation.port(Self.link("d0", 3))
        #expect(first.options["prio"] == .number(4))
        #expect(first.options["link_watch"] == .watches([]))
        // teamd says d0, the kernel d1: frames go by d1.
        #expect(facts.activePort == "d0")
        #expect(first.isBackup)
        let second = observation.port(Self.link("d1", 5))
        #expect(!second.isBackup)
        #expect(second.options["queue_id"] == .number(2))
    }

    /// Of ports that may all send, the kernel uses one; where the mode uses all, each counts.
    @Test(arguments: [("activebackup", [true, false]), ("loadbalance", [false, false])])
    func oneOfSeveralEnabledPortsForwards(runner: String, isBackup: [Bool]) throws {
        var kernel = TeamKernel()
        kernel.mode = runner
        kernel.activePort = 5
        for index in [Int32(3), 5] { kernel.ports[index] = .init(isEnabled: true, priority: 0, queue: 0) }
        let observation = TeamObservation(
            answer: .failure(.absent), daemons: [], kernel: kernel, remembered: nil, names: Self.names)
        #expect(["d0", "d1"].enumerated().map { observation.port(Self.link($1, [3, 5][$0])).isBackup } == isBackup)
    }

    @Test func daemonAndKernelThatContradictEachOtherAreSeen() throws {
        let told = #"{"runner": {"name": "activebackup"}, "ports": {"d0": {}, "d1": {}}}"#
        func contradicts(active: Int32?, links: [Bool?]) throws -> Bool {
            var kernel = TeamKernel()
            kernel.activePort = active
            for (index, isUp) in zip([Int32(3), 5], links) {
                kernel.ports[index] = .init(isEnabled: true, priority: 0, queue: 0)
                kernel.ports[index]?.userLinkUp = isUp
            }
            return TeamObservation(
                answer: .success(try Self.snapshot(told, TeamDumps.activeBackup)), daemons: [Self.daemon],
                kernel: kernel, remembered: nil, names: Self.names
            ).isContradictory
        }
        let dump = TeamState(parsing: TeamDumps.activeBackup)
        let links = ["d0", "d1"].map { dump?.ports[$0]?.isUp }
        #expect(try !contradicts(active: 3, links: links))
        #expect(try !contradicts(active: nil, links: [nil, nil]))
        #expect(try contradicts(active: 5, links: links))
        #expect(try contradicts(active: 3, links: [links[0].map { !$0 }, links[1]]))
        #expect(try contradicts(active: 3, links: [links[0], links[1].map { !$0 }]))
    }

    @Test func aWatchThatTeamdDoesNotRunIsNotThere() throws {
        let told = """
            {"runner": {"name": "activebackup"}, "link_watch": {"name": "ethtool"},
             "ports": {"d1": {"prio": 0, "link_watch": {"name": "arp_ping", "target_host": "192.0.2.1"}}}}
            """
        let observation = TeamObservation(
            answer: .success(try Self.snapshot(told, TeamDumps.activeBackup)), daemons: [Self.daemon], kernel: nil,
            remembered: nil, names: Self.names)
        #expect(observation.port(Self.link("d1", 5)).options["link_watch"] == .watches([]))
    }

    @Test func watchesOfAPortAreToldFromThoseOfTheTeam() throws {
        let told = """
            {"runner": {"name": "lacp"}, "link_watch": {"name": "ethtool"},
             "ports": {"eth0": {"link_watch": {"name": "arp_ping", "target_host": "198.51.100.1", "vlanid": 4}}}}
            """
        let observation = TeamObservation(
            answer: .success(try Self.snapshot(told, TeamDumps.lacp)), daemons: [Self.daemon], kernel: nil,
            remembered: nil, names: [2: "eth0"])
        let port = observation.port(Self.link("eth0", 2))
        let row = try #require(LinkWatchOptions.table(.arpPing)["vlanid"])
        guard case .watches(let own)? = port.options["link_watch"] else { return #expect(Bool(false)) }
        #expect(own.map(\.kind) == [.arpPing])
        // The state does not tell the VLAN: the configuration does.
        #expect(own.first?.settings.contains(OptionSetting(row.name, .number(4))) == true)
        let facts = try #require(observation.facts)
        #expect(facts.activeAggregator?.partnerKey == 15)
        #expect(port.actorState?.isForwarding == true)
    }

    /// What teamd printed, through the judgement.
    @Test func whatTeamdPrintedIsJudged() throws {
        func status(_ told: String, _ dump: String, _ names: [Int32: String], _ kernel: TeamKernel? = nil) throws
            -> AggregateStatus
        {
            let observation = TeamObservation(
                answer: .success(try Self.snapshot(told, dump)), daemons: [Self.daemon], kernel: kernel,
                remembered: nil, names: names)
            var team = Link(index: 90, name: "tx")
            team.kind = "team"
            team.flags = [.up]
            team.hasCarrier = true
            team.aggregate = observation.facts
            var state = HostState()
            state.links = [team]
            for (index, name) in names.sorted(by: { $0.key < $1.key }) {
                var link = Self.link(name, index)
                link.master = 90
                link.port = observation.port(link)
                state.links.append(link)
            }
            return try #require(AggregateHealth.statuses(of: state).first)
        }
        let lacp = try status(#"{"runner": {"name": "lacp"}}"#, TeamDumps.lacp, [2: "eth0"])
        #expect(lacp.verdict == .healthy)
        #expect(lacp.isUsable)

        let plain = #"{"runner": {"name": "activebackup"}}"#
        var kernel = TeamKernel()
        kernel.mode = "activebackup"
        kernel.activePort = 3
        kernel.ports = [
            3: .init(isEnabled: true, priority: 0, queue: 0), 5: .init(isEnabled: false, priority: 0, queue: 0),
        ]
        #expect(try status(plain, TeamDumps.activeBackup, Self.names, kernel).verdict == .healthy)

        // The active port's watch is down, and nothing else was told.
        let dead = TeamDumps.activeBackup.replacing(
            #""name":"ethtool","up":true}},"up":true}},"#, with: #""name":"ethtool","up":false}},"up":false}},"#)
        let judged = try status(plain, dead, Self.names, kernel)
        #expect(judged.verdict == .down)
        #expect(judged.findings.contains { $0.text == "the active port d0 carries nothing" })

        let asking =
            #"{"runner": {"name": "activebackup"}, "link_watch": {"name": "arp_ping", "target_host": "192.0.2.1"}}"#
        let silent = dead.replacing(
            #""delay_down":0,"delay_up":0,"down_count":0,"name":"ethtool","up":false"#,
            with:
                #""init_wait":0,"interval":300,"missed":9,"missed_max":3,"name":"arp_ping","target_host":"192.0.2.1","down_count":1,"up":false"#
        )
        let unanswered = try status(asking, silent, Self.names, kernel)
        #expect(unanswered.ports.first?.note == "has carrier, but 192.0.2.1 does not answer")
        #expect(unanswered.findings.contains { $0.text.hasPrefix("any ARP frame that a port receives") })
    }

    @Test func withoutADaemonTheLastConfigurationIsWhatIsKnown() throws {
        var kernel = TeamKernel()
        kernel.mode = "loadbalance"
        let observation = TeamObservation(
            answer: .failure(.absent), daemons: [], kernel: kernel,
            remembered: TeamConfiguration(mode: .lacp, options: ["runner.fast_rate": .number(1)]), names: [:])
        let facts = try #require(observation.facts)
        #expect(facts.mode == .lacp)
        #expect(facts.daemon?.state == .absent)
        #expect(facts.daemon?.optionsAreRemembered == true)
        #expect(facts.options["runner.fast_rate"] == .number(1))
    }

    @Test func aDaemonThatDoesNotAnswerIsSilent() throws {
        var kernel = TeamKernel()
        kernel.mode = "roundrobin"
        let observation = TeamObservation(
            answer: .failure(.silent), daemons: [Self.daemon], kernel: kernel, remembered: nil, names: [:])
        let facts = try #require(observation.facts)
        #expect(facts.mode == .balanceRR)
        #expect(facts.daemon?.state == .silent)
        #expect(facts.daemon?.process == 731)
    }

    @Test func whoIsToldNothingClaimsNothing() {
        let observation = TeamObservation(
            answer: .failure(.notPermitted), daemons: [], kernel: nil, remembered: nil, names: [:])
        #expect(observation.facts == nil)
    }
}
