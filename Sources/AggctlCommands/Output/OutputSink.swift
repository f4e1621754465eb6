package import SystemPackage

/// Where output goes; tests put their own in.
package protocol OutputSink: Sendable {
    /// Somebody looks at it.
    var isTerminal: Bool { get }
    /// The width of the terminal, nil when there is none.
    var columns: Int? { get }
    /// Writes all of it, or says why not.
    func write(_ bytes: [UInt8]) throws(Errno)
}
