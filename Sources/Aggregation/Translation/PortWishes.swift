/// Keys and options of the ports of an aggregate.
extension TranslationDraft {
    mutating func translatePorts() {
        for index in ports.indices {
            let port = ports[index]
            let observed = port.name.flatMap { host.link(named: $0)?.port?.options } ?? [:]
            var settings: [Setting] = []
            translate(port.desired.priority, "priority", to: "prio", of: port, into: &settings)
            translate(
                port.desired.lacpPriority, "lacp-priority", to: driver == .bonding ? "actor_port_prio" : "lacp_prio",
                of: port, into: &settings)
            translate(port.desired.queueID, "queue-id", to: "queue_id", of: port, into: &settings)
            var reader = DriverOptionReader(
                table: portTable, mode: mode, observed: observed, settings: settings)
            reader.read(port.desired.options)
            for failure in reader.failures {
                refuse(
                    port, "options.\(failure.option.name)", value: failure.option.text, rule: failure.rule,
                    remedy: failure.remedy)
            }
            ports[index].settings = reader.settings
            dropNeutralOptions(ofPort: index)
            checkModes(of: ports[index])
        }
        checkQueueNumbers()
        if driver == .bonding { checkQueues() }
    }

    private mutating func translate(
        _ wish: Wish<Int64>?, _ key: String, to option: String, of port: PortDraft, into settings: inout [Setting]
    ) {
        guard let wish, let row = portTable[option] else { return }
        // Of teamd's prio in mode lacp there is no counterpart: it chooses between aggregators.
        let modes = key == "priority" ? row.accepted.subtracting(.ad) : row.accepted
        guard modes.contains(mode) else {
            let usual = row.defaultValue.general
            if let text = wish.neutral(row.format(usual), { .number($0) == usual }) {
                return noteLeftOut(port, key, text)
            }
            let isOther = key == "priority" && mode == .lacp
            return refuse(
                port, key, value: wish.value.map(String.init),
                rule: "it applies only in \(modes.phrase(of: driver))",
                remedy: isOther ? "use lacp-priority, where lower wins" : "leave it out, or choose another mode",
                showsMode: true)
        }
        switch wish {
        case .default: settings.append(Setting(option, row.defaultValue.value(in: mode), origin: key))
        case .value(let number):
            do { settings.append(Setting(option, try row.parse(String(number)), origin: key)) } catch {
                refuse(port, key, value: String(number), rule: error.rule, remedy: error.remedy)
            }
        }
    }

    /// Driver options that the kernel would not take in this mode; neutral keys have been checked.
    private mutating func checkModes(of port: PortDraft) {
        for setting in port.settings {
            guard let row = portTable[setting.name], !row.accepted.contains(mode) else { continue }
            refuse(
                port, setting.origin, value: row.format(setting.value),
                rule: "\(driver.rawValue) does not take it in this mode",
                remedy: "it needs \(row.accepted.phrase(of: driver))", showsMode: true)
        }
    }

    /// Of an aggregate that is not there yet only the kernel knows how many it will have.
    private mutating func checkQueueNumbers() {
        guard let row = portTable["queue_id"], let count = host.link(named: desired.name.text)?.transmitQueues else {
            return
        }
        let highest = Int64(count) - (row.needs.contains(.transmitQueueIndex) ? 1 : 0)
        for port in ports {
            guard let wished = port.settings.first(where: { $0.name == "queue_id" }),
                case .number(let queue) = wished.value,
                queue > highest
            else { continue }
            refuse(
                port, wished.origin, value: String(queue), rule: "the aggregate has \(count) transmit queues",
                remedy: "use 0 to \(highest), where 0 is none")
        }
    }

    /// Bonding wants queue ids other than 0 to be unique, and refuses with a bare EPERM (`bond_option_queue_id_set`);
    /// ports of a team that share one stand in for each other (`team_queue_override_transmit`).
    private mutating func checkQueues() {
        var owners: [Int64: String] = [:]
        for port in ports {
            let wished = port.settings.first { $0.name == "queue_id" }
            let observed = port.name.flatMap { host.link(named: $0)?.port?.options["queue_id"] }
            guard case .number(let queue)? = wished?.value ?? observed, queue != 0 else { continue }
            if let owner = owners[queue] {
                refuse(
                    port, wished?.origin ?? "queue-id", value: String(queue), rule: "\(owner) has this queue already",
                    remedy: "give each port a queue of its own, or 0")
            } else {
                owners[queue] = port.title
            }
        }
    }
}
