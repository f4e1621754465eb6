/// Why a driver cannot do exactly what `path-monitor` says; ``TargetMonitor`` judges what options come to.
enum PathEvidence {
    /// - Parameter validation: the number of `arp_validate` (`BOND_ARP_VALIDATE_*` in include/net/bonding.h).
    static func bonding(_ mode: Mode, validation: Int64) -> String? {
        let isShared = ModeSet([.rr, .xor]).contains(mode)
        let loose = validation >= 4 ? "any ARP" : "any frame"
        switch validation {
        case 3: return isShared ? oneAnswer("and the others are given up") : nil
        case 1, 5: return "\(loose) that a backup port receives counts as an answer; arp_validate=all insists on one"
        case 2, 6: return "\(loose) that the active port receives counts as an answer; arp_validate=all insists on one"
        default:
            if isShared {
                return
                    "in mode \(mode.rawValue) \(loose) that a port receives counts as an answer, because the switch hands "
                    + "each answer to one port; arp_validate=all would insist"
            }
            return "\(loose) that a port receives counts as an answer, also what another port asks; arp_validate=all "
                + "insists on one"
        }
    }

    /// - Parameters:
    ///   - watches: those of the team, or of one of its ports.
    ///   - policy: the number of `runner.hwaddr_policy`.
    static func teaming(_ mode: Mode, _ watches: [LinkWatch], policy: Int64) -> String? {
        let asking = watches.filter(\.kind.asks)
        guard !asking.isEmpty, asking.allSatisfy({ $0.kind.accepted.contains(mode) }) else { return nil }
        let requests = asking.filter { $0.kind == .arpPing }
        return requests.isEmpty ? solicitation(mode) : request(mode, requests, policy)
    }

    /// Without validation any ARP counts; without `send_always` only ports in use ask (`lw_ap_send`, `lw_ap_receive`).
    private static func request(_ mode: Mode, _ watches: [LinkWatch], _ policy: Int64) -> String? {
        func all(_ flag: String) -> Bool { watches.allSatisfy { $0.value(flag) == .number(1) } }
        let heard = "any ARP that a port hears counts as an answer, also what another port asks"
        switch mode {
        case .activeBackup:
            if !all("validate_active") { return heard }
            // Asked from the team's address, which all ports have, the answer and all other traffic would come to the
            // port that asked last, and an active-backup team drops what a port that is not in use receives.
            let remedy = policy == 0 ? "; with mac-policy active or follow it asks too" : ""
            if !all("validate_inactive") {
                let silence = policy == 0 || !all("send_always") ? "does not ask, and " : ""
                return "a port that is not in use \(silence)takes any ARP that it hears for an answer\(remedy)"
            }
            if !all("send_always") { return solicitation(mode) }
            return policy == 0 ? "all ports ask from one address, so only the one that asked last gets an answer" : nil
        case .broadcast: return all("validate_active") && all("validate_inactive") ? nil : heard
        default:
            return all("validate_active")
                ? oneAnswer("and the others are given up") : oneAnswer("so any ARP that a port hears counts as one")
        }
    }

    /// Only answers count, and only ports in use ask (`lw_nsnap_send`).
    private static func solicitation(_ mode: Mode) -> String? {
        switch mode {
        case .activeBackup: "a port that is not in use does not ask, and counts as down until the one in use has failed"
        case .broadcast: nil
        case .balanceXOR:
            oneAnswer("and a port that got none is given up and not asked again while another works")
        default: oneAnswer("and the others are given up")
        }
    }

    private static func oneAnswer(_ consequence: String) -> String {
        "the switch hands each answer to one port, \(consequence)"
    }
}
