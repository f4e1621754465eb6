package import Aggregation
internal import FoundationEssentials
internal import System

/// Remembers how ports were before we made them join: whether they were up, so that they come up again when they leave,
/// which address they had, and what they were called. The kernel leaves a released port down, and of a port of a team without an address of
/// its hardware nobody else knows what address it gets back.
///
/// Kept beside the journal and, like it, only as long as the system runs. Ports are known by namespace and index, since
/// names change.
package struct PortMemory: Sendable {
    package static let defaultPath = "/run/aggctl/ports.json"

    private let path: String
    /// What tells one network namespace from another.
    private let namespace: String

    private typealias Ports = [Int32: Before]

    private struct Before: Codable, Equatable {
        var wasUp: Bool
        var address: LinkLayerAddress?
        /// Absent in what earlier versions wrote.
        var name: String?
    }

    package init(path: String = Self.defaultPath, namespace: String) {
        self.path = path
        self.namespace = namespace
    }

    /// Tells a host what it cannot know of its ports.
    package func recall(on host: inout HostState) {
        let known = load()[namespace] ?? [:]
        guard !known.isEmpty else { return }
        var links = host.links
        for place in links.indices {
            guard let before = known[links[place].index] else { continue }
            if before.wasUp { host.upBeforeJoining.insert(links[place].name) }
            if let name = before.name, name != links[place].name, links[place].port != nil {
                host.formerNames[name] = links[place].index
            }
            if links[place].port != nil, links[place].port?.permanentAddress == nil {
                links[place].port?.permanentAddress = before.address
            }
        }
        host.links = links
    }

    /// Takes note of a change that was made: ports that joined, and ports that left.
    package func remember(from before: HostState, to after: HostState) {
        var all = load()
        let known = all[namespace] ?? [:]
        var ports: Ports = [:]
        for link in after.links where link.port != nil {
            if let old = before.link(index: link.index), old.port == nil {
                ports[link.index] = Before(wasUp: old.isUp, address: old.address, name: old.name)
            } else {
                ports[link.index] = known[link.index]
            }
        }
        guard ports != known else { return }
        all[namespace] = ports.isEmpty ? nil : ports
        save(all)
    }

    private func load() -> [String: Ports] {
        guard let bytes = try? StateFile.read(path) else { return [:] }
        return (try? JSONDecoder().decode([String: Ports].self, from: Data(bytes))) ?? [:]
    }

    /// Losing it costs a port that stays down after it has left, which is what the kernel does anyway.
    private func save(_ all: [String: Ports]) {
        guard let data = try? JSONEncoder().encode(all) else { return }
        StateFile.note(Array(data), in: path)
    }
}
