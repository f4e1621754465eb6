import Glibc
import Netlink

/// Processes of one test that would like to be taken for a teamd; ended by their numbers.
final class FalseDaemons {
    let directory: String
    private let team: String
    private var children: [ChildProcess] = []

    static let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"]

    init(_ scene: TeamScene) throws {
        team = scene.team
        directory = "/tmp/false-\(scene.team)"
        let directory = directory
        _ = try Witness.run([
            "sh", "-c", "mkdir -p \"$0/pids\" && chmod 777 \"$0/pids\" && cp /bin/sh \"$0/teamd\"", directory,
        ])
        scene.ns.atEnd { Self.end(directory) }
    }

    /// Ends all that noted themselves, and what starts them again first.
    private static func end(_ directory: String) {
        unlink("\(directory)/teamd")
        for process in Self.noted(directory) { kill(process, SIGKILL) }
        _ = try? Witness.run(["rm", "-r", directory])
    }

    private static func noted(_ directory: String) -> [pid_t] {
        SmallFile.names(in: "\(directory)/pids").compactMap { pid_t($0) }
    }

    /// The processes that live now.
    var processes: [pid_t] {
        Self.noted(directory).filter { SmallFile.text("/proc/\($0)/comm") == "teamd\n" }.sorted()
    }

    /// Starts some as nobody, by name and words a teamd of the team, that ignore SIGTERM and come back when they are killed.
    func start(_ count: Int) async throws {
        let fake = "trap '' TERM; : > \(directory)/pids/$$; while [ -x \(directory)/teamd ]; do sleep 1; done"
        let again =
            "while [ -x \(directory)/teamd ]; do \(directory)/teamd -c \"\(fake.replacing("$$", with: "\\$\\$"))\" teamd -t \(team); done"
        for _ in 0..<count { children.append(try ChildProcess(Self.nobody + ["sh", "-c", again])) }
        try await eventually("\(count) of them") { processes.count == count }
    }

    /// Starts one as root that ignores SIGTERM, and that the kernel shows as the program itself.
    func startStubborn(in namespace: String) async throws {
        let known = Set(processes)
        let fake = "trap '' TERM; : > \(directory)/pids/$$; while [ -x \(directory)/teamd ]; do sleep 1; done"
        children.append(
            try ChildProcess([
                "ip", "netns", "exec", namespace, "unshare", "-m", "sh", "-c",
                "mount --bind \"$0\" /usr/bin/teamd && exec /usr/bin/teamd -c \"$1\" teamd -t \"$2\"",
                "\(directory)/teamd", fake, team,
            ]))
        try await eventually("another one") { Set(processes).subtracting(known).count == 1 }
    }

    /// What the kernel says that a process runs.
    static func program(of process: pid_t) throws -> String {
        try Witness.run(["readlink", "/proc/\(process)/exe"]).split(separator: "\n").joined()
    }
}
