/// Whether what an aggregate lacks may still come by itself, because it came up just now.
///
/// The kernel gives no times. What our own commands did is known from their record; of what others did, states tell that
/// last no longer than a timer: a delay that is running, LACP waiting for the first LACPDU, a negotiation whose churn is
/// not decided. So it never goes on for ever.
struct Settling {
    let link: Link
    let facts: AggregateFacts
    let ports: [Link]
    let statuses: [PortStatus]
    /// Milliseconds since a change that made its monitors or LACP begin anew; nil when nobody has noted one.
    let age: Int64?

    /// Until LACP waits for nobody any more: the short timeout (3 s), after which an aggregator is chosen (2 s, the wait
    /// while timer), with a second for machines that run ten times a second and for the answer of the partner.
    static let negotiation: Int64 = 6000
    /// The short timeout (802.1AX 6.4.4, Short_Timeout_Time): how long a port is EXPIRED.
    private static let shortTimeout: Int64 = 3000
    /// From the change until the kernel and a daemon have told each other.
    private static let announcement: Int64 = 500
    /// LACPDUs that are received during a negotiation; with more of them it is no new one.
    private static let fewLACPDUs: UInt64 = 10

    /// The milliseconds that it may take at most, unknown where only the state tells; nil when nothing is to be waited for.
    var timeLeft: Reading<Int64>? {
        guard link.isUp else { return nil }
        let byState = zip(ports, statuses).compactMap { $1.isUsable ? nil : evidence(of: $0) }
        if let age {
            let left = budget - age
            if left > 0, mayStillCome { return .value(left) }
        }
        guard !byState.isEmpty else { return nil }
        let known = byState.compactMap(\.value)
        return known.count == byState.count ? known.max().map { .value($0) } : .unknown
    }

    /// What a person is told.
    func finding(_ left: Reading<Int64>) -> AggregateStatus.Finding {
        let cause = facts.mode == .lacp ? "LACP and the link monitor" : "the link monitor"
        let time = left.value.map { ", at most \(Self.seconds($0)) more" } ?? ""
        return AggregateStatus.Finding(.settling, "came up just now and waits for \(cause)\(time)")
    }

    private static func seconds(_ milliseconds: Int64) -> String {
        milliseconds < 1000 ? "\(milliseconds)ms" : "\(milliseconds / 1000).\(milliseconds % 1000 / 100)s"
    }

    /// What the monitors and the timers of LACP take from the moment when ports come up.
    var budget: Int64 {
        let watches =
            facts.commonWatches
            + ports.flatMap { port -> [LinkWatch] in
                if case .watches(let own)? = port.port?.options["link_watch"] { own } else { [] }
            }
        let monitors =
            facts.driver == .teaming
            ? watches.map(\.patience).max() ?? 0
            : max(
                bounded("miimon") * 2 + bounded("updelay"),
                facts.targetMonitor.map { $0.patience + bounded("arp_interval") } ?? 0)
        return monitors + Self.announcement + (facts.mode == .lacp ? Self.negotiation : 0)
    }

    /// A time in milliseconds that can be added to others.
    private func bounded(_ option: String) -> Int64 { min(max(0, facts.number(option) ?? 0), .max / 8) }

    /// Something is there that waits for nothing but a timer.
    private var mayStillCome: Bool {
        let waiting = zip(ports, statuses).filter { link, _ in !hasGivenUp(link) }
        if waiting.contains(where: { $0.isUp && $0.hasCarrier && !$1.isUsable || $1.planesDisagree }) { return true }
        let usable = statuses.count(where: \.isUsable)
        guard usable > 0 else { return false }
        return !link.hasCarrier && usable >= facts.minimumPorts || !statuses.contains(where: \.isCarrying)
    }

    /// LACP has waited for a partner and goes on without one.
    private func hasGivenUp(_ link: Link) -> Bool {
        guard facts.mode == .lacp, let port = link.port, let state = port.actorState else { return false }
        return state.contains(.defaulted) && !state.contains(.expired) && !hasNotBegun(port, state)
    }

    /// Bonding's state before its machines have run is that of a port that has given up, but for what it has sent.
    private func hasNotBegun(_ port: PortFacts, _ state: LACPPortState) -> Bool {
        if let age, age < Self.shortTimeout { return true }
        return state.contains([.activity, .defaulted]) && port.sentLACPDUs == 0
    }

    /// A state of the port that ends by itself: after at most so long, or nobody knows when.
    private func evidence(of link: Link) -> Reading<Int64>? {
        guard link.isUp, link.hasCarrier, let port = link.port else { return nil }
        if facts.driver == .bonding, facts.targetMonitor == nil {
            if port.monitor == .goingUp { return .value(bounded("updelay") + bounded("miimon")) }
            if port.monitor == .down, bounded("miimon") > 0, facts.number("use_carrier") != 0 {
                return .value(bounded("updelay") + bounded("miimon"))
            }
        }
        guard facts.mode == .lacp, port.monitor == .up, let state = port.actorState else { return nil }
        if hasNotBegun(port, state), !state.isForwarding { return .value(Self.shortTimeout) }
        if state.contains(.expired) {
            // A partner that was there and has gone silent is still known. Bonding says `defaulted` while there was none.
            let isFirst = state.contains(.defaulted) || port.partner?.system.isZero == true
            return isFirst ? .value(Self.shortTimeout) : nil
        }
        guard age == nil, !state.contains(.defaulted), port.actorChurn == .monitoring,
            let received = port.receivedLACPDUs, received > 0, received < Self.fewLACPDUs
        else { return nil }
        return .unknown
    }
}
