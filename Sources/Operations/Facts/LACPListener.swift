package import Aggregation
import Dispatch
import Glibc
package import Netlink

/// Hears LACPDUs that arrive at devices, and sends none: who is at the other end tells so by itself, at the latest after
/// 30 seconds where it is active.
package enum LACPListener {
    /// Listens at devices of a namespace, by their indexes.
    ///
    /// - Parameter time: how long; all at once, and no longer than until each has heard one.
    /// - Returns: the first LACPDU of each that heard one.
    /// - Throws: what the kernel refused: without CAP_NET_RAW nobody listens.
    package static func hear(
        at devices: [Int32], in namespace: NetworkNamespace, for time: Duration
    ) async throws -> [Int32: LACPDU] {
        let group = LACPDU.groupAddress.bytes
        let ears = try await namespace.run {
            try devices.map { try PacketSocket(device: $0, etherType: LACPDU.etherType, group: group) }
        }
        return await withCheckedContinuation { continuation in
            // It waits where it is called.
            DispatchQueue.global().async { continuation.resume(returning: listen(ears, .now + time)) }
        }
    }

    private static func listen(_ ears: [PacketSocket], _ deadline: ContinuousClock.Instant) -> [Int32: LACPDU] {
        var heard: [Int32: LACPDU] = [:]
        while heard.count < ears.count {
            var waiting = ears.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
            // One that has heard is not waited for, and none is not told apart from a signal.
            for (place, ear) in ears.enumerated() where heard[ear.device] != nil { waiting[place].fd = -1 }
            let count = poll(&waiting, nfds_t(waiting.count), (deadline - .now).pollTimeout)
            if count == 0 || count < 0 && errno != EINTR { break }
            for (place, ear) in ears.enumerated() where waiting[place].revents != 0 {
                if let unit = ear.read().flatMap({ LACPDU(payload: $0.payload[...]) }) { heard[ear.device] = unit }
            }
        }
        return heard
    }
}
