/// Durations with their unit: `100ms`, `2s`, `1m`. A bare number has meant both 100 ms and 100 s to different tools,
/// so it is refused; `0` and `off` need no unit.
package enum DurationText {
    private static let units: [(suffix: String, milliseconds: Int64)] = [("ms", 1), ("s", 1000), ("m", 60_000)]

    /// Reads a duration into whole wire units.
    package static func parse(
        _ text: String, unit: DurationUnit, range: ClosedRange<Int64>
    ) throws(OptionDefinition.InvalidValue) -> Int64 {
        let milliseconds = try milliseconds(text, exampleUnit: unit)
        guard milliseconds % unit.milliseconds == 0 else {
            throw .init(
                rule: "it is no whole number of \(unit.phrase)",
                remedy: "it is counted in \(unit.phrase): write a multiple of \(unit.text(1))")
        }
        let number = milliseconds / unit.milliseconds
        guard range.contains(number) else {
            throw .init(
                rule: "it is out of range",
                remedy: "use \(unit.text(range.lowerBound)) to \(unit.text(range.upperBound))")
        }
        return number
    }

    /// Reads a duration into milliseconds.
    package static func milliseconds(
        _ text: String, exampleUnit: DurationUnit = .seconds
    ) throws(OptionDefinition.InvalidValue) -> Int64 {
        if text == "0" || text == "off" { return 0 }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let suffix = String(text.dropFirst(digits.count))
        guard let number = Int64(digits) else {
            throw .init(rule: "it is no duration", remedy: "write a number with its unit, as 100ms or 2s")
        }
        guard !suffix.isEmpty else {
            throw .init(
                rule: "it has no unit",
                remedy: "write \(number)\(exampleUnit == .seconds ? "s" : "ms") if that is what you mean")
        }
        guard let unit = units.first(where: { $0.suffix == suffix }) else {
            throw .init(rule: "\"\(suffix)\" is no unit", remedy: "use ms, s or m")
        }
        let (product, overflow) = number.multipliedReportingOverflow(by: unit.milliseconds)
        guard !overflow else { throw .init(rule: "it is too large", remedy: "use a shorter time") }
        return product
    }
}

extension DurationUnit {
    fileprivate var phrase: String {
        switch self {
        case .milliseconds: "milliseconds"
        case .tenths: "tenths of a second"
        case .seconds: "seconds"
        }
    }
}
