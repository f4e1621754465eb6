import Glibc
import Netlink
import Testing

/// What a daemon says, made to talk by whoever is at the other end of a cable.
@Suite struct TeamTalkTests {
    private static let limit = 64 << 10

    /// Sends frames that look like LACPDUs and are none: teamd 1.31 writes a line for each.
    private static func flood(_ device: String, in ns: KernelFixture, _ count: Int) async throws {
        guard let index = ns.namespace.linkIndex(named: device) else { throw Missing(what: device) }
        let sent = try await ns.namespace.run { () -> Int in
            let socket = socket(AF_PACKET, Int32(SOCK_DGRAM.rawValue), 0)
            defer { close(socket) }
            // struct sockaddr_ll (packet(7)): family, protocol, index, type of hardware, type of packet, address.
            var address = [UInt8](repeating: 0, count: 20)
            address.withUnsafeMutableBytes { bytes in
                bytes.storeBytes(of: UInt16(AF_PACKET), toByteOffset: 0, as: UInt16.self)
                bytes.storeBytes(of: UInt16(0x8809).bigEndian, toByteOffset: 2, as: UInt16.self)
                bytes.storeBytes(of: index, toByteOffset: 4, as: Int32.self)
                bytes[11] = 6
            }
            address.replaceSubrange(12..<18, with: [0x01, 0x80, 0xc2, 0, 0, 2])
            // Subtype and version of an LACPDU, and then nothing that belongs there.
            let frame: [UInt8] = [1, 1] + [UInt8](repeating: 0xff, count: 108)
            return (0..<count).count { number in
                if number % 100 == 99 { usleep(2000) }
                return address.withUnsafeBytes { bytes in
                    guard let place = bytes.baseAddress else { return false }
                    return sendto(socket, frame, frame.count, 0, place.assumingMemoryBound(to: sockaddr.self), 20)
                        == frame.count
                }
            }
        }
        guard sent > count / 2 else { throw Missing(what: "frames: \(sent) of \(count) were sent") }
    }

    private static func size(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    /// Floods until the daemon has read it all, which shows in a log that grows no more, or is as large as it may be.
    private static func flood(_ device: String, _ ns: KernelFixture, until isEnough: @escaping () -> Bool) async throws
    {
        for _ in 0..<40 where !isEnough() { try await flood(device, in: ns, 500) }
        guard isEnough() else { throw Missing(what: "words of teamd") }
    }

    /// What the daemon was started for: the far end has a cable and nothing else.
    private func withFlood(_ body: (TeamScene, KernelFixture) async throws -> Void) async throws {
        try await withTeam { scene in
            try await withNamespace { other in
                try await scene.ns.cables([(here: "eth0", there: "p0")], to: other)
                try await other.socket.setUp("p0")
                try await body(scene, other)
            }
        }
    }

    /// The control: written to a file, the words of a daemon have no end.
    @Test func aFileGrowsWithWhatComesIn() async throws {
        try await withFlood { scene, other in
            let log = "/tmp/\(scene.team)-control.log"
            defer { unlink(log) }
            let daemon = try ChildProcess([
                "ip", "netns", "exec", scene.ns.name, "sh", "-c",
                "exec teamd -t \(scene.team) -c '{\"runner\": {\"name\": \"lacp\"}, \"ports\": {\"eth0\": {}}}' >\(log) 2>&1",
            ])
            try await eventually("the port") { try scene.dump()["ports"]?["eth0"] != nil }
            try await Self.flood("p0", other) { Self.size(log) > 2 * Self.limit }
            daemon.signal(SIGTERM)
            _ = daemon.wait()
        }
    }

    @Test func theWordsOfADaemonAreBounded() async throws {
        try await withFlood { scene, other in
            try await scene.require("create TEAM --driver teaming --mode lacp --ports eth0 --no-wait")
            let log = "\(scene.ns.stateDirectory)/teamd/\(scene.team).log"
            // Every further frame goes into a log that has had to let go of its beginning.
            let first = try #require(SmallFile.text(log)?.split(separator: "\n").first)
            try await Self.flood("p0", other) { SmallFile.text(log)?.contains(first) == false }
            for _ in 0..<20 {
                try await Self.flood("p0", in: other, 200)
                #expect(Self.size(log) <= Self.limit)
            }
            let words = try #require(SmallFile.text(log))
            #expect(words.contains("malformed LACP PDU") && words.utf8.count > Self.limit / 4)
            #expect(try scene.state("runner.active") == "true")

            // Without whoever keeps its words the daemon goes on.
            let keepers = SmallFile.names(in: "/proc").compactMap { pid_t($0) }.filter { keeper in
                SmallFile.text("/proc/\(keeper)/comm") == "aggctl-log\n"
                    && SmallFile.names(in: "/proc/\(keeper)/fd").contains {
                        SmallFile.linkTarget("/proc/\(keeper)/fd/\($0)") == "\(scene.team).log"
                    }
            }
            #expect(keepers.count == 1)
            let keeper = try #require(keepers.first)
            // It is shown as what it is, has no descriptor but two, and is not in the way of a namespace's end.
            #expect(SmallFile.text("/proc/\(keeper)/cmdline")?.hasPrefix("aggctl-log") == true)
            #expect(SmallFile.names(in: "/proc/\(keeper)/fd").count == 4)
            kill(keeper, SIGKILL)
            try await Self.flood("p0", in: other, 3000)
            #expect(try scene.state("runner.active") == "true")
            try await scene.require("delete TEAM")
        }
    }

    /// It ends with its daemon.
    @Test func nobodyIsLeftBehind() async throws {
        try await withFlood { scene, _ in
            try await scene.require("create TEAM --driver teaming --mode lacp --ports eth0 --no-wait")
            let log = "\(scene.ns.stateDirectory)/teamd/\(scene.team).log"
            func holders() -> [String] {
                SmallFile.names(in: "/proc").filter { process in
                    SmallFile.names(in: "/proc/\(process)/fd").contains {
                        SmallFile.linkTarget("/proc/\(process)/fd/\($0)")?.hasPrefix("\(scene.team).log") == true
                    }
                }
            }
            #expect(SmallFile.text(log) != nil && holders().count == 1)
            try await scene.require("delete TEAM")
            try await eventually("the end of the keeper") { holders().isEmpty }
        }
    }
}
