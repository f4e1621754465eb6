/// One message on the line between the host and the agent in the guest.
///
/// On the wire: two bytes `AG`, kind, stream, payload length and checksum (both 32 bits, little endian), payload.
/// A terminal line carries them, and a line that lost or changed a byte must end the lab, never change its output.
///
/// Any root of the guest can open that line. So what the agent says once it has its order is sealed: its checksums start
/// from a secret that came with the order. A frame that somebody else writes ends the lab, and never says how it ended.
package struct LabFrame: Equatable, Sendable {
    package enum Kind: UInt8, Sendable {
        /// Guest: the agent runs and the line is raw.
        case hello = 1
        /// Host: what to run, a `LabOrder`.
        case start
        /// Guest: the guest is set up and the command runs.
        case running
        /// Both: bytes of a stream.
        case data
        /// Both: nothing follows on this stream.
        case end
        /// Both: the receiver took so many bytes of this stream (32 bits, little endian) and has room for as many more.
        case credit
        /// Guest: so many more bytes (32 bits, little endian) were read off the line itself.
        case taken
        /// Host: send this signal (one byte) to the command.
        case signal
        /// Host: the terminal has this many rows and columns (16 bits each, little endian).
        case window
        /// Guest: the command ended; how (0 exited, 1 by a signal) and its code or signal number.
        case ended
        /// Guest: the command did not run; a code (125, 126, 127) and why, in words.
        case failed

        /// Whether the guest's agent has to know the secret for it. `hello` is said before there is one, and `taken`
        /// also while the order is still being read; more than the line holds it cannot promise.
        var isSealed: Bool { self != .hello && self != .taken }
    }

    package enum Stream: UInt8, Sendable, CaseIterable {
        case input = 0
        case output = 1
        case error = 2
    }

    /// The most bytes of one data frame.
    package static let chunk = 16 * 1024
    /// How many bytes may be under way on a stream before the receiver has taken some.
    package static let inputWindow = 32 * 1024
    package static let outputWindow = 256 * 1024
    /// How many bytes the host may have on the line before the guest has read some.
    ///
    /// A serial line of a user-mode kernel holds 4096; with more under way, input was seen to stop for good.
    package static let lineWindow = 3584
    /// The longest payload: of an order, which holds an environment, and of what a guest has to say.
    package static let longestPayload = 8 * 1024 * 1024
    package static let longestAnswer = 2 * chunk
    static let headerLength = 12

    package let kind: Kind
    package let stream: Stream
    package let payload: [UInt8]

    package init(_ kind: Kind, stream: Stream = .input, payload: [UInt8] = []) {
        self.kind = kind
        self.stream = stream
        self.payload = payload
    }

    package static func credit(_ count: Int, _ stream: Stream) -> LabFrame {
        LabFrame(.credit, stream: stream, payload: littleEndian(UInt32(truncatingIfNeeded: count)))
    }

    package static func taken(_ count: Int) -> LabFrame {
        LabFrame(.taken, payload: littleEndian(UInt32(truncatingIfNeeded: count)))
    }

    package static func window(rows: UInt16, columns: UInt16) -> LabFrame {
        LabFrame(.window, payload: littleEndian(UInt32(rows) | UInt32(columns) << 16))
    }

    /// The payload as a 32-bit number; nil when it is none.
    package var number: UInt32? {
        payload.count == 4 ? LabFrame.number(payload[...]) : nil
    }

    package var encoded: [UInt8] { encoded(sealedWith: 0) }

    /// - Parameter secret: 0 for what is not sealed.
    package func encoded(sealedWith secret: UInt64) -> [UInt8] {
        var bytes: [UInt8] = [0x41, 0x47, kind.rawValue, stream.rawValue]
        bytes.reserveCapacity(LabFrame.headerLength + payload.count)
        bytes += LabFrame.littleEndian(UInt32(truncatingIfNeeded: payload.count))
        bytes += LabFrame.littleEndian(checksum(kind.isSealed ? secret : 0))
        bytes += payload
        return bytes
    }

    /// Eight bytes at a time, so that a debug build keeps up with the line.
    func checksum(_ secret: UInt64) -> UInt32 {
        var sum: UInt64 = 0xcbf2_9ce4_8422_2325 ^ secret
        func add(_ word: UInt64) {
            sum = (sum ^ word) &* 0x9e37_79b9_7f4a_7c15
            sum = sum << 29 | sum >> 35
        }
        add(UInt64(kind.rawValue) << 8 | UInt64(stream.rawValue))
        payload.withUnsafeBytes { bytes in
            let whole = bytes.count & ~7
            var offset = 0
            while offset < whole {
                add(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
                offset += 8
            }
            while offset < bytes.count {
                add(UInt64(bytes[offset]))
                offset += 1
            }
        }
        add(UInt64(payload.count))
        return UInt32(truncatingIfNeeded: sum ^ sum >> 32)
    }

    static func littleEndian(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}

/// Cuts what arrives on the line into frames.
package struct LabFrameDecoder: Sendable {
    private var buffer = LabByteQueue()
    private let secret: UInt64
    private let longest: Int

    /// - Parameters:
    ///   - secret: what the other side seals with; 0 when it does not.
    ///   - longest: the longest payload that is taken.
    package init(secret: UInt64 = 0, longest: Int = LabFrame.longestPayload) {
        self.secret = secret
        self.longest = longest
    }

    package mutating func append(_ bytes: some Sequence<UInt8>) {
        buffer.append(bytes)
    }

    /// The next whole frame, nil when more bytes are needed.
    ///
    /// - Throws: `.damaged` when the bytes are no frame; the line is of no further use then.
    package mutating func next() throws(LabError) -> LabFrame? {
        guard buffer.count >= LabFrame.headerLength else { return nil }
        let header = buffer.prefix(LabFrame.headerLength)
        guard header[0] == 0x41, header[1] == 0x47, let kind = LabFrame.Kind(rawValue: header[2]),
            let stream = LabFrame.Stream(rawValue: header[3])
        else { throw LabFrameDecoder.damaged("no frame starts with \(header)") }
        let length = Int(LabFrame.number(header[4..<8]))
        guard length <= longest else {
            throw LabFrameDecoder.damaged("a frame of \(length) bytes was announced")
        }
        guard buffer.count >= LabFrame.headerLength + length else { return nil }
        buffer.drop(LabFrame.headerLength)
        let frame = LabFrame(kind, stream: stream, payload: buffer.prefix(length))
        buffer.drop(length)
        guard frame.checksum(kind.isSealed ? secret : 0) == LabFrame.number(header[8..<12]) else {
            throw LabFrameDecoder.damaged("the seal of a frame “\(kind)” of \(length) bytes is wrong")
        }
        return frame
    }

    private static func damaged(_ detail: String) -> LabError {
        LabError(
            .damaged, "The line to the lab kernel is damaged: \(detail).",
            remedy: "Something in the guest wrote to its first serial line (/dev/ttyS0), or the kernel program loses "
                + "bytes: try another --kernel then.")
    }
}
