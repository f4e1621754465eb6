import Aggregation
import Testing

@testable import Declaration

/// What tests share: the declaration of the manual, and short ways to read and to compare.
enum Fixtures {
    static let example = """
        version: 1
        aggregates:
          - name: bond0
            driver: bonding              # bonding | teaming | auto
            mode: active-backup          # neutral names, see below
            link-monitor: { interval: 100ms, up-delay: 0ms, down-delay: 0ms }      # or: none
            primary: eth0
            ports:
              - eth0                     # attach order = file order; the first gives the address
              - { name: eth1, priority: 10 }
              - { permanent-address: "02:00:00:00:00:07" }     # or path: pci-0000:01:00.1
            options: { num_grat_arp: 3 } # the driver's own names, for what has no neutral key
            mtu: 9000
            addresses: [192.0.2.2/24, "2001:db8::2/64"]
            expected-ports: 3
          - name: lag1
            driver: teaming
            mode: lacp
            lacp: { rate: fast, active: true, min-ports: 1 }
            hash: [l2, l3, l4]
            ports: [{ name: eth2, lacp-priority: 10 }, eth3]
            options: { runner.tx_balancer.name: basic }
          - { name: bond9, state: absent }

        """

    static func parse(_ text: String) throws(Problems) -> [DesiredAggregate] {
        try DeclarationFile.parse(text: text, fileName: "f.yaml")
    }

    /// One aggregate named bond0 with these lines below its name.
    static func aggregate(_ lines: String) throws -> DesiredAggregate {
        try #require(try parse(file(lines)).first)
    }

    /// Line 4 of the file is the first of these lines, and it begins in column 5.
    static func file(_ lines: String) -> String {
        let body = lines.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)\n" }.joined()
        return "version: 1\naggregates:\n  - name: bond0\n\(body)"
    }

    /// What is said about a file, each problem on a line; empty when nothing is wrong.
    static func complaints(_ text: String) -> [String] {
        do throws(Problems) {
            _ = try parse(text)
            return []
        } catch { return error.all.map(\.description) }
    }

    static func name(_ text: String) throws -> InterfaceName { try InterfaceName(text) }
}

extension DesiredAggregate {
    /// The same wishes without their places.
    var withoutLocations: DesiredAggregate {
        var copy = self
        copy.locations = [:]
        copy.options = options.map(\.withoutLocation)
        copy.ports = ports?.map { port in
            var port = port
            port.options = port.options.map(\.withoutLocation)
            return port
        }
        return copy
    }
}

extension DriverOption {
    var withoutLocation: DriverOption { DriverOption(name: name, edit: edit, text: text) }
}
