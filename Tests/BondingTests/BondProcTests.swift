import Aggregation
import Bonding
import Testing

@Suite struct BondProcTests {
    @Test func readsPartnersAndOrder() throws {
        let proc = BondProc(text: ProcTexts.lacp)
        #expect(proc.ports.map(\.name) == ["a0", "a1"])
        #expect(proc.modeText == "IEEE 802.3ad Dynamic link aggregation")
        #expect(proc.isUp == true)
        #expect(proc.activeAggregatorID == 1)
        let port = try #require(proc.ports.last)
        #expect(port.speed == 10000)
        #expect(port.duplex == .full)
        #expect(port.actorChurn == .monitoring)
        #expect(port.actorState == LACPPortState(rawValue: 63))
        #expect(port.partnerState == LACPPortState(rawValue: 63))
        let partner = try #require(port.partner)
        #expect(partner.systemPriority == 65535)
        #expect(partner.system == LinkLayerAddress(text: "e6:0d:6a:96:e2:17"))
        #expect(partner.key == 15)
        #expect(partner.portPriority == 255)
        #expect(partner.portNumber == 2)
    }

    @Test func aHiddenPartnerIsNoPartnerThatWasRead() {
        let proc = BondProc(text: ProcTexts.lacpUnprivileged)
        #expect(proc.ports.map(\.name) == ["a0", "a1"])
        #expect(proc.ports.allSatisfy { $0.partner == nil && $0.aggregatorID == 1 })
    }

    /// A port that was read over netlink while LACP was in another state is not the one that the text shows.
    @Test func anotherStateIsAnotherMoment() throws {
        let shown = try #require(BondProc(text: ProcTexts.lacp).ports.last)
        let hidden = try #require(BondProc(text: ProcTexts.lacpUnprivileged).ports.last)
        var port = PortFacts(options: [:], isBackup: false, monitor: .up, linkFailures: 0)
        #expect(shown.hasStates(of: port))
        (port.actorState, port.partnerState) = (LACPPortState(rawValue: 63), LACPPortState(rawValue: 63))
        #expect(shown.hasStates(of: port) && hidden.hasStates(of: port))
        port.actorState = LACPPortState(rawValue: 71)
        #expect(!shown.hasStates(of: port) && hidden.hasStates(of: port))
        (port.actorState, port.partnerState) = (LACPPortState(rawValue: 63), LACPPortState(rawValue: 0))
        #expect(!shown.hasStates(of: port))
    }

    /// A port that has just joined, or of a kernel that tells its partner to others only, after one that has a partner.
    @Test func aPortWithoutPartnerDetailsHasNoPartner() throws {
        let text =
            ProcTexts.lacp + """

                Slave Interface: a2
                MII Status: down
                Link Failure Count: 3
                Permanent HW addr: 4e:08:ce:ce:67:90
                Slave queue ID: 5
                Aggregator ID: 7

                """
        let proc = BondProc(text: text)
        #expect(proc.ports.map(\.name) == ["a0", "a1", "a2"])
        #expect(proc.ports.map { $0.partner?.portNumber } == [1, 2, nil])
        let last = try #require(proc.ports.last)
        #expect(last.partner == nil && last.partnerState == nil && last.actorState == nil)
        #expect(last.linkFailures == 3 && last.queueID == 5 && last.aggregatorID == 7)
        #expect(last.isUp == false && last.permanentAddress == LinkLayerAddress(text: "4e:08:ce:ce:67:90"))
    }

    /// The details of a port belong to it and not to the bond, nor to the port before.
    @Test func detailsStayWithTheirPort() throws {
        let start = try #require(ProcTexts.lacp.split(separator: "details partner lacp pdu:").first)
        let proc = BondProc(text: start + "Slave Interface: a9\nport state: 61\noper key: 3\n")
        #expect(proc.ports.map(\.name) == ["a0", "a9"])
        #expect(proc.ports.allSatisfy { $0.partner == nil && $0.partnerState == nil })
        #expect(proc.ports.map(\.actorState) == [LACPPortState(rawValue: 63), nil])
        #expect(proc.activeAggregatorID == 1)
    }

    @Test func readsWhatOtherModesHave() {
        let proc = BondProc(text: ProcTexts.activeBackup)
        #expect(proc.activePort == "d1")
        #expect(proc.ports.map(\.name) == ["d0", "d1"])
        #expect(proc.ports.allSatisfy { $0.speed == nil && $0.duplex == nil })
        #expect(BondProc(text: ProcTexts.balanceXOR).ports.map(\.name) == ["d3"])
        #expect(BondProc(text: ProcTexts.withoutPorts).ports.isEmpty)
    }

    /// Cut anywhere: what is read then is what the whole text begins with, and no partner is made of half of one.
    @Test func readsATextThatWasCutShort() {
        for text in [ProcTexts.lacp, ProcTexts.activeBackup] {
            let whole = BondProc(text: text)
            let bytes = Array(text.utf8)
            for length in bytes.indices {
                let cut = BondProc(bytes: Array(bytes[..<length]))
                #expect(cut.ports.count <= whole.ports.count)
                for (port, full) in zip(cut.ports, whole.ports) {
                    #expect(full.name.hasPrefix(port.name))
                    if let system = port.partner?.system { #expect(system == full.partner?.system) }
                }
            }
        }
    }

    @Test func passesOverWhatItDoesNotKnow() {
        let text = """
            Slave Interface: eth0
            MII Status: sideways
            Aggregator ID: N/A
            Speed: 99999999999999999999 Mbps
            A New Line: 5
            Slave Interface:
            details partner lacp pdu:
                port key without a colon
                system mac address: zz:zz
            """
        let proc = BondProc(text: text)
        #expect(proc.ports.map(\.name) == ["eth0"])
        #expect(proc.ports[0].isUp == false)
        #expect(proc.ports[0].aggregatorID == nil)
        #expect(proc.ports[0].speed == nil)
        #expect(BondProc(bytes: [UInt8](repeating: 0xff, count: 4096)).ports.isEmpty)
    }
}
