package import Aggregation
import Glibc

/// What only /proc/net/bonding/NAME says (drivers/net/bonding/bond_procfs.c): the order in which ports joined, and the
/// partner of each port.
///
/// The text is for people and has changed over the years. Lines that are not known are passed over, and a text that
/// was cut short gives what it holds.
package struct BondProc: Sendable, Hashable {
    package struct Port: Sendable, Hashable {
        package var name: String
        package var isUp: Bool?
        /// Mbit/s; nil when unknown.
        package var speed: UInt32?
        package var duplex: Link.Duplex?
        package var linkFailures: UInt32?
        package var permanentAddress: LinkLayerAddress?
        package var queueID: UInt16?
        package var aggregatorID: UInt16?
        package var actorChurn: PortFacts.ChurnState?
        package var partnerChurn: PortFacts.ChurnState?
        package var actorState: LACPPortState?
        package var partnerState: LACPPortState?
        /// Nil when the section is not there or not whole: not in mode lacp, or not shown without CAP_NET_ADMIN.
        package var partner: PortFacts.Partner?

        package init(name: String) { self.name = name }

        /// Whether LACP is in the states that were read elsewhere; what one of the two does not tell is not compared.
        package func hasStates(of port: PortFacts) -> Bool {
            func agree(_ mine: LACPPortState?, _ other: LACPPortState?) -> Bool {
                mine == nil || other == nil || mine == other
            }
            return agree(actorState, port.actorState) && agree(partnerState, port.partnerState)
        }
    }

    /// The mode in the kernel's words: `IEEE 802.3ad Dynamic link aggregation`.
    package var modeText: String?
    /// The aggregate itself, as far as the text has it.
    package var isUp: Bool?
    package var activePort: String?
    package var activeAggregatorID: UInt16?
    /// In the order in which they joined.
    package var ports: [Port] = []

    package init() {}

    package init(text: String) { self.init(bytes: Array(text.utf8)) }

    package init(bytes: [UInt8]) {
        var parser = Parser()
        bytes.withUnsafeBufferPointer { text in
            var rest = Words(text)
            while let end = rest.place(of: "\n") {
                parser.read(rest.upTo(end))
                rest = rest.after(end)
            }
            parser.read(rest)
        }
        parser.endPort()
        self = parser.result
    }

    /// One pass over the lines; which section a line belongs to follows from the lines before it.
    private struct Parser {
        private enum Section { case aggregate, port, actor, partner }

        var result = BondProc()
        private var section = Section.aggregate
        private var port: Port?
        private var partner = PartnerFields()

        mutating func read(_ line: Words) {
            guard let colon = line.place(of: ":") else { return }
            let key = line.upTo(colon).trimmed
            let value = line.after(colon).trimmed
            if value.isEmpty {
                if key == "details actor lacp pdu" { section = .actor }
                if key == "details partner lacp pdu" { section = .partner }
            }
            if key == "Slave Interface" {
                endPort()
                port = value.isEmpty ? nil : Port(name: value.text)
                section = .port
                return
            }
            switch section {
            case .aggregate: readAggregate(key, value)
            case .port: readPort(key, value)
            case .actor: if key == "port state" { port?.actorState = Self.state(value) }
            case .partner: readPartner(key, value)
            }
        }

        mutating func endPort() {
            if var port {
                port.partner = partner.whole
                result.ports.append(port)
            }
            port = nil
            partner = PartnerFields()
        }

        private mutating func readAggregate(_ key: Words, _ value: Words) {
            switch key {
            case "Bonding Mode": result.modeText = value.text
            case "MII Status": result.isUp = value == "up"
            case "Currently Active Slave":
                result.activePort = value == "None" || value.isEmpty ? nil : value.text
            case "Aggregator ID": result.activeAggregatorID = Self.number(value)
            default: break
            }
        }

        private mutating func readPort(_ key: Words, _ value: Words) {
            switch key {
            case "MII Status": port?.isUp = value == "up"
            case "Speed": port?.speed = Self.number(value)
            case "Duplex":
                port?.duplex = value == "full" ? .full : value == "half" ? .half : nil
            case "Link Failure Count": port?.linkFailures = Self.number(value)
            case "Permanent HW addr": port?.permanentAddress = Self.address(value)
            case "Slave queue ID": port?.queueID = Self.number(value)
            case "Aggregator ID": port?.aggregatorID = Self.number(value)
            case "Actor Churn State": port?.actorChurn = Self.churn(value)
            case "Partner Churn State": port?.partnerChurn = Self.churn(value)
            default: break
            }
        }

        private mutating func readPartner(_ key: Words, _ value: Words) {
            switch key {
            case "system priority": partner.systemPriority = Self.number(value)
            case "system mac address": partner.system = Self.address(value)
            case "oper key": partner.key = Self.number(value)
            case "port priority": partner.portPriority = Self.number(value)
            case "port number": partner.portNumber = Self.number(value)
            case "port state": port?.partnerState = Self.state(value)
            default: break
            }
        }

        /// The digits that a value begins with: `10000 Mbps`.
        private static func number<Number: FixedWidthInteger>(_ value: Words) -> Number? {
            var number: Number?
            for byte in value.bytes {
                guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { break }
                let (product, tooLarge) = (number ?? 0).multipliedReportingOverflow(by: 10)
                let (sum, overflow) = product.addingReportingOverflow(Number(byte - UInt8(ascii: "0")))
                if tooLarge || overflow { return nil }
                number = sum
            }
            return number
        }

        private static func address(_ value: Words) -> LinkLayerAddress? {
            guard let address = LinkLayerAddress(utf8: value.bytes),
                address.bytes.count >= LinkLayerAddress.ethernetLength
            else { return nil }
            return address
        }

        private static func state(_ value: Words) -> LACPPortState? {
            number(value).map { (raw: UInt8) in LACPPortState(rawValue: raw) }
        }

        private static func churn(_ value: Words) -> PortFacts.ChurnState? {
            switch value {
            case "monitoring": .monitoring
            case "churned": .churned
            case "none": .settled
            default: nil
            }
        }
    }

    /// A piece of the text, valid while the text is: a host with many aggregates has thousands of lines.
    private struct Words {
        let bytes: UnsafeBufferPointer<UInt8>

        init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

        var isEmpty: Bool { bytes.isEmpty }
        var text: String { String(decoding: bytes, as: UTF8.self) }
        /// Without the spaces at its start.
        var trimmed: Words {
            let start = bytes.firstIndex { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
            return Words(UnsafeBufferPointer(rebasing: bytes[(start ?? bytes.endIndex)...]))
        }

        func place(of character: Unicode.Scalar) -> Int? { bytes.firstIndex(of: UInt8(ascii: character)) }
        func upTo(_ place: Int) -> Words { Words(UnsafeBufferPointer(rebasing: bytes[..<place])) }
        func after(_ place: Int) -> Words { Words(UnsafeBufferPointer(rebasing: bytes[(place + 1)...])) }

        static func == (words: Words, text: StaticString) -> Bool {
            guard words.bytes.count == text.utf8CodeUnitCount, let start = words.bytes.baseAddress else { return false }
            return memcmp(start, text.utf8Start, words.bytes.count) == 0
        }
        static func ~= (text: StaticString, words: Words) -> Bool { words == text }
    }

    /// A partner's fields as they come; half of them would be a partner that nobody has.
    private struct PartnerFields {
        var systemPriority: UInt16?
        var system: LinkLayerAddress?
        var key: UInt16?
        var portPriority: UInt16?
        var portNumber: UInt16?

        var whole: PortFacts.Partner? {
            guard let systemPriority, let system, let key, let portPriority, let portNumber else { return nil }
            return .init(
                systemPriority: systemPriority, system: system, key: key, portPriority: portPriority,
                portNumber: portNumber)
        }
    }
}
