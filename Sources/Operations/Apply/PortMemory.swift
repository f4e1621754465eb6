package import Aggregation
internal import FoundationEssentials
package import Netlink
internal import System

/// Remembers how ports were before we made them join: whether they were up, so that they come up again when they leave,
/// which address they had, and what they were called. The kernel leaves a released port down, and of a port of a team without an address of
/// its hardware nobody else knows what address it gets back.
///
/// Kept beside the journal and, like it, only as long as the system runs. Ports are known by namespace, index and the address
/// that their hardware has, since names change.
package struct PortMemory: Sendable {
    package static let defaultPath = "/run/aggctl/ports.json"

    private let path: String
    private let namespace: NamespaceKey

    /// By the inode of the namespace, of which only one lives at a time.
    private typealias File = [UInt64: Ports]

    private struct Ports: Codable, Equatable {
        /// Whose they are.
        var cookie: UInt64?
        var ports: [Int32: Before]
    }

    private struct Before: Codable, Equatable {
        var wasUp: Bool
        var address: LinkLayerAddress?
        var name: String
        /// Of its hardware, so that it is not taken for another device with this index.
        var permanentAddress: LinkLayerAddress?
    }

    package init(path: String = Self.defaultPath, namespace: NamespaceKey) {
        self.path = path
        self.namespace = namespace
    }

    /// Tells a host what it cannot know of its ports.
    package func recall(on host: inout HostState) {
        let known = ports(in: load())
        guard !known.isEmpty else { return }
        var links = host.links
        for place in links.indices {
            guard let before = known[links[place].index],
                before.permanentAddress == links[place].permanentAddress
            else { continue }
            if before.wasUp { host.upBeforeJoining.insert(links[place].name) }
            if before.name != links[place].name, links[place].port != nil {
                host.formerNames[before.name] = links[place].index
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
        let known = ports(in: all)
        var ports: [Int32: Before] = [:]
        for link in after.links where link.port != nil {
            if let old = before.link(index: link.index), old.port == nil {
                ports[link.index] = Before(
                    wasUp: old.isUp, address: old.address, name: old.name, permanentAddress: old.permanentAddress)
            } else if let old = known[link.index], old.permanentAddress == link.permanentAddress {
                ports[link.index] = old
            }
        }
        guard ports != known else { return }
        all[namespace.inode] = ports.isEmpty ? nil : Ports(cookie: namespace.cookie, ports: ports)
        save(all)
    }

    /// Those of this namespace, and not of one that had its inode before.
    private func ports(in all: File) -> [Int32: Before] {
        guard let found = all[namespace.inode], found.cookie == namespace.cookie else { return [:] }
        return found.ports
    }

    /// What an earlier version wrote was of whichever namespace has the inode: it is not read.
    private func load() -> File {
        guard let bytes = try? StateFile.read(path) else { return [:] }
        return (try? JSONDecoder().decode(File.self, from: Data(bytes))) ?? [:]
    }

    /// Losing it costs a port that stays down after it has left, which is what the kernel does anyway.
    private func save(_ all: File) {
        guard let data = try? JSONEncoder().encode(all) else { return }
        StateFile.note(Array(data), in: path)
    }
}
