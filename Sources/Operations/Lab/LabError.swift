/// Why a lab could not do its work: what went wrong, where, and what to do.
package struct LabError: Error, Equatable, CustomStringConvertible {
    package enum Kind: Equatable, Sendable {
        /// No kernel can be started here.
        case noKernel
        /// The modules of the kernel are missing.
        case noModules
        /// No folder has room for the guest's memory.
        case noSpace
        /// The kernel did not reach its first process.
        case bootFailed
        /// The kernel or its agent went away while the command ran.
        case lost
        /// The line between guest and host carried something that is no frame.
        case damaged
        /// Setting up the guest failed.
        case guest
        /// There is no such topology, or building it failed.
        case topology
        /// The command was found and cannot be run.
        case cannotRun
        /// The command was not found.
        case notFound
        /// A system call failed on the host.
        case system
    }

    package let kind: Kind
    /// What failed, and where.
    package let what: String
    /// What to do about it; nil when nothing better than reading `what` is known.
    package let remedy: String?

    package init(_ kind: Kind, _ what: String, remedy: String? = nil) {
        self.kind = kind
        self.what = what
        self.remedy = remedy
    }

    /// The exit code of `aggctl lab run`: 126 cannot run, 127 not found, 125 the lab itself failed.
    package var exitCode: Int32 {
        switch kind {
        case .cannotRun: 126
        case .notFound: 127
        default: 125
        }
    }

    package var description: String {
        guard let remedy else { return what }
        return "\(what)\n\(remedy)"
    }
}
