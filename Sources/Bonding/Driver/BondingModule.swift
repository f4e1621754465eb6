import Glibc
import Netlink
import System

/// The kernel module of bonding.
///
/// The kernel loads it by itself when a bond is asked for, but then makes a device bond0 that nobody asked for, since
/// the module's max_bonds is 1 unless told otherwise.
enum BondingModule {
    static var isLoaded: Bool { access("/sys/module/bonding", F_OK) == 0 }

    /// Loads the module without that device, when it is not loaded yet; a failure shows when the bond is asked for.
    static func load() {
        guard !isLoaded else { return }
        // What the kernel itself would run; empty where loading has been switched off, which counts for us too.
        let program = (SmallFile.text("/proc/sys/kernel/modprobe") ?? "").prefix { !$0.isNewline }
        guard !program.isEmpty else { return }
        try? ChildProgram(String(program), ["-q", "bonding", "max_bonds=0"]).run()
    }
}
