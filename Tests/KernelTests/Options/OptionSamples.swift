import Aggregation

/// Which values of an option are written.
enum OptionSamples {
    /// Ports of the fixture.
    static let ports = ["d0", "d1"]
    /// What a bond has when nothing else is asked for (`bond_create` and `bond_setup` give it this many).
    static let transmitQueues: Int64 = 16

    /// Values that the table has: both ends and one between, every choice, lists of one and of full length.
    static func inRange(_ row: OptionDefinition, in mode: Mode, _ situation: Situation) -> [OptionValue] {
        switch row.kind {
        case .integer(let range):
            let top = row.needs.contains(.transmitQueue) ? transmitQueues : range.upperBound
            return numbers([range.lowerBound, min(37, top - 1), top])
        case .duration(let unit, let range):
            return numbers([range.lowerBound, unit == .seconds ? 7 : 400, range.upperBound])
        case .boolean: return numbers([0, 1])
        // At creation there is no other mode than the one that is asked for.
        case .choice(let choices):
            return numbers(
                row.name == "mode" && situation == .create ? [Int64(mode.bondingNumber)] : choices.map(\.number))
        case .port: return [.port(nil), .port(ports[1])]
        case .ethernetAddress: return [.address(LinkLayerAddress([2, 0, 0, 0, 0, 7])), .address(.zero)]
        case .targets(let family, let maximum):
            let odd = family == .ipv4 ? "0.0.0.1" : "fe80::1"
            return [
                .targets([IPAddress(text: odd)].compactMap { $0 }), .targets(targets(family, maximum)), .targets([]),
            ]
        // Bonding has none of these.
        case .names, .watches, .text: return []
        }
    }

    /// Values just outside, which the kernel or we have to refuse.
    static func outOfRange(_ row: OptionDefinition) -> [OptionValue] {
        switch row.kind {
        case .integer(let range), .duration(_, let range):
            var values = [range.lowerBound - 1, range.upperBound + 1]
            if row.needs.contains(.transmitQueue) { values.insert(transmitQueues + 1, at: 1) }
            return numbers(values)
        case .boolean: return [.number(2)]
        case .choice(let choices): return [.number((choices.map(\.number).max() ?? 0) + 1)]
        case .port, .names, .watches, .text: return []
        case .ethernetAddress: return [.address(LinkLayerAddress([1, 0, 0x5e, 0, 0, 1]))]
        case .targets(let family, let maximum):
            let broken = family == .ipv4 ? ["0.0.0.0", "255.255.255.255"] : ["::", "::1", "ff02::1"]
            let twice = targets(family, 1) + targets(family, 1)
            return broken.compactMap { IPAddress(text: $0) }.map { .targets([$0]) }
                + [.targets(twice), .targets(targets(family, maximum + 1))]
        }
    }

    /// What has to be so before the value can be written, judging by the table.
    static func prerequisites(_ row: OptionDefinition, given options: OptionValues) -> [OptionSetting] {
        var settings: [OptionSetting] = []
        if let other = row.excludes, let value = options[other], value != .number(0) {
            settings.append(OptionSetting(other, .number(0)))
        }
        for case .nonZero(let other) in row.needs {
            // Every number is a multiple of 1.
            settings.append(OptionSetting(other, .number(1)))
        }
        return settings
    }

    private static func numbers(_ numbers: [Int64]) -> [OptionValue] {
        var seen: Set<Int64> = []
        return numbers.filter { seen.insert($0).inserted }.map { .number($0) }
    }

    private static func targets(_ family: IPAddress.Family, _ count: Int) -> [IPAddress] {
        (1...count).compactMap { IPAddress(text: family == .ipv4 ? "192.0.2.\($0)" : "2001:db8::\($0)") }
    }
}
