package import Aggregation
internal import FoundationEssentials
internal import SystemPackage

/// Remembers which ports were up before we made them join, so that they come up again when they leave: the kernel leaves
/// a released port down and knows nothing of before.
///
/// Kept beside the journal and, like it, only as long as the system runs. Ports are known by namespace and index, since
/// names change.
package struct PortMemory: Sendable {
    package static let defaultPath = "/run/aggctl/ports.json"

    private let path: String
    /// What tells one network namespace from another.
    private let namespace: String

    package init(path: String = Self.defaultPath, namespace: String) {
        self.path = path
        self.namespace = namespace
    }

    /// The names of those ports of a host that were up.
    package func recall(on host: HostState) -> Set<String> {
        let indices = Set(load()[namespace] ?? [])
        guard !indices.isEmpty else { return [] }
        return Set(host.links.filter { indices.contains($0.index) }.map(\.name))
    }

    /// Takes note of a change that was made: ports that joined and were up, and ports that left.
    package func remember(from before: HostState, to after: HostState) {
        var all = load()
        let known = Set(all[namespace] ?? [])
        let joined = after.links.filter { link in
            link.port != nil && before.link(index: link.index).map { $0.port == nil && $0.isUp } == true
        }
        let stillPorts = Set(after.links.filter { $0.port != nil }.map(\.index))
        let indices = known.intersection(stillPorts).union(joined.map(\.index))
        guard indices != known else { return }
        all[namespace] = indices.isEmpty ? nil : indices.sorted()
        save(all)
    }

    private func load() -> [String: [Int32]] {
        guard let data = try? Data(contentsOf: URL(filePath: path)) else { return [:] }
        return (try? JSONDecoder().decode([String: [Int32]].self, from: data)) ?? [:]
    }

    /// Losing it costs a port that stays down after it has left, which is what the kernel does anyway.
    private func save(_ all: [String: [Int32]]) {
        guard let data = try? JSONEncoder().encode(all) else { return }
        try? FileManager.default.createDirectory(
            atPath: FilePath(path).removingLastComponent().string, withIntermediateDirectories: true)
        try? data.write(to: URL(filePath: path), options: .atomic)
    }
}
