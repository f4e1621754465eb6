package import Aggregation
internal import CSystemShims
internal import Glibc
package import Netlink
internal import SystemPackage

/// Answers probes at the far end, from several ports of each target address so that answers are many flows too.
package final class EchoResponder: Sendable {
    /// The ports that answer, by target.
    package let ports: [IPAddress: [UInt16]]
    private let thread: DrillThread

    /// How long the responder sleeps without probes before it looks whether it is to end, in milliseconds.
    private static let patience: Int32 = 50
    private static let batchSize = 64

    /// Starts answering.
    ///
    /// - Parameters:
    ///   - run: the number of the drill whose probes are answered; nothing else is.
    package init(
        on targets: [IPAddress], portsPerTarget: Int, run: UInt64, in namespace: NetworkNamespace
    ) throws(DrillError) {
        var ports: [IPAddress: [UInt16]] = [:]
        var sockets: [UDPSocket] = []
        for target in targets {
            for _ in 0..<portsPerTarget {
                let socket = try UDPSocket.open(on: target, device: nil, in: namespace)
                sockets.append(socket)
                ports[target, default: []].append(socket.port)
            }
        }
        self.ports = ports
        let all = sockets
        thread = try DrillThread { isStopped in Self.answer(on: all, run: run, isStopped: isStopped) }
    }

    deinit { thread.end() }

    /// Ends answering and closes the sockets.
    package func end() { thread.end() }

    private static func answer(on sockets: [UDPSocket], run: UInt64, isStopped: () -> Bool) {
        // Without memory there are no answers, which the drill tells before it does any harm.
        guard let batch = try? DatagramBatch(capacity: batchSize, size: Probe.length + 1) else { return }
        var waiting = sockets.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        while !isStopped() {
            guard poll(&waiting, nfds_t(waiting.count), patience) > 0 else { continue }
            for entry in waiting where entry.revents != 0 { echo(entry.fd, batch, run) }
        }
    }

    private static func echo(_ descriptor: Int32, _ batch: DatagramBatch, _ run: UInt64) {
        while true {
            let count = batch.receive(from: descriptor)
            var start = 0
            // Runs of probes go back in one call; what is no probe of ours ends a run and is left out.
            for index in 0...count {
                if index < count, Probe(batch.received(index))?.run == run {
                    batch.set(index, length: Probe.length, destination: nil)
                } else {
                    if start < index { batch.send(start..<index, to: descriptor) { _ in } }
                    start = index + 1
                }
            }
            if count < batch.capacity { return }
        }
    }
}
