internal import Aggregation

/// A piece of a YAML text: a scalar with its source text, a sequence or a mapping. YAML's own types do not exist here,
/// so a port named `no` or `1e3` stays what was written.
struct YAMLNode: Sendable, Hashable {
    enum Content: Sendable, Hashable {
        /// `plain` is false for quoted and block scalars: those never mean a key word such as `default`.
        case scalar(String, plain: Bool)
        case sequence([YAMLNode])
        /// In the order written, each key once.
        case mapping([Entry])
        /// Something that has been reported already, so that nobody complains about it again.
        case refused
    }

    struct Entry: Sendable, Hashable {
        var key: YAMLNode
        var value: YAMLNode

        init(_ key: YAMLNode, _ value: YAMLNode) {
            self.key = key
            self.value = value
        }
    }

    var content: Content
    /// Nil when the node was made and not read.
    var location: SourceLocation?

    init(_ content: Content, at location: SourceLocation? = nil) {
        self.content = content
        self.location = location
    }

    /// A scalar that is written without quotes wherever YAML's syntax allows that.
    static func plain(_ text: String) -> YAMLNode { YAMLNode(.scalar(text, plain: true)) }

    /// A scalar of free text, quoted where a key word or another reader's guess could change what it means.
    static func text(_ text: String) -> YAMLNode {
        YAMLNode(.scalar(text, plain: !YAMLWriter.isAmbiguous(text)))
    }

    static func sequence(_ items: [YAMLNode]) -> YAMLNode { YAMLNode(.sequence(items)) }

    static func mapping(_ pairs: [(String, YAMLNode)]) -> YAMLNode {
        YAMLNode(.mapping(pairs.map { Entry(.plain($0.0), $0.1) }))
    }

    /// The source text of a scalar, quoted or not.
    var text: String? { if case .scalar(let text, _) = content { text } else { nil } }

    /// Whether this is a word that stands without quotes.
    func isWord(_ word: String) -> Bool { content == .scalar(word, plain: true) }

    /// The value of a key of a mapping.
    subscript(_ key: String) -> YAMLNode? {
        guard case .mapping(let entries) = content else { return nil }
        return entries.first { $0.key.text == key }?.value
    }

    /// Sets or replaces a key; what was no mapping becomes one.
    mutating func set(_ key: String, _ value: YAMLNode) {
        var entries: [Entry] = []
        if case .mapping(let existing) = content { entries = existing }
        if let index = entries.firstIndex(where: { $0.key.text == key }) {
            entries[index].value = value
        } else {
            entries.append(Entry(.plain(key), value))
        }
        content = .mapping(entries)
    }

    /// What it is, for messages.
    var kindText: String {
        switch content {
        case .scalar: "a single value"
        case .sequence: "a list"
        case .mapping: "a mapping"
        case .refused: "refused"
        }
    }
}
