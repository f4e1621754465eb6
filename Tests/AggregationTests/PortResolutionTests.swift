import Aggregation
import Testing

@Suite struct PortResolutionTests {
    @Test func namesAndAlternativeNames() throws {
        var host = Fixture.host()
        host.links[1].alternativeNames = ["enp1s0f1"]
        #expect(PortResolution.find(.name("eth0"), in: host) == .found(host.links[0]))
        #expect(PortResolution.find(.name("enp1s0f1"), in: host) == .found(host.links[1]))
        #expect(PortResolution.find(.name("eth9"), in: host) == .missing)
        let resolution = BondingTranslation.resolve(
            try Fixture.wish { $0.ports = [DesiredPort(.name("enp1s0f1"))] }, in: host)
        #expect(resolution.aggregate.ports?.map(\.name) == ["eth1"])
    }

    @Test func thePermanentAddressComesFirst() {
        var host = Fixture.host()
        host.links[0].address = Fixture.address(1)
        #expect(PortResolution.find(.permanentAddress(Fixture.address(1)), in: host) == .found(host.links[1]))
        #expect(PortResolution.find(.permanentAddress(Fixture.address(0)), in: host) == .found(host.links[0]))
    }

    @Test func aJoinedPortIsFoundByTheBondsRecord() {
        var host = Fixture.host(bond: .activeBackup)
        // veth has no permanent address, and a joined port wears the bond's.
        for index in 0..<2 {
            host.links[index].permanentAddress = nil
            host.links[index].address = Fixture.address(0)
        }
        #expect(PortResolution.find(.permanentAddress(Fixture.address(1)), in: host) == .found(host.links[1]))
        #expect(PortResolution.find(.permanentAddress(Fixture.address(0)), in: host) == .found(host.links[0]))
    }

    @Test func theCurrentAddressOfAJoinedPortIsNotItsOwn() {
        var host = Fixture.host(bond: .activeBackup)
        host.links[1].permanentAddress = nil
        host.links[1].port?.permanentAddress = nil
        #expect(PortResolution.find(.permanentAddress(Fixture.address(1)), in: host) == .missing)
    }

    @Test(arguments: ["vlan", "macvlan", "macvtap", "ipvlan", "bridge", "bond", "team", "vrf"])
    func upperDevicesNeverMatchByAddress(_ kind: String) {
        var host = Fixture.host()
        host.links[0].kind = kind
        #expect(PortResolution.find(.permanentAddress(Fixture.address(0)), in: host) == .missing)
    }

    @Test func aDeviceOnAnotherDoesNotMatchByAddress() {
        var host = Fixture.host()
        host.links[0].kind = "newkind"
        host.links[0].lower = host.links[1].index
        #expect(PortResolution.find(.permanentAddress(Fixture.address(0)), in: host) == .missing)
        host.links[0].kind = "veth"
        #expect(PortResolution.find(.permanentAddress(Fixture.address(0)), in: host) == .found(host.links[0]))
    }

    @Test func busPaths() {
        var host = Fixture.host()
        host.links[1].parentBus = "pci"
        host.links[1].parentDevice = "0000:01:00.1"
        #expect(PortResolution.find(.path("pci-0000:01:00.1"), in: host) == .found(host.links[1]))
        #expect(PortResolution.find(.path("0000:01:00.1"), in: host) == .missing)
        #expect(PortResolution.find(.path("pci-0000:01:00.0"), in: host) == .missing)
    }

    @Test func severalMatchesAreAProblemThatListsThem() throws {
        var host = Fixture.host()
        for index in 0..<2 {
            host.links[index].parentBus = "pci"
            host.links[index].parentDevice = "0000:01:00.1"
        }
        let resolution = BondingTranslation.resolve(
            try Fixture.wish { $0.ports = [DesiredPort(.path("pci-0000:01:00.1"))] }, in: host)
        #expect(
            resolution.problems.map(\.description) == [
                "bond0: ports=path pci-0000:01:00.1: several devices match: eth0 (pci-0000:01:00.1), "
                    + "eth1 (pci-0000:01:00.1); choose one of them by name"
            ])
    }

    @Test func aMissingPortIsReportedAndNoProblem() throws {
        let wish = try Fixture.wish {
            $0.ports = [.name("eth0"), .name("eth7"), .permanentAddress(Fixture.address(9))].map { DesiredPort($0) }
        }
        let resolution = BondingTranslation.resolve(wish, in: Fixture.host())
        #expect(resolution.problems.isEmpty)
        #expect(resolution.aggregate.ports?.map(\.name) == ["eth0"])
        #expect(resolution.aggregate.missingPorts == ["eth7", "permanent-address 02:00:00:00:00:09"])
        #expect(resolution.aggregate.expectedPorts == 3)
    }

    @Test func twoSelectorsOfOnePort() throws {
        let wish = try Fixture.wish {
            $0.ports = [.name("eth1"), .permanentAddress(Fixture.address(1)), .name("eth1"), .name("no"), .name("no")]
                .map { DesiredPort($0) }
            $0.locations = ["ports.1": SourceLocation(file: "f.yaml", line: 7, column: 9)]
        }
        let resolution = BondingTranslation.resolve(wish, in: Fixture.host())
        #expect(
            resolution.problems.map(\.description) == [
                "f.yaml:7:9: bond0: ports=permanent-address 02:00:00:00:00:01: it is eth1, and it is listed already; "
                    + "list each port once",
                "bond0: ports=eth1: it is listed already; list each port once",
                "bond0: ports=no: it is listed already; list each port once",
            ])
    }

    @Test func aPortInTwoAggregates() throws {
        let first = try Fixture.wish()
        var second = try Fixture.wish { $0.ports = [DesiredPort(.permanentAddress(Fixture.address(1)))] }
        second.name = try InterfaceName("bond1")
        second.locations = ["ports.0": SourceLocation(file: "f.yaml", line: 9, column: 3)]
        let host = Fixture.host()
        let resolutions = [first, second].map { BondingTranslation.resolve($0, in: host) }
        #expect(resolutions.allSatisfy { $0.problems.isEmpty })
        #expect(
            PortResolution.shared(among: resolutions).map(\.description) == [
                "f.yaml:9:3: bond1: ports=eth1: it is a port of bond0 too; list it in one aggregate only"
            ])
        second.state = .absent
        let later = [first, second].map { BondingTranslation.resolve($0, in: host) }
        #expect(PortResolution.shared(among: later).isEmpty)
    }
}
