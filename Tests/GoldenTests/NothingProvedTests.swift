import Aggregation
import FoundationEssentials
import Testing

/// Commands that end well and have something to tell all the same: their exit code does.
@Suite struct NothingProvedTests {
    private static func file(_ text: String) throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(
            path: "nothing-proved-\(UInt64.random(in: .min ... .max)).yaml"
        ).path
        try Data("version: 1\naggregates:\n  - \(text)\n".utf8).write(to: URL(filePath: path))
        return path
    }

    private static func run(_ command: String, _ text: String, on host: HostState) async throws -> CommandRun {
        let path = try file(text)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return await CommandRun([command, path], state: host)
    }

    private static let host = """
        links: [{name: eth0}, {name: eth1}, {name: bond0, mode: lacp, ports: [eth0, eth1]}]
        """

    /// Nothing to write, and a port that was asked for is not there.
    @Test(arguments: [("[eth0, eth1]", Int32(0)), ("[eth0, eth1, eth9]", 2)])
    func aPortThatIsMissingIsTold(ports: String, code: Int32) async throws {
        let host = try ObservedFile.read(Self.host, name: "host")
        for command in ["apply", "check", "plan"] {
            let run = try await Self.run(command, "{name: bond0, mode: lacp, ports: \(ports)}", on: host)
            #expect(run.code == code, "\(run.transcript)")
        }
    }

    /// What the kernel hides from this caller is neither equal nor different.
    @Test(arguments: [(true, Int32(77)), (false, 0)]) func whatIsHiddenIsNotVerified(isHidden: Bool, code: Int32)
        async throws
    {
        var host = try ObservedFile.read(Self.host, name: "host")
        host.change("bond0") { link in
            link.aggregate?.options["ad_actor_sys_prio"] = isHidden ? nil : .number(7)
            link.aggregate?.hidden = isHidden ? ["ad_actor_sys_prio"] : []
        }
        host.isPrivileged = !isHidden
        let run = try await Self.run("check", "{name: bond0, mode: lacp, options: {ad_actor_sys_prio: 7}}", on: host)
        #expect(run.code == code, "\(run.transcript)")
    }

    /// As many addresses, and others.
    @Test(arguments: [("192.0.2.2/24", Int32(0)), ("192.0.2.3/24", 2)]) func anotherAddressDiffers(
        address: String, code: Int32
    ) async throws {
        let host = try ObservedFile.read(
            Self.host + "\naddresses: [{device: bond0, prefix: 192.0.2.2/24}]\n", name: "host")
        let run = try await Self.run("check", "{name: bond0, mode: lacp, addresses: [\(address)]}", on: host)
        #expect(run.code == code, "\(run.transcript)")
    }
}
