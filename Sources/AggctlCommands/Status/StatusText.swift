internal import Aggregation

/// One aggregate as people read it.
struct StatusText {
    let status: AggregateStatus
    let style: Style

    /// A summary line, the table of ports, and what there is to say.
    var text: PrintableText {
        var text = summary + "\n"
        if !status.ports.isEmpty { text += portTable.render(style, indent: 4) }
        for finding in status.findings {
            let word: PrintableText = finding.verdict.map { style.paint($0.rawValue, $0.role) } ?? "note"
            text += "    \(word): \(finding.text)\n"
        }
        return text
    }

    private var summary: PrintableText {
        var parts: [PrintableText] = [
            style.paint(status.name, .heading),
            style.paint(status.verdict.rawValue, status.verdict.role),
            "\(status.driver.rawValue) \(status.mode?.rawValue ?? "-")",
            "\(status.portsUp.map(String.init) ?? "-")/\(status.expectedPorts) ports up",
            PrintableText(status.speed.map(SpeedText.long) ?? "speed -"),
        ]
        if let port = Self.text(status.activePort, { $0 }) { parts.append("active port \(port)") }
        if let id = Self.text(status.activeAggregator, { String($0) }) { parts.append("active aggregator \(id)") }
        if let partner { parts.append(PrintableText(partner)) }
        if let policy = Self.text(status.hashPolicy, { $0 }) { parts.append("hash \(policy)") }
        return parts.joined(separator: "  ")
    }

    private var partner: String? {
        if status.hidden.contains("partner") { return "partner - (hidden: needs CAP_NET_ADMIN)" }
        if status.partner == .nothing { return "no partner" }
        return Self.text(status.partner) { $0.system.description }.map { "partner \($0)" }
    }

    private static func text<Value>(_ reading: Reading<Value>, _ format: (Value) -> String) -> String? {
        switch reading {
        case .doesNotApply: nil
        case .unknown: "-"
        case .nothing: "none"
        case .value(let value): format(value)
        }
    }

    // MARK: Ports

    private var isLACP: Bool { status.mode == .lacp }
    private var hasRoles: Bool { status.mode?.usesOnePort == true }
    private var hasShares: Bool { status.ports.contains { $0.share != nil } }

    private var portTable: TextTable {
        var columns: [TextTable.Column] = [
            .init("PORT"), .init("PERMANENT ADDRESS"), .init("DRIVER"), .init("PATH"), .init("SPEED"), .init("LINK"),
        ]
        if hasRoles { columns.append(.init("ROLE")) }
        if isLACP {
            columns += [
                .init("ACTOR"), .init("PARTNER"), .init("AGGREGATOR", .right), .init("LACPDUS", .right),
                .init("AGE", .right),
            ]
        }
        if hasShares { columns.append(.init("HASHES", .right)) }
        columns += [.init("FAILURES", .right), .init("NOTE")]
        var table = TextTable(columns)
        for port in status.ports { table.add(cells(port)) }
        return table
    }

    private func cells(_ port: PortStatus) -> [TextTable.Cell] {
        var cells: [TextTable.Cell] = [
            .init(port.name + (port.planesDisagree ? "*" : "")), .init(port.permanentAddress?.description),
            .init(port.kind), .init(port.path), .init(SpeedText.short(port.speed, port.duplex)),
            .init(port.link?.text, port.link.map { $0 == .up ? .good : .bad }),
        ]
        if hasRoles { cells.append(.init(port.role?.rawValue)) }
        if isLACP {
            let lacp = port.lacp
            cells += [
                .init(lacp?.actorState?.letters), .init(lacp?.partnerState?.letters),
                .init(lacp?.aggregatorID.map(String.init)), .init(lacp?.receivedLACPDUs.map(String.init)),
                // Known only to a monitor that has been running.
                .init(nil),
            ]
        }
        if hasShares { cells.append(.init(port.share.map { "\($0.hashes)/\(PortFacts.BalancerShare.allHashes)" })) }
        return cells + [.init(port.linkFailures.map(String.init)), port.note.map { .init($0, .warning) } ?? .blank]
    }
}

extension Verdict {
    fileprivate var role: Style.Role {
        switch self {
        case .healthy: .good
        case .settling, .unknown, .degraded: .warning
        case .misconfigured, .down: .bad
        }
    }
}
