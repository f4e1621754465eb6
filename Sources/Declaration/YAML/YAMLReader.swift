internal import Aggregation

/// Reads one YAML document into a tree. What YAML can do and a declaration must not (anchors, tags, several documents,
/// keys that stand twice, great depth) is refused with its place.
struct YAMLReader {
    /// Bytes. A declaration of a thousand aggregates has a fifth of that.
    static let maximumSize = 1 << 20
    /// Sequences and mappings inside one another.
    static let maximumDepth = 32

    /// The tree as far as it could be read, and everything that is wrong.
    struct Result {
        /// Nil when there is nothing that could be read on.
        var root: YAMLNode?
        var problems: [Problem]
    }

    private let fileName: String
    private var problems: [Problem] = []
    private var stack: [Frame] = []
    private var root: YAMLNode?

    private init(fileName: String) { self.fileName = fileName }

    /// Reads a text; never traps, whatever the bytes are.
    static func read(_ bytes: [UInt8], fileName: String) -> Result {
        if let problem = SourceText.problem(in: bytes, fileName: fileName, maximumSize: maximumSize) {
            return Result(root: nil, problems: [problem])
        }
        var reader = YAMLReader(fileName: fileName)
        let complete = reader.readDocument(SourceText.withoutByteOrderMark(bytes))
        return Result(root: complete ? reader.root : nil, problems: reader.problems)
    }

    /// A sequence or mapping whose end has not been seen. Kept in a list of our own, so that depth costs no stack.
    private struct Frame {
        var isMapping: Bool
        var location: SourceLocation
        var items: [YAMLNode] = []
        var entries: [YAMLNode.Entry] = []
        var key: YAMLNode?
        var seen: [String: SourceLocation] = [:]

        var node: YAMLNode { YAMLNode(isMapping ? .mapping(entries) : .sequence(items), at: location) }
    }

    /// Returns whether the whole document was read.
    private mutating func readDocument(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard var parser = YAMLParser(bytes) else {
            problems.append(Problem(.unavailable, subject: fileName, rule: "there is not enough memory to read it"))
            return false
        }
        var documents = 0
        while true {
            let event: YAMLParser.Event
            do { event = try parser.next() } catch {
                problems.append(SourceText.problem(error, in: bytes, fileName: fileName))
                return false
            }
            if case .streamEnd = event.kind { break }
            if case .documentStart = event.kind {
                documents += 1
                if documents > 1 {
                    refuse(event, "there is a second document", "write one document: remove the line ---")
                    return true
                }
            }
            guard take(event) else { return false }
        }
        if root == nil || root?.isWord("") == true {
            root = nil
            problems.append(
                Problem(
                    .invalid, subject: fileName, rule: "it is empty",
                    remedy: "write version: 1 and a list of aggregates"))
            return false
        }
        return true
    }

    /// Returns false when reading cannot go on.
    private mutating func take(_ event: YAMLParser.Event) -> Bool {
        if problems.count > DeclarationFile.maximumProblems { return false }
        if event.hasAnchor {
            refuse(event, "anchors (&) are not allowed", "write the value at each place where it is needed")
        }
        if let tag = event.tag {
            refuse(event, "tags are not allowed: \(tag)", "remove the tag; values are read by what their key needs")
        }
        switch event.kind {
        case .scalar(let text, let plain): add(YAMLNode(.scalar(text, plain: plain), at: location(event)))
        case .alias:
            refuse(event, "aliases (*) are not allowed", "write the value itself")
            add(YAMLNode(.refused, at: location(event)))
        case .sequenceStart, .mappingStart:
            guard stack.count < Self.maximumDepth else {
                refuse(event, "it is nested deeper than \(Self.maximumDepth) levels", "remove the needless brackets")
                return false
            }
            if case .mappingStart = event.kind {
                stack.append(Frame(isMapping: true, location: location(event)))
            } else {
                stack.append(Frame(isMapping: false, location: location(event)))
            }
        case .sequenceEnd, .mappingEnd:
            if let frame = stack.popLast() { add(frame.node) }
        case .streamStart, .streamEnd, .documentStart, .documentEnd: break
        }
        return true
    }

    private mutating func add(_ node: YAMLNode) {
        guard let top = stack.indices.last else {
            root = node
            return
        }
        guard stack[top].isMapping else {
            stack[top].items.append(node)
            return
        }
        guard let key = stack[top].key else {
            stack[top].key = checkedKey(node, in: top)
            return
        }
        stack[top].key = nil
        if key.text != nil { stack[top].entries.append(YAMLNode.Entry(key, node)) }
    }

    /// The key, or a refused node whose value will be dropped.
    private mutating func checkedKey(_ node: YAMLNode, in frame: Int) -> YAMLNode {
        let refused = YAMLNode(.refused, at: node.location)
        guard let text = node.text else {
            if node.content != .refused {
                problem(node.location, "a key is \(node.kindText)", "write a word before the colon")
            }
            return refused
        }
        if let first = stack[frame].seen[text] {
            problem(
                node.location, "the key \(SourceText.shown(text)) is there twice, first in line \(first.line)",
                "remove one of the two")
            return refused
        }
        stack[frame].seen[text] = node.location
        return node
    }

    private func location(_ event: YAMLParser.Event) -> SourceLocation {
        SourceLocation(file: fileName, line: event.line + 1, column: event.column + 1)
    }

    private mutating func refuse(_ event: YAMLParser.Event, _ rule: String, _ remedy: String) {
        problem(location(event), rule, remedy)
    }

    private mutating func problem(_ location: SourceLocation?, _ rule: String, _ remedy: String) {
        problems.append(Problem(.invalid, subject: SourceText.subject, rule: rule, remedy: remedy, location: location))
    }
}
