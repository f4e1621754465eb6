extension Step {
    /// The devices that a step names.
    package var devices: [String] {
        switch self {
        case .create(let name, _, _, _, _), .delete(let name, _), .setOptions(let name, _, _): [name]
        case .attach(let port, let name, _), .detach(let port, let name, _), .activate(let port, let name, _),
            .setPortOptions(let port, let name, _, _):
            [port, name]
        case .bring(let device, _), .setMTU(let device, _), .setAddress(let device, _), .setFlags(let device, _, _),
            .setMaster(let device, _), .addAddress(let device, _), .removeAddress(let device, _):
            [device]
        case .replay(_, let device): device.map { [$0] } ?? []
        case .remove: []
        case .repair(let name): [name]
        case .restore(let devices): devices
        }
    }
}
