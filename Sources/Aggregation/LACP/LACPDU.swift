/// A LACPDU of version 1 (802.1AX-2020 6.4.2.3): what each end of a link says of itself and of the other.
package struct LACPDU: Sendable, Hashable {
    /// 1; a later version has these fields in the same places.
    package let version: UInt8
    package let actor: End
    package let partner: End
    /// How long the sender takes at most to hand a frame on, in tens of microseconds.
    package let collectorMaxDelay: UInt16

    /// Actor_ and Partner_ information.
    package struct End: Sendable, Hashable {
        /// Lower wins.
        package let systemPriority: UInt16
        package let system: LinkLayerAddress
        package let key: UInt16
        /// Lower wins.
        package let portPriority: UInt16
        package let port: UInt16
        package let state: LACPPortState

        package init(
            systemPriority: UInt16, system: LinkLayerAddress, key: UInt16, portPriority: UInt16, port: UInt16,
            state: LACPPortState
        ) {
            self.systemPriority = systemPriority
            self.system = system
            self.key = key
            self.portPriority = portPriority
            self.port = port
            self.state = state
        }
    }

    /// The EtherType of slow protocols, of which LACP is subtype 1 (802.3 annex 57A).
    package static let etherType: UInt16 = 0x8809
    /// Where LACPDUs are sent: a bridge does not forward it.
    package static let groupAddress = LinkLayerAddress([0x01, 0x80, 0xc2, 0x00, 0x00, 0x02])

    private static let subtype: UInt8 = 1
    /// Subtype, version and the three fields that version 1 has; what follows is reserved.
    private static let leastLength = 58

    /// Reads what follows the EtherType of a frame.
    ///
    /// A receiver is told to look at nothing it need not (6.4.2.3): reserved octets are not compared, and lengths are,
    /// since they say where the fields are.
    ///
    /// - Returns: nil for anything but a LACPDU.
    package init?(payload bytes: some Collection<UInt8>) {
        let bytes = Array(bytes.prefix(Self.leastLength))
        guard bytes.count == Self.leastLength, bytes[0] == Self.subtype, bytes[1] >= 1,
            bytes[2] == 1, bytes[3] == 20, bytes[22] == 2, bytes[23] == 20, bytes[42] == 3, bytes[43] == 16
        else { return nil }
        version = bytes[1]
        actor = End(bytes[4..<22])
        partner = End(bytes[24..<42])
        collectorMaxDelay = UInt16(bytes[44]) << 8 | UInt16(bytes[45])
    }
}

extension LACPDU.End {
    /// Priority and address of the system, key, priority and number of the port, state.
    fileprivate init(_ bytes: ArraySlice<UInt8>) {
        let start = bytes.startIndex
        func number(_ offset: Int) -> UInt16 { UInt16(bytes[start + offset]) << 8 | UInt16(bytes[start + offset + 1]) }
        systemPriority = number(0)
        system = LinkLayerAddress(bytes[(start + 2)..<(start + 8)])
        key = number(8)
        portPriority = number(10)
        port = number(12)
        state = LACPPortState(rawValue: bytes[start + 14])
    }
}
