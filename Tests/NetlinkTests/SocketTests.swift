import CNetlink
import SystemPackage
import Testing

@testable import Netlink

/// What any user's socket can do; it reads only.
@Suite struct SocketTests {
    @Test func loopbackIsListedAndFoundByName() async throws {
        let socket = try NetlinkSocket()
        let links = try await socket.dump(try NetlinkMessage.dumpLinks())
        #expect(links.allSatisfy { $0.type == UInt16(RTM_NEWLINK) })
        let names = links.compactMap { $0.attributes(after: 16)[IFLA_IFNAME]?.string }
        #expect(names.contains("lo"))
        let indices = try await socket.dump(try NetlinkMessage.dumpLinks(statistics: false)) {
            $0.header(as: ifinfomsg.self)?.ifi_index
        }
        #expect(indices.count == links.count)
        #expect(try await socket.linkIndex("lo") == 1)
    }

    @Test func theKernelsErrorNumberIsKept() async throws {
        let socket = try NetlinkSocket()
        do {
            _ = try await socket.linkIndex("no-such-link")
            Issue.record("found a link that does not exist")
        } catch {
            #expect(error.errno.rawValue == 19)
            #expect(error.origin == .kernel)
            #expect(error.operation == "find")
            #expect(error.subject == "no-such-link")
        }
        // EAFNOSUPPORT and EOPNOTSUPP are among those that libnl would fold.
        await #expect(throws: NetlinkError.self) {
            try await socket.request(try NetlinkMessage(type: 1000, operation: "try", subject: "nothing"))
        }
    }

    @Test func aNameTooLongIsRefusedAtItsAttribute() async throws {
        let socket = try NetlinkSocket()
        do {
            _ = try await socket.linkIndex("a-name-of-over-fifteen-bytes")
            Issue.record("found a link that does not exist")
        } catch {
            #expect(error.attributePath == [IFLA_IFNAME])
            #expect(error.kernelMessage != nil)
        }
    }

    @Test func aSocketServesManyConversations() async throws {
        let socket = try NetlinkSocket()
        let found = try await socket.perform { (socket) throws(NetlinkError) in
            var found = 0
            for _ in 0..<100 {
                found += Int(try socket.linkIndex("lo"))
                _ = try? socket.linkIndex("no-such-link")
                found += try socket.dump(try NetlinkMessage.dumpLinks(statistics: false)).isEmpty ? 0 : 1
            }
            return found
        }
        #expect(found == 200)
    }

    @Test func aBatchReportsEachRequest() async throws {
        let socket = try NetlinkSocket()
        var batch = RequestBatch()
        for name in ["lo", "no-such-link", "lo", "neither", "lo"] {
            batch.append(try NetlinkMessage.link(.name(name), type: RTM_GETLINK, operation: "find"))
        }
        let outcomes = try await socket.send(batch, stopAtFirstFailure: false)
        #expect(outcomes.map { $0.error?.subject } == [nil, "no-such-link", nil, "neither", nil])
        #expect(outcomes.map { $0.error?.errno.rawValue } == [nil, 19, nil, 19, nil])
        let stopped = try await socket.send(batch, stopAtFirstFailure: true)
        #expect(stopped.count == 5)
        #expect(stopped[0] == .done)
        #expect(stopped[1].error?.subject == "no-such-link")
        #expect(stopped[2...].allSatisfy { $0 == .notSent })
        #expect(try await socket.send(RequestBatch(), stopAtFirstFailure: false).isEmpty)
        #expect(try await socket.linkIndex("lo") == 1)
    }

    @Test func linkModesAreReadOrTheFamilyIsMissing() async throws {
        do {
            let modes = try await EthtoolQuery().linkModes()
            #expect(modes[1] == nil)
        } catch {
            #expect(error.errno == .noSuchFileOrDirectory)
        }
    }

    @Test func aWaitEndsAtItsDeadline() async throws {
        let events = try NetlinkEvents(groups: [.links])
        #expect(try await events.waitUntil(deadline: .now + .milliseconds(20)) { false } == false)
        // Nothing is announced here: it is read again because time has passed.
        var reads = 0
        let held = try await events.waitUntil(deadline: .now + .seconds(30), recheck: .milliseconds(5)) {
            reads += 1
            return reads == 4
        }
        #expect(held)
        #expect(try await events.waitUntil(deadline: .now) { true })
    }

    @Test func aCancelledWaitEndsEvenBeforeItStarts() async throws {
        let events = try NetlinkEvents(groups: [.links])
        for delay in [0, 10] {
            let task = Task {
                try await events.waitUntil(deadline: .now + .seconds(60)) { false }
            }
            try await Task.sleep(for: .milliseconds(delay))
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
        await events.cancel()
        for await _ in events.stream { Issue.record("an event after the end") }
    }

    @Test func lettingEventsGoClosesThem() async throws {
        var events: NetlinkEvents? = try NetlinkEvents(groups: [.links])
        let stream = try #require(events?.stream)
        weak let watched = events
        events = nil
        for await _ in stream {}
        #expect(watched == nil)
    }

    @Test(arguments: ["", ".", "..", "a/b", "a\0b", String(repeating: "a", count: 256)])
    func badNamespaceNamesAreRefused(name: String) {
        #expect(throws: NetlinkError.self) { try NetworkNamespace.named(name) }
    }

    @Test func anUnknownNamespaceIsAnError() throws {
        do {
            _ = try NetlinkSocket(in: try .named("no-such-namespace"))
            Issue.record("opened a socket in a namespace that does not exist")
        } catch {
            #expect(error.errno == .noSuchFileOrDirectory)
        }
        // The thread cannot enter what is no namespace.
        do {
            _ = try NetlinkSocket(in: try .path("/proc/self/status"))
            Issue.record("opened a socket in a file")
        } catch {
            #expect(error.errno == .invalidArgument || error.errno == .notPermitted)
        }
    }

    @Test func theCurrentNamespaceNeedsNoThread() throws {
        let value = try NetworkNamespace.current.run { 42 }
        #expect(value == 42)
        #expect(
            try NetworkNamespace.current.identity() == NetworkNamespace.path("/proc/self/ns/net").identity())
    }
}
