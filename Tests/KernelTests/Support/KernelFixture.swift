import Aggregation
import Bonding
import Glibc
import Netlink
import Synchronization

/// A network namespace of one test, with the driver and a socket opened in it.
///
/// Tests run side by side in one process, so each has its own namespaces, with names that no other has.
final class KernelFixture: Sendable {
    let name: String
    let namespace: NetworkNamespace
    let socket: NetlinkSocket
    let driver: BondingDriver
    private let cleanups = Mutex<[@Sendable () throws -> Void]>([])

    private init() throws {
        name = "aggctl-" + String(UInt64.random(in: .min ... .max), radix: 36)
        namespace = try NamedNamespaces.create(name)
        do {
            socket = try NetlinkSocket(.route, in: namespace)
            driver = try BondingDriver(in: namespace)
        } catch {
            try? NamedNamespaces.delete(name)
            throw error
        }
        let name = name
        atEnd { try NamedNamespaces.delete(name) }
    }

    /// Does something when the test is over, whatever came of it; the last one first.
    func atEnd(_ cleanup: @escaping @Sendable () throws -> Void) {
        cleanups.withLock { $0.append(cleanup) }
    }

    fileprivate func end() throws {
        let all = cleanups.withLock { list in
            defer { list = [] }
            return list
        }
        var first: (any Error)?
        for cleanup in all.reversed() {
            do { try cleanup() } catch { first = first ?? error }
        }
        if let first { throw first }
    }

    fileprivate static func make() throws -> KernelFixture { try KernelFixture() }

    /// Makes dummy devices.
    func dummies(_ names: String...) async throws {
        for name in names { try await socket.createDummy(name) }
    }

    /// Makes veth pairs with one end here and the other in another fixture.
    func cables(_ pairs: [(here: String, there: String)], to other: KernelFixture) async throws {
        for pair in pairs {
            try await socket.createVethPair(pair.here, peer: pair.there, peerNamespace: other.namespace)
        }
    }

    /// Carries steps out one after the other.
    func perform(_ steps: Step...) async throws {
        for step in steps { try await driver.perform(step) }
    }

    /// The bond of a name as the driver reads it.
    func link(_ name: String, _ scope: ObservationScope = .links) async throws -> Link {
        let state = try await driver.observe(scope)
        guard let link = state.link(named: name) else { throw Missing(what: "link \(name)") }
        return link
    }

    func facts(_ name: String, _ scope: ObservationScope = .links) async throws -> AggregateFacts {
        guard let facts = try await link(name, scope).aggregate else { throw Missing(what: "aggregate \(name)") }
        return facts
    }

    func port(_ name: String, _ scope: ObservationScope = .links) async throws -> PortFacts {
        guard let facts = try await link(name, scope).port else { throw Missing(what: "port \(name)") }
        return facts
    }

    /// Runs `ip` inside the namespace with a batch of commands, as a witness that is not ours.
    func ip(_ flags: [String] = [], _ commands: [String]) throws -> String {
        try Witness.run(["ip"] + flags + ["-n", name, "-batch", "-"], input: commands.joined(separator: "\n") + "\n")
    }
}

/// Gives a test a namespace, and takes it away afterwards, whatever came of the test.
func withNamespace<Value>(_ body: (KernelFixture) async throws -> Value) async throws -> Value {
    let fixture = try KernelFixture.make()
    do {
        let value = try await body(fixture)
        try fixture.end()
        return value
    } catch {
        try? fixture.end()
        throw error
    }
}

/// Waits until a condition holds, and fails when it does not in time. The time is for what hangs: on a busy machine what
/// works takes long as well.
func eventually(within limit: Duration = .seconds(60), _ what: String, _ condition: () async throws -> Bool)
    async throws
{
    let clock = ContinuousClock()
    let deadline = clock.now + limit
    while true {
        // Who is asked may not be there yet, which is an error like any other until the time is up.
        var failure: (any Error)?
        do {
            if try await condition() { return }
        } catch {
            failure = error
        }
        guard clock.now < deadline else { throw failure ?? Missing(what: "\(what) within \(limit)") }
        try await Task.sleep(for: .milliseconds(50))
    }
}

struct Missing: Error, CustomStringConvertible {
    let what: String
    var description: String { "there is no \(what)" }
}
