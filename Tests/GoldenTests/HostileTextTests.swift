import AggctlCommands
import Aggregation
import Glibc
import Testing

/// Text that others made: whatever it holds, none of it does anything to a screen.
@Suite struct HostileTextTests {
    /// Fifteen bytes, as the kernel takes them: an escape sequence, the same in one character of C1, a mark that turns
    /// the direction of writing.
    static let name = "v\u{1b}[1m\u{9b}2J\u{202e}\u{7f}x"

    /// What is in a text that a screen would obey, line feeds of ours aside.
    static func obeyed(in text: String) -> [Unicode.Scalar] {
        text.unicodeScalars.filter { scalar in
            switch scalar.value {
            case 0x0a: false
            case 0..<0x20, 0x7f...0x9f, 0xad, 0x61c, 0x200b...0x200f, 0x2028...0x202e, 0x2060...0x206f, 0xfeff: true
            default: false
            }
        }
    }

    @Test func noCharacterThatActsComesThrough() throws {
        let all = (UInt32(0)...0x20000).compactMap(Unicode.Scalar.init)
        // The check is able to find something.
        #expect(Self.obeyed(in: all.map { "\($0)" }.joined()).count > 90)
        for start in stride(from: 0, to: all.count, by: 256) {
            var text = String.UnicodeScalarView()
            text.append(contentsOf: all[start..<min(start + 256, all.count)])
            let hostile = String(text)
            let shown: PrintableText = "a\(hostile)b"
            #expect(Self.obeyed(in: shown.description) == [] && !shown.description.contains("\n"))
            let json = String(decoding: JSONWriter.write([.string(hostile)], pretty: false), as: UTF8.self)
            #expect(Self.obeyed(in: json) == [])
            // Programs get what was there.
            #expect(try JSONValue.parse(json) == [.string(hostile)])
        }
    }

    /// A line that begins like one of ours is seen to be none.
    @Test func linesOfOthersAreIndented() {
        let failure = CommandFailure(.failed, message: "teamd refused: no\naggctl: done\n  hint: run it", hint: "a\nb")
        #expect(
            failure.text(.plain).description == """
                aggctl: teamd refused: no
                    aggctl: done
                      hint: run it
                  hint: a
                    b

                """)
    }

    private static var host: HostState {
        var host = HostFixtures.bond(
            .activeBackup, named: name,
            ports: [HostFixtures.port("p\(name.dropFirst())", 1), HostFixtures.port("eth1", 2)])
        var vlan = Link(index: 40, name: "w\(name.dropFirst())")
        vlan.kind = "vlan"
        vlan.lower = host.links.first { $0.isAggregate }?.index
        host.links.append(vlan)
        return host
    }

    @Test(arguments: [
        ["status"], ["status", "--brief"], ["set", name, "mtu=1400", "--dry-run"], ["delete", name, "--dry-run"],
        ["port", "remove", name, "eth1", "--dry-run"], ["delete", name], ["status", "nothing\(name)"], ["changes"],
        ["rollback", "--dry-run"], ["set", name, "nothing\(name)=1"],
    ]) func commandsShowNamesHarmlessly(_ arguments: [String]) async throws {
        for json in [[], ["--json"]] {
            let run = await CommandRun(arguments + json, state: Self.host)
            #expect(Self.obeyed(in: run.output) == [] && Self.obeyed(in: run.errors) == [], "\(run.transcript)")
        }
    }
}
