import Glibc

/// Which kernel a lab runs in, as asked for.
package enum LabKernelChoice: Equatable, Sendable {
    /// A throwaway kernel: the installed one, or namespaces where the running kernel is one already.
    case auto
    /// Fresh namespaces of the running kernel.
    case host
    /// A user-mode kernel program.
    case program(String)

    package init(_ text: String) {
        switch text {
        case "auto": self = .auto
        case "host": self = .host
        default: self = .program(text)
        }
    }
}

/// A kernel that a lab can be started in.
package enum LabKernel: Equatable, Sendable {
    /// A user-mode kernel and the folder that holds `RELEASE/` with its modules.
    case userMode(program: String, modules: String)
    /// Namespaces of the kernel that runs already.
    case running

    /// Debian's package user-mode-linux.
    package static let packagedProgram = "/usr/bin/linux.uml"
    package static let packagedModules = "/usr/lib/uml/modules"
    /// Exists inside a lab: a lab in a lab takes namespaces, since a user-mode kernel cannot run in one.
    package static let mark = "/run/aggctl/lab"
    static let install =
        "Install it (apt install user-mode-linux kmod), or name a kernel program with --kernel PATH."

    package static func resolve(_ choice: LabKernelChoice) throws(LabError) -> LabKernel {
        switch choice {
        case .program(let path): return try userMode(path)
        case .host:
            if let problem = whyNotRunning() { throw problem }
            return .running
        case .auto:
            if access(mark, F_OK) == 0 { return .running }
            return try automatic(packagedProgram)
        }
    }

    /// Never the running kernel unasked: what a command breaks there stays broken.
    package static func automatic(_ program: String) throws(LabError) -> LabKernel {
        if access(program, X_OK) == 0 { return try userMode(program) }
        let other = whyNotRunning() == nil ? " Or ask for namespaces of the running kernel: --kernel host." : ""
        throw LabError(.noKernel, "There is no \(program) here.", remedy: install + other)
    }

    private static func userMode(_ path: String) throws(LabError) -> LabKernel {
        guard let real = realpath(path, nil) else {
            throw LabError(.noKernel, "\(path): \(String(cString: strerror(errno)))", remedy: install)
        }
        defer { free(real) }
        let program = String(cString: real)
        var status = stat()
        guard stat(program, &status) == 0, status.st_mode & S_IFMT == S_IFREG, access(program, X_OK) == 0 else {
            throw LabError(.noKernel, "\(program) is not a program that you may run.", remedy: install)
        }
        let folder = program.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        for modules in [folder + "/modules", packagedModules] where access(modules, R_OK | X_OK) == 0 {
            return .userMode(program: program, modules: modules)
        }
        throw LabError(
            .noModules, "The modules of \(program) are neither in \(folder)/modules nor in \(packagedModules).",
            remedy: "Put them into \(folder)/modules/RELEASE, or install user-mode-linux.")
    }

    private static func whyNotRunning() -> LabError? {
        guard geteuid() == 0 else {
            return LabError(
                .noKernel, "A lab in namespaces of the running kernel needs root.",
                remedy: "Use the throwaway kernel (--kernel auto with user-mode-linux installed), or run as root.")
        }
        guard KernelModules.has("bonding") == true, KernelModules.has("veth") == true else {
            return LabError(
                .noKernel, "The running kernel (\(release())) has no bonding or no veth driver.",
                remedy: "Use the throwaway kernel: --kernel auto with user-mode-linux installed.")
        }
        return nil
    }

    /// What the running kernel calls itself (uname -r).
    package static func release() -> String {
        var names = utsname()
        guard uname(&names) == 0 else { return "" }
        return withUnsafeBytes(of: names.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
