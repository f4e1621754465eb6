package import Aggregation
package import FoundationEssentials
internal import Netlink

/// What is on disk of one change: enough to take it back, or, where that cannot be read, to know what it was about.
package struct ChangeRecord: Sendable {
    /// As it is named on the command line.
    package let id: String
    package let path: String
    /// Its name in the directory of records.
    var fileName: String { id + ".json" }
    package internal(set) var head: Head
    package internal(set) var content: Content
    /// The number of the last step that was begun, from 1; nil when none was.
    package internal(set) var begun: Int?
    /// Whose it is cannot be proved: it has no cookie of its namespace, and this kernel has them. Another namespace may have
    /// got the inode since, so it is shown and never carried out unasked.
    package internal(set) var isUnproved = false
    /// What could not be put back, after a roll-back that was not complete.
    package internal(set) var left: [String]?

    package enum Content: Sendable {
        case rollback(Rollback)
        /// Why it cannot be read.
        case unreadable(String)
        /// The number of a format that a later version writes.
        case newer(Int)
    }

    /// What says whose change it is. It stands first, and in every format alike, so that it can be read of a record of
    /// which nothing else can. Nil is what could not be read.
    package struct Head: Sendable {
        package var command: String?
        package var user: String?
        package var started: Date?
        package var process: Int32?
        /// When that process started, in ticks since the system did: its number may come to mean another.
        package var processStart: UInt64?
        package var owner: ChangeJournal.Owner?
        package var devices: [String] = []
        package var indices: [Int32] = []
        /// How many steps the change has.
        package var steps: Int?

        package init() {}
    }

    package enum State: Sendable, Hashable {
        case underWay(process: Int32)
        case interrupted
        case incomplete
        case unproved
        case unreadable
        case newer
    }

    /// - Parameter isLocked: the caller keeps all changes out, so that none can be under way.
    package func state(isLocked: Bool = false) -> State {
        switch content {
        case .newer: return .newer
        case .unreadable: return .unreadable
        case .rollback:
            let isAlive = head.process.map { ProcessIdentity.isAlive($0, start: head.processStart) } ?? false
            if !isLocked, left == nil, isAlive, let process = head.process { return .underWay(process: process) }
            if isUnproved { return .unproved }
            return left == nil ? .interrupted : .incomplete
        }
    }

    package func isUnderWay(isLocked: Bool) -> Bool {
        if case .underWay = state(isLocked: isLocked) { true } else { false }
    }

    package var rollback: Rollback? { if case .rollback(let rollback) = content { rollback } else { nil } }

    /// The devices of this change among some; by index too, since names change.
    package func devices(among names: Set<String>, indices: Set<Int32>) -> [String] {
        let named = head.devices.filter(names.contains)
        guard named.isEmpty, !indices.isDisjoint(with: head.indices) else { return named }
        return head.devices
    }
}

/// A process, and not the next one with its number.
enum ProcessIdentity {
    /// When a process started (field 22 of /proc/PID/stat, proc(5)); nil when there is none, or it has ended and waits
    /// for its parent.
    static func start(of process: Int32) -> UInt64? {
        guard let text = SmallFile.text("/proc/\(process)/stat"),
            // The name of a program, in brackets, may hold anything.
            let rest = text.lastIndex(of: ")").map({ text[text.index(after: $0)...].split(separator: " ") }),
            rest.count > 19, rest[0] != "Z", rest[0] != "X"
        else { return nil }
        return UInt64(rest[19])
    }

    static func isAlive(_ process: Int32, start: UInt64?) -> Bool {
        guard let now = self.start(of: process) else { return false }
        return start.map { $0 == now } ?? true
    }
}
