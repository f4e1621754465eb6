import Aggregation
import Glibc
import Synchronization
import Testing

/// What changes is told by those who know of it; nobody looks again and again.
@Suite struct TeamHintTests {
    /// Counts hints; no timer gives any.
    private final class Counter: Sendable {
        private let count = Mutex(0)
        private let task = Mutex<Task<Void, Never>?>(nil)

        init(_ hints: AsyncStream<Void>) {
            task.withLock { task in
                task = Task { for await _ in hints { self.count.withLock { $0 += 1 } } }
            }
        }

        var value: Int { count.withLock { $0 } }
        func stop() { task.withLock { $0?.cancel() } }

        /// Waits until nothing has come for a while.
        func quiet() async throws {
            var last = -1
            while last != value {
                last = value
                try await Task.sleep(for: .milliseconds(700))
            }
        }
    }

    @Test func daemonsAndOptionsThatChangeAreTold() async throws {
        try await withTeam { scene in
            try await scene.ns.dummies("eth0", "eth1")
            try await scene.require("create TEAM --driver teaming --mode active-backup --ports eth0,eth1")
            let counter = Counter(try await scene.driver.hints())
            defer { counter.stop() }
            try await counter.quiet()
            var before = counter.value
            // The kernel tells of its options.
            _ = try scene.setKernelOption("notify_peers_count", "7")
            try await eventually("a hint of the option") { counter.value > before }
            try await counter.quiet()
            before = counter.value
            // Of the daemon's end only the bus knows: the device stays as it is.
            kill(try #require(scene.process), SIGKILL)
            try await eventually("a hint of the daemon's end") { counter.value > before }
        }
    }

    /// The same as a user has it.
    @Test func aWatchedStatusTellsOfADaemonThatDied() async throws {
        try await withTeam { scene in
            try await Scenes.ports(scene.ns)
            try await scene.require("create TEAM --driver teaming --mode active-backup --ports eth0,eth1")
            let watch = try ChildProcess([
                Program.path, "status", scene.team, "--watch", "--json", "--netns", scene.ns.name,
            ])
            try await eventually("the status") { watch.outputSoFar.contains("\n") }
            kill(try #require(scene.process), SIGKILL)
            // One that has not come by then is told by what is compared below.
            try? await eventually(within: .seconds(20), "the end of the daemon") {
                watch.outputSoFar.contains("\"absent\"") && watch.outputSoFar.hasSuffix("\n")
            }
            // Not a gentler one: this process ignores those while it changes something, and a child inherits that.
            watch.signal(SIGKILL)
            let lines = try watch.wait().output.split(separator: "\n").map { try JSON.parse(String($0)) }
            let states = lines.map { $0["aggregates"]?[0]?["daemon"]?["state"] }
            #expect(states.first == .string("running") && states.last == .string("absent"), "\(states)")
            #expect(lines.last?["aggregates"]?[0]?["verdict"] == .string("unknown"))
        }
    }
}
