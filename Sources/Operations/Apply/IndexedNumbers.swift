internal import Netlink
internal import System

/// A small file of numbers by aggregate of one network namespace: a line with the index of each, since names change, and
/// its number. The first line is the cookie of the namespace, for another one may have had the file before. Every status
/// reads such files, so they are to be read fast.
struct IndexedNumbers: Sendable {
    private let path: String
    private let namespace: NamespaceKey

    init(_ subject: String, in directory: String, of namespace: NamespaceKey) {
        path = "\(directory)/\(subject)-\(namespace.inode)"
        self.namespace = namespace
    }

    private var firstLine: String { "namespace \(namespace.cookieText)" }

    func load() -> [Int32: Int64] {
        var numbers: [Int32: Int64] = [:]
        let lines = ((try? StateFile.read(path)) ?? []).split(separator: UInt8(ascii: "\n"))
        guard let first = lines.first, first.elementsEqual(firstLine.utf8) else { return [:] }
        for line in lines.dropFirst() {
            let words = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
            if words.count == 2, let index = Int32(words[0]), let number = Int64(words[1]) { numbers[index] = number }
        }
        return numbers
    }

    /// Losing it costs what was to be remembered: no change fails for that.
    func save(_ numbers: [Int32: Int64]) {
        let text = "\(firstLine)\n" + numbers.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }.joined()
        StateFile.note(Array(text.utf8), in: path)
    }
}
