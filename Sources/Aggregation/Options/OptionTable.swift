/// The option rows of one driver for aggregates or for ports, found by name or by attribute.
package struct OptionTable: Sendable {
    /// What the options belong to.
    package enum Subject: String, Sendable { case aggregate, port, watch }

    package let driver: DriverKind
    package let subject: Subject
    /// In the order in which the kernel applies them.
    package let rows: [OptionDefinition]
    /// The same in the order of their names.
    package let rowsByName: [OptionDefinition]
    private let indexByName: [String: Int]
    private let indexByAttribute: [UInt16: Int]

    package init(driver: DriverKind, subject: Subject, rows: [OptionDefinition]) {
        self.driver = driver
        self.subject = subject
        self.rows = rows
        rowsByName = rows.sorted { $0.name < $1.name }
        var names: [String: Int] = [:]
        var attributes: [UInt16: Int] = [:]
        for (index, row) in rows.enumerated() {
            for name in [row.name] + row.aliases { names[name] = index }
            if row.attribute != 0 { attributes[row.attribute] = index }
        }
        indexByName = names
        indexByAttribute = attributes
    }

    /// The row of an option by its name or an alias.
    package subscript(_ name: String) -> OptionDefinition? { indexByName[name].map { rows[$0] } }

    package func row(attribute: UInt16) -> OptionDefinition? { indexByAttribute[attribute].map { rows[$0] } }

    /// Sorts settings into the kernel's order, so that what one depends on comes before it.
    package func inKernelOrder(_ settings: [OptionSetting]) -> [OptionSetting] {
        settings.sorted { place(of: $0.name) < place(of: $1.name) }
    }

    /// The place of an option in the kernel's order; unknown ones come last.
    package func place(of name: String) -> Int { indexByName[name] ?? .max }

    /// The known name nearest to a misspelt one, for "did you mean".
    package func nearest(to name: String) -> String? {
        Spelling.nearest(to: name, among: rows.flatMap { [$0.name] + $0.aliases })
    }
}
