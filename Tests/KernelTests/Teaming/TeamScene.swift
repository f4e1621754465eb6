import AggctlCommands
import Aggregation
import Glibc
import Netlink

/// A team of one test: its name is unlike any other's, since all namespaces share /run/teamd and the bus.
struct TeamScene {
    let ns: KernelFixture
    let team: String
    let driver: any AggregateDriver

    /// - Parameter team: a name with something special about it; a plain one when it is nil.
    init(_ ns: KernelFixture, team: String? = nil) async throws {
        self.ns = ns
        let unique = String(UInt32.random(in: .min ... .max), radix: 36)
        self.team = team.map { $0 + unique } ?? "t" + unique
        driver = try await Session.open(netns: ns.name, stateDirectory: ns.stateDirectory).driver
        let (name, directory) = (self.team, ns.stateDirectory)
        ns.atEnd {
            if let process = Self.process(of: name) { kill(process, SIGKILL) }
            for suffix in ["pid", "sock"] { unlink("/run/teamd/\(name).\(suffix)") }
            for file in SmallFile.names(in: "\(directory)/teamd") { unlink("\(directory)/teamd/\(file)") }
            rmdir("\(directory)/teamd")
            Scenes.rmtree(directory)
        }
    }

    /// The same place with another name, which somebody else cleans up after.
    init(_ other: TeamScene, team: String) {
        ns = other.ns
        driver = other.driver
        self.team = team
    }

    /// The number in teamd's own file; nil when there is none.
    static func process(of team: String) -> pid_t? {
        SmallFile.text("/run/teamd/\(team).pid").flatMap { pid_t($0.split(separator: "\n").first ?? "") }
    }

    var process: pid_t? { Self.process(of: team) }

    /// Runs a command; `TEAM` in it is the team's name.
    func aggctl(_ line: String, driver other: (any AggregateDriver)? = nil) async -> Program.Outcome {
        await ns.aggctl(words(line), driver: other ?? driver)
    }

    /// Runs a command that has to succeed.
    func require(_ line: String) async throws {
        let outcome = await aggctl(line.patient)
        guard outcome.code == 0 else { throw Missing(what: "success of \(line): \(outcome)") }
    }

    private func words(_ line: String) -> [String] {
        line.replacing("TEAM", with: team).split(separator: " ").map { String($0.replacing("~", with: " ")) }
    }

    /// What teamd says of itself, by teamdctl.
    func state(_ item: String) throws -> String {
        try inside(["teamdctl", team, "state", "item", "get", item])
    }

    func dump() throws -> JSON { try JSON.parse(try inside(["teamdctl", team, "state", "dump"])) }

    /// An option of the kernel's team driver, by teamnl.
    func kernelOption(_ name: String, port: String? = nil) throws -> String {
        let place = port.map { ["-p", $0] } ?? []
        return try inside(["teamnl", team] + place + ["getoption", name])
    }

    /// Sets one behind everybody's back.
    func setKernelOption(_ name: String, _ value: String, port: String? = nil) throws -> String {
        try inside(["teamnl", team] + (port.map { ["-p", $0] } ?? []) + ["setoption", name, value])
    }

    /// Runs a witness in the namespace.
    private func inside(_ command: [String]) throws -> String {
        let text = try Witness.run(["ip", "netns", "exec", ns.name] + command)
        return text.last == "\n" ? String(text.dropLast()) : text
    }

    func facts() async throws -> AggregateFacts {
        guard let facts = try await driver.observe(.ports).link(named: team)?.aggregate else {
            throw Missing(what: "team \(team)")
        }
        return facts
    }

    /// Nothing of the team is left anywhere.
    var remains: [String] {
        get async throws {
            var found: [String] = []
            if try await driver.observe(.links).link(named: team) != nil { found.append("the device") }
            for name in SmallFile.names(in: "/run/teamd") where name.hasPrefix(team + ".") { found.append(name) }
            for name in SmallFile.names(in: "\(ns.stateDirectory)/teamd") where !name.hasPrefix(".") {
                found.append(name)
            }
            for process in SmallFile.names(in: "/proc").compactMap({ pid_t($0) }) {
                let words = SmallFile.read("/proc/\(process)/cmdline")?.split(separator: 0) ?? []
                if words.contains(where: { String(decoding: $0, as: UTF8.self) == team }) {
                    // A child of ours that has ended is no process any more.
                    if SmallFile.text("/proc/\(process)/stat")?.contains(") Z ") == false {
                        found.append("process \(process)")
                    }
                }
            }
            return found
        }
    }
}

/// Gives a test a namespace with a team's name, and takes both away afterwards.
func withTeam<Value>(
    named name: String? = nil, _ body: (TeamScene) async throws -> Value
) async throws -> Value {
    try await withNamespace { ns in try await body(try await TeamScene(ns, team: name)) }
}
