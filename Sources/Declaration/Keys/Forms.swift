internal import Aggregation

/// The forms of single values.
extension Form where Value == Int64 {
    static func whole(_ range: ClosedRange<Int64>) -> Form {
        let allowed = "\(range.lowerBound) to \(range.upperBound)"
        return .scalar(
            allowed, schema: .whole(range),
            parse: { text throws(InvalidText) in
                guard let number = Int64(text) else {
                    throw InvalidText("it is no whole number", "write a number from \(allowed)")
                }
                guard range.contains(number) else { throw InvalidText("it is out of range", "use \(allowed)") }
                return number
            }, write: { .plain(String($0)) })
    }

    /// Milliseconds.
    static func duration(_ range: ClosedRange<Int64>) -> Form {
        .scalar(
            "a duration as 100ms", schema: .duration,
            parse: { text throws(InvalidText) in
                do throws(OptionDefinition.InvalidValue) {
                    return try DurationText.parse(text, unit: .milliseconds, range: range)
                } catch {
                    throw InvalidText(error)
                }
            }, write: { .plain("\($0)ms") })
    }
}

extension Form where Value == Bool {
    static var boolean: Form {
        .scalar(
            "on or off", schema: .booleanWord,
            parse: { text throws(InvalidText) in
                do throws(OptionDefinition.InvalidValue) { return try OptionDefinition.boolean(text) } catch {
                    throw InvalidText(error)
                }
            }, write: { .plain($0 ? "true" : "false") })
    }
}

extension Form where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of a few words.
    static var word: Form {
        let words = Value.allCases.map(\.rawValue)
        let allowed = words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
        return .scalar(
            allowed, schema: .words(words),
            parse: { text throws(InvalidText) in
                if let value = Value(rawValue: text) { return value }
                throw .noSuchWord(text, words, allowed)
            }, write: { .plain($0.rawValue) })
    }
}

extension InvalidText {
    static func noSuchWord(_ text: String, _ words: [String], _ allowed: String) -> InvalidText {
        let meant = Spelling.nearest(to: text, among: words).map { "did you mean \($0)? " } ?? ""
        return InvalidText("there is no such value", "\(meant)use \(allowed)")
    }
}

extension Form where Value == Mode {
    static var mode: Form {
        let names = Mode.allCases.map(\.rawValue)
        let aliases = Mode.allCases.flatMap(\.aliases).sorted()
        let numbers = Mode.bondingModes.map { JSONValue.integer(Int64($0.bondingNumber)) }
        let allowed = names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
        return .scalar(
            allowed, schema: ["enum": .array((names + aliases).map(JSONValue.string) + numbers)],
            parse: { text throws(InvalidText) in
                if let mode = Mode(text: text) { return mode }
                throw .noSuchWord(text, names + aliases, allowed)
            }, write: { .plain($0.rawValue) })
    }
}

extension Form where Value == InterfaceName {
    static var interfaceName: Form {
        .scalar(
            "a device name", schema: .pattern("^[^\\s/:]{1,15}$"),
            parse: { text throws(InvalidText) in
                do throws(InvalidName) { return try InterfaceName(text) } catch {
                    throw InvalidText(
                        error.rule, InvalidName.remedy)
                }
            }, write: { .text($0.text) })
    }
}

extension Form where Value == LinkLayerAddress {
    /// An Ethernet address that a device can have.
    static var ethernetAddress: Form {
        .scalar(
            "six bytes as 02:00:00:00:00:01", schema: .pattern("^[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}$"),
            parse: { text throws(InvalidText) in
                guard let address = LinkLayerAddress(text: text),
                    address.bytes.count == LinkLayerAddress.ethernetLength
                else { throw InvalidText("it is no Ethernet address", "write six bytes as 02:00:00:00:00:01") }
                guard !address.isMulticast else {
                    throw InvalidText("it is a multicast address", "use an address whose first byte is even")
                }
                guard !address.isZero else { throw InvalidText("it is all zero", "use an address of your own") }
                return address
            }, write: { .text($0.description) })
    }

    /// The permanent address of a port, which on InfiniBand has twenty bytes.
    static var permanentAddress: Form {
        .scalar(
            "an address as 02:00:00:00:00:01", schema: .pattern("^[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5,31}$"),
            parse: { text throws(InvalidText) in
                guard let address = LinkLayerAddress(text: text),
                    address.bytes.count >= LinkLayerAddress.ethernetLength
                else { throw InvalidText("it is no link-layer address", "write six bytes as 02:00:00:00:00:01") }
                return address
            }, write: { .text($0.description) })
    }
}

extension Form where Value == IPAddress {
    static var ipAddress: Form {
        .scalar(
            "an IP address", schema: ["type": "string"],
            parse: { text throws(InvalidText) in
                guard let address = IPAddress(text: text) else {
                    throw InvalidText("it is no IP address", "write it as 192.0.2.1 or 2001:db8::1")
                }
                if let rule = AddressRules.refusal(ofTarget: address) {
                    throw InvalidText("it \(rule)", "name a host that answers")
                }
                return address
            }, write: { .text($0.description) })
    }
}

extension Form where Value == IPPrefix {
    static var prefix: Form {
        .scalar(
            "an address with its length as 192.0.2.2/24", schema: .pattern("^[0-9A-Fa-f.:]+/[0-9]{1,3}$"),
            parse: { text throws(InvalidText) in
                guard let prefix = IPPrefix(text: text) else {
                    let remedy =
                        IPAddress(text: text) == nil
                        ? "write it as 192.0.2.2/24 or 2001:db8::2/64" : "write its length too, as \(text)/24"
                    throw InvalidText("it is no address with a length", remedy)
                }
                if let refusal = AddressRules.refusal(of: prefix) { throw InvalidText(refusal.rule, refusal.remedy) }
                return prefix
            }, write: { .text($0.description) })
    }
}

extension Form where Value == String {
    /// A name that only the driver knows.
    static var driverWord: Form {
        .scalar(
            "the driver's name of it", schema: ["type": "string"], parse: { text throws(InvalidText) in text },
            write: { .text($0) })
    }
}
