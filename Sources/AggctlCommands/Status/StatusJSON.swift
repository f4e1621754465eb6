internal import Aggregation

/// The status as programs read it; docs/schemas/status.schema.json says the same.
extension AggregateStatus {
    var json: JSONValue {
        var members: [String: JSONValue] = [
            "name": .string(name), "driver": .string(driver.rawValue), "mode": JSONValue(mode?.rawValue),
            "verdict": .string(verdict.rawValue), "up": .bool(isUp), "carrier": .bool(hasCarrier),
            "mac-address": JSONValue(address?.description), "ports_up": JSONValue(portsUp),
            "expected-ports": .integer(Int64(expectedPorts)), "speed_mbps": JSONValue(speed),
            // Known only to a monitor that has been running.
            "since": .null,
            "findings": .array(findings.map(\.json)), "ports": .array(ports.map { $0.json(driver) }),
            "options": OptionsJSON.object(options, hidden: hiddenOptions, OptionTables.shared.aggregate(driver)),
        ]
        members["active_port"] = Self.json(activePort, nothing: "none") { .string($0) }
        members["active_aggregator"] = Self.json(activeAggregator, nothing: 0) { .integer(Int64($0)) }
        members["partner"] = Self.json(partner, nothing: ["present": false]) {
            ["present": true, "system": .string($0.system.description), "key": .integer(Int64($0.key))]
        }
        members["hash_policy"] = Self.json(hashPolicy, nothing: .null) { .string($0) }
        if let daemon { members["daemon"] = daemon.json }
        if !hidden.isEmpty { members["hidden"] = .array(hidden.map(JSONValue.string)) }
        return .object(members)
    }

    /// Absent where it does not apply, null where it is unknown.
    private static func json<Value>(
        _ reading: Reading<Value>, nothing: JSONValue, _ value: (Value) -> JSONValue
    ) -> JSONValue? {
        switch reading {
        case .doesNotApply: nil
        case .unknown: .null
        case .nothing: nothing
        case .value(let known): value(known)
        }
    }
}

extension AggregateFacts.Daemon {
    fileprivate var json: JSONValue {
        ["state": .string(state.rawValue), "process": JSONValue(process), "supervised": .bool(isSupervised)]
    }
}

extension AggregateStatus.Finding {
    fileprivate var json: JSONValue {
        var members: [String: JSONValue] = ["message": .string(text)]
        if let verdict { members["verdict"] = .string(verdict.rawValue) }
        return .object(members)
    }
}

extension PortStatus {
    fileprivate func json(_ aggregateDriver: DriverKind) -> JSONValue {
        var members: [String: JSONValue] = [
            "name": .string(name), "permanent-address": JSONValue(permanentAddress?.description),
            "driver": JSONValue(kind), "speed_mbps": JSONValue(speed), "duplex": JSONValue(duplex?.rawValue),
            "link": JSONValue(link.map { $0.text }), "usable": .bool(isUsable),
            "planes_disagree": .bool(planesDisagree), "link_failures": JSONValue(linkFailures),
            "options": OptionsJSON.object(options, hidden: [], OptionTables.shared.port(aggregateDriver)),
        ]
        if let path { members["path"] = .string(path) }
        if let isActive { members["active"] = .bool(isActive) }
        if let note { members["note"] = .string(note) }
        if let lacp { members["lacp"] = lacp.json }
        return .object(members)
    }
}

extension PortStatus.LACP {
    fileprivate var json: JSONValue {
        [
            "aggregator": JSONValue(aggregatorID), "actor": actorState?.json ?? .null,
            "partner": partnerState?.json ?? .null, "actor_churn": JSONValue(actorChurn?.text),
            "partner_churn": JSONValue(partnerChurn?.text),
            "partner_system": JSONValue(partner?.system.description),
            "partner_system_priority": JSONValue(partner?.systemPriority), "partner_key": JSONValue(partner?.key),
            "partner_port": JSONValue(partner?.portNumber), "partner_port_priority": JSONValue(partner?.portPriority),
            "received_lacpdus": JSONValue(receivedLACPDUs), "sent_lacpdus": JSONValue(sentLACPDUs),
            // Known only to a monitor that has been running.
            "lacpdu_age_ms": .null,
        ]
    }
}

extension LACPPortState {
    /// Eight booleans and the octet itself.
    fileprivate var json: JSONValue {
        var members = Dictionary(uniqueKeysWithValues: Self.all.map { ($0.key, JSONValue.bool(contains($0.bit))) })
        members["raw"] = .integer(Int64(rawValue))
        return .object(members)
    }
}
