/// How neutral keys become options, whatever the driver.
extension TranslationDraft {
    mutating func translateLACP() {
        let wishes = desired.lacp
        let names = driver.lacpOptions
        if let rate = wishes.rate, applies("lacp.rate", in: .ad) {
            add(names.rate, wish: rate, key: "lacp.rate") { .number($0 == .fast ? 1 : 0) }
        }
        if let active = wishes.active, applies("lacp.active", in: .ad) {
            add(names.active, wish: active, key: "lacp.active") { .number($0 ? 1 : 0) }
        }
        if let priority = wishes.systemPriority, applies("lacp.system-priority", in: .ad) {
            addNumber(names.systemPriority, priority, key: "lacp.system-priority")
        }
        if let ports = wishes.minPorts, applies("lacp.min-ports", in: .ad) {
            // teamd knows no 0, and one port that works is what 0 asks for.
            let isNone = driver == .teaming && ports == .value(0)
            addNumber(names.minPorts, isNone ? .value(1) : ports, key: "lacp.min-ports")
        }
        if let select = wishes.select, applies("lacp.select", in: .ad) {
            switch select {
            case .default: addDefault(names.select, key: "lacp.select")
            case .value(let text): addText(names.select, text, key: "lacp.select")
            }
        }
    }

    /// Refuses a key that means nothing in the mode.
    mutating func applies(_ key: String, in modes: ModeSet, remedy: String? = nil) -> Bool {
        if modes.contains(mode) { return true }
        refuse(
            key, rule: "it applies only in \(modes.phrase(of: driver))",
            remedy: remedy ?? "leave it out, or choose another mode",
            showsMode: true)
        return false
    }

    /// What a driver cannot honour exactly is an error, unless nearly is said to be good enough.
    mutating func allowsApproximation(_ key: String, value: String?, _ difference: String) -> Bool {
        guard desired.approximate else {
            refuse(key, value: value, rule: difference, remedy: "approximate: true accepts that")
            return false
        }
        note(.warning, key, difference)
        return true
    }

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
