internal import Aggregation
internal import Glibc
internal import Netlink

/// What goes out by the aggregate and what comes in, here and there. Addresses are those of TEST-NET-1 (RFC 5737).
extension TrialScene {
    private static let own = 1
    private static let far = 2
    private static let firstStation = 101
    private static let discard: UInt16 = 9
    private static let udp: UInt8 = 17

    private static func host(_ number: Int) throws -> IPAddress {
        guard let address = IPAddress(bytes: [192, 0, 2, UInt8(truncatingIfNeeded: number)]) else {
            throw missing("host \(number)")
        }
        return address
    }

    private static func network(_ number: Int) throws -> AddressPrefix {
        guard let prefix = AddressPrefix("\(try host(number))/24") else { throw missing("network of host \(number)") }
        return prefix
    }

    /// An address with its network, of the first text that is one.
    func network(_ texts: String...) throws -> AddressPrefix {
        guard let prefix = texts.lazy.compactMap({ AddressPrefix($0) }).first else { throw Self.missing(texts[0]) }
        return prefix
    }

    private static func group() throws -> IPAddress {
        guard let group = IPAddress(bytes: [239, 192, 0, 1]) else { throw missing("group") }
        return group
    }

    private func giveAddress(to device: String? = nil) async throws {
        try await socket.addAddress(try Self.network(Self.own), to: .name(device ?? name))
    }

    /// Until then what the kernel says of itself has gone out, and a port whose link came up has queues: it is told to be
    /// up at once, and drops what is sent until linkwatch has come round, at most once a second (net/core/link_watch.c).
    private static func settle() async throws { try await Task.sleep(for: .milliseconds(1200)) }

    // MARK: Sending

    /// How many frames each port sent when datagrams went out by the aggregate.
    ///
    /// They go to a multicast group, which needs nobody who answers.
    ///
    /// - Parameters:
    ///   - flows: from as many ports of UDP.
    ///   - isByGateway: sends them to one known station instead: some modes do not balance what is for many.
    ///   - rounds: how often, a tenth of a second apart; the last one counts.
    func frames(
        flows: Int, datagrams: Int, isByGateway: Bool = false, rounds: Int = 1
    ) async throws -> [String: UInt64] {
        try await giveAddress()
        let target = try isByGateway ? Self.host(Self.firstStation) : Self.group()
        if isByGateway {
            try await socket.addNeighbour(target, LinkLayerAddress([0x02, 0, 0x5e, 0, 0x53, 0x01]), on: .name(name))
        }
        let links = try await driver.observe(.links).links.filter { $0.port != nil }
        let indexes = links.map(\.index)
        try await Self.settle()
        let senders = try (0..<flows).map { _ in
            try UDPSocket.open(on: try Self.host(Self.own), device: name, in: here)
        }
        var before = try await socket.linkCounters(indexes)
        for round in 0..<rounds {
            if round > 0 { try await Task.sleep(for: .milliseconds(100)) }
            if round == rounds - 1 { before = try await socket.linkCounters(indexes) }
            for sender in senders {
                for _ in 0..<(datagrams / flows) { try send(sender, to: SocketAddress(target, port: Self.discard)) }
            }
        }
        let after = try await socket.linkCounters(indexes)
        return links.reduce(into: [:]) { sums, link in
            sums[link.name] = (after[link.index]?.sentPackets ?? 0) &- (before[link.index]?.sentPackets ?? 0)
        }
    }

    /// Finds out which of some flows go out by one port, and sends by these alone for some seconds.
    ///
    /// - Returns: how many datagrams left by that port and by the other at the end.
    func crowd(flows: Int) async throws -> (first: UInt64, other: UInt64) {
        try await giveAddress()
        let ports = ["p0", "p1"]
        let indexes = [try await link(ports[0]).index, try await link(ports[1]).index]
        try await Self.settle()
        let address = SocketAddress(try Self.group(), port: Self.discard)
        func sent() async throws -> [UInt64] {
            let counters = try await socket.linkCounters(indexes)
            return indexes.map { counters[$0]?.sentPackets ?? 0 }
        }
        var senders: [[UDPSocket]] = [[], []]
        for _ in 0..<flows {
            let sender = try UDPSocket.open(on: try Self.host(Self.own), device: name, in: here)
            let before = try await sent()
            for _ in 0..<4 { try send(sender, to: address) }
            let after = try await sent()
            senders[after[0] &- before[0] > after[1] &- before[1] ? 0 : 1].append(sender)
        }
        let first = senders[0].count > senders[1].count ? 0 : 1
        var before = try await sent()
        for round in 0..<400 {
            if round == 300 { before = try await sent() }
            for sender in senders[first] { try send(sender, to: address) }
            try await Task.sleep(for: .milliseconds(10))
        }
        let after = try await sent()
        return (after[first] &- before[first], after[1 - first] &- before[1 - first])
    }

    /// Sends datagrams to stations that are known and not there, each as many.
    ///
    /// - Parameters:
    ///   - device: the aggregate, or what stands on it.
    ///   - rounds: how often, a tenth of a second apart.
    func send(_ datagrams: Int, toStations count: Int, by device: String? = nil, rounds: Int = 1) async throws {
        let name = device ?? name
        // It may have them from another time.
        try? await giveAddress(to: name)
        let stations = try (0..<count).map { try Self.host(Self.firstStation + $0) }
        for (number, station) in stations.enumerated() {
            // Not in step with the IP addresses: a hash of both would come to the same for all.
            let address = LinkLayerAddress([0x02, 0, 0x5e, 0, 0x53, UInt8(truncatingIfNeeded: number / 2 + 1)])
            try? await socket.addNeighbour(station, address, on: .name(name))
        }
        try await Self.settle()
        let sender = try UDPSocket.open(on: try Self.host(Self.own), device: name, in: here)
        for round in 0..<rounds {
            if round > 0 { try await Task.sleep(for: .milliseconds(100)) }
            for number in 0..<datagrams {
                try send(sender, to: SocketAddress(stations[number % count], port: Self.discard))
            }
        }
    }

    private func send(_ sender: UDPSocket, to address: SocketAddress) throws {
        var storage = address.storage
        let byte: [UInt8] = [0]
        let code = withUnsafePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                sendto(sender.descriptor, byte, 1, 0, name, address.length)
            }
        }
        guard code == 1 else {
            throw DriverError(
                .refused, operation: "send by \(name)", subject: name, errno: errno,
                text: String(cString: strerror(errno)))
        }
    }

    // MARK: Hearing

    /// Hears what arrives at the far end of a port.
    func listen(for etherType: UInt16, at port: String) async throws -> PacketSocket {
        try await listen(for: etherType, on: farEnd(port))
    }

    /// Hears what arrives at a device of the other side.
    func listen(for etherType: UInt16, on device: String) async throws -> PacketSocket {
        let index = try await farSocket.linkIndex(device)
        return try await there.run { try PacketSocket(device: index, etherType: etherType) }
    }

    /// The datagrams of ours that arrived, by who heard them; waits for as many and for what comes on top.
    func heard(by ears: [PacketSocket], atLeast count: Int) async throws -> [[PacketSocket.Packet]] {
        var heard = ears.map { _ in [PacketSocket.Packet]() }
        func listen() {
            for (place, ear) in ears.enumerated() {
                while let packet = ear.read() {
                    if Self.isOurs(packet.payload) { heard[place].append(packet) }
                }
            }
        }
        _ = try await eventually(within: .seconds(3)) {
            listen()
            return heard.joined().count >= count
        }
        try await Task.sleep(for: .milliseconds(200))
        listen()
        return heard
    }

    /// An IPv4 header of 20 bytes, then that of UDP.
    private static func isOurs(_ packet: [UInt8]) -> Bool {
        packet.count >= 28 && packet[9] == udp && packet[22] == 0 && packet[23] == UInt8(discard)
    }

    /// Gives the aggregate an address and makes it a member of a multicast group as long as the socket is there.
    func joinGroup() async throws -> UDPSocket {
        try await giveAddress()
        let member = try UDPSocket.open(on: try Self.host(Self.own), device: name, in: here)
        try member.join(try Self.group(), device: try await socket.linkIndex(name))
        return member
    }

    /// How many datagrams of the other side's group were received, of one for each flow.
    func received(flows: Int) async throws -> Int {
        try await giveAddress()
        try await farSocket.addAddress(try Self.network(Self.far), to: .name(Self.farName))
        guard let address = try await link(name).address else { throw Self.missing("address of \(name)") }
        try await farSocket.addNeighbour(try Self.host(Self.own), address, on: .name(Self.farName))
        try await Self.settle()
        let receiver = try UDPSocket.open(on: try Self.host(Self.own), device: name, in: here)
        for _ in 0..<flows {
            let sender = try UDPSocket.open(on: try Self.host(Self.far), device: Self.farName, in: there)
            try send(sender, to: SocketAddress(try Self.host(Self.own), port: receiver.port))
        }
        var count = 0
        var byte: UInt8 = 0
        _ = try await eventually(within: .seconds(2)) {
            while recv(receiver.descriptor, &byte, 1, Int32(MSG_DONTWAIT)) == 1 { count += 1 }
            return count >= flows
        }
        return count
    }

    /// Sends datagrams for all, from a client of the other side and then from here.
    ///
    /// - Returns: how many of the former came in, and how many of the latter came back.
    func flood(_ count: Int, from client: String) async throws -> (flooded: Int, returned: Int) {
        try await giveAddress()
        try await Self.settle()
        let index = try await socket.linkIndex(name)
        let ear = try await here.run { try PacketSocket(device: index, etherType: 0x0800) }
        let group = SocketAddress(try Self.group(), port: Self.discard)
        let far = try UDPSocket.open(on: try Self.host(Self.firstStation), device: client, in: there)
        for _ in 0..<count { try send(far, to: group) }
        let flooded = try await heard(by: [ear], atLeast: count)[0].count
        let own = try UDPSocket.open(on: try Self.host(Self.own), device: name, in: here)
        for _ in 0..<count { try send(own, to: group) }
        // Nothing may come.
        try await Task.sleep(for: .milliseconds(500))
        return (flooded, try await heard(by: [ear], atLeast: 0)[0].count)
    }

    // MARK: Clients

    /// Switches that the ports lead to in turn, the first one cabled to the others and with clients behind it, each at a
    /// device of its own.
    func makeClients(_ count: Int, ports: Int, switches: Int = 1) async throws -> [String] {
        for number in 0..<switches {
            try await farSocket.createBridge("switch\(number)")
            try await farSocket.setUp(.name("switch\(number)"))
        }
        for number in 1..<switches { try await plug("trunk\(number)", into: 0, peer: "uplink\(number)", into: number) }
        for number in 0..<ports {
            try await farSocket.setMaster(.name("f\(number)"), .name("switch\(number % switches)"))
        }
        for number in 0..<count {
            try await plug("e\(number)", into: 0, peer: "c\(number)")
            try await farSocket.addAddress(try Self.network(Self.firstStation + number), to: .name("c\(number)"))
        }
        return (0..<count).map { "c\($0)" }
    }

    /// A cable from a switch to another one or to a client.
    private func plug(_ end: String, into near: Int, peer: String, into far: Int? = nil) async throws {
        try await farSocket.createVethPair(end, peer: peer)
        try await farSocket.setMaster(.name(end), .name("switch\(near)"))
        if let far { try await farSocket.setMaster(.name(peer), .name("switch\(far)")) }
        for name in [end, peer] { try await farSocket.setUp(.name(name)) }
    }

    /// The link-layer addresses that clients were told when they asked for the aggregate by ARP.
    func answers(to clients: [String]) async throws -> [LinkLayerAddress] {
        try await giveAddress()
        let own = try Self.host(Self.own)
        var answers: [String: LinkLayerAddress] = [:]
        var ears: [(client: String, ear: PacketSocket)] = []
        for (number, client) in clients.enumerated() {
            ears.append((client, try await listen(for: 0x0806, on: client)))
            let sender = try UDPSocket.open(
                on: try Self.host(Self.firstStation + number), device: client, in: there)
            try send(sender, to: SocketAddress(own, port: Self.discard))
        }
        _ = try await eventually {
            for (client, ear) in ears {
                while let packet = ear.read() {
                    // An answer (ARP, RFC 826) of the aggregate.
                    let arp = packet.payload
                    guard arp.count >= 28, arp[7] == 2, Array(arp[14..<18]) == own.bytes else { continue }
                    answers[client] = LinkLayerAddress(arp[8..<14])
                }
            }
            return answers.count == clients.count
        }
        return Array(answers.values)
    }
}
