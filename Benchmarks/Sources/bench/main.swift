import FoundationEssentials
import Glibc

// bench start PROGRAM             measures the start, on the host; one JSON object a line
// bench decision PROGRAM          measures a decision from given facts, on the host; one JSON object a line
// bench facts PROGRAM             measures reading facts, inside the lab kernel; one JSON object a line
// bench bonds PROGRAM [COUNT…]    measures apply and status, inside the lab kernel; one JSON object a line
// bench teams PROGRAM             measures creation and status of teams, inside the lab kernel; one JSON object a line
// bench report FILE               reads such lines, prints the table, writes the JSON file

/// Progress, for whoever waits.
func say(_ text: String) { write("bench: \(text)\n", to: 2) }

/// At once: what was measured before a failure shall not be lost in a buffer.
func write(_ text: String, to descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
    }
}

do {
    let arguments = CommandLine.arguments
    guard arguments.count >= 3 else {
        throw Unmeasured("usage: bench start|decision|facts|bonds|teams PROGRAM, bench report FILE")
    }
    func report(_ measurement: Measurement) throws { write(try measurement.line() + "\n", to: 1) }
    switch arguments[1] {
    case "start": for measurement in try StartBenchmark.run(arguments[2]) { try report(measurement) }
    case "decision": for measurement in try PlannerBenchmark.decision(arguments[2]) { try report(measurement) }
    case "facts": for measurement in try PlannerBenchmark.facts(arguments[2]) { try report(measurement) }
    case "bonds":
        let sizes = arguments.dropFirst(3).compactMap { Int($0) }
        let benchmark = BondBenchmark(program: arguments[2], sizes: sizes.isEmpty ? BondBenchmark.defaultSizes : sizes)
        try benchmark.run(report: report)
    case "teams": try TeamBenchmark(program: arguments[2]).run(report: report)
    case "report":
        var text = ""
        while let line = readLine(strippingNewline: false) { text += line }
        let all = try Measurement.lines(text)
        write(Table.text(all), to: 1)
        try Measurement.json(all).write(to: URL(filePath: arguments[2]))
    default: throw Unmeasured("unknown measurement \(arguments[1])")
    }
} catch {
    say("\(error)")
    exit(1)
}
