import Aggregation
import CSystemShims
import Glibc
import SystemPackage

/// Takes in what arrives at one device of one protocol (packet(7)), and sends nothing.
final class PacketSocket: Sendable {
    let device: Int32
    let descriptor: Int32

    /// Opens it in the namespace of the calling thread.
    ///
    /// - Parameters:
    ///   - etherType: the protocol, as in the header of a frame.
    ///   - group: a group of link-layer addresses whose frames the device is to let in; broadcasts arrive anyway.
    /// - Throws: what the kernel refused: without CAP_NET_RAW nobody listens.
    init(device: Int32, etherType: UInt16, group: [UInt8] = []) throws(Errno) {
        self.device = device
        descriptor = aggctl_open_packet_socket(device, etherType, group, Int32(group.count))
        guard descriptor >= 0 else { throw Errno(rawValue: -descriptor) }
    }

    deinit { close(descriptor) }

    /// What a frame carries, and who sent it.
    struct Packet: Sendable {
        let source: LinkLayerAddress
        let payload: [UInt8]
    }

    /// A frame that has arrived; nil when none has.
    func read() -> Packet? {
        var bytes = [UInt8](repeating: 0, count: 2048)
        var source = [UInt8](repeating: 0, count: LinkLayerAddress.ethernetLength)
        let count = aggctl_receive_packet(descriptor, &bytes, UInt32(bytes.count), &source)
        guard count > 0 else { return nil }
        return Packet(source: LinkLayerAddress(source), payload: Array(bytes.prefix(Int(count))))
    }
}
