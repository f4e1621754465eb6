import Netlink

/// How a port of a team made addresses before it was quietened.
struct PortNote: Sendable {
    /// Where it is kept, and the words by which it is known to be of this port: a file of this name may be left of another
    /// namespace, or of another device with the index.
    struct File: Sendable {
        let path: String
        /// The cookie of the namespace and the address of the hardware.
        let owner: String
    }

    /// Its name at that time.
    let port: String
    let generation: AddressGeneration
    /// The values of files below net.ipv6.conf that were changed as well, as for a port that asks.
    var settings: [String: String] = [:]

    init(_ port: String, _ generation: AddressGeneration) {
        self.port = port
        self.generation = generation
    }

    /// Whether a port that we quietened has this mode now; else somebody has set it meanwhile.
    func explains(_ present: AddressGeneration) -> Bool {
        present == .none || !settings.isEmpty && [generation, .hardware, .random].contains(present)
    }

    // MARK: Text

    /// A note and its owner from `0,accept_ra=1 4711 02:00:5e:00:53:01 eth0`: the mode with the settings, the cookie of the
    /// namespace, the address of the hardware, the name.
    static func parse(_ text: String) -> (note: PortNote, owner: String)? {
        guard let words = text.split(separator: "\n").first?.split(separator: " ", maxSplits: 3), words.count == 4
        else {
            return nil
        }
        let values = words[0].split(separator: ",")
        guard let mode = values.first.flatMap({ UInt8($0) }) else { return nil }
        var note = PortNote(String(words[3]), AddressGeneration(rawValue: mode))
        for value in values.dropFirst() {
            let parts = value.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            note.settings[String(parts[0])] = String(parts[1])
        }
        return (note, "\(words[1]) \(words[2])")
    }

    func text(_ owner: String) -> String {
        let values = settings.sorted { $0.key < $1.key }.map { ",\($0.key)=\($0.value)" }.joined()
        return "\(generation.rawValue)\(values) \(owner) \(port)"
    }
}
