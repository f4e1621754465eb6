internal import Aggregation

/// The keys of a file of facts about a host: what `aggctl facts --json` writes.
enum FactsKeys {
    struct Draft: Sendable {
        var format: Int64?
        var facts: HostFacts?
    }

    /// The format of today; facts of a later one may mean something else.
    static let format: Int64 = 1

    static let table = KeyTable<Draft>([
        Key("schema", \.format, version, isRequired: true, help: "The format, \(format)."),
        Key("facts", \.facts, facts, isRequired: true, help: "What is known; what is not there is not known."),
    ])

    private static let version = Form<Int64>.scalar(
        "\(format)", schema: ["const": .integer(format)],
        parse: { text throws(InvalidText) in
            guard let number = Int64(text), number >= 1 else {
                throw InvalidText("it is no format of facts", "write \(format)")
            }
            guard number <= format else {
                throw InvalidText(
                    "these are facts of format \(number), and this program knows up to \(format)",
                    "read them with a newer aggctl, or have them written by this one")
            }
            return number
        }, write: { .plain(String($0)) }
    ).unquoted

    /// The keys at the top, which are those of ``HostFacts``.
    private static let facts = Form<HostFacts>.record(
        [
            Key("kernel", \HostFacts.kernel, .kernelRelease, help: "What the kernel calls itself, as uname -r."),
            Key("distribution", \.distribution, Form.sentence.textAlone, help: "ID and VERSION_ID of os-release(5)."),
            Key(
                "bonding", \.hasBonding, Form<Bool>.boolean.unquoted, help: "Whether the kernel has the bonding driver."
            ),
            Key("team", \.hasTeam, Form<Bool>.boolean.unquoted, help: "Whether the kernel has the team driver."),
            Key("teamd", \.hasTeamd, Form<Bool>.boolean.unquoted, help: "Whether teamd is installed."),
            Key("teamd-version", \.teamdVersion, .version, help: "Its version."),
            Key(
                "known-options", \.knownOptions, .items(of: Form.sentence.textAlone, mayBeEmpty: true),
                help: "Options of bonding that the kernel took."),
            Key(
                "unknown-options", \.unknownOptions, .items(of: Form.sentence.textAlone, mayBeEmpty: true),
                help: "Options of bonding that the kernel ignored."),
            Key("ports", \.portsIfAny, .items(of: port, mayBeEmpty: true), help: "Devices that could become ports."),
        ], empty: HostFacts(), open: { $0 }, close: { facts, _, _ in facts }
    ).withoutNulls

    private struct PartnerDraft: Sendable {
        var system: String?
        var key: Int64?
    }

    private static let partner = Form<HostFacts.Port.Partner>.record(
        [
            Key(
                "system", \PartnerDraft.system, Form.sentence.textAlone, isRequired: true, help: "Its system's address."
            ),
            Key(
                "key", \.key, Form.whole(0...65_535).unquoted, isRequired: true,
                help: "Ports with one key can be bundled."),
        ], empty: PartnerDraft(), open: { PartnerDraft(system: $0.system, key: $0.key) },
        close: { draft, _, _ in
            guard let system = draft.system, let key = draft.key else { return nil }
            return HostFacts.Port.Partner(system: system, key: key)
        }
    ).withoutNulls

    private struct PortDraft: Sendable {
        var name: InterfaceName?
        var port = HostFacts.Port(name: "")
    }

    private static let port = Form<HostFacts.Port>.record(
        [
            Key("name", \PortDraft.name, .interfaceName, isRequired: true, help: "Its name."),
            Key("medium", \.port.medium, .word, help: "What it speaks."),
            Key("kind", \.port.kind, Form.sentence.textAlone, help: "The kind of a virtual device."),
            Key("driver", \.port.driver, Form.sentence.textAlone, help: "The driver of hardware."),
            Key("path", \.port.path, Form.sentence.textAlone, help: "Where it is plugged in, as pci 0000:01:00.0."),
            Key(
                "physical-function", \.port.physicalFunction, Form.sentence.textAlone,
                help: "What a virtual function is of."),
            Key("speed_mbps", \.port.speed, Form.whole(0...10_000_000).unquoted, help: "Mbit/s."),
            Key("duplex", \.port.duplex, .word, help: "Whether both ends can speak at once."),
            Key("carrier", \.port.hasCarrier, Form<Bool>.boolean.unquoted, help: "Whether it has link."),
            Key("mtu", \.port.mtu, Form.whole(0...4_294_967_295).unquoted, help: "Bytes."),
            Key("mac-address", \.port.address, Form.sentence.textAlone, help: "The address it has now."),
            Key(
                "permanent-address", \.port.permanentAddress, Form.sentence.textAlone,
                help: "The address it was built with."),
            Key(
                "addresses", \.port.addressesIfAny, .items(of: Form.sentence.textAlone, mayBeEmpty: true),
                help: "Its IP addresses."),
            Key("master", \.port.master, Form.sentence.textAlone, help: "What it is a port of."),
            Key(
                "on-top", \.port.onTopIfAny, .items(of: Form.sentence.textAlone, mayBeEmpty: true),
                help: "What is on top of it."),
            Key("lacp-partner", \.port.partner, partner, help: "Who spoke LACP at the other end."),
        ], empty: PortDraft(), open: { PortDraft(name: try? InterfaceName($0.name), port: $0) },
        close: { draft, _, _ in
            guard let name = draft.name else { return nil }
            var port = draft.port
            port.name = name.text
            return port
        }
    ).withoutNulls
}

/// Facts are written by programs, whose types say what was meant: text in quotes, numbers and booleans without.
extension Form {
    fileprivate var unquoted: Form {
        Form(
            read: { node, reading in
                guard case .scalar(_, plain: false) = node.content else { return read(node, &reading) }
                reading.refuse(node, "it is text", "write it without quotes: \(facts.allowed)")
                return nil
            }, write: write, facts: facts)
    }

    fileprivate var textAlone: Form {
        Form(
            read: { node, reading in
                guard case .scalar(let text, plain: true) = node.content,
                    ["true", "false"].contains(text) || Double(text) != nil
                else { return read(node, &reading) }
                reading.refuse(node, "it is not text", "write it in quotes")
                return nil
            }, write: write, facts: facts)
    }

    /// Null is what is not known, as a key that is not there.
    fileprivate var withoutNulls: Form {
        Form(
            read: { node, reading in
                guard case .mapping(let entries) = node.content else { return read(node, &reading) }
                let known = entries.filter { !$0.value.isWord("null") && !$0.value.isWord("~") }
                return read(YAMLNode(.mapping(known), at: node.location), &reading)
            }, write: write, facts: facts)
    }
}

extension Form where Value == String {
    /// `6.1.0-28-amd64`
    fileprivate static var kernelRelease: Form {
        .scalar(
            "a version of Linux as 6.1", schema: ["type": "string"],
            parse: { text throws(InvalidText) in
                guard KernelVersion(text: text) != nil else {
                    throw InvalidText("it is no version of Linux", "write what uname -r prints, as 6.1.0-28-amd64")
                }
                return text
            }, write: { .text($0) })
    }
}

/// A list that is empty is left out.
extension HostFacts {
    fileprivate var portsIfAny: [Port]? {
        get { ports.isEmpty ? nil : ports }
        set { ports = newValue ?? [] }
    }
}

extension HostFacts.Port {
    fileprivate var addressesIfAny: [String]? {
        get { addresses.isEmpty ? nil : addresses }
        set { addresses = newValue ?? [] }
    }
    fileprivate var onTopIfAny: [String]? {
        get { onTop.isEmpty ? nil : onTop }
        set { onTop = newValue ?? [] }
    }
}
