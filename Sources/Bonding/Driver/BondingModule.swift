import Glibc
import Netlink

/// The kernel module of bonding.
///
/// The kernel loads it by itself when a bond is asked for, but then makes a device bond0 that nobody asked for, since
/// the module's max_bonds is 1 unless told otherwise.
enum BondingModule {
    static var isLoaded: Bool { access("/sys/module/bonding", F_OK) == 0 }

    /// Loads the module without that device, when it is not loaded yet; a failure shows when the bond is asked for.
    static func load() {
        guard !isLoaded else { return }
        // /proc/sys/kernel/modprobe is what the kernel itself would run.
        let configured = SmallFile.text("/proc/sys/kernel/modprobe").map { $0.prefix { !$0.isNewline } } ?? ""
        run(configured.isEmpty ? "/sbin/modprobe" : String(configured), ["-q", "bonding", "max_bonds=0"])
    }

    private static func run(_ program: String, _ arguments: [String]) {
        var strings = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for string in strings { free(string) } }
        var environment: [UnsafeMutablePointer<CChar>?] = [strdup("PATH=/sbin:/usr/sbin:/bin:/usr/bin"), nil]
        defer { free(environment[0]) }
        var process = pid_t()
        guard posix_spawn(&process, program, nil, nil, &strings, &environment) == 0 else { return }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
    }
}
