internal import Aggregation

/// The neutral keys of a port, and how a port is named.
enum PortKeys {
    /// A port under construction: exactly one selector has to be given.
    struct Draft: Sendable {
        var name: String?
        var permanentAddress: LinkLayerAddress?
        var path: String?
        var port = DesiredPort(.name(""))

        init() {}

        init(_ port: DesiredPort) {
            self.port = port
            switch port.selector {
            case .name(let name): self.name = name
            case .permanentAddress(let address): permanentAddress = address
            case .path(let path): self.path = path
            }
        }

        var selectors: [PortSelector] {
            var found: [PortSelector] = []
            if let name { found.append(.name(name)) }
            if let permanentAddress { found.append(.permanentAddress(permanentAddress)) }
            if let path { found.append(.path(path)) }
            return found
        }
    }

    /// How the port is found on this host.
    static let selectors: [Key<Draft>] = [
        Key("name", \.name, .portName, help: "The name or an alternative name of the port."),
        Key("permanent-address", \.permanentAddress, .permanentAddress, help: "The address burnt into the port."),
        Key("path", \.path, .devicePath, help: "The bus and device of the port, as pci-0000:01:00.1."),
    ]

    /// What the port is to be.
    static let settings: [Key<DesiredPort>] = [
        Key("priority", \.priority, Form.whole(Int64(Int32.min)...Int64(Int32.max)).orDefault, help: "Higher wins."),
        Key("lacp-priority", \.lacpPriority, Form.whole(1...65535).orDefault, help: "LACP port priority; lower wins."),
        Key(
            "queue-id", \.queueID, Form.whole(0...65535).orDefault,
            help: "Transmit queue whose traffic leaves by this port; 0 for none."),
        Key("options", \.options, DriverOptions.form(.port), unless: [], help: "The driver's own port options."),
    ]

    /// `ports`: plain names and mappings.
    static let list = Form<[DesiredPort]>(
        read: { node, reading in readList(node, &reading) },
        write: { ports in .sequence(ports.map(write)) },
        facts: FormFacts(
            allowed: "a list of ports",
            schema: .list(of: .anyOf([Form<String>.portName.facts.schema, portTable.schema])), isList: true))

    private static let portTable = KeyTable<Draft>(selectors + settings.map { $0.lifted(to: \.port) })

    private static let selectorForm = Form<PortSelector>.record(
        selectors, empty: Draft(), open: { Draft(DesiredPort($0)) },
        close: { draft, node, reading in onlySelector(draft, node, &reading) })

    /// A port named by a word or by one of the selectors.
    static let selector = Form<PortSelector>(
        read: { node, reading in
            node.isMapping
                ? selectorForm.read(node, &reading)
                : Form<String>.portName.read(node, &reading).map(PortSelector.name)
        },
        write: { selector in
            if case .name(let name) = selector { return .text(name) }
            return selectorForm.write(selector)
        },
        facts: FormFacts(
            allowed: "the name of a port",
            schema: .anyOf([Form<String>.portName.facts.schema, selectorForm.facts.schema])))

    private static func write(_ port: DesiredPort) -> YAMLNode {
        port == DesiredPort(port.selector)
            ? selector.write(port.selector) : YAMLNode(.mapping(portTable.write(Draft(port))))
    }

    private static func readList(_ node: YAMLNode, _ reading: inout KeyReading) -> [DesiredPort]? {
        var nodes: [YAMLNode] = []
        switch node.content {
        case .sequence(let items): nodes = items
        case .scalar(let text, _) where !text.isEmpty:
            nodes = text.split(separator: ",", omittingEmptySubsequences: false).map {
                YAMLNode(.scalar(String($0), plain: true), at: node.location)
            }
        default:
            reading.refuse(node, "it is no list", "write a list of ports: [eth0, eth1]")
            return nil
        }
        var ports: [DesiredPort] = []
        var first: [PortSelector: SourceLocation?] = [:]
        for (index, item) in nodes.enumerated() where !reading.isFull {
            reading.under(String(index)) { reading in
                reading.locations[reading.key] = item.location
                guard let port = readPort(item, &reading) else { return }
                guard first.updateValue(item.location, forKey: port.selector) == nil else {
                    reading.refuse(at: item.location, "port \(port.selector) is there twice", "list each port once")
                    return
                }
                ports.append(port)
            }
        }
        return ports
    }

    private static func readPort(_ node: YAMLNode, _ reading: inout KeyReading) -> DesiredPort? {
        guard node.isMapping else {
            return Form<String>.portName.read(node, &reading).map { DesiredPort(.name($0)) }
        }
        var draft = Draft()
        let driver = reading.driver
        let title = selectors.lazy.compactMap { key in
            node[key.name]?.text.map { key.name == "name" ? $0 : "\(key.name) \($0)" }
        }.first
        let isComplete = reading.naming(title.map { "\(reading.subject) port \($0)" } ?? reading.subject) { reading in
            portTable.read(node, into: &draft, &reading, hint: { DriverOptions.hint($0, driver, .port) })
        }
        guard isComplete, let selector = onlySelector(draft, node, &reading)
        else { return nil }
        draft.port.selector = selector
        return draft.port
    }

    private static func onlySelector(_ draft: Draft, _ node: YAMLNode, _ reading: inout KeyReading) -> PortSelector? {
        let found = draft.selectors
        if found.count == 1 { return found[0] }
        let given = selectors.filter { node[$0.name] != nil }.map(\.name)
        if given.isEmpty {
            reading.refuse(at: node.location, "it names no port", "write one of name, permanent-address and path")
        } else if given.count > 1 {
            reading.refuse(
                at: node.location, "it names the port in \(given.count) ways: \(given.joined(separator: ", "))",
                "write one of them")
        }
        return nil
    }
}

extension Key {
    /// The same key of something that has a target.
    func lifted<Outer: Sendable>(to path: any WritableKeyPath<Outer, Target> & Sendable) -> Key<Outer> {
        Key<Outer>(
            name, isRequired: isRequired, facts: facts,
            read: { node, outer, reading in read(node, &outer[keyPath: path], &reading) },
            write: { write($0[keyPath: path]) })
    }
}

extension Form where Value == String {
    /// The name or an alternative name of a device; the latter may have 127 bytes (ALTIFNAMSIZ).
    static var portName: Form {
        .scalar(
            "the name of a port", schema: .pattern("^[^\\s/:]{1,127}$"),
            parse: { text throws(InvalidText) in
                if let address = LinkLayerAddress(text: text), address.bytes.count >= LinkLayerAddress.ethernetLength {
                    throw InvalidText("it is an address and no name", "write {permanent-address: \(address)}")
                }
                if text.contains(":") {
                    throw InvalidText("a name has no colon", "write {path: …} for a device by its bus")
                }
                guard text.utf8.count <= 127, text != ".", text != "..",
                    text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f && $0 != UInt8(ascii: "/") })
                else {
                    throw InvalidText(
                        "it is no device name", "use at most 127 bytes without white space, / and :")
                }
                return text
            }, write: { .text($0) })
    }

    static var devicePath: Form {
        .scalar(
            "a bus and a device as pci-0000:01:00.1", schema: .pattern("^[^\\s-]+-\\S+$"),
            parse: { text throws(InvalidText) in
                let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), text.utf8.allSatisfy({ $0 > 0x20 }) else {
                    throw InvalidText("it is no bus and device", "write it as pci-0000:01:00.1")
                }
                return text
            }, write: { .text($0) })
    }
}

extension Form where Value == Wish<PortSelector> {
    /// A port, `default` or `none`, which mean the same: without a primary the mode chooses by itself.
    static var primary: Form {
        let form = PortKeys.selector.orDefault
        return Form(
            read: { node, reading in node.isWord("none") ? .default : form.read(node, &reading) },
            write: form.write, facts: form.facts.changed { $0.schema = .anyOf([.const("none"), $0.schema]) })
    }
}
