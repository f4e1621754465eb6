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
    func read(_ bond: String) -> BondProc? {
        SmallFile.read(bond, in: descriptor).map(BondProc.init(bytes:))
    }
}
