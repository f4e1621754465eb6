package import Aggregation

/// Why a drill could not be held, or says nothing.
package enum DrillError: Error, Sendable, Hashable {
    /// Something about the host or the lab rules the drill out; nothing was touched.
    case unfit(Problem)
    /// A target did not answer before the fault.
    case noAnswer(target: IPAddress, source: IPAddress, device: String, answered: Int, sent: Int)
    /// Probes were lost before the fault, so what is lost after it would prove nothing.
    case lossyBefore(lost: Int, sent: Int)
    /// No probe went by the port, so taking it away would measure nothing.
    case noFlowOnPort(port: String, aggregate: String, mode: Mode)
    case socket(address: IPAddress, namespace: String, reason: String)
    case thread(reason: String)
    /// The fault could not be injected; nothing changed.
    case faultRefused(port: String, reason: String)
    /// The fault could not be lifted.
    case faultNotLifted(farEnd: String, namespace: String, reason: String)

    /// What to do about it.
    package var remedy: String? {
        switch self {
        case .unfit(let problem): problem.remedy
        case .noAnswer(let target, let source, let device, _, _):
            "see that \(target) can be reached from \(source) through \(device), as with ping -I \(device) \(target)"
        case .lossyBefore: "look for the loss first: aggctl status shows ports with trouble"
        case .noFlowOnPort(_, _, .activeBackup): "leave --port out, and the active port is taken"
        case .noFlowOnPort: "leave --port out, or give more targets, so that the hash policy has more to choose by"
        case .socket, .thread: nil
        case .faultRefused: "this needs CAP_NET_ADMIN and CAP_SYS_ADMIN: run it as root"
        case .faultNotLifted(let farEnd, let namespace, _):
            "ip -n \(namespace) link set \(farEnd) up brings the link back"
        }
    }
}

extension DrillError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unfit(let problem): problem.message
        case .noAnswer(let target, let source, _, let answered, let sent):
            "\(target) answered \(answered) of \(sent) probes from \(source) before the fault; no port was touched"
        case .lossyBefore(let lost, let sent):
            "\(lost) of \(sent) probes were lost before the fault, so a loss after it would prove nothing; no port was touched"
        case .noFlowOnPort(let port, let aggregate, let mode):
            "no probe went by \(port) of \(aggregate) (mode \(mode.rawValue)), so taking its carrier away would measure nothing; "
                + "no port was touched"
        case .socket(let address, let namespace, let reason):
            "cannot open a UDP socket on \(address) in \(namespace): \(reason)"
        case .thread(let reason): "cannot start probing: \(reason)"
        case .faultRefused(let port, let reason): "cannot take the carrier of \(port) away: \(reason)"
        case .faultNotLifted(let farEnd, let namespace, let reason):
            "cannot bring \(farEnd) in \(namespace) up again: \(reason)"
        }
    }
}
