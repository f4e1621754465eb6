/// Why teamd could not be asked, or what it refused.
package enum TeamdError: Error, Sendable, Hashable {
    /// Nobody answers for the team.
    case absent
    /// A daemon is there and gave no answer in time.
    case silent
    /// The caller may not ask.
    case notPermitted
    /// It said no: in its own words, as far as it has any.
    case refused(String)
    /// It answered with something that cannot be read.
    case unreadable(String)
    /// The way to it broke: the bus went away, or the socket.
    case broken(String)
}
