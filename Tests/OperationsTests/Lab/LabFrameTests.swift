import Testing

@testable import Operations

@Suite("Lab frames")
struct LabFrameTests {
    private let samples: [LabFrame] = [
        LabFrame(.hello), LabFrame(.data, stream: .error, payload: Array(0...255)), .credit(70_000, .output),
        .taken(16),
        .window(rows: 50, columns: 300), LabFrame(.ended, payload: [1, 9]),
    ]

    @Test("whole frames come back, however the line cuts them", arguments: [1, 2, 7, 4096])
    func roundTrip(piece: Int) throws {
        let bytes = samples.flatMap { $0.encoded }
        var decoder = LabFrameDecoder()
        var frames: [LabFrame] = []
        for start in stride(from: 0, to: bytes.count, by: piece) {
            decoder.append(bytes[start..<min(start + piece, bytes.count)])
            while let frame = try decoder.next() { frames.append(frame) }
        }
        #expect(frames == samples)
        #expect(frames[2].number == 70_000)
    }

    @Test("one flipped bit anywhere is noticed or leaves the frame incomplete, never another frame")
    func flippedBits() {
        let frame = LabFrame(.data, stream: .output, payload: Array("some output\n".utf8))
        let bytes = frame.encoded
        for bit in 0..<(bytes.count * 8) {
            var damaged = bytes
            damaged[bit / 8] ^= 1 << (bit % 8)
            var decoder = LabFrameDecoder()
            decoder.append(damaged)
            do throws(LabError) {
                let decoded = try decoder.next()
                #expect(decoded == nil, "bit \(bit)")
            } catch {
                #expect(error.kind == .damaged)
            }
        }
    }

    @Test("a lost byte is noticed")
    func lostBytes() {
        let bytes = LabFrame(.data, stream: .output, payload: Array(repeating: 0x42, count: 100)).encoded
        for lost in bytes.indices {
            var damaged = bytes
            damaged.remove(at: lost)
            var decoder = LabFrameDecoder()
            decoder.append(damaged + LabFrame(.hello).encoded)
            #expect(throws: LabError.self) { while try decoder.next() != nil {} }
        }
    }

    @Test("who does not know the secret seals no frame that says how it ended, and nobody seals what is said before")
    func seal() throws {
        let ended = LabFrame(.ended, payload: [0, 0])
        for (secret, isTaken) in [(UInt64(7), true), (8, false), (0, false)] {
            var decoder = LabFrameDecoder(secret: 7)
            decoder.append(LabFrame(.hello).encoded + LabFrame.taken(9).encoded(sealedWith: secret))
            decoder.append(ended.encoded(sealedWith: secret))
            #expect(try decoder.next() == LabFrame(.hello))
            #expect(try decoder.next() == .taken(9))
            if isTaken {
                #expect(try decoder.next() == ended)
            } else {
                #expect(throws: LabError.self) { try decoder.next() }
            }
        }
    }

    @Test("a frame longer than the side that reads has room for is refused before it is there")
    func length() throws {
        var decoder = LabFrameDecoder(longest: 100)
        decoder.append(LabFrame(.data, payload: Array(repeating: 1, count: 100)).encoded)
        #expect(try decoder.next() != nil)
        decoder.append(LabFrame(.data, payload: Array(repeating: 1, count: 101)).encoded.prefix(12))
        #expect(throws: LabError.self) { try decoder.next() }
    }

    @Test("the order to the guest keeps bytes that are no text")
    func order() throws {
        let order = LabOrder(
            command: [Array("printf".utf8), [0xff, 0xfe], []], environment: [Array("A=b\nc".utf8)],
            directory: Array("/tmp".utf8), terminal: [.streams], rows: 3, columns: 4, modules: "/m", topology: "pair:4",
            secret: 0x0123_4567_89ab_cdef)
        #expect(try LabOrder(decoding: order.encoded) == order)
        for length in 0..<order.encoded.count {
            #expect(throws: LabError.self) { try LabOrder(decoding: Array(order.encoded.prefix(length))) }
        }
        #expect(throws: LabError.self) { try LabOrder(decoding: [0] + Array(repeating: 0xff, count: 40)) }
    }

    @Test("a queue gives bytes back in order and only once")
    func queue() {
        var queue = LabByteQueue()
        for round in 0..<50 {
            queue.append((0..<5000).map { UInt8(truncatingIfNeeded: $0 + round) })
            #expect(queue.prefix(3) == [0, 1, 2].map { UInt8($0 + round) })
            queue.drop(5000)
        }
        #expect(queue.isEmpty)
    }
}
