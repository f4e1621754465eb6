import Aggregation
import TestSupport
import Testing

@testable import Declaration

@Suite("Bad input never traps")
struct NoiseTests {
    private static func problems(_ bytes: [UInt8]) -> [Problem]? {
        do throws(Problems) {
            _ = try DeclarationFile.parse(bytes: bytes, fileName: "f.yaml")
            return nil
        } catch { return error.all }
    }

    @Test("Random bytes", arguments: 0..<20)
    func random(_ seed: UInt64) throws {
        var generator = SeededNumbers(seed)
        for _ in 0..<100 {
            let bytes = (0..<Int.random(in: 1...400, using: &generator)).map { _ in
                UInt8.random(in: .min ... .max, using: &generator)
            }
            let problems = try #require(Self.problems(bytes))
            #expect(problems.allSatisfy { $0.category == .invalid && $0.remedy != nil })
        }
    }

    @Test("Random YAML punctuation", arguments: 0..<20)
    func punctuation(_ seed: UInt64) throws {
        var generator = SeededNumbers(seed &+ 1000)
        let alphabet = Array("{}[],:-?&*!|>'\"%@`# \n\t~ab01\\=".utf8)
        for _ in 0..<200 {
            let bytes = (0..<Int.random(in: 1...200, using: &generator)).map { _ in
                alphabet[Int.random(in: alphabet.indices, using: &generator)]
            }
            #expect(Self.problems(bytes)?.isEmpty == false)
        }
    }

    @Test("Ten megabytes of noise, and of noise that is text")
    func largeNoise() throws {
        var generator = SeededNumbers(7)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(10 << 20)
        while bytes.count < 10 << 20 { withUnsafeBytes(of: generator.next()) { bytes.append(contentsOf: $0) } }
        let expected =
            "f.yaml: it has 10485760 bytes, which is too large; "
            + "a declaration has at most 1048576 bytes: is it the right file?"
        #expect(Self.problems(bytes)?.map(\.description) == [expected])
        #expect(Self.problems([UInt8](repeating: UInt8(ascii: "["), count: 10 << 20))?.map(\.description) == [expected])
    }

    /// Each mark in four patterns; one of them as large as a file may be, the others a sixteenth of that, which is what
    /// the unit level can afford.
    @Test("A large file of each punctuation mark", arguments: Array("{}[],:-?&*!|>'\"%@`# \n\t~a\\"))
    func largest(_ character: Character) throws {
        let unit = Array(String(character).utf8)
        let patterns = [unit, unit + [UInt8(ascii: " ")], unit + [UInt8(ascii: "\n")], Array("a: ".utf8) + unit]
        let largest = Int(unit[0]) % patterns.count
        for (place, pattern) in patterns.enumerated() {
            let size = place == largest ? YAMLReader.maximumSize : YAMLReader.maximumSize / 16
            let bytes = (0..<(size / pattern.count)).flatMap { _ in pattern }
            #expect(Self.problems(bytes)?.isEmpty == false)
        }
    }

    @Test("The largest file of what is well formed takes no more than seconds")
    func largestGood() throws {
        let heads = [
            "driver: teaming\n    options:", "driver: bonding\n    options:", "ports:", "addresses:", "lacp:", "hash:",
        ]
        for head in heads {
            var text = Fixtures.file(head)
            var index = 0
            while text.utf8.count < YAMLReader.maximumSize - 40 {
                text +=
                    head.hasSuffix("s:") && !head.hasSuffix("options:") ? "      - a\(index)\n" : "      a\(index): 1\n"
                index += 1
            }
            let clock = ContinuousClock()
            let duration = clock.measure { _ = Self.problems(Array(text.utf8)) }
            // Twenty times what a loaded machine needs; work that grows with the square takes hours.
            #expect(duration < .seconds(60))
        }
    }

    @Test("The example cut after every byte")
    func truncated() {
        let bytes = Array(Fixtures.example.utf8)
        for length in bytes.indices {
            _ = Self.problems(Array(bytes[..<length]))
        }
        #expect(Self.problems(bytes) == nil)
    }

    @Test("Every byte of the example changed")
    func flipped() {
        let bytes = Array(Fixtures.example.utf8)
        for index in bytes.indices {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[index] ^= 1 << UInt8(bit)
                _ = Self.problems(damaged)
            }
        }
    }
}
