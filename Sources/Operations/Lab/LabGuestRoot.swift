internal import CSystemShims
internal import Glibc

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
        for path in ["/upper", "/work", "/root"] { try directory(work + path) }
        let options = "lowerdir=/,upperdir=\(work)/upper,workdir=\(work)/work"
        try mount("overlay", root, "overlay", 0, options)
        try mount("proc", root + "/proc", "proc")
        try mount("sysfs", root + "/sys", "sysfs")
        if folder.isEmpty {
            try mount("/dev", root + "/dev", "", UInt(MS_BIND | MS_REC))
        } else {
            try mount("devtmpfs", root + "/dev", "devtmpfs")
            try directory(root + "/dev/pts")
            try directory(root + "/dev/shm")
            try mount("devpts", root + "/dev/pts", "devpts", 0, "ptmxmode=666,mode=620,gid=5")
            try mount("tmpfs", root + "/dev/shm", "tmpfs", 0, "mode=1777")
            for (name, target) in [("fd", ""), ("stdin", "/0"), ("stdout", "/1"), ("stderr", "/2")] {
                _ = symlink("/proc/self/fd\(target)", root + "/dev/" + name)
            }
        }
        try mount("tmpfs", root + "/run", "tmpfs", 0, "mode=755")
        guard chdir(root) == 0, Glibc.mount(".", "/", nil, UInt(MS_MOVE), nil) == 0, chroot(".") == 0, chdir("/") == 0
        else { throw failure("moving into the writable tree") }

        for path in ["/run/aggctl", LabKernel.mark, "/run/netns", "/run/lock", "/run/dbus"] { try directory(path) }
        if !folder.isEmpty { try linkModules(folder) }
        let error = aggctl_lab_loopback_up()
        guard error == 0 else { throw failure("bringing lo up", -error) }
    }

    /// One process loads all of them. It looks for modules below `DIR/lib/modules/RELEASE`.
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
