import Testing

@testable import Teaming

@Suite struct SupervisionTests {
    /// As systemd-escape(1) writes them.
    @Test(arguments: [
        ("team0", "aggctl-teamd-team0.service"), ("te-am", #"aggctl-teamd-te\x2dam.service"#),
        ("te@m", #"aggctl-teamd-te\x40m.service"#), (".a.b", #"aggctl-teamd-\x2ea.b.service"#),
        ("ü", #"aggctl-teamd-\xc3\xbc.service"#),
    ]) func aUnitIsNamedForItsTeam(_ team: String, _ unit: String) {
        #expect(ServiceManager.unit(of: team) == unit)
    }

    @Test func aTakeoverIsNotedAndReadAgain() throws {
        let noted = try #require(Takeover(text: "02:00:00:00:00:01\neth0\neth1"))
        #expect(noted.members == ["eth0", "eth1"])
        #expect(noted.address == [2, 0, 0, 0, 0, 1])
        #expect(Takeover(text: noted.text)?.text == noted.text)
        #expect(Takeover(text: "-")?.address == nil)
        #expect(Takeover(text: "") == nil)
    }

    /// What a call is made of has to have the type that the other side expects.
    @Test func valuesTellTheirTypes() {
        let command = BusValue.structure(["/bin/true", .array(of: "s", ["/bin/true"]), .boolean(false)])
        #expect(command.signature == "(sasb)")
        #expect(BusValue.array(of: "(sv)", []).signature == "a(sv)")
        #expect(BusValue.structure(["a", .variant(.uint64(1))]).signature == "(sv)")
        #expect(BusValue.variant(.array(of: "(sasb)", [command])).texts == ["/bin/true", "/bin/true"])
        #expect(BusValue.int32(9).signature == "i")
    }

    /// `$HOME` is a name of a team like any other, and systemd is told so.
    @Test func namesAreNotExpanded() throws {
        let order = ServiceManager.Order(
            team: "a${HOME}", command: ["/usr/bin/teamd", "-t", "a${HOME}"], before: ["/bin/a", "b"], after: [],
            writable: ["/run/teamd"])
        let signatures = Dictionary(
            uniqueKeysWithValues: order.properties.map { property -> (String, String) in
                guard case .structure(let parts) = property, case .string(let name) = parts[0],
                    case .variant(let value) = parts[1]
                else { return ("", "") }
                return (name, value.signature)
            })
        #expect(signatures["ExecStartEx"] == "a(sasas)" && signatures["ExecStartPreEx"] == "a(sasas)")
        #expect(signatures["ExecStart"] == nil && signatures["ExecStartPostEx"] == nil)
        #expect(order.properties.flatMap(\.texts).count { $0 == "no-env-expand" } == 2)
        #expect(signatures["CapabilityBoundingSet"] == "t" && signatures["SystemCallFilter"] == "(bas)")
    }

    /// libdbus would end the program for it.
    @Test func aTextThatCannotBeSaidIsFoundAnywhereInACall() {
        let call = MessageBus.Call(
            destination: "org.a", path: "/a", interface: "org.a", member: "A",
            arguments: [.array(of: "(sv)", [.structure(["name", .variant(.string("a\0b"))])])])
        #expect(throws: BusError.unsayable("a\0b")) { try BusNames.check(call) }
    }
}
