/// One thing that is wanted of an aggregate.
package struct Requirement: Sendable, Hashable, CustomStringConvertible {
    /// How much it is wanted.
    package enum Strength: String, Sendable, Hashable, CaseIterable {
        /// Who does not meet it is out.
        case must
        /// Who meets it is preferred.
        case should
        /// Who has it is out.
        case mustNot = "must-not"
    }

    package enum Value: Sendable, Hashable {
        case none
        case choice(String)
        /// Supported to the end of the month.
        case release(String, until: Month)
        case number(Int64)
        /// Milliseconds.
        case duration(Int64)
        case hardwareAddress(LinkLayerAddress)
        case targets([IPAddress])
    }

    package let key: RequirementKey
    package let value: Value
    package let strength: Strength

    package init(_ key: RequirementKey, _ value: Value = .none, _ strength: Strength = .must) {
        self.key = key
        self.value = value
        self.strength = strength
    }

    /// `switch=two`
    package var text: String {
        switch value {
        case .none: key.rawValue
        case .choice(let name): "\(key.rawValue)=\(name)"
        case .release(let name, let month): "\(key.rawValue)=\(name)@\(month)"
        case .number(let number): "\(key.rawValue)=\(number)"
        case .duration(let time): "\(key.rawValue)=\(time)ms"
        case .hardwareAddress(let address): "\(key.rawValue)=\(address)"
        case .targets(let targets): "\(key.rawValue)=\(targets.map(\.description).joined(separator: ","))"
        }
    }

    package var description: String { strength == .must ? text : "\(text) (\(strength.rawValue))" }

    /// The rows of the matrix that decide on it.
    package var features: [String] {
        let definition = key.definition
        guard let choice else { return definition.features }
        return definition.features + definition.choices.filter { $0.name == choice }.map(\.feature)
    }

    /// The name of what was chosen, where there is a choice.
    var choice: String? {
        switch value {
        case .choice(let name), .release(let name, _): name
        default: nil
        }
    }

    /// Whether it says what the switch offers, so that nothing about it is left open.
    var settlesSwitch: Bool { key.settlesSwitch && strength != .mustNot }

    /// To be avoided is what a plan sets, and not what a candidate has: any can do without.
    var isAvoidedSetting: Bool { strength == .mustNot && key.isSetting }

    /// Reads `KEY` or `KEY=VALUE`.
    ///
    /// - Throws: a ``Problem`` of usage that names the nearest known word.
    package init(text: String, strength: Strength = .must) throws(Problem) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let key = RequirementKey(rawValue: parts[0]) else {
            let known = RequirementKey.allCases.map(\.rawValue)
            let near = Spelling.nearest(to: parts[0], among: known).map { "did you mean \($0)? " } ?? ""
            throw Problem(
                .usage, subject: parts[0].isEmpty ? text : parts[0], rule: "there is no such requirement",
                remedy: "\(near)the requirements are \(known.joined(separator: ", "))")
        }
        self.init(key, try Self.value(of: key, parts.count == 2 ? parts[1] : nil), strength)
    }

    private static func value(of key: RequirementKey, _ text: String?) throws(Problem) -> Value {
        let definition = key.definition
        func problem(_ rule: String, _ remedy: String) -> Problem {
            Problem(.usage, subject: "requirement", option: key.rawValue, value: text, rule: rule, remedy: remedy)
        }
        switch definition.value {
        case .none:
            guard text == nil else { throw problem("it takes no value", "write \(key.rawValue) alone") }
            return .none
        case .choice(let choices):
            return .choice(try Self.name(text, among: choices.map(\.name), problem))
        case .release(let choices):
            let parts = (text ?? "").split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
            let named = try Self.name(String(parts[0]), among: choices.map(\.name), problem)
            guard parts.count == 2 else { return .choice(named) }
            guard let month = Month(text: String(parts[1])) else {
                throw problem("it is no month", "write it as \(key.rawValue)=\(named)@2030-06")
            }
            return .release(named, until: month)
        case .number(let range):
            let usual = "write a number from \(range.lowerBound) to \(range.upperBound)"
            guard let text, !text.isEmpty else { throw problem("it needs a value", usual) }
            guard let number = Int64(text) else { throw problem("it is no number", usual) }
            guard range.contains(number) else { throw problem("it is out of range", usual) }
            return .number(number)
        case .duration(let range):
            let usual = "write a time, as \(key.rawValue)=200ms"
            guard let text, !text.isEmpty else { throw problem("it needs a value", usual) }
            do {
                return .duration(try DurationText.parse(text, unit: .milliseconds, range: range))
            } catch { throw problem(error.rule, error.remedy) }
        case .hardwareAddress:
            let usual = "write six pairs of digits, as \(key.rawValue)=02:00:5e:00:53:01"
            guard let text, !text.isEmpty else { throw problem("it needs a value", usual) }
            guard let address = LinkLayerAddress(text: text), address.bytes.count == LinkLayerAddress.ethernetLength,
                !address.isZero, !address.isMulticast
            else { throw problem("it is no address of one station", usual) }
            return .hardwareAddress(address)
        case .targets(let option):
            let example = option == "arp_ip_target" ? "192.0.2.1" : "2001:db8::1"
            guard let row = BondingOptions.table[option], let text, !text.isEmpty, text != "none" else {
                throw problem("it needs a value", "name who is to be asked, as \(key.rawValue)=\(example)")
            }
            do {
                guard case .targets(let targets) = try row.parse(text) else { return .none }
                return .targets(targets)
            } catch { throw problem(error.rule, error.remedy) }
        }
    }
}

extension Requirement {
    /// - Parameter problem: makes one of a rule and a remedy.
    private static func name(
        _ text: String?, among names: [String], _ problem: (String, String) -> Problem
    ) throws(Problem) -> String {
        let remedy = "use one of \(names.joined(separator: ", "))"
        guard let text, !text.isEmpty else { throw problem("it needs a value", remedy) }
        guard names.contains(text) else {
            let near = Spelling.nearest(to: text, among: names).map { "did you mean \($0)? " } ?? ""
            throw problem("there is no such value", near + remedy)
        }
        return text
    }
}

/// Requirements in one order, each once, so that neither order nor repetition can change an answer.
package struct RequirementSet: Sendable, Hashable {
    package let all: [Requirement]

    package init(_ requirements: some Sequence<Requirement>) {
        var merged: [Requirement] = []
        for requirement in requirements {
            guard let index = merged.firstIndex(where: { $0.saysAsMuch(as: requirement) }) else {
                merged.append(requirement)
                continue
            }
            merged[index] = merged[index].merged(with: requirement)
        }
        all = merged.sorted { $0.order.lexicographicallyPrecedes($1.order) }
    }

    package var musts: [Requirement] { all.filter { $0.strength != .should } }

    /// The same without some of them.
    package func removing(_ others: Set<Requirement>) -> RequirementSet {
        RequirementSet(all.filter { !others.contains($0) })
    }

    /// Addresses to be watched in a way, as required or wished.
    package func targets(_ key: RequirementKey) -> [IPAddress] {
        all.flatMap { requirement -> [IPAddress] in
            guard requirement.key == key, case .targets(let targets) = requirement.value else { return [] }
            return targets
        }
    }

    /// The largest number that is asked for.
    package func number(_ key: RequirementKey) -> Int64? {
        all.compactMap { requirement in
            requirement.key == key ? requirement.number : nil
        }.max()
    }

    func choice(_ key: RequirementKey) -> String? {
        all.lazy.compactMap { requirement in
            requirement.key == key ? requirement.choice : nil
        }.first
    }

    func hardwareAddress(_ key: RequirementKey) -> LinkLayerAddress? {
        all.lazy.compactMap { requirement in
            if case .hardwareAddress(let address) = requirement.value, requirement.key == key { address } else { nil }
        }.first
    }

    /// The shortest time in milliseconds within which a failure is to be noticed.
    var detection: Int64? { all.filter { $0.key == .detection }.compactMap(\.time).min() }

    /// Whether something is wanted, must or should.
    package func wants(_ key: RequirementKey) -> Bool { all.contains { $0.key == key && $0.strength != .mustNot } }
}

extension Requirement {
    /// Whether two of them become one: a must and a should of the same thing are a must, and targets add up.
    fileprivate func saysAsMuch(as other: Requirement) -> Bool {
        guard key == other.key, (strength == .mustNot) == (other.strength == .mustNot) else { return false }
        if case .targets = value { return true }
        return value == other.value
    }

    fileprivate func merged(with other: Requirement) -> Requirement {
        let strength = strength == .should ? other.strength : strength
        guard case .targets(let targets) = value, case .targets(let others) = other.value else {
            return Requirement(key, value, strength)
        }
        let all = Set(targets + others).sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        return Requirement(key, .targets(all), strength)
    }

    fileprivate var order: [String] {
        let place = RequirementKey.allCases.firstIndex(of: key) ?? 0
        let choice = key.definition.choices.firstIndex { $0.name == self.choice } ?? 0
        return [place, choice].map { String(1000 + $0) } + [strength.rawValue, text]
    }
}
