import Aggregation
import Glibc
import Operations
import Testing

/// What is known of ports from before they joined.
@Suite struct PortMemoryTests {
    private static func host(port: Bool, up: Bool) -> HostState {
        var link = Link(index: 7, name: "eth0")
        link.address = LinkLayerAddress([2, 0, 0, 0, 0, UInt8(port ? 1 : 7)])
        if up { link.flags.insert(.up) }
        if port { link.port = PortFacts(options: [:], isBackup: false, monitor: .up, linkFailures: 0) }
        var host = HostState()
        host.links = [link]
        return host
    }

    @Test func aPortIsRememberedUntilItLeaves() throws {
        let directory = RecordDirectory()
        let path = "\(directory.path)/ports.json"
        let memory = PortMemory(path: path, namespace: "1")
        let free = Self.host(port: false, up: true)
        let joined = Self.host(port: true, up: true)

        memory.remember(from: free, to: joined)
        memory.remember(from: joined, to: joined)
        var host = joined
        memory.recall(on: &host)
        #expect(host.upBeforeJoining == ["eth0"])
        #expect(host.links.first?.port?.permanentAddress == LinkLayerAddress([2, 0, 0, 0, 0, 7]))

        var elsewhere = joined
        PortMemory(path: path, namespace: "2").recall(on: &elsewhere)
        #expect(elsewhere == joined)

        memory.remember(from: joined, to: Self.host(port: false, up: false))
        host = joined
        memory.recall(on: &host)
        #expect(host == joined)
    }

    @Test func aPortThatWasDownStaysSo() {
        let directory = RecordDirectory()
        let path = "\(directory.path)/ports.json"
        let memory = PortMemory(path: path, namespace: "1")
        memory.remember(from: Self.host(port: false, up: false), to: Self.host(port: true, up: true))
        var host = Self.host(port: true, up: true)
        memory.recall(on: &host)
        #expect(host.upBeforeJoining.isEmpty)
    }
}
