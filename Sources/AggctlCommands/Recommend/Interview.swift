internal import Aggregation
internal import Declaration

/// `aggctl recommend` on a terminal without arguments: one question at a time, each with what Enter means.
struct Interview {
    /// What the answers come to, as it would have been given on the command line.
    struct Answers: Equatable {
        var ports: String?
        var profile: String?
        var switchName: String?
        var musts: [String] = []
        var output: String?

        /// The command that asks nothing.
        var commandLine: String {
            var words = ["aggctl", "recommend"]
            for (flag, value) in [("--profile", profile), ("--switch", switchName)] {
                if let value { words += [flag, value] }
            }
            for must in musts { words += ["--require", must] }
            for (flag, value) in [("--ports", ports), ("--output", output)] {
                if let value { words += [flag, value] }
            }
            return words.joined(separator: " ")
        }
    }

    /// Shows a text and takes the line that is typed; nil when there will be none.
    let ask: (PrintableText) -> String?
    let say: (PrintableText) -> Void
    let library: ProfileLibrary
    /// Without devices when the host could not be looked at.
    let host: HostFacts

    /// - Returns: nil when whoever was asked has gone.
    func run() -> Answers? {
        var answers = Answers()
        say("Enter takes what is in brackets, ? explains, Ctrl-C leaves. Nothing on the host is changed.\n")
        guard let ports = ports() else { return nil }
        answers.ports = ports.isEmpty ? nil : ports
        guard let profile = profile() else { return nil }
        answers.profile = profile.isEmpty ? nil : profile
        guard let lead = lead() else { return nil }
        if library.switches.contains(where: { $0.name == lead }) {
            answers.switchName = lead
        } else if !lead.isEmpty {
            answers.musts.append("switch=\(lead)")
        }
        if answers.profile == nil {
            guard let goal = goal() else { return nil }
            answers.musts += goal
        }
        guard let more = more(), let output = output() else { return nil }
        answers.musts += more
        answers.output = output.isEmpty ? nil : output
        return answers
    }

    /// Asks until an answer will do.
    ///
    /// - Parameters:
    ///   - help: what `?` shows.
    ///   - take: the answer as it counts, or what is wrong with it.
    private func question<Answer>(
        _ text: String, default usual: String, help: PrintableText, _ take: (String) -> Result<Answer, Wrong>
    ) -> Answer? {
        while let line = ask("\(text) [\(usual)] ") {
            let typed = line.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            if typed == "?" {
                say(help)
                continue
            }
            switch take(typed.isEmpty ? usual : typed) {
            case .success(let answer): return answer
            case .failure(let wrong): say("  \(wrong.text)\n")
            }
        }
        return nil
    }

    private struct Wrong: Error { let text: String }

    private static let none = "none"

    private func ports() -> String? {
        let usual = Self.usualPorts(host).joined(separator: ",")
        let names = host.ports.map(\.name)
        let help = FactsReport(facts: host).text(.plain)
        return question(
            "Which ports, with commas between them?", default: usual.isEmpty ? Self.none : usual, help: help
        ) { text in
            guard text != Self.none else { return .success("") }
            let chosen = text.split { $0 == "," || $0 == " " }.map(String.init)
            guard chosen.count >= 2, Set(chosen).count == chosen.count else {
                return .failure(Wrong(text: "Name two ports at least, each once; or \(Self.none)."))
            }
            let missing = chosen.filter { !names.contains($0) }
            guard missing.isEmpty else {
                let there = names.isEmpty ? "none" : names.joined(separator: ", ")
                return .failure(Wrong(text: "\(missing.joined(separator: ", ")): not here; there are \(there)."))
            }
            return .success(chosen.joined(separator: ","))
        }
    }

    /// The devices that look most like ports to be joined: with link, free, without addresses, of the speed that most
    /// have.
    static func usualPorts(_ host: HostFacts) -> [String] {
        let free = host.ports.filter { $0.master == nil && $0.medium == .ethernet && $0.hasCarrier != false }
        let idle = free.filter { $0.addresses.allSatisfy { $0.hasPrefix("fe80:") } }
        let candidates = idle.count >= 2 ? idle : free
        let groups = Dictionary(grouping: candidates) { $0.speed ?? 0 }
        let best = groups.max { ($0.value.count, $0.key) < ($1.value.count, $1.key) }
        return (best?.value.count ?? 0) >= 2 ? best?.value.map(\.name) ?? [] : []
    }

    private func profile() -> String? {
        let all = library.workloads
        let list = all.enumerated().map { "  \($0 + 1)  \($1.name): \($1.title)\n" as PrintableText }.joined()
        say(list)
        return question(
            "What kind of host is it, by number or name?", default: Self.none,
            help: all.map { "  \($0.name): \($0.reason)\n" as PrintableText }.joined()
        ) { text in
            if text == Self.none { return .success("") }
            if let number = Int(text), number > 0, number <= all.count { return .success(all[number - 1].name) }
            if all.contains(where: { $0.name == text }) { return .success(text) }
            return .failure(Self.unknown(text, all.map(\.name)))
        }
    }

    private func lead() -> String? {
        let choices = RequirementKey.switch.definition.choices
        say(choices.map { "  \($0.name): \($0.help)\n" as PrintableText }.joined())
        let names = choices.map(\.name) + library.switches.map(\.name)
        return question(
            "What do the ports lead to?", default: "not known",
            help: library.switches.map { "  \($0.name): \($0.title)\n" as PrintableText }.joined()
        ) { text in
            if text == "not known" { return .success("") }
            return names.contains(text) ? .success(text) : .failure(Self.unknown(text, names))
        }
    }

    private func goal() -> [String]? {
        question(
            "What is it for: redundancy, throughput or both?", default: "both",
            help: [RequirementKey.redundancy, .throughput].map { "  \($0.rawValue): \($0.definition.help)\n" }.joined()
        ) { text in
            switch text {
            case "both": .success(["redundancy", "throughput"])
            case "redundancy", "throughput": .success([text])
            default: .failure(Self.unknown(text, ["redundancy", "throughput", "both"]))
            }
        }
    }

    private func more() -> [String]? {
        question(
            "What else must be, with spaces between?", default: Self.none,
            help: RequirementKey.allCases.map { "  \($0.rawValue)\($0.definition.valueText): \($0.definition.help)\n" }
                .joined()
        ) { text in
            guard text != Self.none else { return .success([]) }
            let words = text.split(separator: " ").map(String.init)
            for word in words {
                do throws(Problem) { _ = try Requirement(text: word) } catch {
                    return .failure(Wrong(text: "\(word): \(error.rule); \(error.remedy ?? "? lists them")."))
                }
            }
            return .success(words)
        }
    }

    private func output() -> String? {
        question(
            "Write the plan to which file?", default: Self.none,
            help: "  A file that aggctl apply takes; one that is there is left alone.\n"
        ) { text in
            guard text != Self.none, text != "-" else { return .success(text == Self.none ? "" : text) }
            // Found out now, not when all has been answered.
            do throws(Problem) { _ = try OutputFile(text, replacing: false) } catch {
                return .failure(Wrong(text: "\(error.message); name another file, or \(Self.none)."))
            }
            return .success(text)
        }
    }

    private static func unknown(_ text: String, _ names: [String]) -> Wrong {
        let near = Spelling.nearest(to: text, among: names).map { "Did you mean \($0)? " } ?? ""
        return Wrong(text: "\(near)There are \(names.joined(separator: ", ")).")
    }
}
