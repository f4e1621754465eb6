import Aggregation
import CNetlink
import Glibc

/// Reads RTM_NEWNEIGH (linux/neighbour.h): what was set to stay, proxied addresses included.
enum NeighbourDecoder {
    static func decode(_ message: ReceivedMessage, names: DeviceNames) -> HostState.Neighbour? {
        guard Int(message.type) == RTM_NEWNEIGH, let header = message.header(as: ndmsg.self),
            Int32(header.ndm_family) == AF_INET || Int32(header.ndm_family) == AF_INET6
        else { return nil }
        let isProxy = Int32(header.ndm_flags) & Int32(NTF_PROXY) != 0
        guard isProxy || Int32(header.ndm_state) & Int32(NUD_PERMANENT) != 0 else { return nil }

        let label = names.label(header.ndm_ifindex)
        let head = "\(label) \(header.ndm_family) \(isProxy ? "proxy" : "permanent") flags \(header.ndm_flags)"
        var builder = RecordBuilder(.neighbour, header: message.payload.prefix(MemoryLayout<ndmsg>.size), head: head)
        var (address, hardware): (IPAddress?, LinkLayerAddress?)
        for attribute in message.attributes(after: MemoryLayout<ndmsg>.size) {
            switch attribute.type {
            case NDA_CACHEINFO, NDA_PROBES: continue
            case NDA_DST: address = IPAddress(bytes: attribute.bytes)
            case NDA_LLADDR: hardware = LinkLayerAddress(attribute.bytes)
            default: break
            }
            builder.keep(attribute)
        }
        guard let address else { return nil }
        // The kernel's own entries for multicast and loopback.
        if hardware?.isZero ?? !isProxy { return nil }
        let text =
            isProxy ? "proxy \(address) on \(label)" : "\(address) at \(hardware.map(\.description) ?? "?") on \(label)"
        return HostState.Neighbour(device: header.ndm_ifindex, record: builder.record(summary: text))
    }
}
