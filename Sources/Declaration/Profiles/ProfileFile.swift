/// One file of profiles, wherever it comes from.
package struct ProfileFile: Sendable, Hashable {
    /// Below the folder of profiles: `features/lacp.yaml`. A file with the path of another one takes its place.
    package let path: String
    /// The name that places in problems carry.
    package let origin: String
    package let bytes: [UInt8]

    /// The folders that there are below that of profiles.
    package static let kinds = ["alternatives", "features", "modes", "switches", "workloads"]

    package init(path: String, origin: String, bytes: [UInt8]) {
        self.path = path
        self.origin = origin
        self.bytes = bytes
    }

    /// Files with those of later folders in the place of earlier ones, in order of their paths.
    package static func overlaid(_ folders: [[ProfileFile]]) -> [ProfileFile] {
        var byPath: [String: ProfileFile] = [:]
        for file in folders.joined() { byPath[file.path] = file }
        return byPath.values.sorted { $0.path < $1.path }
    }

    /// `lacp` of `features/lacp.yaml`.
    var stem: String {
        let last = path.split(separator: "/").last ?? ""
        return String(last.hasSuffix(".yaml") ? last.dropLast(".yaml".count) : last)
    }
}
