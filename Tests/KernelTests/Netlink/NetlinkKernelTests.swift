import CNetlink
import Dispatch
import SystemPackage
import Testing

@testable import Netlink

/// The netlink layer against a running kernel; each test has a namespace of its own that ends with it.
@Suite struct NetlinkKernelTests {
    private let namespace: NetworkNamespace
    private let socket: NetlinkSocket

    init() throws {
        namespace = try .anonymous()
        socket = try NetlinkSocket(in: namespace)
    }

    private func names(in socket: NetlinkSocket) async throws -> Set<String> {
        Set(
            try await socket.dump(try NetlinkMessage.dumpLinks(statistics: false)) {
                $0.attributes(after: 16)[IFLA_IFNAME]?.string
            })
    }

    private func attributes(of name: String) async throws -> AttributeReader {
        let message = try NetlinkMessage.link(.name(name), type: RTM_GETLINK, operation: "find")
        return try #require(try await socket.query(message).first).attributes(after: 16)
    }

    @Test func aSocketStaysInItsNamespace() async throws {
        let other = try NetworkNamespace.anonymous()
        let otherSocket = try NetlinkSocket(in: other)
        try await socket.createBridge("br0")
        #expect(try await names(in: socket).contains("br0"))
        #expect(try await !names(in: otherSocket).contains("br0"))
        #expect(try namespace.identity() != other.identity())
        let text = try await namespace.run { () -> String in
            let file = try FileDescriptor.open("/proc/thread-self/net/dev", .readOnly)
            defer { try? file.close() }
            return try withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
                let count = try file.read(into: buffer)
                return String(decoding: buffer[..<count], as: UTF8.self)
            }
        }
        #expect(text.contains("br0:"))
        let value: Int = try await namespace.run { 7 }
        #expect(value == 7)
    }

    @Test func aLinkIsCreatedChangedAndDeleted() async throws {
        try await socket.createVethPair("v0", peer: "v1")
        try await socket.createBridge("br0")
        try await socket.setMaster("v0", "br0")
        let bridge = try await socket.linkIndex("br0")
        #expect(try await attributes(of: "v0")[IFLA_MASTER]?.i32 == bridge)
        let filtered = try await socket.dump(try NetlinkMessage.dumpLinks(master: bridge))
        #expect(filtered.compactMap { $0.attributes(after: 16)[IFLA_IFNAME]?.string } == ["v0"])
        let ofKind = try await socket.dump(try NetlinkMessage.dumpLinks(kind: "veth"))
        #expect(ofKind.count == 2)
        try await socket.setMaster("v0", nil)
        #expect(try await attributes(of: "v0")[IFLA_MASTER] == nil)

        try await socket.setMTU("v0", 1400)
        try await socket.setAddress("v0", [2, 0, 0, 0, 0, 7])
        let changed = try await attributes(of: "v0")
        #expect(changed[IFLA_MTU]?.u32 == 1400)
        #expect(changed[IFLA_ADDRESS].map { Array($0.bytes) } == [2, 0, 0, 0, 0, 7])

        try await socket.rename("v1", to: "w1")
        try await socket.setUp("w1")
        try await socket.setPromiscuous("w1", true)
        let message = try NetlinkMessage.link("w1", type: RTM_GETLINK, operation: "find")
        let flags = try #require(try await socket.query(message).first?.header(as: ifinfomsg.self)).ifi_flags
        #expect(flags & UInt32(IFF_UP) != 0)
        #expect(flags & UInt32(IFF_PROMISC) != 0)

        try await socket.deleteLink("v0")
        #expect(try await names(in: socket).isDisjoint(with: ["v0", "v1", "w1"]))
    }

    @Test func aPeerIsCreatedInAnotherNamespace() async throws {
        let other = try NetworkNamespace.anonymous()
        let otherSocket = try NetlinkSocket(in: other)
        try await socket.createVethPair("v0", peer: "far", peerNamespace: other)
        #expect(try await names(in: otherSocket).contains("far"))
        try await socket.move("v0", to: other)
        #expect(try await names(in: otherSocket).isSuperset(of: ["far", "v0"]))
    }

    @Test func addressesComeAndGo() async throws {
        try await socket.setUp("lo")
        let ipv4 = try #require(AddressPrefix("192.0.2.1/24"))
        let ipv6 = try #require(AddressPrefix("2001:db8::1/64"))
        try await socket.addAddress(ipv4, to: "lo")
        try await socket.addAddress(ipv6, to: "lo", duplicateDetection: false)
        await #expect(throws: NetlinkError.self) { try await socket.addAddress(ipv4, to: "lo") }
        func addresses() async throws -> [[UInt8]] {
            var message = try NetlinkMessage(type: RTM_GETADDR, operation: "list", subject: "addresses")
            try message.append(ifaddrmsg())
            return try await socket.dump(message) { $0.attributes(after: 8)[IFA_ADDRESS].map { Array($0.bytes) } }
        }
        #expect(try await addresses().contains(ipv4.bytes))
        #expect(try await addresses().contains(ipv6.bytes))
        try await socket.deleteAddress(ipv4, from: "lo")
        #expect(try await !addresses().contains(ipv4.bytes))
    }

    @Test func aSavedRouteIsPutBackAsItWas() async throws {
        try await socket.setUp("lo")
        try await socket.addAddress(try #require(AddressPrefix("192.0.2.1/24")), to: "lo")
        func routes() async throws -> [ReceivedMessage] {
            var message = try NetlinkMessage(type: RTM_GETROUTE, operation: "list", subject: "routes")
            var header = rtmsg()
            header.rtm_family = UInt8(AF_INET)
            try message.append(header)
            return try await socket.dump(message)
        }
        let before = try await routes()
        let network = try #require(
            before.first {
                $0.attributes(after: 12)[Int(RTA_DST.rawValue)]?.bytes.elementsEqual([192, 0, 2, 0]) == true
            })
        try await socket.request(
            try .resending(network.payload, headerLength: 12, type: RTM_DELROUTE, flags: [], operation: "delete route"))
        #expect(try await routes().count == before.count - 1)
        try await socket.request(
            try .resending(
                network.payload, headerLength: 12, type: RTM_NEWROUTE, flags: [.create, .exclusive],
                operation: "restore route"))
        #expect(try await Set(routes().map(\.payload)) == Set(before.map(\.payload)))
    }

    @Test func theKernelSaysWhatItRefuses() async throws {
        do {
            try await socket.createLink("br1", kind: "bridge") { (data) throws(NetlinkError) in
                try data.put(IFLA_BR_FORWARD_DELAY, u32: 1500)
                try data.put(IFLA_BR_AGEING_TIME, u8: 1)
            }
            Issue.record("a bridge took a time of one byte")
        } catch {
            #expect(error.origin == .kernel)
            #expect(error.errno == Errno(rawValue: 34))
            #expect(error.operation == "create bridge")
            #expect(error.attributePath == [IFLA_LINKINFO, IFLA_INFO_DATA, IFLA_BR_AGEING_TIME])
        }
        do {
            try await socket.createLink("x0", kind: "no-such-kind")
            Issue.record("a kind that does not exist")
        } catch {
            #expect(error.errno == .notSupportedOnSocket || error.errno == Errno(rawValue: 95))
            #expect(error.kernelMessage == "Unknown device type")
        }
    }

    @Test func aLargeBatchIsCarriedOutInOrder() async throws {
        var batch = RequestBatch()
        for number in 0..<300 { batch.append(try NetlinkMessage.createLink("br\(number)", kind: "bridge")) }
        batch.append(try NetlinkMessage.createLink("br7", kind: "bridge"))
        batch.append(try NetlinkMessage.setUp("br8", true))
        let outcomes = try await socket.send(batch, stopAtFirstFailure: false)
        #expect(outcomes.count == 302)
        #expect(outcomes[..<300].allSatisfy { $0 == .done })
        #expect(outcomes[300].error?.errno == .fileExists)
        #expect(outcomes[301] == .done)
        #expect(try await names(in: socket).count(where: { $0.hasPrefix("br") }) == 300)
    }

    @Test func manyRefusalsOfOneBatchAllArrive() async throws {
        var batch = RequestBatch()
        for number in 0..<2000 { batch.append(try NetlinkMessage.setUp(.index(Int32(10_000 + number)), true)) }
        let outcomes = try await socket.send(batch, stopAtFirstFailure: false)
        #expect(outcomes.count == 2000)
        #expect(outcomes.allSatisfy { $0.error?.errno.rawValue == 19 })
    }

    // MARK: Events

    @Test(.timeLimit(.minutes(5))) func aChangeIsAnnounced() async throws {
        let events = try NetlinkEvents(groups: [.links], in: namespace)
        try await socket.createBridge("br0")
        for await event in events.stream {
            guard case .message(let message) = event else { continue }
            if message.attributes(after: 16)[IFLA_IFNAME]?.string == "br0" { break }
        }
    }

    @Test(.timeLimit(.minutes(5))) func aWaitEndsWithTheChange() async throws {
        let events = try NetlinkEvents(groups: [.links], in: namespace)
        let socket = socket
        let creation = Task {
            try await Task.sleep(for: .milliseconds(30))
            try await socket.createBridge("br0")
        }
        let held = try await events.waitUntil(deadline: .now + .seconds(30)) {
            try await names(in: socket).contains("br0")
        }
        #expect(held)
        try await creation.value
    }

    @Test(.timeLimit(.minutes(5))) func aFullReceiveBufferIsAnOverrunAndNotTheEnd() async throws {
        let events = try NetlinkEvents(groups: [.links], in: namespace, receiveBuffer: 4096)
        // The kernel's buffer fills.
        await events.whileBlocked(making: 40, on: socket)
        var overrun = false
        for await event in events.stream where event == .overrun {
            overrun = true
            break
        }
        #expect(overrun)
        try await socket.createBridge("after")
        let held = try await events.waitUntil(deadline: .now + .seconds(30)) {
            try await names(in: socket).contains("after")
        }
        #expect(held)
    }

    @Test(.timeLimit(.minutes(5))) func aSlowReaderIsToldOfTheLoss() async throws {
        let events = try NetlinkEvents(groups: [.links], in: namespace, capacity: 4)
        // All of them are then taken out of the kernel's buffer in one go.
        await events.whileBlocked(making: 20, on: socket)
        var seen: [NetlinkEvent] = []
        for await event in events.stream {
            seen.append(event)
            if event == .overrun { break }
        }
        #expect(seen.count < 20)
    }

    // MARK: Named namespaces

    @Test func aNamedNamespaceIsWhatIpNetnsKnows() async throws {
        let name = "aggctl-test-\(UInt32.random(in: 0 ... .max))"
        let created = try NamedNamespaces.create(name)
        defer { try? NamedNamespaces.delete(name) }
        #expect(try created.identity() == NetworkNamespace.named(name).identity())
        #expect(try created.identity() != NetworkNamespace.current.identity())
        #expect(throws: NetlinkError.self) { try NamedNamespaces.create(name) }
        let inside = try NetlinkSocket(in: created)
        try await inside.createBridge("br0")
        try NamedNamespaces.delete(name)
        #expect(throws: NetlinkError.self) { try NetworkNamespace.named(name) }
        #expect(throws: NetlinkError.self) { try NamedNamespaces.delete(name) }
        // Its last users keep it alive.
        #expect(try await inside.linkIndex("br0") > 0)
    }
}

extension NetlinkEvents {
    /// Occupies the socket's queue while bridges are made, as a stalled program would.
    fileprivate func whileBlocked(making count: Int, on socket: NetlinkSocket) {
        let done = DispatchSemaphore(value: 0)
        Task {
            for number in 0..<count { try await socket.createBridge("br\(number)") }
            done.signal()
        }
        done.wait()
    }
}
