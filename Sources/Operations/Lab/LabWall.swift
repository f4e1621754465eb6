import CSystemShims
import Glibc

/// What keeps a lab kernel from the machine that it runs on.
///
/// A guest is root in its kernel, and that kernel is a program with the rights of whoever started it: what it may not do
/// has to be settled outside of it, before it runs.
package struct LabWall: Sendable {
    /// What a wall is made of. The numbers are the launcher's.
    package struct Layers: OptionSet, Sendable {
        package let rawValue: UInt32
        package init(rawValue: UInt32) { self.rawValue = rawValue }
        private init(_ layer: aggctl_lab_layer) { rawValue = layer.rawValue }

        /// No network of the machine, nor its System V memory.
        package static let network = Layers(AGGCTL_LAB_NETWORK)
        /// The tree is read-only but for the scratch folder, and has no devices.
        package static let mounts = Layers(AGGCTL_LAB_MOUNTS)
        package static let limits = Layers(AGGCTL_LAB_LIMITS)
        package static let capabilities = Layers(AGGCTL_LAB_CAPABILITIES)
        /// No program gives more than the lab was started with.
        package static let privileges = Layers(AGGCTL_LAB_PRIVILEGES)
        /// Writing by path is refused but in the scratch folder.
        package static let landlock = Layers(AGGCTL_LAB_LANDLOCK)
        /// System calls that the layers above do not reach are refused.
        package static let filter = Layers(AGGCTL_LAB_FILTER)

        /// Whether a guest under these cannot write what is not its own.
        package var areBoundary: Bool {
            contains([.privileges, .filter]) && (contains(.mounts) || contains(.landlock))
        }
    }

    /// What is tried; the launcher says what came of it.
    package var layers: Layers

    /// No wall, for tests that show what it is good for.
    package static let none = LabWall(layers: [])
    /// What a throwaway kernel gets: namespaces and capabilities are root's to give away.
    package static var userMode: LabWall {
        let everyone: Layers = [.limits, .privileges, .landlock, .filter]
        return LabWall(layers: geteuid() == 0 ? everyone.union([.network, .mounts, .capabilities]) : everyone)
    }
    /// What namespaces of the running kernel get. Their root mounts and makes namespaces, so this stops mistakes only.
    package static let running = LabWall(layers: [.capabilities])

    /// The devices that a user-mode kernel opens.
    private static let devices = ["/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"]

    /// A user-mode kernel reads what its user may read; uid 0 needs a capability for that.
    private static let keptByKernel = [2]  // CAP_DAC_READ_SEARCH
    /// What networks, namespaces, overlays and daemons take: files and identities (0 to 8, 31), ports, networks, raw
    /// sockets (10 to 13), IPC (14, 15), chroot, administration (18, 21), priorities, limits (23, 24) and sshd's audit (29).
    private static let keptByNamespaces = Array(0...8) + Array(10...15) + [18, 21, 23, 24, 29, 31]

    /// Beside the guest's memory: the pid file, and the pages that a file system needs for itself.
    private static let spare = 64
    /// Threads of the lab beyond those that the machine has already; a guest of 512 MiB can have 4000.
    private static let threads: UInt64 = 4096
    /// Private memory of one process of the kernel; 5 MiB were seen.
    private static let privateMemory: UInt64 = 64
    /// The file of the guest's memory, which has a hole: 866 MiB for 512 (6.1.176).
    private static func file(_ memory: Int) -> UInt64 { UInt64(2 * memory + 1024) }

    /// Calls the body with the wall as the launcher takes it.
    ///
    /// - Parameter memory: the guest's memory in MiB.
    func withLaunchForm<Result>(
        of kernel: LabKernel, scratch: LabScratch, memory: Int, _ body: (UnsafePointer<aggctl_lab_wall>) -> Result
    ) -> Result {
        let kept = kernel == .running ? LabWall.keptByNamespaces : LabWall.keptByKernel
        let limits = LabWall.limits(memory)
        // In its own tmpfs a guest that writes what it likes fills what it was promised, and nothing of others.
        let options = scratch.isInMemory ? "mode=700,size=\(memory + LabWall.spare)m" : nil
        return limits.withUnsafeBufferPointer { limits in
            withCStrings([scratch.path, options ?? ""]) { texts in
                withCStrings(LabWall.devices) { devices in
                    devices.withMemoryRebound(to: UnsafePointer<CChar>?.self, capacity: LabWall.devices.count + 1) {
                        var wall = aggctl_lab_wall(
                            layers: layers.rawValue, scratch: texts[0],
                            scratch_options: options == nil ? nil : texts[1],
                            devices: $0, capabilities: kept.reduce(0) { $0 | 1 << UInt64($1) },
                            limits: limits.baseAddress, limit_count: limits.count)
                        return body(&wall)
                    }
                }
            }
        }
    }

    private static func limits(_ memory: Int) -> [aggctl_lab_limit] {
        var system = sysinfo()
        sysinfo(&system)
        let rows: [(Int32, UInt64)] = [
            (Int32(RLIMIT_CORE.rawValue), 0),
            (Int32(RLIMIT_FSIZE.rawValue), file(memory) << 20),
            (Int32(RLIMIT_DATA.rawValue), privateMemory << 20),
            // Of the user and not of the lab, whence the machine's; uid 0 is never held to it.
            (aggctl_lab_processes, UInt64(system.procs) + threads),
        ]
        return rows.map { aggctl_lab_limit(resource: $0.0, most: $0.1) }
    }

    /// What the user has to know when the layers that hold are no boundary; nil when they are one.
    static func warning(_ held: Layers, in kernel: LabKernel) -> String? {
        if kernel == .running {
            return access(LabKernel.mark, F_OK) == 0
                ? nil : "The lab shares the running kernel and is no boundary: run only what you would run yourself."
        }
        guard !held.areBoundary else { return nil }
        let release = LabKernel.release()
        return
            "Nothing here keeps the lab from writing your files: on Linux \(release) neither Landlock (5.13) nor, for "
            + "root, a read-only tree (5.12) is to be had. Run only what you would run yourself."
    }
}
