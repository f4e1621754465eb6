/// How neutral keys become options, whatever the driver.
extension TranslationDraft {
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
