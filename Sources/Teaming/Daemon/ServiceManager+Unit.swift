import Glibc
import System

/// The unit of a daemon, as properties of org.freedesktop.systemd1(5).
extension ServiceManager.Order {
    /// Signal is SIGKILL, for teamd takes its device along when it ends by SIGTERM: stopping or restarting the unit, and
    /// shutting the system down, cost no traffic.
    var properties: [BusValue] {
        var properties = [
            Self.property("Description", .string("teamd of \(team)")), Self.property("Type", "exec"),
            Self.run("ExecStartEx", command, mayFail: false), Self.property("Restart", "on-failure"),
            Self.property("KillSignal", .int32(SIGKILL)), Self.property("CollectMode", "inactive-or-failed"),
        ]
        if !before.isEmpty { properties.append(Self.run("ExecStartPreEx", before, mayFail: true)) }
        if !after.isEmpty { properties.append(Self.run("ExecStartPostEx", after, mayFail: true)) }
        return properties + Self.journal + Self.confinement + [
            Self.property("ReadWritePaths", .array(of: "s", writable.map(BusValue.string)))
        ]
    }

    private static func property(_ name: String, _ value: BusValue) -> BusValue {
        .structure([.string(name), .variant(value)])
    }

    /// Names of teams are words of a command line, in which systemd would expand `$HOME`.
    private static func run(_ name: String, _ command: [String], mayFail: Bool) -> BusValue {
        let words = BusValue.array(of: "s", command.map(BusValue.string))
        let flags = ["no-env-expand"] + (mayFail ? ["ignore-failure"] : [])
        return property(
            name,
            .array(
                of: "(sasas)",
                [.structure([.string(command[0]), words, .array(of: "s", flags.map(BusValue.string))])]))
    }

    /// Whoever is at the other end of a cable makes teamd write a line for every frame it cannot read.
    private static let journal = [
        property("StandardOutput", "journal"), property("StandardError", "journal"),
        property("LogRateLimitIntervalUSec", .uint64(30_000_000)), property("LogRateLimitBurst", .uint32(200)),
    ]

    /// What teamd, and our own program before and after it, can do without: all capabilities but CAP_NET_ADMIN and
    /// CAP_NET_RAW, devices, homes, kernel modules, other kinds of sockets.
    private static let confinement: [BusValue] = {
        let on = [
            "NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectKernelModules", "ProtectControlGroups",
            "ProtectClock", "ProtectHostname", "LockPersonality", "MemoryDenyWriteExecute", "RestrictRealtime",
            "RestrictSUIDSGID",
        ]
        let capabilities: UInt64 = 1 << 12 | 1 << 13
        func only(_ names: [String]) -> BusValue {
            .structure([.boolean(true), .array(of: "s", names.map(BusValue.string))])
        }
        return on.map { property($0, .boolean(true)) } + [
            property("CapabilityBoundingSet", .uint64(capabilities)),
            property("ProtectSystem", "strict"), property("ProtectHome", "yes"),
            // None is allowed.
            property("RestrictNamespaces", .uint64(0)),
            property("RestrictAddressFamilies", only(["AF_UNIX", "AF_NETLINK", "AF_PACKET", "AF_INET", "AF_INET6"])),
            property("SystemCallArchitectures", .array(of: "s", ["native"])),
            property("SystemCallFilter", only(["@system-service"])),
            property("MemoryMax", .uint64(256 << 20)),
        ]
    }()

    /// What the unit's own view of the file system hides; a program there could not be run.
    private static let hidden = ["/home", "/root", "/run/user", "/tmp", "/var/tmp", "/dev"]

    /// Why systemd is not to be given a program of ours to run as root at every start of a daemon; nil when it may.
    static func obstacle(to program: String) -> String? {
        if let distrust = Distrust.ofProgram(program) { return "\(distrust)" }
        let folder = hidden.first { program.hasPrefix($0 + "/") }
        return folder.map { "\(program) is below \($0)" }
    }
}
