import FoundationEssentials

/// The device tree, which is the same whatever namespace a network device is in.
enum PCIDevice {
    /// The physical function of an SR-IOV virtual function (Documentation/ABI/testing/sysfs-bus-pci, physfn).
    ///
    /// - Parameter device: its address, as `0000:01:10.0`.
    /// - Returns: nil when the device is no virtual function.
    static func physicalFunction(of device: String) -> String? {
        guard !device.contains("/"),
            let target = try? FileManager.default.destinationOfSymbolicLink(
                atPath: "/sys/bus/pci/devices/\(device)/physfn")
        else { return nil }
        return target.split(separator: "/").last.map(String.init)
    }
}
