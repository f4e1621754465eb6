import ArgumentParser
import Glibc
import Operations
import System
import SystemPackage

/// The arguments when this is the first process of a lab, else nil: Swift reads them from /proc before `main`, and the
/// first process of a kernel has no /proc until it mounts one.
package func firstProcessArguments() -> [String]? {
    getpid() == 1 ? LabGuest.firstProcessArguments() : nil
}

/// The hidden command that a lab starts as the first process of its guest.
struct LabGuestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lab-guest", abstract: "Serve a lab from inside.", shouldDisplay: false)

    @Argument(help: "uml or host.")
    var place: String

    func run() async throws {
        guard getpid() == 1, let place = LabGuest.Place(rawValue: place) else {
            throw ValidationError("This is the first process of a lab and nothing to be called by hand.")
        }
        FileMask.restore()
        do {
            try await LabGuest.serve(place)
        } catch {
            _ = try? FileDescriptor.standardError.writeAll("aggctl: \(error.description)\n".utf8)
            throw ExitCode(error.exitCode)
        }
    }
}
