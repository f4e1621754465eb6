internal import Aggregation
internal import CSystemShims
internal import Netlink
internal import Synchronization
internal import SystemPackage

/// The carrier of a port, taken away by setting the far end of its cable down.
///
/// A process of its own stands by while the fault lasts and lifts it when ours dies, whatever the way.
package final class CarrierFault: Sendable {
    package let farEnd: FarEnd.Port
    private let socket: NetlinkSocket
    private let device: LinkReference
    private let guardian: Mutex<aggctl_guard?>

    /// Gets everything ready, the guard included, so that injecting is one request.
    ///
    /// - Throws: ``DrillError/faultRefused(port:reason:)``.
    package static func prepare(on farEnd: FarEnd.Port) async throws(DrillError) -> CarrierFault {
        do {
            let socket = try NetlinkSocket(in: farEnd.namespace)
            let device = LinkReference.index(try await socket.linkIndex(farEnd.device))
            guard try await socket.linkFlags(device).contains(.up) else {
                throw DrillError.faultRefused(port: farEnd.port, reason: "its far end \(farEnd.device) is down already")
            }
            let lift = try NetlinkMessage.setUp(device, true)
            let guardian = try Self.startGuard(in: farEnd.namespace, lift: lift.bytes)
            return CarrierFault(farEnd, socket, device, guardian)
        } catch let error as DrillError {
            throw error
        } catch {
            throw .faultRefused(port: farEnd.port, reason: "\(error)")
        }
    }

    private init(
        _ farEnd: FarEnd.Port, _ socket: NetlinkSocket, _ device: LinkReference, _ guardian: aggctl_guard
    ) {
        self.farEnd = farEnd
        self.socket = socket
        self.device = device
        self.guardian = Mutex(guardian)
    }

    /// Takes the carrier away. Lift the fault afterwards, also when this throws.
    package func inject() async throws(DrillError) {
        do {
            try await socket.setUp(device, false)
        } catch {
            throw .faultRefused(port: farEnd.port, reason: "\(error)")
        }
    }

    deinit {
        // Whoever forgets the fault lifts it.
        if let left = guardian.withLock({ $0.take() }) { _ = aggctl_guard_end(left, 1) }
    }

    private static func startGuard(in namespace: NetworkNamespace, lift: [UInt8]) throws -> aggctl_guard {
        let lent = try namespace.lend()
        defer { withExtendedLifetime(lent) {} }
        var guardian = aggctl_guard()
        let code = aggctl_guard_start(lent.descriptor.rawValue, lift, UInt32(lift.count), &guardian)
        guard code == 0 else { throw DrillError.thread(reason: "no guard process: error \(-code)") }
        return guardian
    }

    /// Gives the carrier back. Does not mind being called twice, nor that the task was cancelled.
    package func lift() async throws(DrillError) {
        guard let guardian = guardian.withLock({ $0.take() }) else { return }
        do {
            try await socket.setUp(device)
            _ = aggctl_guard_end(guardian, 0)
        } catch {
            // The guard has another way to the same end.
            let status = aggctl_guard_end(guardian, 1)
            guard status == 0 else {
                throw .faultNotLifted(
                    farEnd: farEnd.device, namespace: farEnd.namespace.label, reason: "\(error)")
            }
        }
    }
}
