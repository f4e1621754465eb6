/// Reading and printing values of one option. The text form is the file's and the command line's alike.
extension OptionDefinition {
    /// Why a text is no value of an option.
    package struct InvalidValue: Error, Equatable {
        package let rule: String
        package let remedy: String
    }

    /// Reads a value from its source text.
    package func parse(_ text: String) throws(InvalidValue) -> OptionValue {
        switch kind {
        case .integer(let range): .number(try Self.integer(text, in: range))
        case .duration(let unit, let range): .number(try DurationText.parse(text, unit: unit, range: range))
        case .boolean: .number(try Self.boolean(text) ? 1 : 0)
        case .choice(let choices): .number(try Self.choice(text, among: choices))
        case .port: .port(try Self.port(text))
        case .ethernetAddress: .address(try Self.ethernetAddress(text))
        case .targets(let family, let maximum): .targets(try Self.targets(text, family, maximum))
        case .names(let choices): .names(try Self.names(text, among: choices))
        case .watches: .watches(try LinkWatchText.parse(text))
        case .text(let maximum): .text(try Self.text(text, maximum))
        }
    }

    /// The value as it is written in a file.
    package func format(_ value: OptionValue) -> String {
        switch (kind, value) {
        case (.duration(let unit, _), .number(let number)):
            unit.text(number)
        case (.boolean, .number(let number)): number == 0 ? "off" : "on"
        case (.choice(let choices), .number(let number)):
            choices.first { $0.number == number }?.name ?? String(number)
        case (_, .number(let number)): String(number)
        case (_, .port(let name)): name ?? "none"
        case (_, .address(let address)): address.description
        case (_, .targets(let targets)):
            targets.isEmpty ? "none" : targets.map(\.description).joined(separator: ",")
        case (_, .names(let names)): names.isEmpty ? "none" : names.joined(separator: ",")
        case (_, .watches(let watches)): LinkWatchText.format(watches)
        case (_, .text(let text)): text
        }
    }

    /// What may be written, for messages and help: `0ms to 300000ms`, `slow, fast`.
    package var allowedText: String {
        switch kind {
        case .integer(let range): "\(range.lowerBound) to \(range.upperBound)"
        case .duration(let unit, let range):
            "\(unit.text(range.lowerBound)) to \(unit.text(range.upperBound))"
        case .boolean: "on or off"
        case .choice(let choices): choices.map(\.name).joined(separator: ", ")
        case .port: "the name of a port, or none"
        case .ethernetAddress: "six bytes as 02:00:00:00:00:01"
        case .targets(let family, 1): "an \(family == .ipv4 ? "IPv4" : "IPv6") address"
        case .targets(let family, let maximum):
            "up to \(maximum) \(family == .ipv4 ? "IPv4" : "IPv6") addresses separated by commas, or none"
        case .names(let choices): "a list of \(choices.map(\.name).joined(separator: ", "))"
        case .watches: "a link watch as {name: ethtool, delay_up: 100ms}, or a list of them"
        case .text(let maximum): "text of at most \(maximum) bytes"
        }
    }

    private static func names(_ text: String, among choices: [ValueKind.Choice]) throws(InvalidValue) -> [String] {
        let all = choices.map(\.name)
        guard text != "none", !text.isEmpty else {
            throw InvalidValue(rule: "the list is empty", remedy: "use one or more of \(all.joined(separator: ", "))")
        }
        var names: [String] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let part = String(part.drop { $0 == " " })
            guard all.contains(part) else { throw noSuchValue(part, among: all) }
            guard !names.contains(part) else {
                throw InvalidValue(rule: "\(part) is there twice", remedy: "write each once")
            }
            names.append(part)
        }
        return names
    }

    private static func text(_ text: String, _ maximum: Int) throws(InvalidValue) -> String {
        guard (1...maximum).contains(text.utf8.count) else {
            throw InvalidValue(rule: "it has \(text.utf8.count) bytes", remedy: "write 1 to \(maximum) bytes")
        }
        return text
    }

    private static func integer(_ text: String, in range: ClosedRange<Int64>) throws(InvalidValue) -> Int64 {
        guard let number = Int64(text) else {
            throw InvalidValue(
                rule: "it is no whole number", remedy: "write a number from \(range.lowerBound) to \(range.upperBound)")
        }
        guard range.contains(number) else {
            throw InvalidValue(rule: "it is out of range", remedy: "use \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// Reads on/off, true/false, yes/no, 1/0.
    package static func boolean(_ text: String) throws(InvalidValue) -> Bool {
        switch text.lowercased() {
        case "on", "true", "yes", "1": true
        case "off", "false", "no", "0": false
        default: throw InvalidValue(rule: "it is neither on nor off", remedy: "write on or off")
        }
    }

    private static func choice(_ text: String, among choices: [ValueKind.Choice]) throws(InvalidValue) -> Int64 {
        if let choice = choices.first(where: { $0.name == text || String($0.number) == text }) { return choice.number }
        // The mode is known by other names too.
        if choices.first?.name == Mode.balanceRR.bondingName, let mode = Mode(text: text), mode != .random {
            return Int64(mode.bondingNumber)
        }
        throw noSuchValue(text, among: choices.map(\.name))
    }

    private static func noSuchValue(_ text: String, among names: [String]) -> InvalidValue {
        let meant = Spelling.nearest(to: text, among: names).map { "did you mean \($0)? " } ?? ""
        return InvalidValue(
            rule: "there is no such value", remedy: "\(meant)use one of \(names.joined(separator: ", "))")
    }

    private static func port(_ text: String) throws(InvalidValue) -> String? {
        if text == "none" || text.isEmpty { return nil }
        if let rule = InterfaceName.brokenRule(ofAlternative: text) {
            throw InvalidValue(rule: rule, remedy: "write the name of a port of the aggregate, or none")
        }
        return text
    }

    private static func ethernetAddress(_ text: String) throws(InvalidValue) -> LinkLayerAddress {
        guard let address = LinkLayerAddress(text: text), address.bytes.count == LinkLayerAddress.ethernetLength else {
            throw InvalidValue(rule: "it is no Ethernet address", remedy: "write six bytes as 02:00:00:00:00:01")
        }
        guard !address.isMulticast else {
            throw InvalidValue(rule: "it is a multicast address", remedy: "use an address whose first byte is even")
        }
        return address
    }

    private static func targets(_ text: String, _ family: IPAddress.Family, _ maximum: Int) throws(InvalidValue)
        -> [IPAddress]
    {
        if text == "none" || text.isEmpty { return [] }
        var targets: [IPAddress] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let part = String(part.drop { $0 == " " })
            guard let address = IPAddress(text: part), address.family == family else {
                throw InvalidValue(
                    rule: "\"\(part)\" is no \(family == .ipv4 ? "IPv4" : "IPv6") address",
                    remedy: maximum == 1
                        ? "write one as \(family == .ipv4 ? "192.0.2.1" : "2001:db8::1")"
                        : "write addresses separated by commas")
            }
            if let rule = AddressRules.refusal(ofTarget: address) {
                throw InvalidValue(rule: "\(address) \(rule)", remedy: "name a host that answers")
            }
            guard !targets.contains(address) else {
                throw InvalidValue(rule: "\(address) is there twice", remedy: "write each target once")
            }
            targets.append(address)
        }
        guard targets.count <= maximum else {
            throw InvalidValue(
                rule: "there are \(targets.count) targets", remedy: "the kernel keeps at most \(maximum)")
        }
        return targets
    }
}
