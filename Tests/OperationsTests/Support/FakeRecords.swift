import Aggregation

/// Records of a `FakeHost`: their payload is the index of the device and the text that they are made from.
extension HostState.Address {
    static let noPrefixRoute: UInt32 = 0x200

    static func fake(_ prefix: IPPrefix, on device: Int32, noPrefixRoute: Bool = false) -> Self {
        .init(
            device: device, prefix: prefix, scope: 0, flags: 0x80 | (noPrefixRoute ? Self.noPrefixRoute : 0), origin: 0,
            validLifetime: nil,
            record: .fake(.address, prefix.description + (noPrefixRoute ? " noprefixroute" : ""), device))
    }
}

extension HostState.Route {
    /// `default via 192.0.2.254`, `203.0.113.0/24`, `203.0.113.0/24 nhid 5`, `192.0.2.0/24 proto kernel`.
    static func fake(_ text: String, through device: Int32) -> Self {
        let words = text.split(separator: " ").map(String.init)
        func word(after name: String) -> String? {
            words.firstIndex(of: name).flatMap { words.indices.contains($0 + 1) ? words[$0 + 1] : nil }
        }
        let gateway = word(after: "via").flatMap(IPAddress.init(text:))
        var route = HostState.Route(
            devices: [device], table: 254, origin: word(after: "proto") == "kernel" ? 2 : 4,
            isDefault: text.hasPrefix("default"), preferredSource: nil, gateway: gateway,
            record: .fake(.route, text, device))
        route.destination = words.first.flatMap(IPPrefix.init(text:))
        route.nexthop = word(after: "nhid").flatMap(UInt32.init)
        route.isSelfMade = false
        return route
    }

    static func fakeKernel(_ prefix: IPPrefix, through device: Int32) -> Self {
        var route = fake("\(prefix.network) proto kernel made", through: device)
        route.isSelfMade = true
        return route
    }
}

extension HostState.Nexthop {
    /// `5 via 192.0.2.9`.
    static func fake(_ text: String, on device: Int32) -> Self {
        let words = text.split(separator: " ").map(String.init)
        var nexthop = HostState.Nexthop(device: device, record: .fake(.nexthop, text, device))
        nexthop.id = words.first.flatMap { UInt32($0) }
        nexthop.gateway = words.last.flatMap(IPAddress.init(text:))
        return nexthop
    }
}

extension HostState.Neighbour {
    static func fake(_ text: String, on device: Int32) -> Self {
        .init(device: device, record: .fake(.neighbour, text, device))
    }
}

extension DeviceSetting {
    /// - Parameter value: nil for something that there can be many of.
    static func fake(_ kind: KernelRecord.Kind, _ name: String, _ value: String?, of device: String) -> Self {
        fake(kind, value.map { "\(name)=\($0)" } ?? name, of: device)
    }

    static func fake(_ kind: KernelRecord.Kind, _ text: String, of device: String) -> Self {
        let isOfBridge = kind == .setting && text.hasPrefix("bridge")
        let prefix = isOfBridge ? DeviceSetting.bridgePort : kind.rawValue
        let record = KernelRecord(
            kind: kind, key: "\(prefix) \(text) of \(device)", summary: "\(text) of \(device)",
            payload: [FakeNames.index(device)] + Array(text.utf8))
        return .init(device: device, record: record)
    }

    /// The same thing with whatever value.
    func isOfTheSame(as other: DeviceSetting) -> Bool {
        func name(_ setting: DeviceSetting) -> String {
            String(setting.record.summary.prefix { $0 != "=" })
        }
        return device == other.device && record.kind == other.record.kind && name(self) == name(other)
    }
}

/// The indexes of devices that fake settings name.
enum FakeNames {
    static func index(_ device: String) -> UInt8 {
        switch device {
        case "bond0": 101
        case "bond0.10", "eth0.50": 50
        default: UInt8(truncatingIfNeeded: 2 + (Int(device.suffix(1)) ?? 0))
        }
    }
}

extension KernelRecord {
    static func fake(_ kind: Kind, _ text: String, _ device: Int32) -> KernelRecord {
        KernelRecord(
            kind: kind, key: "\(kind.rawValue) \(text) dev \(device)", summary: text,
            payload: [UInt8(truncatingIfNeeded: device)] + Array(text.utf8))
    }

    static func fakeRule(_ text: String, device: String) -> KernelRecord {
        KernelRecord(
            kind: .rule, key: "rule \(text) iif \(device)", summary: "\(text) iif \(device)",
            payload: [0] + Array(text.utf8), deviceNames: [device])
    }
}
