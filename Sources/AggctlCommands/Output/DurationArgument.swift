internal import Aggregation

/// A time on the command line.
extension Duration {
    /// - Parameters:
    ///   - option: without its dashes.
    ///   - category: what it is to be wrong.
    ///   - range: in milliseconds.
    init(
        argument text: String, _ option: String, of subject: String, category: Problem.Category = .usage,
        in range: ClosedRange<Int64>
    ) throws(Problem) {
        func problem(_ rule: String, _ remedy: String) -> Problem {
            Problem(category, subject: subject, option: option, value: text, rule: rule, remedy: remedy)
        }
        let time: Int64
        do throws(OptionDefinition.InvalidValue) {
            time = try DurationText.milliseconds(
                text, exampleUnit: range.upperBound > 60_000 ? .seconds : .milliseconds)
        } catch {
            throw problem(error.rule, error.remedy)
        }
        guard range.contains(time) else {
            let (least, most) = (Self.text(range.lowerBound), Self.text(range.upperBound))
            throw problem(
                "it is out of range", range.lowerBound == 0 ? "use at most \(most)" : "use \(least) to \(most)")
        }
        self = .milliseconds(time)
    }

    /// As it is written.
    private static func text(_ milliseconds: Int64) -> String {
        if milliseconds % 1000 != 0 { return "\(milliseconds)ms" }
        return milliseconds % 60_000 == 0 && milliseconds > 60_000
            ? "\(milliseconds / 60_000)m" : "\(milliseconds / 1000)s"
    }

    /// More than anybody waits for; sums with a time of today stay within every clock.
    static let longestWait: Int64 = 24 * 3_600_000
}
