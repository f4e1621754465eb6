package import Aggregation
import CNetlink
import SystemPackage

/// Devices of other namespaces that are made on one of this namespace: the kernel deletes them with it, and this
/// namespace lists none of them.
package enum ForeignDevices {
    /// Looks into every namespace that has a name or a process.
    package static func dependants(of namespace: NetworkNamespace) async -> ForeignDependants {
        var found = ForeignDependants()
        guard let own = try? namespace.identity(), let lent = try? namespace.lend() else {
            found.isComplete = false
            return found
        }
        let (places, isComplete) = OtherNamespaces.all(but: own)
        found.isComplete = isComplete
        for place in places {
            do throws(NetlinkError) {
                found.devices += try await dependants(in: place, on: lent.descriptor)
            } catch {
                found.isComplete = false
            }
        }
        return found
    }

    private static func dependants(
        in place: OtherNamespaces.Place, on descriptor: FileDescriptor
    ) async throws(NetlinkError) -> [ForeignDependant] {
        let socket = try NetlinkSocket(.route, in: place.namespace)
        let reader = HostReader(socket: socket, namespace: place.namespace, decoders: [])
        var state = try await reader.read(scope: .links)
        guard state.links.contains(where: { $0.lowerIsElsewhere && !$0.allLowers.isEmpty }),
            let number = try await socket.namespaceID(of: descriptor.rawValue)
        else { return [] }
        let moved = state.links.filter { $0.lowerNamespaceID == number }
        guard !moved.isEmpty else { return [] }
        state = try await reader.read(scope: .addresses)
        return moved.flatMap { link in
            link.allLowers.map { lower in
                ForeignDependant(
                    lower: lower, name: link.name, kind: link.kind, namespace: place.label,
                    addresses: addresses(on: link, state))
            }
        }
    }

    private static func addresses(on link: Link, _ state: HostState) -> [IPPrefix] {
        ([link] + state.above(link)).flatMap { state.addresses(of: $0) }
            .filter { $0.scope == 0 && !$0.prefix.address.isLinkLocal }.map(\.prefix)
    }
}
