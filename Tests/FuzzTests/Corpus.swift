import FoundationEssentials
import FuzzTargets

/// Inputs of a reader, one a line in hexadecimal digits: `Corpora/TARGET.hex`, which `scripts/fuzz` writes, and
/// `Corpora/TARGET.seed.hex` where it is there.
enum Corpus {
    struct Damaged: Error { let line: String }

    static func inputs(of target: FuzzTarget) throws -> [[UInt8]] {
        let folder = #filePath.split(separator: "/").dropLast().reduce(into: "") { $0 += "/" + $1 }
        let seeds = try? Data(contentsOf: URL(filePath: "\(folder)/Corpora/\(target).seed.hex"))
        let found = try Data(contentsOf: URL(filePath: "\(folder)/Corpora/\(target).hex"))
        let text = String(decoding: (seeds ?? Data()) + found, as: UTF8.self)
        return try text.split(separator: "\n").map { line in
            guard let bytes = bytes(line) else { throw Damaged(line: String(line.prefix(40))) }
            return bytes
        }
    }

    private static func bytes(_ line: Substring) -> [UInt8]? {
        let digits = line.compactMap(\.hexDigitValue)
        guard digits.count == line.count, digits.count.isMultiple(of: 2) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
