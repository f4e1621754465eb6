import Aggregation
import Bonding
import CNetlink
import Declaration
import Glibc
import Operations
import Teaming

@testable import Netlink

/// A reader of bytes that somebody else may have written. None of them may trap, whatever it gets.
package enum FuzzTarget: String, CaseIterable, Sendable {
    /// What the journal keeps of a change.
    case record
    /// What comes over the line from a lab guest.
    case frame
    /// Messages of the kernel about links, addresses, routes, rules, neighbours and nexthop objects.
    case netlink
    /// Configuration and state of teamd, as JSON.
    case teamd
    /// A file of aggregates.
    case file
    /// LACPDUs of whoever is at the other end.
    case lacpdu

    package func read(_ bytes: [UInt8]) {
        switch self {
        case .record: _ = ChangeRecord(id: "1", path: "/record", bytes: bytes).rollback
        case .frame: Self.readFrames(bytes)
        case .netlink: Self.readMessage(bytes)
        case .teamd: Self.readJSON(String(decoding: bytes, as: UTF8.self))
        case .file: _ = try? DeclarationFile.parse(bytes: bytes, fileName: "file")
        case .lacpdu: _ = LACPDU(payload: bytes)
        }
    }

    private static func readFrames(_ bytes: [UInt8]) {
        var decoder = LabFrameDecoder()
        // In pieces, as they arrive.
        for start in stride(from: 0, to: bytes.count, by: 7) {
            decoder.append(bytes[start..<min(start + 7, bytes.count)])
            while let frame = try? decoder.next() { _ = frame.payload }
        }
    }

    private static func readJSON(_ text: String) {
        if let state = TeamState(parsing: text) { _ = "\(state)" }
        if let configuration = TeamConfiguration(parsing: text) { _ = "\(configuration)" }
    }

    private static let names = DeviceNames([Link(index: 7, name: "bond7"), Link(index: 9, name: "eth9")])

    /// The first byte chooses the kind of message.
    private static func readMessage(_ bytes: [UInt8]) {
        guard let choice = bytes.first else { return }
        let payload = Array(bytes.dropFirst())
        func message(_ type: Int) -> ReceivedMessage { ReceivedMessage(type: UInt16(type), payload: payload) }
        switch choice % 7 {
        case 0: readLink(message(RTM_NEWLINK))
        case 1: _ = AddressDecoder.decode(message(RTM_NEWADDR), names: names)
        case 2:
            for family in [AF_INET, AF_INET6] {
                let decoder = RouteDecoder(family: UInt8(family), names: names, nexthopDevices: [5: [7]])
                _ = decoder.decode(message(RTM_NEWROUTE))
            }
        case 3: _ = RuleDecoder.decode(message(RTM_NEWRULE))
        case 4: _ = NeighbourDecoder.decode(message(RTM_NEWNEIGH), names: names)
        case 5:
            var decoder = NexthopDecoder()
            _ = decoder.decode([message(RTM_NEWNEXTHOP), message(RTM_NEWNEXTHOP)], names: names)
        default: _ = LACPStatistics.decode(message(Int(bytes.count)))
        }
    }

    private static func readLink(_ message: ReceivedMessage) {
        guard let description = LinkDescription(message) else { return }
        let codec = BondCodec()
        if let data = description.data { _ = codec.aggregate(data, names: names) }
        if let data = description.portData { _ = codec.port(data) }
    }
}
