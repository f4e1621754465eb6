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
