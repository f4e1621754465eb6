import CSystemShims
import Glibc

/// Makes the guest's own tree: the host's files below, everything written above them in memory.
enum LabGuestRoot {
    /// What the guest is expected to have; each brings what it depends on.
    static let modules = [
        "bonding", "team", "team_mode_activebackup", "team_mode_broadcast", "team_mode_loadbalance",
        "team_mode_random", "team_mode_roundrobin", "veth", "dummy", "bridge", "8021q", "macvlan", "macvtap",
        "ipvlan", "vrf", "ifb", "tun", "nlmon", "af_packet_diag", "sch_netem", "sch_ingress", "sch_plug", "cls_flower",
        "cls_u32", "cls_matchall", "act_gact", "act_mirred",
    ]
    /// Without these a lab is of no use.
    static let needed = ["overlay", "bonding", "veth"]
    private static let work = "/run/aggctl-lab"

    /// Mounts what a first process needs to find the line to the host.
    static func prepareUserMode() throws(LabError) {
        try mount("devtmpfs", "/dev", "devtmpfs")
        try mount("proc", "/proc", "proc")
        try mount("tmpfs", "/run", "tmpfs", 0, "mode=755")
    }

    /// Loads modules and moves into the writable tree.
    ///
    /// - Parameter modules: the folder with `RELEASE/`; empty when the kernel is the host's own.
    static func build(modules folder: String) throws(LabError) {
        if !folder.isEmpty { try loadModules(folder) }
        if folder.isEmpty {
            // Namespaces: nothing that is mounted here may be seen outside.
            try mount("none", "/", "", UInt(MS_REC | MS_PRIVATE))
            try mount("tmpfs", "/run", "tmpfs", 0, "mode=755")
        }
        let root = work + "/root"
        try directory(work)
        try mount("tmpfs", work, "tmpfs", 0, "mode=755,size=75%")
        try directory(root)
        let mounts = folder.isEmpty ? otherMounts() : []
        try overlay("/", at: root, number: 0)
        for (index, path) in mounts.enumerated() { try overlay(path, at: root + path, number: index + 1) }
        try mount("proc", root + "/proc", "proc")
        try mount("sysfs", root + "/sys", "sysfs")
        try mountDevices(root + "/dev", ofHost: folder.isEmpty)
        if folder.isEmpty { try keepSettings(root) }
        try mount("tmpfs", root + "/run", "tmpfs", 0, "mode=755")
        guard chdir(root) == 0, Glibc.mount(".", "/", nil, UInt(MS_MOVE), nil) == 0, chroot(".") == 0, chdir("/") == 0
        else { throw failure("moving into the writable tree") }

        for path in ["/run/aggctl", LabKernel.mark, "/run/netns", "/run/lock", "/run/dbus"] { try directory(path) }
        forgetHostsInterfaces()
        if !folder.isEmpty { try linkModules(folder) }
        let error = aggctl_lab_loopback_up()
        guard error == 0 else { throw failure("bringing lo up", -error) }
    }

    /// Shows a host folder at another place, writable without reaching the host.
    ///
    /// What cannot be a lower layer (a single file, some network file systems) is shown read-only.
    private static func overlay(_ path: String, at target: String, number: Int) throws(LabError) {
        let (upper, scratch) = ("\(work)/upper\(number)", "\(work)/work\(number)")
        for path in [upper, scratch] { try directory(path) }
        let escaped = path.reduce(into: "") { $0 += ",:\\".contains($1) ? "\\\($1)" : String($1) }
        let options = "lowerdir=\(escaped),upperdir=\(upper),workdir=\(scratch)"
        if Glibc.mount("overlay", target, "overlay", 0, options) == 0 { return }
        guard path != "/" else { throw failure("mounting overlay at \(target)") }
        guard Glibc.mount(path, target, nil, UInt(MS_BIND), nil) == 0 else { return }
        try mount("none", target, "", UInt(MS_BIND | MS_REMOUNT | MS_RDONLY))
    }

    /// Where the host has mounted more than its root, parents first; not what the guest has its own of.
    ///
    /// A user-mode kernel needs none of this: it sees the host's tree as one file system.
    private static func otherMounts() -> [String] {
        let table = String(decoding: LabDescriptor.contents("/proc/self/mountinfo") ?? [], as: UTF8.self)
        var paths: [String] = []
        for line in table.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 4 else { continue }
            let path = String(fields[4])  // a blank is written \040: such a mount is left out
            let own = ["/proc", "/sys", "/dev", "/run"].contains { path == $0 || path.hasPrefix($0 + "/") }
            if path != "/", !own, !paths.contains(path) { paths.append(path) }
        }
        return paths
    }

    private static func mountDevices(_ path: String, ofHost: Bool) throws(LabError) {
        if ofHost { try showDevices(path) } else { try mount("devtmpfs", path, "devtmpfs") }
        try directory(path + "/pts")
        try directory(path + "/shm")
        try mount("devpts", path + "/pts", "devpts", 0, "ptmxmode=666,mode=620,gid=5")
        try mount("tmpfs", path + "/shm", "tmpfs", 0, "mode=1777")
        for (name, target) in [("fd", ""), ("stdin", "/0"), ("stdout", "/1"), ("stderr", "/2")] {
            _ = symlink("/proc/self/fd\(target)", "\(path)/\(name)")
        }
    }

    /// The few devices that are nobody's: in the running kernel all others are the machine's own.
    private static func showDevices(_ path: String) throws(LabError) {
        try mount("tmpfs", path, "tmpfs", UInt(MS_NOSUID), "mode=755,size=64k")
        try directory(path + "/net")
        for name in ["null", "zero", "full", "random", "urandom", "tty", "net/tun"] {
            guard access("/dev/\(name)", F_OK) == 0 else { continue }
            try LabDescriptor.writeFile("\(path)/\(name)", [])
            try mount("/dev/\(name)", "\(path)/\(name)", "", UInt(MS_BIND))
        }
        symlink("pts/ptmx", path + "/ptmx")
    }

    /// Shows the running kernel's settings read-only, but for those of the lab's own networks.
    private static func keepSettings(_ root: String) throws(LabError) {
        let places: [(path: String, written: Bool)] = [
            ("/sys", false), ("/sys/class/net", true), ("/sys/devices/virtual/net", true),
            ("/proc/sys", false), ("/proc/sys/net", true), ("/proc/sysrq-trigger", false), ("/proc/irq", false),
            ("/proc/bus", false), ("/proc/fs", false),
        ]
        for (path, written) in places where access(root + path, F_OK) == 0 {
            try mount(root + path, root + path, "", UInt(MS_BIND))
            let flags = written ? MS_BIND | MS_REMOUNT : MS_BIND | MS_REMOUNT | MS_RDONLY
            try mount("none", root + path, "", UInt(flags))
        }
    }

    /// The devices of the guest are its own, whatever the host's files say of others by these names.
    private static func forgetHostsInterfaces() {
        unlink("/etc/network/interfaces")
    }

    /// One process loads all of them.
    ///
    /// It looks for modules below `DIR/lib/modules/RELEASE`.
    private static func loadModules(_ folder: String) throws(LabError) {
        let release = LabKernel.release()
        guard access("\(folder)/\(release)/modules.dep", R_OK) == 0 else {
            throw LabError(
                .noModules, "\(folder)/\(release)/modules.dep is missing: the modules of this kernel are not there.",
                remedy: "Put the modules of \(release) into \(folder)/\(release), or choose another --kernel.")
        }
        let base = "/run/modules"
        for path in [base, base + "/lib", base + "/lib/modules"] { try directory(path) }
        symlink("\(folder)/\(release)", "\(base)/lib/modules/\(release)")
        let places: [String] = ["/usr/sbin/modprobe", "/sbin/modprobe", "/usr/bin/modprobe"]
        guard let program = places.first(where: { access($0, X_OK) == 0 })
        else { throw LabError(.noModules, "modprobe is not installed.", remedy: "apt install kmod") }
        // `-a` goes on after one that this kernel does not have; what is needed is checked below.
        _ = try LabGuestProcess.run([program, "-d", base, "-q", "-a", "overlay"] + modules)
        let systems = String(decoding: LabDescriptor.contents("/proc/filesystems") ?? [], as: UTF8.self)
        guard systems.contains("\toverlay\n") else {
            throw LabError(.noModules, "The kernel \(release) has no overlay file system.")
        }
    }

    /// Lets the kernel and the user find modules where they look for them.
    private static func linkModules(_ folder: String) throws(LabError) {
        try directory("/lib/modules")
        let link = "/lib/modules/\(LabKernel.release())"
        if access(link, F_OK) != 0 { symlink("\(folder)/\(LabKernel.release())", link) }
        for name in needed where access("/sys/module/\(name)", F_OK) != 0 {
            throw LabError(
                .noModules, "The kernel \(LabKernel.release()) did not load its module \(name).",
                remedy: "Check \(folder)/\(LabKernel.release()), or choose another --kernel.")
        }
    }

    static func mount(
        _ source: String, _ target: String, _ type: String, _ flags: UInt = 0, _ options: String = ""
    ) throws(LabError) {
        guard Glibc.mount(source, target, type, flags, options) == 0 || (errno == EBUSY && flags == 0) else {
            throw failure("mounting \(type.isEmpty ? source : type) at \(target)")
        }
    }

    static func directory(_ path: String) throws(LabError) {
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw failure("making \(path)") }
    }

    static func failure(_ doing: String, _ code: Int32 = errno) -> LabError {
        LabError(.guest, "In the guest, \(doing) failed: \(String(cString: strerror(code))).")
    }
}
