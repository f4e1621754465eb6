/// What a probe carries. Numbers are in network order.
///
/// | bytes | what |
/// | --- | --- |
/// | 0-7 | ``magic`` |
/// | 8-15 | number of the run, so that two drills do not take each other's answers |
/// | 16-19 | flow |
/// | 20-23 | sequence number |
/// | 24-31 | when it was sent, nanoseconds of CLOCK_MONOTONIC |
package struct Probe: Sendable, Hashable {
    /// "aggdrill".
    package static let magic: UInt64 = 0x6167_6764_7269_6c6c
    package static let length = 32

    package var run: UInt64
    package var flow: UInt32
    package var sequence: UInt32
    package var sent: Int64

    package init(run: UInt64, flow: UInt32, sequence: UInt32, sent: Int64) {
        self.run = run
        self.flow = flow
        self.sequence = sequence
        self.sent = sent
    }

    /// Nil for what is no probe.
    package init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.length,
            UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)) == Self.magic
        else { return nil }
        run = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        flow = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self))
        sequence = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 20, as: UInt32.self))
        sent = Int64(bigEndian: bytes.loadUnaligned(fromByteOffset: 24, as: Int64.self))
    }

    /// - Parameter bytes: at least ``length`` bytes.
    package func write(to bytes: UnsafeMutableRawBufferPointer) {
        bytes.storeBytes(of: Self.magic.bigEndian, as: UInt64.self)
        bytes.storeBytes(of: run.bigEndian, toByteOffset: 8, as: UInt64.self)
        bytes.storeBytes(of: flow.bigEndian, toByteOffset: 16, as: UInt32.self)
        bytes.storeBytes(of: sequence.bigEndian, toByteOffset: 20, as: UInt32.self)
        bytes.storeBytes(of: sent.bigEndian, toByteOffset: 24, as: Int64.self)
    }
}
