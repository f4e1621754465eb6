/// The option tables of every driver.
package struct OptionTables: Sendable {
    package static let shared = OptionTables()

    private init() {}

    /// The options of an aggregate.
    package func aggregate(_ driver: DriverKind) -> OptionTable {
        driver == .bonding ? BondingOptions.table : TeamingOptions.table
    }

    /// The options of a port.
    package func port(_ driver: DriverKind) -> OptionTable {
        driver == .bonding ? BondingPortOptions.table : TeamingPortOptions.table
    }

    /// The options of an aggregate or of a port.
    package func table(_ driver: DriverKind, _ subject: OptionTable.Subject) -> OptionTable {
        subject == .aggregate ? aggregate(driver) : port(driver)
    }
}
