import Aggregation
import Glibc
import Netlink
import System

/// What went wrong in a step of a team, in words and with a remedy.
struct TeamingFailure {
    let step: Step
    let team: String

    func error(
        _ category: DriverError.Category, _ text: String, remedy: String? = nil, errno: Int32 = 0
    ) -> DriverError {
        DriverError(
            category, operation: step.summary(.shared), subject: team, errno: errno, text: text, remedy: remedy)
    }

    func convert(_ error: TeamdError) -> DriverError {
        switch error {
        case .absent:
            self.error(.unavailable, "its teamd is not running", remedy: "run aggctl repair \(team)")
        case .silent:
            self.error(.timedOut, "its teamd does not answer", remedy: "run aggctl repair \(team)")
        case .notPermitted:
            self.error(.notPermitted, "teamd takes no orders from this user", remedy: "run it as root")
        case .refused(let words): self.error(.refused, "teamd refused: \(words)\(reason)")
        case .unreadable(let what):
            self.error(
                .refused, "teamd answered with something that cannot be read as \(what)",
                remedy: "this program knows teamd 1.31; look with teamdctl \(team) state dump")
        case .broken(let text): self.error(.unavailable, text, remedy: "see that dbus-daemon runs, then try again")
        }
    }

    /// teamd says little of why a port cannot join.
    private var reason: String {
        guard case .attach(let port, _, _) = step else { return "" }
        return "; \(port) has to be down, of the same type, and no port of anything else"
    }

    func convert(_ error: TeamDaemonError) -> DriverError {
        switch error {
        case .missing:
            self.error(.unavailable, "there is no teamd", remedy: "install it: apt install libteam-utils")
        case .unwritable(let path, let number):
            self.error(
                number == EACCES || number == EPERM ? .notPermitted : .refused, "\(path): \(Self.words(number))",
                remedy: number == EACCES || number == EPERM ? "run it as root" : "see that it can be written",
                errno: number)
        case .untrusted(let distrust):
            self.error(.refused, "\(distrust): nothing there can be trusted", remedy: distrust.remedy)
        case .cannotRun(let number):
            self.error(.refused, "teamd cannot be run: \(Self.words(number))", errno: number)
        case .failed(let words):
            self.error(
                .refused, "teamd ended while it started" + (words.isEmpty ? "" : ": \(words)"))
        case .timedOut(let words):
            self.error(
                .timedOut, "teamd was not ready in time" + (words.isEmpty ? "" : "; its last words: \(words)"))
        case .nameTaken(let process):
            self.error(
                .refused,
                "a team of this name runs in another network namespace (process \(process)), and both would have one "
                    + "socket and one bus name", remedy: "choose another name")
        case .orphan(let process):
            self.error(
                .refused,
                "teamd of a team of this name (process \(process)) was left over by a network namespace that was deleted, "
                    + "and keeps that namespace and its ports",
                remedy: "end it: kill \(process)")
        case .running(let process):
            self.error(
                .refused, "a teamd of this name runs already (process \(process))",
                remedy: "look with aggctl status, or end that process")
        case .unseen(let reason):
            self.error(
                .notPermitted, "whether its teamd runs cannot be seen: \(reason)",
                remedy: "run it as root, with all capabilities")
        }
    }

    private static func words(_ number: Int32) -> String { String(cString: strerror(number)) }
}
