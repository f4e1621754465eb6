/// What the host asks the agent in the guest to run.
package struct LabOrder: Equatable, Sendable {
    /// How the command's standard streams are made.
    package struct Terminal: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        /// Input and output are a new terminal in the guest.
        package static let streams = Terminal(rawValue: 1)
        /// Standard error is that terminal too, not a stream of its own.
        package static let error = Terminal(rawValue: 2)
    }

    /// Bytes as the caller had them: arguments and environment need not be text.
    package var command: [[UInt8]]
    package var environment: [[UInt8]]
    package var directory: [UInt8]
    package var terminal: Terminal
    package var rows: UInt16
    package var columns: UInt16
    /// The folder that holds `RELEASE/` with the kernel's modules; empty when the kernel finds its own.
    package var modules: String
    /// Name of the topology, empty for none.
    package var topology: String
    /// What the agent seals its frames with.
    package var secret: UInt64

    package init(
        command: [[UInt8]], environment: [[UInt8]], directory: [UInt8], terminal: Terminal = [], rows: UInt16 = 24,
        columns: UInt16 = 80, modules: String = "", topology: String = "", secret: UInt64 = 0
    ) {
        self.command = command
        self.environment = environment
        self.directory = directory
        self.terminal = terminal
        self.rows = rows
        self.columns = columns
        self.modules = modules
        self.topology = topology
        self.secret = secret
    }

    /// Numbers, then every text with its length before it.
    package var encoded: [UInt8] {
        var bytes: [UInt8] = [terminal.rawValue]
        bytes += LabFrame.littleEndian(UInt32(rows) | UInt32(columns) << 16)
        for half in [secret, secret >> 32] { bytes += LabFrame.littleEndian(UInt32(truncatingIfNeeded: half)) }
        for list in [[directory, Array(modules.utf8), Array(topology.utf8)], command, environment] {
            bytes += LabFrame.littleEndian(UInt32(list.count))
            for text in list {
                bytes += LabFrame.littleEndian(UInt32(text.count))
                bytes += text
            }
        }
        return bytes
    }

    /// - Throws: `.damaged` when the bytes are no order.
    package init(decoding bytes: [UInt8]) throws(LabError) {
        var rest = bytes[...]
        func take(_ count: Int) throws(LabError) -> ArraySlice<UInt8> {
            guard rest.count >= count else { throw LabError(.damaged, "The order to the guest ends early.") }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }
        func list() throws(LabError) -> [[UInt8]] {
            var texts: [[UInt8]] = []
            for _ in 0..<LabFrame.number(try take(4)) {
                texts.append(Array(try take(Int(LabFrame.number(try take(4))))))
            }
            return texts
        }
        terminal = Terminal(rawValue: try take(1).first ?? 0)
        let window = LabFrame.number(try take(4))
        rows = UInt16(truncatingIfNeeded: window)
        columns = UInt16(truncatingIfNeeded: window >> 16)
        secret = UInt64(LabFrame.number(try take(4))) | UInt64(LabFrame.number(try take(4))) << 32
        let places = try list()
        command = try list()
        environment = try list()
        guard places.count == 3, !command.isEmpty, rest.isEmpty else {
            throw LabError(.damaged, "The order to the guest is not complete.")
        }
        directory = places[0]
        modules = String(decoding: places[1], as: UTF8.self)
        topology = String(decoding: places[2], as: UTF8.self)
    }
}
