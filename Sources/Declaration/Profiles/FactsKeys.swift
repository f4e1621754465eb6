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
        }, write: { .plain(String($0)) })

    /// The keys at the top, which are those of ``HostFacts``.
    private static let facts = Form<HostFacts>.record(
        [
            Key("kernel", \HostFacts.kernel, .sentence, help: "What the kernel calls itself, as uname -r."),
            Key("distribution", \.distribution, .sentence, help: "ID and VERSION_ID of os-release(5)."),
            Key("bonding", \.hasBonding, .boolean, help: "Whether the kernel has the bonding driver."),
            Key("team", \.hasTeam, .boolean, help: "Whether the kernel has the team driver."),
            Key("teamd", \.hasTeamd, .boolean, help: "Whether teamd is installed."),
            Key("teamd-version", \.teamdVersion, .version, help: "Its version."),
            Key("known-options", \.knownOptions, .sentences, help: "Options of bonding that the kernel took."),
            Key("unknown-options", \.unknownOptions, .sentences, help: "Options of bonding that the kernel ignored."),
            Key("ports", \.portsIfAny, .items(of: port), help: "Devices that could become ports."),
        ], empty: HostFacts(), open: { $0 }, close: { facts, _, _ in facts })

    private struct PartnerDraft: Sendable {
        var system: String?
        var key: Int64?
    }

    private static let partner = Form<HostFacts.Port.Partner>.record(
        [
            Key("system", \PartnerDraft.system, .sentence, isRequired: true, help: "Its system's address."),
            Key("key", \.key, .whole(0...65_535), isRequired: true, help: "Ports with one key can be bundled."),
        ], empty: PartnerDraft(), open: { PartnerDraft(system: $0.system, key: $0.key) },
        close: { draft, _, _ in
            guard let system = draft.system, let key = draft.key else { return nil }
            return HostFacts.Port.Partner(system: system, key: key)
        })

    private struct PortDraft: Sendable {
        var name: InterfaceName?
        var port = HostFacts.Port(name: "")
    }

    private static let port = Form<HostFacts.Port>.record(
        [
            Key("name", \PortDraft.name, .interfaceName, isRequired: true, help: "Its name."),
            Key("medium", \.port.medium, .word, help: "What it speaks."),
            Key("kind", \.port.kind, .sentence, help: "The kind of a virtual device."),
            Key("driver", \.port.driver, .sentence, help: "The driver of hardware."),
            Key("path", \.port.path, .sentence, help: "Where it is plugged in, as pci 0000:01:00.0."),
            Key("physical-function", \.port.physicalFunction, .sentence, help: "What a virtual function is of."),
            Key("speed_mbps", \.port.speed, .whole(0...10_000_000), help: "Mbit/s."),
            Key("duplex", \.port.duplex, .word, help: "Whether both ends can speak at once."),
            Key("carrier", \.port.hasCarrier, .boolean, help: "Whether it has link."),
            Key("mtu", \.port.mtu, .whole(0...4_294_967_295), help: "Bytes."),
            Key("mac-address", \.port.address, .sentence, help: "The address it has now."),
            Key("permanent-address", \.port.permanentAddress, .sentence, help: "The address it was built with."),
            Key("addresses", \.port.addressesIfAny, .sentences, help: "Its IP addresses."),
            Key("master", \.port.master, .sentence, help: "What it is a port of."),
            Key("on-top", \.port.onTopIfAny, .sentences, help: "What is on top of it."),
            Key("lacp-partner", \.port.partner, partner, help: "Who spoke LACP at the other end."),
        ], empty: PortDraft(), open: { PortDraft(name: try? InterfaceName($0.name), port: $0) },
        close: { draft, _, _ in
            guard let name = draft.name else { return nil }
            var port = draft.port
            port.name = name.text
            return port
        })
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
