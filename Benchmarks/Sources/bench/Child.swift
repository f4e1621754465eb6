import Glibc

/// One run of a program and what it took.
struct Child {
    /// From before the start to after the end.
    let wall: Duration
    /// User and system time. Counted in ticks of 10 ms inside the lab kernel.
    let cpu: Duration
    /// Largest resident set, in KiB.
    let peakMemory: Int
    /// Page faults without and with a read from disk.
    let minorFaults: Int
    let majorFaults: Int

    /// Runs a program to its end with no standard input and its output thrown away.
    ///
    /// - Throws: ``Unmeasured`` when it cannot be started or does not exit with 0: its time means nothing then.
    static func run(_ command: [String]) throws(Unmeasured) -> Child {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        var arguments = command.map { strdup($0) }
        defer { arguments.forEach { free($0) } }
        arguments.append(nil)

        var process: pid_t = 0
        let began = ContinuousClock.now
        let code = posix_spawnp(&process, command[0], &actions, nil, arguments, environ)
        guard code == 0 else { throw Unmeasured("\(command[0]): \(String(cString: strerror(code)))") }
        var status: Int32 = 0
        var usage = rusage()
        while wait4(process, &status, 0, &usage) < 0 {
            guard errno == EINTR else { throw Unmeasured("wait4: \(String(cString: strerror(errno)))") }
        }
        let wall = ContinuousClock.now - began
        guard status == 0 else {
            let end = status & 0x7f == 0 ? "exited with \(status >> 8 & 0xff)" : "was ended by signal \(status & 0x7f)"
            throw Unmeasured("\(command.joined(separator: " ")) \(end)")
        }
        return Child(
            wall: wall, cpu: Duration(usage.ru_utime) + Duration(usage.ru_stime), peakMemory: usage.ru_maxrss,
            minorFaults: usage.ru_minflt, majorFaults: usage.ru_majflt)
    }
}

/// Why something could not be measured.
struct Unmeasured: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

extension Duration {
    init(_ time: timeval) {
        self = .seconds(Int64(time.tv_sec)) + .microseconds(Int64(time.tv_usec))
    }

    var milliseconds: Double { self / .milliseconds(1) }
}

extension Sequence where Element == Double {
    /// Half of the values are smaller; nothing of nothing is 0.
    var median: Double {
        let sorted = self.sorted()
        guard !sorted.isEmpty else { return 0 }
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}
