/// Rules of link watches: which runner looks at them, and what several of them come to.
extension TranslationDraft {
    mutating func checkWatches() {
        if let setting = wished("link_watch"), case .watches(let watches) = setting.value {
            if watches.isEmpty, mode != .lacp {
                refuse(setting, rule: "without a watch teamd uses ethtool", remedy: "write ethtool")
            }
            if let watch = ignored(watches) {
                refuse(
                    setting, rule: "the lacp runner ignores \(watch.kind.rawValue)", remedy: "use ethtool",
                    showsMode: true)
            } else {
                noteWatches(watches) { draft, text in draft.note(.warning, Self.shown(setting.origin), text) }
            }
        }
        for port in ports { checkWatches(of: port) }
    }

    private mutating func checkWatches(of port: PortDraft) {
        guard let setting = port.settings.first(where: { $0.name == "link_watch" }),
            case .watches(let watches) = setting.value, !watches.isEmpty
        else { return }
        if watches == [LinkWatch(.ethtool)], value("link_watch") == .watches(watches) {
            return leaveToTeam(setting, of: port)
        }
        if let watch = ignored(watches) {
            return refuse(
                port, setting.origin, value: portTable["link_watch"]?.format(setting.value),
                rule: "the lacp runner ignores \(watch.kind.rawValue)", remedy: "use ethtool", showsMode: true)
        }
        let subject = "\(name) port \(port.title)"
        func warn(_ draft: inout Self, _ text: String) {
            draft.notes.append(PlanNote(.warning, subject: subject, option: "link_watch", text: text))
        }
        // teamd adds these to what its configuration says for all ports (`link_watch_event_watch_port_added`).
        if let team = wished("link_watch")?.value ?? base["link_watch"], team != .watches([]) {
            warn(&self, "the team has a link_watch too: both watch the port, and \(joining)")
        }
        noteWatches(watches, warn)
    }

    /// The plain carrier watch of a team that has it too adds nothing, and teamd does not tell the two apart where the
    /// team has none that was written down.
    private mutating func leaveToTeam(_ setting: Setting, of port: PortDraft) {
        guard let place = ports.firstIndex(where: { $0.index == port.index }),
            let own = ports[place].settings.firstIndex(of: setting)
        else { return }
        ports[place].settings[own].value = .watches([])
        notes.append(
            PlanNote(
                .info, subject: "\(name) port \(port.title)", option: "link_watch",
                text: "the team watches its ports by ethtool already"))
    }

    private func ignored(_ watches: [LinkWatch]) -> LinkWatch? { watches.first { !$0.kind.accepted.contains(mode) } }

    private var joining: String {
        number("link_watch_policy") == 0 ? "one that is up is enough" : "each has to be up"
    }

    private mutating func noteWatches(_ watches: [LinkWatch], _ warn: (inout Self, String) -> Void) {
        // The neutral key has been judged already.
        if wished("link_watch")?.origin != "path-monitor",
            let text = TargetMonitor(watches: watches, mode: mode)?.warning
        {
            warn(&self, text)
        }
        let others = watches.filter { $0.kind != .ethtool }
        if watches.watchCarrier, let other = others.first, number("link_watch_policy") == 0 {
            warn(
                &self, "one watch that is up is enough: with ethtool beside it, \(other.kind.rawValue) is never needed")
        }
        guard !watches.contains(where: \.kind.asks) else { return }
        for watch in watches where !watch.settings.isEmpty && !watch.kind.effective.contains(mode) {
            let what = watch.kind == .ethtool ? "the delays" : "\(watch.kind.rawValue) says"
            warn(&self, "in mode \(mode.rawValue) a change of the carrier counts at once, whatever \(what)")
        }
    }
}
