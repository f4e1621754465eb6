internal import Aggregation
internal import CSystemShims
internal import Glibc
internal import Netlink

/// What stands on the aggregate, and what is attached to it.
extension TrialScene {
    /// Puts a bridge on the aggregate, which sends with an address that is not the aggregate's, as a guest behind it would.
    func makeGuest() async throws -> (device: String, address: LinkLayerAddress) {
        let bridge = "b0"
        let address = LinkLayerAddress([0x02, 0, 0x5e, 0, 0x53, 0x99])
        try await socket.createBridge(bridge)
        try await socket.setAddress(.name(bridge), address.bytes)
        try await socket.setMaster(.name(name), .name(bridge))
        try await socket.setUp(.name(bridge))
        return (bridge, address)
    }

    /// Attaches a program that lets all pass, run by the driver of the device itself.
    func attachXDP(to device: String) async throws {
        let program = aggctl_load_passing_xdp()
        guard program >= 0 else {
            throw DriverError(
                .unavailable, operation: "load an XDP program", subject: device, errno: -program,
                text: String(cString: strerror(-program)))
        }
        defer { close(program) }
        try await socket.attachXDP(program, to: .name(device))
    }
}
