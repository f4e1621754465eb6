package import Aggregation

/// What teamd is told: a configuration as teamd.conf(5) has it, derived from the option tables.
package struct TeamConfiguration: Sendable, Hashable {
    package var mode: Mode
    /// By the names of the table; an option that is absent is at its default.
    package var options: OptionValues
    /// Options of ports by the name of the port, those of ports that are elsewhere among them.
    package var ports: [String: OptionValues]
    /// Paths of what stands in the text and is in no table: teamd ignores what it does not know, and so do we.
    package var unknownMembers: [String] = []

    /// What teamd adds by itself or takes from its command line.
    private static let ownMembers: Set<String> = ["device", "hwaddr"]

    package init(mode: Mode, options: OptionValues = [:], ports: [String: OptionValues] = [:]) {
        self.mode = mode
        self.options = options
        self.ports = ports
    }

    /// The configuration of a new team.
    package init(mode: Mode, settings: [OptionSetting]) {
        self.init(mode: mode)
        apply(settings)
    }

    // MARK: Reading

    /// Reads a configuration.
    ///
    /// - Returns: nil for what is no JSON object or names a runner that there is none of.
    package init?(parsing text: String) {
        guard let tree = JSONTree(parsing: text), tree.members != nil else { return nil }
        let runner = tree.at(["runner", "name"])
        // teamd's own default.
        guard let mode = Mode(teamRunner: runner?.string ?? "roundrobin") else { return nil }
        self.init(mode: mode)
        let table = TeamingOptions.table
        options = Self.values(table, tree)
        options[DriverKind.teaming.modeOption] = nil
        let isImplicit = tree["link_watch"] == nil
        for (name, port) in tree["ports"]?.members ?? [:] {
            var values = Self.values(TeamingPortOptions.table, port)
            // teamd notes its implicit watch with each port.
            if isImplicit, values["link_watch"] == table["link_watch"]?.defaultValue.general {
                values["link_watch"] = nil
            }
            ports[name] = values
        }
        unknownMembers = Self.unknown(tree)
    }

    private static func values(_ table: OptionTable, _ tree: JSONTree) -> OptionValues {
        var values: OptionValues = [:]
        for row in table.rows where row.wire == .json {
            values[row.name] = tree.at(OptionJSON.path(row)).flatMap { OptionJSON.value(row, $0) }
        }
        return values
    }

    private static func unknown(_ tree: JSONTree) -> [String] {
        var found: [String] = []
        func visit(_ tree: JSONTree, _ path: [String], _ table: OptionTable) {
            guard table[path.joined(separator: ".")] == nil else { return }
            guard let members = tree.members, !path.isEmpty || table.subject == .aggregate || !members.isEmpty else {
                return found.append(path.joined(separator: "."))
            }
            for (key, member) in members.sorted(by: { $0.key < $1.key }) { visit(member, path + [key], table) }
        }
        var rest = tree.members ?? [:]
        for key in ownMembers.union(["ports"]) { rest[key] = nil }
        visit(.object(rest), [], TeamingOptions.table)
        for (name, port) in (tree["ports"]?.members ?? [:]).sorted(by: { $0.key < $1.key }) {
            let before = found.count
            for (key, member) in port.members ?? [:] { visit(member, [key], TeamingPortOptions.table) }
            found[before...] = ArraySlice(found[before...].sorted().map { "ports.\(name).\($0)" })
        }
        return found
    }

    /// The options with those filled in that are at their default.
    package var effectiveOptions: OptionValues {
        var values = options
        for row in TeamingOptions.table.rows where row.wire == .json && values[row.name] == nil {
            if row.accepted.contains(mode), row.since == TeamingOptions.firstVersion {
                values[row.name] = row.defaultValue.value(in: mode)
            }
        }
        values[DriverKind.teaming.modeOption] = DriverKind.teaming.modeSetting(mode).value
        return values
    }

    /// The options of a port with those filled in that are at their default.
    package func effectiveOptions(ofPort name: String) -> OptionValues {
        var values = ports[name] ?? [:]
        for row in TeamingPortOptions.table.rows where values[row.name] == nil && row.accepted.contains(mode) {
            values[row.name] = row.defaultValue.value(in: mode)
        }
        return values
    }

    // MARK: Changing

    /// Sets options, the mode among them; what a new mode does not take goes.
    package mutating func apply(_ settings: [OptionSetting]) {
        for setting in settings {
            if setting.name == DriverKind.teaming.modeOption {
                if let mode = Mode.modes(of: .teaming).first(where: { DriverKind.teaming.modeSetting($0) == setting }) {
                    self.mode = mode
                }
            } else {
                options[setting.name] = setting.value
            }
        }
        options = options.filter { TeamingOptions.table[$0.key]?.accepted.contains(mode) == true }
    }

    // MARK: Writing

    /// The text for teamd.
    package var text: String {
        var tree = JSONTree.object([:])
        if let runner = mode.teamRunner { tree.set(["runner", "name"], .string(runner)) }
        for row in TeamingOptions.table.rows where row.wire == .json && row.name != DriverKind.teaming.modeOption {
            if let value = options[row.name].flatMap({ OptionJSON.tree(row, $0) }) {
                tree.set(OptionJSON.path(row), value)
            }
        }
        for (name, values) in ports { tree.set(["ports", name], Self.portTree(values)) }
        return tree.text
    }

    /// The text for PortConfigUpdate, which takes nothing without a `prio` (`teamd_config_port_set`).
    package static func portText(_ values: OptionValues) -> String {
        var values = values
        if values["prio"] == nil { values["prio"] = .number(0) }
        return portTree(values).text
    }

    private static func portTree(_ values: OptionValues) -> JSONTree {
        var tree = JSONTree.object([:])
        for row in TeamingPortOptions.table.rows {
            if let value = values[row.name].flatMap({ OptionJSON.tree(row, $0) }) {
                tree.set(OptionJSON.path(row), value)
            }
        }
        return tree
    }
}
