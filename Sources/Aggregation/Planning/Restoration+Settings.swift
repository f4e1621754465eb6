/// What devices were set to besides.
extension Restoration {
    /// What is not as it was. A bridge's things wait until the device is its port again, those of a port of a team until it
    /// has left or joined: a team keeps its ports from making addresses.
    func settingSteps(_ current: HostState, names: [String]) -> [Step] {
        guard let before = snapshot.settings, let now = current.settings else { return [] }
        let ready = Set(names.filter { isInPlace($0, current) })
        let (kept, known) = (Set(now.map(\.record.key)), Set(before.map(\.record.key)))
        let extra = now.filter { $0.isListed && ready.contains($0.device) && !known.contains($0.record.key) }
        let missing = before.filter { setting in
            ready.contains(setting.device) && setting.isRestorable && !kept.contains(setting.record.key)
                && !follows(setting, current)
        }
        return extra.map { .remove(record: $0.record) } + missing.map { .replay(record: $0.record, onto: nil) }
    }

    /// It is there again, as a port of what it was a port of.
    private func isInPlace(_ name: String, _ current: HostState) -> Bool {
        guard let before = snapshot.link(named: name), let now = current.link(named: name) else { return false }
        return before.master.flatMap(snapshot.link(index:))?.name == now.master.flatMap(current.link(index:))?.name
    }

    /// The cost of a bridge port follows the speed unless somebody set it, and is known once there is carrier.
    private func follows(_ setting: DeviceSetting, _ current: HostState) -> Bool {
        setting.record.key.hasPrefix("\(DeviceSetting.bridgePort) usual ")
            && current.link(named: setting.device)?.hasCarrier != true
    }
}

extension HostState {
    /// Devices that make no IPv6 link-local address: one that they have does not come by itself, and one that they made
    /// meanwhile is to go.
    var devicesWithoutAddressGeneration: Set<String> {
        Set(
            (settings ?? []).filter { setting in
                guard let sysctl = DeviceSysctl(setting.record) else { return false }
                return sysctl.name == DeviceSetting.addressGeneration
                    && sysctl.value == DeviceSetting.noAddressGeneration
            }.map(\.device))
    }
}
