import Glibc
import Netlink
import SystemPackage

/// /proc/net/bonding of one network namespace.
///
/// The directory belongs to the namespace of the thread that opens it, and stays so: files are opened from it by any
/// thread later.
final class BondProcDirectory: Sendable {
    private let descriptor: FileDescriptor

    /// Nil when the namespace has none: bonding is not loaded, or was built without procfs.
    init?(in namespace: NetworkNamespace) async {
        let opened = try? await namespace.run { () -> Int32 in
            open("/proc/thread-self/net/bonding", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        }
        guard let opened, opened >= 0 else { return nil }
        descriptor = FileDescriptor(rawValue: opened)
    }

    deinit { try? descriptor.close() }

    /// What the file of a bond says; nil when there is no such file.
    ///
    /// - Parameter ports: how many it has. The kernel hands out whole records (seq_file), a port a record, so that after
    ///   the last one nothing is left to ask for.
    func read(_ bond: String, ports: Int) -> BondProc? {
        var proc: BondProc?
        let bytes = SmallFile.read(bond, in: descriptor) { bytes in
            let soFar = BondProc(bytes: bytes)
            proc = soFar
            return soFar.ports.count >= ports
        }
        return bytes == nil ? nil : proc
    }
}
