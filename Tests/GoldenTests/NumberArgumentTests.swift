import AggctlCommands
import Aggregation
import Testing

/// Every number, time, size and list of command line and files at its extremes and one beyond: nothing traps, and each
/// has an exit code of the contract, a reason and a hint.
@Suite struct NumberArgumentTests {
    /// What somebody may write where a number belongs.
    static let numbers: [String] = [
        "0", "-1", "+1", "1.5", "1e9", "NaN", "", "٣", "17", "256", "65536", "2147483648", "4294967296",
        "9223372036854775807", "9223372036854775808", "-9223372036854775808", String(repeating: "9", count: 400),
    ]
    static let times: [String] =
        ["-1", "1.5", "1e9", "100", "2147483648", "9223372036854775807"].flatMap {
            [$0, $0 + "ms", $0 + "s", $0 + "m"]
        }
        + [
            "", "0", "ms", "1h", "1us", "1 s", "off", "default", "99999999999999s", "153722867280912930m",
            "153722867280912931m", "9223372036854775808ms",
        ]
    static let lists: [String] = [
        "", ",", ",,", "eth0", "eth0,", ",eth0", "eth0,eth0", "eth0,,eth1", "eth0, eth1", "eth0,eth1\n", "\u{0}",
        (0..<300).map { "e\($0)" }.joined(separator: ","), String(repeating: ",", count: 2000),
    ]

    private static let contract: Set<Int32> = [0, 1, 2, 5, 6, 64, 65, 66, 69, 77]

    private func check(_ arguments: [String], _ state: HostState = HostFixtures.activeBackup()) async {
        let run = await CommandRun(arguments, state: state)
        let told = arguments.map { $0.count > 60 ? $0.prefix(60) + "…" : $0 }.joined(separator: " ")
        #expect(Self.contract.contains(run.code), "\(told): \(run.code)")
        #expect(run.code == 1 || run.code < 3 || run.errors.contains("hint: "), "\(told): \(run.errors.prefix(300))")
    }

    /// The command line: the words, with VALUE where the value goes.
    static let onCommandLine: [(words: [String], values: [String])] = [
        (["create", "b", "--mode", "lacp", "--ports", "v0,v1", "--dry-run", "--wait", "VALUE"], times),
        (["create", "b", "--mode", "lacp", "--ports", "VALUE", "--dry-run"], lists),
        (["create", "b", "--mode", "VALUE", "--ports", "v0,v1", "--dry-run"], numbers),
        (["facts", "--listen", "VALUE"], times), (["facts", "--ports", "VALUE"], lists),
        (["drill", "bond0", "--objective", "VALUE"], times), (["drill", "bond0", "--flows", "VALUE"], numbers),
        (["drill", "bond0", "--target", "VALUE"], numbers + lists), (["drill", "bond0", "--port", "VALUE"], numbers),
        (["features", "VALUE"], numbers), (["features", "--kernel", "VALUE"], numbers.map { "6." + $0 }),
        (["recommend", "--require", "lacp", "--kernel", "VALUE"], numbers.map { $0 + ".1" }),
        (["recommend", "--require", "lacp", "--ports", "VALUE"], lists),
        (["recommend", "--require", "lacp", "--kernel", "6.1", "--ports", "VALUE"], lists),
        (["recommend", "--require", "lacp", "--name", "VALUE"], numbers),
        (["status", "VALUE"], numbers), (["options", "bonding", "VALUE"], numbers),
        (["lab", "run", "--memory", "VALUE", "--kernel", "/nowhere", "--", "true"], numbers),
        (["lab", "run", "--timeout", "VALUE", "--kernel", "/nowhere", "--", "true"], times + numbers.map { $0 + "h" }),
        (["lab", "run", "--topology", "VALUE", "--kernel", "/nowhere", "--", "true"], numbers.map { "pair:" + $0 }),
    ]

    @Test(arguments: onCommandLine.indices) func commandLine(_ place: Int) async {
        let (words, values) = Self.onCommandLine[place]
        for value in values where words.first != "lab" || !value.isEmpty {
            let arguments = words.map { $0 == "VALUE" ? value : $0 }
            guard words.first != "lab" else {
                let run = await CommandRun(arguments)
                #expect([64, 125].contains(run.code), "\(arguments): \(run.code)")
                continue
            }
            await check(arguments)
        }
    }

    /// The requirements that take a value, all that there are.
    @Test func requirements() async {
        for key in RequirementKey.allCases where key.definition.takesValue {
            for value in Self.numbers + Self.times.suffix(6) {
                await check(["recommend", "--require", "\(key.rawValue)=\(value)"])
            }
        }
    }

    /// Every key of the file that takes a value, and every option of both drivers.
    @Test func declarations() async throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/bonds.yaml"
        let keys = [
            "mtu: V", "expected-ports: V", "addresses: [V]", "addresses: [192.0.2.1/V]",
            "addresses: [\"2001:db8::1/V\"]",
            "mac-address: V", "link-monitor: { interval: V }", "link-monitor: { interval: 100ms, up-delay: V }",
            "link-monitor: { interval: 100ms, down-delay: V }", "hash: V",
            "path-monitor: { kind: arp, targets: [192.0.2.1], interval: V }",
            "path-monitor: { kind: arp, targets: [192.0.2.1], missed: V }", "path-monitor: { kind: arp, targets: [V] }",
            "lacp: { system-priority: V }", "lacp: { min-ports: V }", "ports: [{ name: v0, priority: V }]",
            "ports: [{ name: v0, lacp-priority: V }]", "ports: [{ name: v0, queue-id: V }]", "ports: [V]",
            "ports: [{ permanent-address: V }]", "ports: [{ path: V }]", "name: V",
        ]
        for driver in DriverKind.allCases {
            let tables = [OptionTables.shared.aggregate(driver), OptionTables.shared.port(driver)]
            let options =
                tables[0].rows.map { "options: { \($0.name): V }" }
                + tables[1].rows.map { "ports: [{ name: v0, options: { \($0.name): V } }]" }
            let all = Array((keys + options).enumerated())
            for value in Self.numbers + ["99999999999999s", "9223372036854775807ms", "153722867280912931m", "off"] {
                // No more in a file than the problems that are told of one.
                for start in stride(from: 0, to: all.count, by: 45) {
                    let aggregates = all[start..<min(start + 45, all.count)].map { number, key in
                        let name = key.hasPrefix("name:") ? "" : "name: b\(number), "
                        let rest = key.replacing("V", with: value)
                        return "  - { \(name)driver: \(driver.rawValue), mode: lacp, \(rest) }\n"
                    }
                    try folder.write("bonds.yaml", "version: 1\naggregates:\n" + aggregates.joined())
                    await check(["plan", file])
                }
            }
        }
        for value in Self.numbers {
            try folder.write("bonds.yaml", "version: \(value)\naggregates: []\n")
            await check(["plan", file])
        }
    }

    @Test func facts() async throws {
        let folder = try TemporaryFolder()
        let keys = [
            "kernel", "distribution", "bonding", "teamd-version", "ports", "known-options", "ports: [{ name: v0, mtu",
            "ports: [{ name: v0, speed_mbps", "ports: [{ name: v0, carrier",
            "ports: [{ name: v0, lacp-partner: { system: x, key",
        ]
        for key in keys {
            let end = key.contains("lacp-partner") ? " } }]" : key.contains("[") ? " }]" : ""
            for value in Self.numbers {
                try folder.write("facts", "schema: 1\nfacts: { \(key): \(value)\(end) }\n")
                await check(["recommend", "--require", "lacp", "--facts", folder.path + "/facts"])
            }
        }
        for value in Self.numbers {
            try folder.write("facts", "schema: \(value)\nfacts: { kernel: \"6.1\" }\n")
            await check(["recommend", "--require", "lacp", "--facts", folder.path + "/facts"])
        }
    }

    /// Facts are what a program wrote: types count, null is what is not known.
    @Test(arguments: [
        ("{\"schema\": \"1\", \"facts\": {}}", 65), ("{\"schema\": 1, \"facts\": {\"kernel\": true}}", 65),
        ("{\"schema\": 1, \"facts\": {\"kernel\": \"new\"}}", 65),
        ("{\"schema\": 1, \"facts\": {\"kernel\": null}}", 0),
        ("{\"schema\": 1, \"facts\": {\"kernel\": \"6.1.0-28-amd64\"}}", 0),
        ("{\"schema\": 1, \"facts\": {\"bonding\": \"true\"}}", 65),
        ("{\"schema\": 1, \"facts\": {\"bonding\": null}}", 0),
        ("{\"schema\": 1, \"facts\": {\"distribution\": 12}}", 65),
        ("{\"schema\": 1, \"facts\": {\"ports\": [{\"name\": \"eth0\", \"mtu\": \"1500\"}]}}", 65),
        ("{\"schema\": 1, \"facts\": {\"ports\": [{\"name\": \"eth0\", \"driver\": false}]}}", 65),
        ("{\"schema\": 1, \"facts\": {\"ports\": [{\"name\": \"eth0\", \"lacp-partner\": null}]}}", 0),
        ("schema: 1\nfacts: { kernel: 6.1, distribution: debian 12 }\n", 0),
    ]) func typesOfFacts(_ text: String, _ code: Int32) async throws {
        let folder = try TemporaryFolder()
        try folder.write("facts", text)
        let run = await CommandRun(["recommend", "--require", "lacp", "--facts", folder.path + "/facts"])
        #expect(run.code == code, "\(run.transcript)")
    }

    /// Limits are told, and are where they are told to be.
    @Test(arguments: [
        (["create", "b", "--mode", "lacp", "--ports", "v0,v1", "--dry-run", "--wait"], "1440m", "86400001ms", "1440m"),
        (["facts", "--listen"], "1s", "999ms", "1s to 60s"),
        (["drill", "bond0", "--objective"], "60s", "60001ms", "at most 60s"),
    ]) func limits(_ words: [String], _ good: String, _ bad: String, _ told: String) async {
        let within = await CommandRun(words + [good], state: HostState())
        #expect(![64, 65].contains(within.code), "\(within.transcript)")
        let beyond = await CommandRun(words + [bad], state: HostState())
        #expect([64, 65].contains(beyond.code), "\(beyond.transcript)")
        #expect(beyond.errors.contains(told), "\(beyond.transcript)")
    }
}
