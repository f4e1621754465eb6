package import Aggregation
internal import FoundationEssentials
internal import Netlink

/// Remembers how many ports each aggregate of a namespace was asked to have, so that one that is missing is missed: the
/// kernel knows only of those that are there.
///
/// Kept beside the journal and, like it, only as long as the system runs: a line with the index of an aggregate, since
/// names change, and the number. Every status reads it, so it is to be read fast.
package struct ExpectedPorts: Sendable {
    private let path: String

    package init(path: String) { self.path = path }

    /// The numbers by the names that the aggregates of a host have now.
    package func recall(on host: HostState) -> [String: Int] {
        var numbers: [String: Int] = [:]
        for (index, number) in load() {
            if let link = host.link(index: index), link.isAggregate { numbers[link.name] = number }
        }
        return numbers
    }

    /// Takes note of what was asked for, and forgets aggregates that are gone.
    package func remember(_ wishes: [ResolvedAggregate], on host: HostState) {
        let known = load()
        var numbers = known.filter { host.link(index: $0.key)?.isAggregate == true }
        for wish in wishes {
            guard let expected = wish.expectedPorts, let link = host.link(named: wish.name) else { continue }
            numbers[link.index] = expected
        }
        if numbers != known { save(numbers) }
    }

    private func load() -> [Int32: Int] {
        var numbers: [Int32: Int] = [:]
        for line in (SmallFile.read(path) ?? []).split(separator: UInt8(ascii: "\n")) {
            let words = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
            if words.count == 2, let index = Int32(words[0]), let number = Int(words[1]) { numbers[index] = number }
        }
        return numbers
    }

    /// Losing it costs a verdict that is too good: no change fails for that.
    private func save(_ numbers: [Int32: Int]) {
        let text = numbers.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }.joined()
        StateFile.replace(path, with: Data(text.utf8))
    }
}
