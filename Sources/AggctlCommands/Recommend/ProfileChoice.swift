internal import Aggregation
internal import Declaration

/// The kind of host and the switch that were named.
struct ProfileChoice {
    let workload: Workload?
    let switchProfile: SwitchProfile?

    /// - Parameters:
    ///   - workload: a name or a file.
    ///   - switchName: the same.
    init(_ workload: String?, _ switchName: String?, in library: ProfileLibrary, _ context: CommandContext) throws {
        self.workload = try workload.map { text in
            if ProfileFolders.isPath(text) { return try ProfileReader.workload(try ProfileFolders.file(text, context)) }
            return try Self.named(text, "profile", among: library.workloads, \.name)
        }
        switchProfile = try switchName.map { text in
            if ProfileFolders.isPath(text) {
                return try ProfileReader.switchProfile(try ProfileFolders.file(text, context))
            }
            return try Self.named(text, "switch", among: library.switches, \.name)
        }
    }

    private static func named<Profile>(
        _ text: String, _ option: String, among all: [Profile], _ name: KeyPath<Profile, String>
    ) throws -> Profile {
        if let found = all.first(where: { $0[keyPath: name] == text }) { return found }
        let names = all.map { $0[keyPath: name] }
        let meant = Spelling.nearest(to: text, among: names).map { "did you mean \($0)? " } ?? ""
        throw Problem(
            .usage, subject: "recommend", option: option, value: text, rule: "there is no such profile",
            remedy: "\(meant)there are \(names.joined(separator: ", ")); or name a file")
    }

    /// What the profiles require, but for what was said of the same thing; a switch takes the place of the workload's.
    func requirements(besides given: [Requirement]) -> [Requirement] {
        var said = Set(given.map(\.key))
        var all: [Requirement] = []
        if let switchProfile {
            all.append(switchProfile.offers)
            said.insert(.switch)
        }
        return all + (workload?.requirements ?? []).filter { !said.contains($0.key) }
    }
}
