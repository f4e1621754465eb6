/// Values that say nothing where a mode lacks the option: they are left out with a note, never refused, so that a file
/// can keep them when its mode changes.
extension TranslationDraft {
    /// Leaves out the options that this mode lacks and whose value is what the mode does anyway.
    mutating func dropNeutralOptions() {
        for setting in settings {
            guard let row = table[setting.name], !row.accepted.contains(mode), isNeutral(setting, row) else { continue }
            settings.removeAll { $0.name == setting.name }
            note(.info, Self.shown(setting.origin), Self.leftOut(row.format(setting.value), mode))
        }
    }

    /// The same for the options of a port.
    mutating func dropNeutralOptions(ofPort index: Int) {
        for setting in ports[index].settings {
            guard let row = portTable[setting.name], !row.accepted.contains(mode), isNeutral(setting, row) else {
                continue
            }
            ports[index].settings.removeAll { $0.name == setting.name }
            notePort(ports[index], Self.shown(setting.origin), Self.leftOut(row.format(setting.value), mode))
        }
    }

    /// A neutral key of a port, which the mode lacks.
    mutating func noteLeftOut(_ port: PortDraft, _ key: String, _ text: String) {
        notePort(port, key, Self.leftOut(text, mode))
    }

    /// A neutral key that the mode lacks.
    mutating func noteLeftOut(_ key: String, _ text: String) { note(.info, key, Self.leftOut(text, mode)) }

    private func isNeutral(_ setting: Setting, _ row: OptionDefinition) -> Bool {
        setting.value == row.defaultValue.general || setting.value == row.defaultValue.value(in: mode)
    }

    private mutating func notePort(_ port: PortDraft, _ option: String, _ text: String) {
        notes.append(PlanNote(.info, subject: "\(name) port \(port.title)", option: option, text: text))
    }

    private static func leftOut(_ text: String, _ mode: Mode) -> String {
        "\(text) is left out: mode \(mode.rawValue) has no such option"
    }
}
