internal import Aggregation

/// The status as programs read it; docs/schemas/status.schema.json says the same.
///
/// Members are made in the order of their names, in which they are written: a long status is mostly this.
extension AggregateStatus {
    var json: JSONValue {
        var members = JSONObject()
        members.add("active_aggregator", ifAny: Self.json(activeAggregator, nothing: 0) { .integer(Int64($0)) })
        members.add("active_port", ifAny: Self.json(activePort, nothing: "none") { .string($0) })
        members.add("carrier", .bool(hasCarrier))
        members.add("daemon", ifAny: daemon?.json)
        members.add("driver", .string(driver.rawValue))
        members.add("expected-ports", .integer(Int64(expectedPorts)))
        members.add("findings", .array(findings.map(\.json)))
        members.add("hash_policy", ifAny: Self.json(hashPolicy, nothing: .null) { .string($0) })
        if !hidden.isEmpty { members.add("hidden", .array(hidden.map(JSONValue.string))) }
        members.add("mac-address", JSONValue(address?.description))
        members.add("mode", JSONValue(mode?.rawValue))
        members.add("name", .string(name))
        let table = OptionTables.shared.aggregate(driver)
        members.add("options", OptionsJSON.object(options, hidden: hiddenOptions, table))
        members.add(
            "partner",
            ifAny: Self.json(partner, nothing: ["present": false]) {
                ["key": .integer(Int64($0.key)), "present": true, "system": .string($0.system.description)]
            })
        members.add("ports", .array(ports.map { $0.json(driver) }))
        members.add("ports_up", JSONValue(portsUp))
        members.add("settling_ms", ifAny: Self.json(settling, nothing: 0) { .integer($0) })
        // Known only to a monitor that has been running.
        members.add("since", .null)
        members.add("speed_mbps", JSONValue(speed))
        members.add("up", .bool(isUp))
        members.add("verdict", .string(verdict.rawValue))
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
        var members: JSONObject = ["message": .string(text)]
        if let verdict { members["verdict"] = .string(verdict.rawValue) }
        return .object(members)
    }
}

extension PortStatus {
    fileprivate func json(_ aggregateDriver: DriverKind) -> JSONValue {
        var members = JSONObject()
        members.add("active", ifAny: isActive.map(JSONValue.bool))
        members.add(
            "balancing",
            ifAny: share.map { ["hashes": .integer(Int64($0.hashes)), "sent_bytes": JSONValue($0.bytes)] })
        members.add("driver", JSONValue(kind))
        members.add("duplex", JSONValue(duplex?.rawValue))
        members.add("lacp", ifAny: lacp?.json)
        members.add("link", JSONValue(link.map { $0.text }))
        members.add("link_failures", JSONValue(linkFailures))
        members.add("name", .string(name))
        members.add("note", ifAny: note.map(JSONValue.string))
        members.add("options", OptionsJSON.object(options, hidden: [], OptionTables.shared.port(aggregateDriver)))
        members.add("path", ifAny: path.map(JSONValue.string))
        members.add("permanent-address", JSONValue(permanentAddress?.description))
        members.add("planes_disagree", .bool(planesDisagree))
        members.add("role", ifAny: role.map { .string($0.rawValue) })
        members.add("speed_mbps", JSONValue(speed))
        members.add("usable", .bool(isUsable))
        return .object(members)
    }
}

extension PortStatus.LACP {
    fileprivate var json: JSONValue {
        var members = JSONObject()
        members.add("actor", actorState?.json ?? .null)
        members.add("actor_churn", JSONValue(actorChurn?.text))
        members.add("aggregator", JSONValue(aggregatorID))
        // Known only to a monitor that has been running.
        members.add("lacpdu_age_ms", .null)
        members.add("partner", partnerState?.json ?? .null)
        members.add("partner_churn", JSONValue(partnerChurn?.text))
        members.add("partner_key", JSONValue(partner?.key))
        members.add("partner_port", JSONValue(partner?.portNumber))
        members.add("partner_port_priority", JSONValue(partner?.portPriority))
        members.add("partner_system", JSONValue(partner?.system.description))
        members.add("partner_system_priority", JSONValue(partner?.systemPriority))
        members.add("received_lacpdus", JSONValue(receivedLACPDUs))
        members.add("sent_lacpdus", JSONValue(sentLACPDUs))
        return .object(members)
    }
}

extension LACPPortState {
    private static let byName: [(bit: LACPPortState?, name: String)] =
        (all.map { ($0.bit, $0.key) } + [(nil, "raw")]).sorted { $0.name < $1.name }

    /// Eight booleans and the octet itself.
    fileprivate var json: JSONValue {
        var members = JSONObject()
        for (bit, name) in Self.byName {
            members.add(name, bit.map { .bool(contains($0)) } ?? .integer(Int64(rawValue)))
        }
        return .object(members)
    }
}
