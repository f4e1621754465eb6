/// Safety rules: what a plan may not do unless a flag says so. Each looks at what lives on the device (``Dependants``).
extension AggregatePlanner {
    /// Whatever lives on the aggregate loses it for good.
    ///
    /// - Parameter ports: what lives on these loses them at least for a moment.
    mutating func guardCutoff(of link: Link, with ports: [Link] = [], by action: String, otherwise: String) {
        let burdens = host.burdens(of: link) + ports.flatMap { ownBurdens($0) }
        refuse(
            burdens, unless: .cutoff, flag: "--allow-cutoff", subject: wish.name,
            rule: "\(action) would cut off", remedy: "\(otherwise), or use --allow-cutoff to proceed")
    }

    mutating func guardInterruption(of link: Link, by reason: String) {
        refuse(
            host.burdens(of: link), unless: .interruption, flag: "--allow-interruption", subject: wish.name,
            rule: "\(reason), which would interrupt",
            remedy: "use --allow-interruption when that is acceptable now")
    }

    /// A port that leaves goes down, and what stands on the port itself with it.
    mutating func guardPort(_ port: Link, comesBack: Bool) {
        if comesBack {
            refuse(
                ownBurdens(port), unless: .interruption, flag: "--allow-interruption", subject: port.name,
                rule: "it goes down for a moment, which would interrupt",
                remedy: "use --allow-interruption when that is acceptable now")
        } else {
            refuse(
                ownBurdens(port), unless: .cutoff, flag: "--allow-cutoff", subject: port.name,
                rule: "it goes down as it leaves, which would cut off",
                remedy: "remove that first, or use --allow-cutoff to proceed")
        }
    }

    /// What lives on a port alone, each with the port's name.
    private func ownBurdens(_ port: Link) -> [String] {
        host.burdens(ofPort: port).map { "\($0) (port \(port.name))" }
    }

    private mutating func refuse(
        _ burdens: [String], unless allowance: Allowances, flag: String, subject: String, rule: String,
        remedy: String
    ) {
        guard !isRestoring, !burdens.isEmpty, !allow.contains(allowance) else { return }
        problems.append(
            .init(
                .refused(flag: flag), subject: subject, rule: "\(rule) \(Self.shortened(burdens))", remedy: remedy))
    }

    /// Another manager would undo the change, or fight over it.
    mutating func guardManagers() {
        var touched: [String] = []
        for step in steps {
            if case .restore = step.step { continue }
            for device in step.step.devices where !touched.contains(device) { touched.append(device) }
        }
        for device in touched {
            guard let manager = host.managedElsewhere[device] else { continue }
            guard !allow.contains(.ignoreManager) else {
                notes.append(
                    .init(.warning, subject: device, text: "\(manager) manages it and may undo or fight this change"))
                continue
            }
            problems.append(
                .init(
                    .refused(flag: "--ignore-manager"), subject: device,
                    rule: "\(manager) manages it and would undo or fight this change",
                    remedy: "release it from \(manager) first, or use --ignore-manager to proceed"))
        }
    }

    /// The caller's own way in must not end in an aggregate that cannot carry anything.
    mutating func guardCaller(_ link: Link?) {
        guard wish.state == .present, !allow.contains(.cutoff), let caller = host.callerAddress else { return }
        // Another active port takes nothing away that was there.
        let isElection = steps.allSatisfy { planned in
            guard case .setOptions(_, let settings, let driver) = planned.step else { return false }
            return settings.allSatisfy { $0.name == driver.activePortOption }
        }
        guard !isElection else { return }
        let joining = (wish.ports ?? []).compactMap { host.link(named: $0.name) }
        let isTouched = ([link].compactMap { $0 } + joining).contains { Dependants(of: $0, on: host).carriesCaller }
        guard isTouched, let reason = CarrierProspect(wish, link: link, host: host).obstacle else { return }
        problems.append(
            .init(
                .refused(flag: "--allow-cutoff"), subject: wish.name,
                rule: "your own SSH connection to \(caller) would depend on it, and \(reason)",
                remedy: "change that first, or use --allow-cutoff to proceed"))
    }

    static func shortened(_ reasons: [String]) -> String {
        reasons.count <= 3
            ? reasons.joined(separator: ", ")
            : reasons.prefix(3).joined(separator: ", ") + " and \(reasons.count - 3) more"
    }
}
