internal import System

/// A small file of numbers by device: a line with the index of each, since names change, and its number. Every status
/// reads such files, so they are to be read fast.
struct IndexedNumbers: Sendable {
    let path: String

    func load() -> [Int32: Int64] {
        var numbers: [Int32: Int64] = [:]
        for line in ((try? StateFile.read(path)) ?? []).split(separator: UInt8(ascii: "\n")) {
            let words = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
            if words.count == 2, let index = Int32(words[0]), let number = Int64(words[1]) { numbers[index] = number }
        }
        return numbers
    }

    /// Losing it costs what was to be remembered: no change fails for that.
    func save(_ numbers: [Int32: Int64]) {
        let text = numbers.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }.joined()
        StateFile.note(Array(text.utf8), in: path)
    }
}
