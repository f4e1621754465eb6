/// Why a call over the system bus brought no answer.
package enum BusError: Error, Sendable, Hashable {
    /// There is no bus, or it takes nobody in.
    case unavailable(String)
    /// It went away while something was asked.
    case disconnected
    /// Its policy does not let the caller speak to the other side.
    case denied(String)
    /// Nobody has the name.
    case noSuchName
    case timedOut
    /// The other side answered with an error: its name and text.
    case refused(name: String, text: String)
    /// Something that libdbus would end the program for: a name or text that is none.
    case unsayable(String)
}
