import Glibc

/// A systemd of one test, first process of namespaces of its own, that runs a script and ends.
enum SystemdScene {
    /// What runs is the target's only service, so that nothing of the machine's own is started.
    private static let units = [
        "lab.target": """
        [Unit]
        Requires=dbus.socket dbus.service lab.service
        """,
        "dbus.socket": """
        [Unit]
        DefaultDependencies=no
        [Socket]
        ListenStream=/run/dbus/system_bus_socket
        """,
        "dbus.service": """
        [Unit]
        DefaultDependencies=no
        Requires=dbus.socket
        [Service]
        Type=notify
        ExecStart=/usr/bin/dbus-daemon --system --address=systemd: --nofork --nopidfile --systemd-activation
        """,
        "lab.service": """
        [Unit]
        DefaultDependencies=no
        After=dbus.service
        SuccessAction=exit
        FailureAction=exit
        [Service]
        Type=oneshot
        ExecStart=/bin/sh SCRATCH/script
        StandardOutput=file:SCRATCH/output
        StandardError=inherit
        """,
    ]

    /// Of the target's dependencies on the machine's units these would take long or touch devices.
    private static let masked = [
        "systemd-udevd.service", "systemd-udev-trigger.service", "systemd-journald.service", "systemd-binfmt.service",
        "systemd-tmpfiles-setup.service", "systemd-modules-load.service", "systemd-random-seed.service",
        "systemd-sysusers.service", "systemd-update-utmp.service", "systemd-sysctl.service", "tmp.mount",
        "systemd-machine-id-commit.service", "systemd-remount-fs.service", "proc-sys-fs-binfmt_misc.automount",
        "dev-hugepages.mount", "dev-mqueue.mount", "local-fs.target", "swap.target",
    ]

    /// Our program as it is there: where only root can replace it, as a program for units has to be.
    static let program = "/run/bin/aggctl"

    /// Runs a script of sh as a service.
    ///
    /// - Returns: what it wrote after each line `say WORD`, by the word.
    static func run(_ script: String) async throws -> [String: String] {
        let scratch = "/srv/systemd-\(UInt32.random(in: .min ... .max))"
        mkdir(scratch, 0o755)
        defer { Scenes.rmtree(scratch) }
        let prologue = "PATH=/usr/sbin:/usr/bin:/sbin:/bin\nsay() { echo \"== $1\"; }\n"
        try write(prologue + script, to: "\(scratch)/script")
        mkdir("\(scratch)/units", 0o755)
        for (name, text) in units {
            try write(text.replacing("SCRATCH", with: scratch) + "\n", to: "\(scratch)/units/\(name)")
        }
        for name in masked { symlink("/dev/null", "\(scratch)/units/\(name)") }
        try write(
            """
            mount -t proc proc /proc && mount -t sysfs sysfs /sys && mount -t tmpfs tmpfs /run
            mkdir -p /run/bin && touch \(program) && mount --bind \(Program.path) \(program)
            mkdir -p /run/systemd /run/dbus && cp -a \(scratch)/units /run/systemd/system
            mount -t cgroup2 cgroup2 /sys/fs/cgroup
            exec env container=lab /lib/systemd/systemd --system --unit=lab.target --log-target=null --show-status=no
            """, to: "\(scratch)/boot")
        let child = try ChildProcess(
            ["timeout", "--signal=KILL", "400", "unshare", "-p", "-f", "-m", "-n", "-C"]
                + ["--kill-child", "sh", "\(scratch)/boot"])
        let end = child.wait()
        let output = try Witness.run(["cat", "\(scratch)/output"])
        guard output.contains("== end") else { throw Missing(what: "end of the script: \(end) \(output)") }
        var sections: [String: String] = [:]
        for section in output.split(separator: "== ") {
            let word = section.prefix { $0 != "\n" }
            sections[String(word)] = String(section.dropFirst(word.count + 1))
        }
        return sections
    }

    private static func write(_ text: String, to path: String) throws {
        _ = try Witness.run(["tee", path], input: text)
    }
}
