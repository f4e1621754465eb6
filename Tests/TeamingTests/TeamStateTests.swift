import Aggregation
import Testing

@testable import Teaming

/// What teamd says that it does.
@Suite struct TeamStateTests {
    @Test func lacpIsRead() throws {
        let state = try #require(TeamState(parsing: TeamDumps.lacp))
        #expect(state.runner == "lacp")
        #expect(state.process == 744)
        #expect(state.usesBus)
        #expect(state.lacp == .init(isActive: true, isFast: true, systemPriority: 65535, selectPolicy: "lacp_prio"))
        let port = try #require(state.ports["eth0"])
        #expect(port.isUp)
        #expect(port.downCount == 3)
        #expect(port.watches.map(\.watch.kind) == [.ethtool, .arpPing])
        #expect(port.watches.map(\.isUp) == [true, false])
        let lacp = try #require(port.lacp)
        #expect(lacp.isSelected && lacp.isAggregatorSelected && lacp.aggregatorID == 2)
        #expect(lacp.actor.state.isForwarding)
        #expect(lacp.partner.system == LinkLayerAddress(text: "9e:97:6a:e5:d3:d1"))
        #expect(lacp.partner.key == 15)
    }

    private static func port(_ watches: [(String, String)]) throws -> TeamState.Port {
        let list = watches.map { "\"\($0.0)\": {\($0.1), \"up\": true, \"down_count\": 1}" }.joined(separator: ", ")
        let state = TeamState(
            parsing: """
                {"setup": {"runner_name": "activebackup"},
                 "ports": {"eth0": {"link_watches": {"up": false, "list": {\(list)}}}}}
                """)
        return try #require(state?.ports["eth0"])
    }

    /// By number and not by letter: link_watch_10 is the eleventh.
    @Test(arguments: [1, 9, 10, 11, 12, 101]) func watchesAreInTheirOrder(count: Int) throws {
        let port = try Self.port(
            (0..<count).reversed().map { ("link_watch_\($0)", "\"name\": \"ethtool\", \"delay_up\": \($0 + 1)") })
        let delays = port.watches.map { watch in watch.watch.settings.first { $0.name == "delay_up" }?.value }
        #expect(delays == (0..<count).map { .number(Int64($0 + 1)) })
        #expect(port.downCount == Int64(count))
        #expect(!port.isUp)
    }

    /// One of a later teamd is passed over, and those around it are read.
    @Test func anUnknownWatchIsNone() throws {
        let port = try Self.port([
            ("link_watch_0", "\"name\": \"ethtool\""), ("link_watch_1", "\"name\": \"bfd\", \"interval\": 5"),
            ("link_watch_2", "\"name\": \"nsna_ping\""), ("link_watch_3", "\"interval\": 7"),
        ])
        #expect(port.watches.map(\.watch.kind) == [.ethtool, .nsnaPing])
        #expect(port.downCount == 2)
    }

    @Test func aWatchThatTellsOfNoLinkIsDown() throws {
        let state = TeamState(
            parsing: """
                {"setup": {"runner_name": "lacp"}, "ports": {"eth0": {"link_watches": {"list": {
                 "link_watch_0": {"name": "ethtool"}}}, "runner": {"selected": true}}, "eth1": {}}}
                """)
        let port = try #require(state?.ports["eth0"])
        #expect(!port.isUp && port.watches.map(\.isUp) == [false])
        // Half a partner is none.
        #expect(port.lacp == nil)
        #expect(state?.ports["eth1"]?.watches.isEmpty == true)
    }

    @Test func theActivePortIsRead() throws {
        let state = try #require(TeamState(parsing: TeamDumps.activeBackup))
        #expect(state.activePort == "d0")
        #expect(state.lacp == nil)
        #expect(state.ports.keys.sorted() == ["d0", "d1"])
    }

    @Test func anotherVersionMayTellMoreAndNotLess() {
        #expect(
            TeamState(parsing: #"{"setup": {"runner_name": "random", "colour": 7}, "more": []}"#)?.runner == "random")
        #expect(TeamState(parsing: #"{"setup": {}}"#) == nil)
        #expect(TeamState(parsing: "[]") == nil)
    }
}
