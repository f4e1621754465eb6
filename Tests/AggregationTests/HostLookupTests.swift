import Aggregation
import FoundationEssentials
import Testing

/// Tables by which a host finds its links, addresses and routes: they follow every change, and are no part of the host.
@Suite struct HostLookupTests {
    @Test func aNewNameIsFoundAndTheOldOneIsNot() {
        var host = Fixture.host(ports: 3)
        #expect(host.link(named: "eth1")?.index == 3)
        host.links[1].name = "lan1"
        #expect(host.link(named: "lan1")?.index == 3)
        #expect(host.link(named: "eth1") == nil)
        host.links.remove(at: 0)
        #expect(host.link(index: 3)?.name == "lan1")
        #expect(host.link(index: 2) == nil)
    }

    @Test func aCopyThatChangesLeavesTheOriginalAlone() {
        let host = Fixture.host(ports: 2)
        #expect(host.link(named: "eth0") != nil)
        var copy = host
        copy.links[0].name = "wan"
        #expect(copy.link(named: "eth0") == nil)
        #expect(host.link(named: "eth0") != nil)
        #expect(host.link(named: "wan") == nil)
    }

    @Test func aNameComesBeforeAnAlternativeName() {
        var host = Fixture.host(ports: 2)
        host.links[0].alternativeNames = ["eth1", "uplink"]
        #expect(host.link(named: "eth1")?.index == 3)
        #expect(host.link(named: "uplink")?.index == 2)
    }

    @Test func portsAndUpperDevicesFollowTheirIndexes() {
        var host = Fixture.host(ports: 4)
        host.links[1].master = 2
        host.links[2].lower = 2
        host.links[2].kind = "vlan"
        host.links[3].lower = 4
        host.links[3].kind = "macvlan"
        #expect(host.ports(of: host.links[0]).map(\.name) == ["eth1"])
        #expect(host.stacked(on: host.links[0]).map(\.name) == ["eth2", "eth3"])
        // Two devices that name each other: a loop ends.
        host.links[0].lower = 5
        host.links[0].kind = "vlan"
        #expect(Set(host.stacked(on: host.links[0]).map(\.name)) == ["eth0", "eth2", "eth3"])
        host.links[2].lowerIsElsewhere = true
        #expect(host.stacked(on: host.links[0]).isEmpty)
    }

    @Test func askingIsNoChange() throws {
        let (asked, fresh) = (Fixture.host(), Fixture.host())
        _ = asked.link(named: "eth0")
        #expect(asked == fresh && asked.hashValue == fresh.hashValue)
        let copy = try JSONDecoder().decode(HostState.self, from: try JSONEncoder().encode(asked))
        #expect(copy == asked)
        #expect(copy.link(named: "eth0")?.index == 2)
    }

    @Test(arguments: [[], [0], [0x0f, 0xa0, 0xff]] as [[UInt8]])
    func recordsOfTheJournalKeepTheirBytes(payload: [UInt8]) throws {
        let record = KernelRecord(kind: .route, key: "k", summary: "s", payload: payload)
        let data = try JSONEncoder().encode(record)
        #expect(try JSONDecoder().decode(KernelRecord.self, from: data) == record)
    }

    @Test(arguments: ["0", "0g", "é0"]) func damagedBytesAreRefused(text: String) {
        let json = Data(#"{"kind":"route","key":"k","summary":"s","payload":"\#(text)"}"#.utf8)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(KernelRecord.self, from: json) }
    }
}
