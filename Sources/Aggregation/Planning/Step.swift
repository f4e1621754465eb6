/// One thing a driver does to the host. Steps are values, so a plan can be printed, compared, journaled and tested.
package enum Step: Sendable, Hashable, Codable {
    /// Makes an aggregate with its options, in one request. An index is asked for when one that was deleted comes back.
    case create(aggregate: String, driver: DriverKind, mode: Mode, settings: [OptionSetting], index: Int32?)
    case delete(aggregate: String, driver: DriverKind = .bonding)
    case setOptions(aggregate: String, settings: [OptionSetting], driver: DriverKind = .bonding)
    case attach(port: String, aggregate: String, driver: DriverKind = .bonding)
    case detach(port: String, aggregate: String, driver: DriverKind = .bonding)
    /// Of a team also before the port joins, which is when teamd reads most of them.
    case setPortOptions(port: String, aggregate: String, settings: [OptionSetting], driver: DriverKind = .bonding)
    /// Makes a port the active one now.
    case activate(port: String, aggregate: String, driver: DriverKind = .bonding)
    case bring(device: String, up: Bool)
    /// Bytes.
    case setMTU(device: String, mtu: UInt32)
    case setAddress(device: String, address: LinkLayerAddress)
    case setFlags(device: String, set: LinkFlags, clear: LinkFlags)
    case setMaster(device: String, master: String?)
    case addAddress(device: String, prefix: IPPrefix)
    case removeAddress(device: String, prefix: IPPrefix)
    /// Puts something back exactly as the kernel described it; onto another device when one is named.
    case replay(record: KernelRecord, onto: String?)
    case remove(record: KernelRecord)
    /// Starts a new teamd for a team that has lost its own, or whose own does not answer.
    case repair(aggregate: String)
    /// Puts back what the kernel dropped from these devices while they were down: carried out as a comparison with the
    /// state before the change, so it does nothing when nothing was lost.
    case restore(devices: [String])

    /// For people, in one line.
    package func summary(_ tables: OptionTables) -> String {
        switch self {
        case .create(let name, let driver, let mode, _, _):
            "create \(name) with driver \(driver.rawValue), mode \(mode.rawValue)\(list(tables))"
        case .delete(let name, _): "delete \(name)"
        case .setOptions(let name, _, _): "set on \(name)\(list(tables))"
        case .attach(let port, let name, _): "attach \(port) to \(name)"
        case .detach(let port, let name, _): "detach \(port) from \(name)"
        case .setPortOptions(let port, _, _, _): "set on port \(port)\(list(tables))"
        case .activate(let port, let name, _): "make \(port) the active port of \(name)"
        case .bring(let device, let up): "bring \(device) \(up ? "up" : "down")"
        case .setMTU(let device, let mtu): "set the MTU of \(device) to \(mtu)"
        case .setAddress(let device, let address): "set the address of \(device) to \(address)"
        case .setFlags(let device, let set, let clear): "set flags of \(device): +\(set.rawValue) -\(clear.rawValue)"
        case .setMaster(let device, let master?): "make \(device) a port of \(master)"
        case .setMaster(let device, nil): "take \(device) out of its master"
        case .addAddress(let device, let prefix): "add \(prefix) to \(device)"
        case .removeAddress(let device, let prefix): "remove \(prefix) from \(device)"
        case .replay(let record, let device):
            "put back \(record.kind.rawValue) \(record.summary)\(device.map { " onto \($0)" } ?? "")"
        case .remove(let record): "remove \(record.kind.rawValue) \(record.summary)"
        case .repair(let name): "take \(name) over with a new teamd"
        case .restore(let devices):
            "put back the addresses, routes and neighbours of \(devices.joined(separator: ", ")) that going down dropped"
        }
    }

    /// One word for programs.
    package var action: String {
        switch self {
        case .create: "create"
        case .delete: "delete"
        case .setOptions: "set-options"
        case .attach: "attach"
        case .detach: "detach"
        case .setPortOptions: "set-port-options"
        case .activate: "activate"
        case .bring(_, let up): up ? "bring-up" : "bring-down"
        case .setMTU: "set-mtu"
        case .setAddress: "set-address"
        case .setFlags: "set-flags"
        case .setMaster: "set-master"
        case .addAddress: "add-address"
        case .removeAddress: "remove-address"
        case .replay(_, let device): device == nil ? "put-back" : "move"
        case .remove: "remove"
        case .repair: "repair"
        case .restore: "restore"
        }
    }

    /// The driver whose step it is; nil for what every device takes.
    package var driver: DriverKind? {
        switch self {
        case .create(_, let driver, _, _, _), .delete(_, let driver), .setOptions(_, _, let driver),
            .attach(_, _, let driver), .detach(_, _, let driver), .setPortOptions(_, _, _, let driver),
            .activate(_, _, let driver):
            driver
        case .repair: .teaming
        default: nil
        }
    }

    /// The options that a step writes, as they are written in a file.
    package func optionTexts(_ tables: OptionTables) -> [(name: String, value: String)] {
        let (settings, table): ([OptionSetting], OptionTable?) =
            switch self {
            case .create(_, let driver, _, let settings, _): (settings, tables.aggregate(driver))
            case .setOptions(_, let settings, let driver): (settings, tables.aggregate(driver))
            case .setPortOptions(_, _, let settings, let driver): (settings, tables.port(driver))
            default: ([], nil)
            }
        return settings.map { ($0.name, table?[$0.name]?.format($0.value) ?? "?") }
    }

    private func list(_ tables: OptionTables) -> String {
        let texts = optionTexts(tables).map { "\($0.name)=\($0.value)" }
        return texts.isEmpty ? "" : ": " + texts.joined(separator: " ")
    }
}
