import Glibc

/// Which devices ifupdown or ifupdown2 configures, from the files that they read and write (interfaces(5)).
enum IfupdownFiles {
    /// What those tools read.
    private static let configuration = "/etc/network/interfaces"
    /// What is up by them now: `eth0=eth0`, a line each.
    private static let states = ["/run/network/ifstate", "/run/network/ifstatenew"]
    private static let deepestSource = 8

    /// Names of devices; those that a pattern describes are not found.
    static func interfaces() -> Set<String> {
        var names = read(configuration, depth: 0)
        for path in states {
            guard let text = SmallFile.text(path) else { continue }
            names.formUnion(text.split(separator: "\n").compactMap { $0.split(separator: "=").first.map(String.init) })
        }
        return names
    }

    private static func read(_ path: String, depth: Int) -> Set<String> {
        guard depth < deepestSource, let text = SmallFile.text(path) else { return [] }
        let stanzas = Stanzas(text)
        return stanzas.sources.flatMap { files($0, beside: path) }.reduce(into: stanzas.interfaces) {
            $0.formUnion(read($1, depth: depth + 1))
        }
    }

    /// The files that a `source` line means; a relative one is meant from the folder of the file that it stands in.
    private static func files(_ source: Stanzas.Source, beside path: String) -> [String] {
        let folder = path[..<(path.lastIndex(of: "/") ?? path.startIndex)]
        let whole = source.pattern.hasPrefix("/") ? source.pattern : "\(folder)/\(source.pattern)"
        var found = glob_t()
        defer { globfree(&found) }
        // interfaces(5): of a folder, names of letters, digits, hyphens and underscores alone.
        guard glob(source.isDirectory ? whole + "/*" : whole, 0, nil, &found) == 0 else { return [] }
        return (0..<Int(found.gl_pathc)).compactMap { place in
            guard let text = found.gl_pathv[place] else { return nil }
            let file = String(cString: text)
            let name = file[file.index(after: file.lastIndex(of: "/") ?? file.startIndex)...]
            let isPlain = name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
            return source.isDirectory && !isPlain ? nil : file
        }
    }

    /// One file of interfaces(5).
    struct Stanzas {
        struct Source: Equatable {
            let pattern: String
            let isDirectory: Bool
        }

        private(set) var interfaces: Set<String> = []
        private(set) var sources: [Source] = []

        init(_ text: String) {
            // A line that ends with a backslash goes on in the next one.
            let lines = text.split(separator: "\\\n", omittingEmptySubsequences: false).joined(separator: " ")
            for line in lines.split(separator: "\n") {
                let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
                guard let keyword = words.first, !keyword.hasPrefix("#"), words.count > 1 else { continue }
                switch keyword {
                case "iface": interfaces.insert(words[1])
                case "auto", "allow-auto", "allow-hotplug": interfaces.formUnion(words.dropFirst())
                case "source": sources += words.dropFirst().map { Source(pattern: $0, isDirectory: false) }
                case "source-directory": sources += words.dropFirst().map { Source(pattern: $0, isDirectory: true) }
                default: break
                }
            }
            interfaces.remove("lo")
        }
    }
}
