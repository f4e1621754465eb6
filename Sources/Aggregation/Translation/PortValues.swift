/// Options that name a port: a primary, and the port in use. One rule for both drivers.
extension TranslationDraft {
    /// A primary or active port has to be among the ports, there or not yet; the kernel keeps the name of a primary that
    /// has not joined.
    mutating func checkOwnPort(_ setting: Setting, _ row: OptionDefinition) {
        guard case .port(let port?) = setting.value else { return }
        let known = portNames + missingPorts
        if known.contains(port) {
            if row.needs.contains(.ownPort) { checkActive(port, setting) }
            return
        }
        if row.needs.contains(.ownPortInTime), let link = host.link(named: port), !link.flags.contains(.loopback),
            link.name != name
        {
            return deferPrimary(setting, port)
        }
        refuse(
            setting, rule: "\(port) is no port of \(name)",
            remedy: known.isEmpty ? "add it to the ports" : "use one of \(known.joined(separator: ", "))")
    }

    /// The kernel keeps the name and does not show it, so a file that says it again must not write it each time.
    private mutating func deferPrimary(_ setting: Setting, _ port: String) {
        let isWritten = isNew || desired.locations.isEmpty
        if !isWritten { settings.removeAll { $0.name == setting.name } }
        note(
            .warning, Self.shown(setting.origin),
            "\(port) is no port of \(name) yet: "
                + (isWritten ? "it becomes the primary when it joins" : "apply again when it has joined"))
    }

    /// Neither driver uses a port that cannot carry anything: bonding refuses with words of its own
    /// (`bond_option_active_slave_set`), teamd takes it and sends into nothing.
    private mutating func checkActive(_ port: String, _ setting: Setting) {
        guard observed?.activePort != port, let link = host.link(named: port),
            let rule = Self.reasonAgainst(link, isMember: isMember(link))
        else { return }
        let others = portNames.filter { name in
            host.link(named: name).map { isMember($0) && Self.reasonAgainst($0, isMember: true) == nil } ?? false
        }
        refuse(
            setting, rule: "\(port) \(rule)",
            remedy: others.isEmpty
                ? "none of its ports can carry traffic now: look with aggctl status \(name)"
                : "use \(others.joined(separator: " or ")), or look with aggctl status \(name)",
            as: .refused(flag: nil))
    }

    private func isMember(_ link: Link) -> Bool { link.master != nil && link.master == host.link(named: name)?.index }

    /// Why a port cannot be the one in use; what has not joined may be down until it does.
    private static func reasonAgainst(_ link: Link, isMember: Bool) -> String? {
        if link.isUp, !link.hasCarrier { return "has no carrier" }
        guard isMember else { return nil }
        if !link.isUp { return "is down" }
        guard let monitor = link.port?.monitor, monitor != .up else { return nil }
        return "is not up for the link monitor (\(monitor.text))"
    }
}
