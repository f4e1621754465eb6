import Glibc

extension Caller {
    /// The audit system's number for "nobody has logged in" (loginuid(5)).
    private static let noLogin = "4294967295"

    /// Who runs the program: the account that logged in, also behind sudo(8), else that of the process; its number where
    /// /etc/passwd does not name it.
    package static var loginName: String? {
        let login = SmallFile.text("/proc/self/loginuid").map { $0.prefix { $0.isNumber } }.map(String.init)
        let sudo = getenv("SUDO_UID").map { String(cString: $0) }
        let number = [login, sudo].compactMap { $0 }.first { !$0.isEmpty && $0 != noLogin } ?? "\(getuid())"
        for line in (SmallFile.text("/etc/passwd") ?? "").split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            if fields.count > 2, fields[2] == number { return String(fields[0]) }
        }
        return number
    }
}
