import CSystemShims
import Glibc
import Testing

@testable import Operations

@Suite("Lab parts")
struct LabPartsTests {
    @Test("the kernel's command line ends with the agent and its arguments")
    func bootLine() throws {
        let line = LabBootLine(program: "/k/linux.uml", memory: 256, scratch: "/s", agent: "/a b/aggctl")
        let arguments = try line.arguments()
        #expect(arguments.first == "/k/linux.uml")
        #expect(arguments.contains("mem=256M") && arguments.contains("uml_dir=/s/"))
        #expect(arguments.suffix(4) == ["\"init=/a b/aggctl\"", "--", "lab-guest", "uml"])
        #expect(throws: LabError.self) {
            try LabBootLine(program: "/k", memory: 1, scratch: "/s", agent: "/a\"b").arguments()
        }
    }

    @Test(
        "a folder whose name would be more arguments of the kernel is passed over", arguments: [" init=x", "\"", "\n"])
    func injection(name: String) throws {
        let folder = try Scratch()
        let base = folder.path + "/t" + name
        try #require(mkdir(base, 0o700) == 0)
        #expect(throws: LabError.self) { try LabScratch.make(in: [base], room: 1) }
        #expect(throws: LabError.self) {
            try LabBootLine(program: "/k", memory: 1, scratch: base, agent: "/a").arguments()
        }
        let other = try LabScratch.make(in: [base, folder.path], room: 1)
        #expect(other.path.hasPrefix(folder.path + "/aggctl-lab-"))
        other.remove()
    }

    @Test("auto never takes the running kernel")
    func automatic() {
        do throws(LabError) {
            _ = try LabKernel.automatic("/nowhere/linux.uml")
            Issue.record("there is no such kernel")
        } catch {
            #expect(error.kind == .noKernel)
        }
    }

    @Test("signals are watched all or none, and once")
    func signals() throws {
        func hasDefault(_ number: Int32) -> Bool {
            var action = sigaction()
            return sigaction(number, nil, &action) == 0 && action.__sigaction_handler.sa_handler == nil
        }
        let pipe = try LabDescriptor.pipe()
        try #require(hasDefault(SIGUSR1) && hasDefault(SIGUSR2))
        #expect(aggctl_lab_watch_signals(pipe.write, [SIGUSR1, 0], 2) == -EINVAL)
        #expect(aggctl_lab_watch_signals(pipe.write, [SIGUSR1, SIGKILL], 2) == -EINVAL)
        #expect(hasDefault(SIGUSR1))
        #expect(aggctl_lab_watch_signals(pipe.write, [SIGUSR1], 1) == 0)
        #expect(aggctl_lab_watch_signals(pipe.write, [SIGUSR1, SIGUSR2], 2) == -EBUSY)
        #expect(!hasDefault(SIGUSR1) && hasDefault(SIGUSR2))
        #expect(aggctl_lab_watch_signals(-1, [SIGUSR1], 1) == 0)
        #expect(hasDefault(SIGUSR1))
        close(pipe.read)
        close(pipe.write)
    }

    @Test("what is no boundary says so")
    func warning() {
        let kernel = LabKernel.userMode(program: "/k", modules: "/m")
        let floor: LabWall.Layers = [.privileges, .filter]
        for layers in [LabWall.Layers.landlock, .mounts] {
            #expect(LabWall.warning(floor.union(layers), in: kernel) == nil)
            #expect(LabWall.warning(layers, in: kernel) != nil)
        }
        #expect(LabWall.warning(floor, in: kernel)?.contains("Landlock") == true)
        #expect(LabWall.warning(floor.union(.landlock), in: .running)?.contains("no boundary") == true)
    }

    @Test("a kernel program brings its modules in a folder beside it")
    func kernelPath() throws {
        let folder = try Scratch()
        #expect(throws: LabError.self) { try LabKernel.resolve(.program("\(folder.path)/linux.uml")) }
        try folder.file("linux.uml", mode: 0o755)
        try #require(mkdir("\(folder.path)/modules", 0o755) == 0)
        let kernel = try LabKernel.resolve(.program("\(folder.path)/linux.uml"))
        #expect(kernel == .userMode(program: "\(folder.path)/linux.uml", modules: "\(folder.path)/modules"))
    }

    @Test("the sweep takes what nobody has locked and nothing else")
    func sweep() throws {
        let folder = try Scratch()
        let held = try LabScratch.make(in: [folder.path], room: 1)
        let left = "\(folder.path)/aggctl-lab-\(geteuid())-gone"
        try #require(mkdir(left, 0o700) == 0)
        try #require(mkdir("\(left)/lab", 0o700) == 0)
        try folder.file("aggctl-lab-\(geteuid())-gone/lab/pid", mode: 0o600)
        try folder.file("other", mode: 0o600)
        // A link that looks like a left-behind folder must not lead the sweep elsewhere.
        let target = try Scratch()
        try target.file("precious", mode: 0o600)
        try #require(symlink(target.path, "\(folder.path)/aggctl-lab-\(geteuid())-link") == 0)

        #expect(LabScratch.sweep([folder.path]) == [left])
        #expect(access(left, F_OK) != 0)
        #expect(access(held.path, F_OK) == 0)
        #expect(access("\(folder.path)/other", F_OK) == 0)
        #expect(access("\(target.path)/precious", F_OK) == 0)
        held.remove()
        #expect(access(held.path, F_OK) != 0)
    }

    @Test("a folder without room is passed over, and the error names all")
    func room() throws {
        let folder = try Scratch()
        do throws(LabError) {
            _ = try LabScratch.make(in: ["/nowhere", folder.path], room: UInt64.max)
            Issue.record("there cannot be room")
        } catch {
            #expect(error.kind == .noSpace)
            #expect(error.what.contains("/nowhere") && error.what.contains(folder.path))
        }
    }

    @Test("two switches have every other port each", arguments: ["mlag", "two-switches"])
    func twoSwitches(name: String) throws {
        let topology = try LabTopology("\(name):4")
        #expect(topology.map.ports.map(\.namespace) == ["switch1", "switch2", "switch1", "switch2"])
        #expect(topology.ports(of: 1).map(\.port) == ["eth1", "eth3"])
        #expect(topology.map.answersIn == "switch1")
        #expect(try LabTopology("routed").map.answersIn == "router")
    }

    @Test("topologies by name", arguments: [("pair", 2, "br0"), ("lacp", 2, "lag0"), ("pair:4", 4, "br0")])
    func topology(name: String, ports: Int, device: String) throws {
        let map = try LabTopology(name).map
        #expect(map.name == name && map.ports.count == ports && map.device == device)
        #expect(map.ports[1] == LabTopologyMap.Port(port: "eth1", farEnd: "sw1", namespace: "switch"))
        #expect(map.targets == ["198.51.100.1", "2001:db8:100::1"])
    }

    @Test(
        "what is no topology is refused", arguments: ["", "ring", "pair:", "pair:0", "pair:17", "lacp:x", "pair:2:3"])
    func noTopology(name: String) {
        #expect(throws: LabError.self) { try LabTopology(name) }
    }
}

/// A folder of a test, gone with it.
final class Scratch {
    let path: String

    init() throws {
        var template = Array("/tmp/aggctl-test-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func file(_ name: String, mode: mode_t, _ bytes: [UInt8] = []) throws {
        try LabDescriptor.writeFile("\(path)/\(name)", bytes)
        try #require(chmod("\(path)/\(name)", mode) == 0)
    }

    func contents(_ name: String) -> [UInt8] {
        LabDescriptor.contents("\(path)/\(name)", limit: 1 << 28) ?? []
    }

    func text(_ name: String) -> String { String(decoding: contents(name), as: UTF8.self) }

    deinit { LabScratch.removeTree(path) }
}
