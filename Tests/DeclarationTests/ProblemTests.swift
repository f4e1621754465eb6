import Aggregation
import Testing

@testable import Declaration

/// Every way in which a file can be wrong, with the words that the user sees.
@Suite("What is said about a wrong file")
struct ProblemTests {
    @Test(
        "YAML that a declaration does not have",
        arguments: [
            ("", "f.yaml: it is empty; write version: 1 and a list of aggregates"),
            ("# only a comment\n", "f.yaml: it is empty; write version: 1 and a list of aggregates"),
            ("---\n", "f.yaml: it is empty; write version: 1 and a list of aggregates"),
            (
                "version: 1\naggregates: []\nversion: 1\n",
                "f.yaml:3:1: YAML: the key \"version\" is there twice, first in line 1; remove one of the two"
            ),
            (
                "version: &v 1\naggregates: []\n",
                "f.yaml:1:10: YAML: anchors (&) are not allowed; write the value at each place where it is needed"
            ),
            ("version: 1\naggregates: *v\n", "f.yaml:2:13: YAML: aliases (*) are not allowed; write the value itself"),
            (
                "version: !!int 1\naggregates: []\n",
                "f.yaml:1:10: YAML: tags are not allowed: tag:yaml.org,2002:int; "
                    + "remove the tag; values are read by what their key needs"
            ),
            (
                "version: 1\naggregates: []\n---\nversion: 1\n",
                "f.yaml:3:1: YAML: there is a second document; write one document: remove the line ---"
            ),
            (
                "version: 1\naggregates: []\n[a]: b\n",
                "f.yaml:3:1: YAML: a key is a list; write a word before the colon"
            ),
            (
                "version: 1\naggregates: " + String(repeating: "[", count: 33),
                "f.yaml:2:44: YAML: it is nested deeper than 32 levels; remove the needless brackets"
            ),
            (
                "version: 1\naggregates: [a\n",
                "f.yaml:3:1: YAML: it is no valid YAML: did not find expected ',' or ']' while parsing a flow sequence "
                    + "that began in line 2; check brackets, quotes and indentation there"
            ),
            (
                "version: 1\naggregates:\n\t- name: a\n",
                "f.yaml:3:1: YAML: it is no valid YAML: found character that cannot start any token "
                    + "while scanning for the next token; indent with spaces, not with a tab"
            ),
            (
                "version: 1\nü: \u{1}\n",
                "f.yaml:2:4: YAML: it is no valid YAML: control characters are not allowed; "
                    + "check brackets, quotes and indentation there"
            ),
            ("version: 1\naü\0\n", "f.yaml:2:3: YAML: there is a NUL byte; is it the right file? It is no text"),
            (
                "plain text",
                "f.yaml:1:1: it is a single value; write a mapping with the keys version, aggregates"
            ),
        ])
    func yaml(_ text: String, _ complaint: String) {
        #expect(Fixtures.complaints(text) == [complaint])
    }

    @Test("Bytes that are no UTF-8 are found where they stand")
    func encoding() {
        var bytes = Array("version: 1\nä: ".utf8)
        bytes += [0xff, 0xfe]
        #expect {
            try DeclarationFile.parse(bytes: bytes, fileName: "f.yaml")
        } throws: { error in
            "\(error)" == "f.yaml:2:4: YAML: the text is no valid UTF-8; save it as UTF-8"
        }
    }

    @Test(
        "The outermost keys",
        arguments: [
            (
                "version: 1\n",
                "f.yaml:1:1: the key aggregates is missing; write aggregates: a list of aggregates"
            ),
            ("aggregates: []\n", "f.yaml:1:1: the key version is missing; write version: 1"),
            (
                "version: 2\naggregates: []\n",
                "f.yaml:1:10: version=2: it is a format that this aggctl does not know; write version: 1"
            ),
            (
                "version: 1\naggregate: []\naggregates: []\n",
                "f.yaml:2:1: there is no key \"aggregate\"; did you mean aggregates?"
            ),
            (
                "version: 1\naggregates: bond0\n",
                "f.yaml:2:13: aggregates=bond0: it is a single value; write a list: each aggregate begins with - name:"
            ),
        ])
    func outermost(_ text: String, _ complaint: String) {
        #expect(Fixtures.complaints(text) == [complaint])
    }

    @Test(
        "Keys of an aggregate",
        arguments: [
            ("mod: lacp", "4:5: bond0: there is no key \"mod\"; did you mean mode?"),
            (
                "miimon: 100ms",
                "4:5: bond0: there is no key \"miimon\"; it is an option of the driver: write it as options: { miimon: … }"
            ),
            (
                "mode: lac",
                "4:11: bond0: mode=lac: there is no such value; did you mean lacp? "
                    + "use balance-rr, active-backup, balance-xor, broadcast, lacp, balance-tlb, balance-alb or random"
            ),
            ("driver: bond", "4:13: bond0: driver=bond: there is no such value; use bonding, teaming or auto"),
            ("state: up", "4:12: bond0: state=up: there is no such value; use present, down or absent"),
            ("mtu: 1e3", "4:10: bond0: mtu=1e3: it is no whole number; write a number from 68 to 65535"),
            ("mtu: 70000", "4:10: bond0: mtu=70000: it is out of range; use 68 to 65535"),
            ("mtu:", "4:9: bond0: mtu: it has no value; write 68 to 65535, or leave the key out"),
            ("mtu: [1]", "4:10: bond0: mtu: it is a list; write a single value: 68 to 65535"),
            (
                "link-monitor: { interval: 100 }",
                "4:31: bond0: link-monitor.interval=100: it has no unit; write 100ms if that is what you mean"
            ),
            (
                "link-monitor: { interval: 0ms }",
                "4:31: bond0: link-monitor.interval=0ms: it is out of range; use 1ms to 2147483647ms"
            ),
            (
                "link-monitor: { up-delay: 1s }",
                "4:19: bond0: link-monitor: the key interval is missing; write interval: a duration as 100ms"
            ),
            (
                "link-monitor: 100ms",
                "4:19: bond0: link-monitor=100ms: it is a single value; "
                    + "write none, or a mapping of interval, up-delay, down-delay"
            ),
            (
                "link-monitor: { interval: 1s, updelay: 1s }",
                "4:35: bond0: link-monitor: there is no key \"updelay\"; did you mean up-delay?"
            ),
            (
                "path-monitor: { kind: arp, targets: [192.0.2.1, 2001:db8::1] }",
                "4:41: bond0: path-monitor.targets=2001:db8::1: kind arp asks IPv4 addresses only; "
                    + "use kind ns for it, or another address"
            ),
            (
                "path-monitor: { kind: arp, targets: [] }",
                "4:41: bond0: path-monitor.targets: the list is empty; write a list of an IP address"
            ),
            ("lacp: { active: maybe }", "4:21: bond0: lacp.active=maybe: it is neither on nor off; write on or off"),
            ("lacp: { rate: quick }", "4:19: bond0: lacp.rate=quick: there is no such value; use slow or fast"),
            (
                "hash: [l3, l5]",
                "4:16: bond0: hash=l5: there is no such value; did you mean l2? use l2, l3, l4, vlan or encap"
            ),
            ("hash: [l3, l3]", "4:16: bond0: hash=l3: it is there twice; write it once"),
            (
                "mac-address: 01:00:5e:00:00:01",
                "4:18: bond0: mac-address=01:00:5e:00:00:01: it is a multicast address; use an address whose first byte is even"
            ),
            (
                "addresses: [192.0.2.2]",
                "4:17: bond0: addresses=192.0.2.2: it is no address with a length; write its length too, as 192.0.2.2/24"
            ),
            ("ports: { a: b }", "4:12: bond0: ports: it is no list; write a list of ports: [eth0, eth1]"),
            (
                "ports: [02:00:00:00:00:01]",
                "4:13: bond0: ports.0=02:00:00:00:00:01: it is an address and no name; write {permanent-address: 02:00:00:00:00:01}"
            ),
            (
                "ports: [pci-0000:01:00.1]",
                "4:13: bond0: ports.0=pci-0000:01:00.1: a name has no colon; write {path: …} for a device by its bus"
            ),
            (
                "ports: [a/b]",
                "4:13: bond0: ports.0=a/b: it is no device name; use at most 127 bytes without white space, / and :"
            ),
            (
                "ports: [{ priority: 1 }]",
                "4:13: bond0: ports.0: it names no port; write one of name, permanent-address and path"
            ),
            (
                "ports: [{ name: eth0, path: pci-1 }]",
                "4:13: bond0: ports.0: it names the port in 2 ways: name, path; write one of them"
            ),
            (
                "ports: [{ name: eth0, prio: 1 }]",
                "4:27: bond0 port eth0: there is no key \"prio\"; it is an option of the driver: write it as options: { prio: … }"
            ),
            ("ports: [eth0, eth1, eth0]", "4:25: bond0: ports.2: port eth0 is there twice; list each port once"),
            ("ports: [bond0]", "4:13: bond0: ports.0: it is the aggregate itself; list the ports that it is made of"),
            ("options: [a]", "4:14: bond0: options: it is a list; write a mapping: { OPTION: VALUE }"),
            ("options: { mimon: 1s }", "4:16: bond0: mimon: no driver has such an option; did you mean miimon?"),
            (
                "options: { link-monitor: none }",
                "4:16: bond0: link-monitor: no driver has such an option; it is a neutral key: write it beside options"
            ),
            (
                "options: { mode: 4 }",
                "4:22: bond0: mode=4: it is a key of its own; write mode beside options"
            ),
            (
                "options: { miimon: 100 }",
                "4:24: bond0: miimon=100: it has no unit; write 100ms if that is what you mean"
            ),
            (
                "options: { num_grat_arp: 1, num_unsol_na: 2 }",
                "4:33: bond0: num_unsol_na=2: num_grat_arp says something else; keep one of the two"
            ),
            (
                "options: { miimon: { a: b } }",
                "4:24: bond0: miimon: it is a structure; write a single value, or a list of single values"
            ),
            (
                "driver: auto\noptions: { miimon: 1s }",
                "5:5: bond0: options: driver auto excludes options; name the driver, or use neutral keys only"
            ),
            (
                "driver: teaming\nmode: balance-alb",
                "5:5: bond0: mode=balance-alb: teaming has no such mode; use driver bonding, or one of balance-rr, active-backup, balance-xor, broadcast, lacp, random"
            ),
        ])
    func aggregate(_ lines: String, _ complaint: String) {
        #expect(Fixtures.complaints(Fixtures.file(lines)) == ["f.yaml:" + complaint])
    }

    @Test(
        "Names",
        arguments: [
            ("{ mode: lacp }", "3:5: aggregate 1: the key name is missing; write name: a device name"),
            (
                "{ name: bond0123456789ab }",
                "3:13: aggregate 1: name=bond0123456789ab: it is longer than 15 bytes; "
                    + "use 1 to 15 bytes without white space, /, : and %"
            ),
            (
                "{ name: a b }",
                "3:13: aggregate 1: name=a b: it contains a slash, a colon, white space or a control character; "
                    + "use 1 to 15 bytes without white space, /, : and %"
            ),
            (
                "bond0",
                "3:5: aggregate 1: it is a single value; write a mapping with the keys "
                    + AggregateKeys.table.keys.map(\.name).joined(separator: ", ")
            ),
        ])
    func names(_ item: String, _ complaint: String) {
        #expect(Fixtures.complaints("version: 1\naggregates:\n  - \(item)\n") == ["f.yaml:" + complaint])
    }

    @Test("Aggregates of one file do not share names or ports")
    func between() {
        let text = """
            version: 1
            aggregates:
              - { name: bond0, ports: [eth0, eth1] }
              - { name: bond1, ports: [eth2, eth1] }
              - { name: bond0, ports: [] }
            """
        #expect(
            Fixtures.complaints(text) == [
                "f.yaml:4:34: bond1: ports.1: port eth1 is a port of bond0 already; list it in one of the two",
                "f.yaml:5:7: bond0: name: it is declared twice, first in line 3; join the two",
            ])
    }

    @Test("All problems of a file are told together, in its order")
    func together() {
        let text = """
            version: 1
            aggregates:
              - name: bond0
                mode: lcap
                lacp: { rate: *r, active: maybe }
                mtu: 5
                mtu: 6
                options: { miimon: 5, nothing: 1 }
              - name: bond1
                ports: [{ priority: high }, "a b"]
                primary: !x eth0
            """
        let places = Fixtures.complaints(text).map { $0.prefix { $0 != " " } }
        #expect(
            places == [
                "f.yaml:4:11:", "f.yaml:5:19:", "f.yaml:5:31:", "f.yaml:6:10:", "f.yaml:7:5:", "f.yaml:8:24:",
                "f.yaml:8:27:", "f.yaml:10:13:", "f.yaml:10:25:", "f.yaml:10:33:", "f.yaml:11:14:",
            ])
    }

    @Test("A flood of problems is cut")
    func flood() {
        let text = "version: 1\naggregates:\n" + String(repeating: "  - x\n", count: 1000)
        let complaints = Fixtures.complaints(text)
        #expect(complaints.count == 101)
        #expect(complaints.last == "f.yaml: there are more problems, these are the first 100; is it the right file?")
    }

    @Test("Control characters of a value do not reach the terminal")
    func escapes() throws {
        let complaint = try #require(Fixtures.complaints(Fixtures.file("mode: \"\\e[31m\\nx\"")).first)
        #expect(complaint.hasPrefix("f.yaml:4:11: bond0: mode=?[31m?x: "))
    }
}
