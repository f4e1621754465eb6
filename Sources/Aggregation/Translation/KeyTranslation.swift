/// How neutral keys become options, whatever the driver.
extension TranslationDraft {
    mutating func translateLACP() {
        let wishes = desired.lacp
        let names = driver.lacpOptions
        if let rate = wishes.rate, applies("lacp.rate", in: .ad, rate.neutral("slow") { $0 == .slow }) {
            add(names.rate, wish: rate, key: "lacp.rate") { .number($0 == .fast ? 1 : 0) }
        }
        if let active = wishes.active, applies("lacp.active", in: .ad, active.neutral("on") { $0 }) {
            add(names.active, wish: active, key: "lacp.active") { .number($0 ? 1 : 0) }
        }
        if let priority = wishes.systemPriority,
            applies("lacp.system-priority", in: .ad, priority.neutral("65535") { $0 == 65535 })
        {
            addNumber(names.systemPriority, priority, key: "lacp.system-priority")
        }
        // 0 and 1 are the same: what has no port that works has no carrier.
        if let ports = wishes.minPorts, applies("lacp.min-ports", in: .ad, ports.neutral("0") { $0 <= 1 }) {
            // teamd knows no 0, and one port that works is what 0 asks for.
            let isNone = driver == .teaming && ports == .value(0)
            addNumber(names.minPorts, isNone ? .value(1) : ports, key: "lacp.min-ports")
        }
        let usual = table[names.select].map { $0.format($0.defaultValue.general) } ?? ""
        if let select = wishes.select, applies("lacp.select", in: .ad, select.neutral(usual) { $0 == usual }) {
            switch select {
            case .default: addDefault(names.select, key: "lacp.select")
            case .value(let text): addText(names.select, text, key: "lacp.select")
            }
        }
    }

    /// Refuses a key that means nothing in the mode, or leaves it out with a note where its value says nothing.
    ///
    /// - Parameter neutral: the value in words when it is one that says nothing.
    mutating func applies(_ key: String, in modes: ModeSet, _ neutral: String? = nil, remedy: String? = nil) -> Bool {
        if modes.contains(mode) { return true }
        if let neutral {
            noteLeftOut(key, neutral)
            return false
        }
        refuse(
            key, rule: "it applies only in \(modes.phrase(of: driver))",
            remedy: remedy ?? "leave it out, or choose another mode",
            showsMode: true)
        return false
    }

    /// What a driver cannot honour exactly is an error, unless nearly is said to be good enough.
    mutating func allowsApproximation(_ key: String, value: String?, _ difference: String) -> Bool {
        guard desired.approximate else {
            refuse(key, value: value, rule: difference, remedy: Self.approximateRemedy)
            return false
        }
        note(.warning, key, difference)
        return true
    }

    private static let approximateRemedy = "approximate: true accepts that (as a setting: approximate=true)"

    mutating func addDefault(_ option: String, key: String) {
        guard let row = table[option] else { return }
        add(option, row.defaultValue.value(in: mode), origin: key)
    }

    mutating func add<Value>(
        _ option: String, wish: Wish<Value>, key: String, _ convert: (Value) -> OptionValue
    ) {
        switch wish {
        case .default: addDefault(option, key: key)
        case .value(let value): add(option, convert(value), origin: key)
        }
    }

    mutating func addNumber(_ option: String, _ wish: Wish<Int64>, key: String) {
        switch wish {
        case .default: addDefault(option, key: key)
        case .value(let number): addNumber(option, number, key: key)
        }
    }

    mutating func addNumber(_ option: String, _ number: Int64, key: String) {
        addText(option, table[option]?.format(.number(number)) ?? "", key: key)
    }

    /// Goes through the option's text form, so that the table's ranges and value names hold here too.
    mutating func addText(_ option: String, _ text: String, key: String) {
        guard let row = table[option] else { return }
        do { add(option, try row.parse(text), origin: key) } catch {
            refuse(key, value: text, rule: error.rule, remedy: error.remedy)
        }
    }
}

extension Wish {
    /// The wish in words when it says nothing that a mode without the key would not do; else nil.
    func neutral(_ text: String = "", _ saysNothing: (Value) -> Bool = { _ in false }) -> String? {
        switch self {
        case .default: "default"
        case .value(let value): saysNothing(value) ? text : nil
        }
    }
}
