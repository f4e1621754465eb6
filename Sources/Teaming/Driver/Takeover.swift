import Aggregation
import Netlink

/// What has to be seen to when a new teamd takes a living device over.
///
/// teamd 1.31 sends no LACPDUs on ports that it finds: it never learns the address that they had before (`update_hwaddr`
/// in libteam/ifinfo.c, `lacpdu_send`). So in mode lacp the ports leave first and join the new daemon, which it sees to by
/// itself; and the first port that joins gives the team its address.
struct Takeover: Sendable {
    var members: [String]
    /// The bytes of the team's address.
    var address: [UInt8]?

    /// Notes how the team is and lets its ports go where they have to join anew.
    init(of team: String, mode: Mode, _ socket: NetlinkSocket) async throws {
        address = try await socket.address(of: team)
        members = try await socket.ports(of: try await socket.linkIndex(team))
        if mode == .lacp {
            for port in members { try await socket.setMaster(.name(port), nil) }
        }
    }

    /// What was noted as text: the address, then the members, a line each.
    init?(text: String) {
        var lines = text.split(separator: "\n").map(String.init)[...]
        guard let first = lines.popFirst() else { return nil }
        address = LinkLayerAddress(text: first)?.bytes
        members = Array(lines)
    }

    var text: String { ([address.map { LinkLayerAddress($0).description } ?? "-"] + members).joined(separator: "\n") }

    /// Gives the team its address back, once its ports are there.
    func finish(_ team: String, _ socket: NetlinkSocket) async throws {
        if let address, try await socket.address(of: team) != address {
            try await socket.setAddress(.name(team), address)
        }
    }
}
