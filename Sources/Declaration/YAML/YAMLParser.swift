internal import CYaml

/// libyaml's parser and the text it reads, freed together.
struct YAMLParser: ~Copyable {
    /// What libyaml says next. Marks are counted from 0, in characters.
    struct Event {
        enum Kind {
            case streamStart, streamEnd, documentStart, documentEnd
            case scalar(String, plain: Bool)
            case sequenceStart, sequenceEnd, mappingStart, mappingEnd
            case alias
        }

        let kind: Kind
        let line: Int
        let column: Int
        /// Whether an anchor (`&name`) stands before the node.
        var hasAnchor = false
        var tag: String?
    }

    /// Where and why the text is no YAML.
    struct SyntaxError: Error {
        /// Line and column from 0, or the offset of a byte that cannot be in any YAML text.
        enum Place {
            case mark(line: Int, column: Int)
            case byte(Int)
        }

        let place: Place
        let problem: String
        /// What was being read, and where that began.
        var context: String?
        var contextLine: Int?
    }

    // libyaml keeps pointers into both, so neither may move.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>

    /// Nil without memory. The text has to be UTF-8.
    init?(_ bytes: some Collection<UInt8>) {
        parser = .allocate(capacity: 1)
        input = .allocate(capacity: bytes.count)
        _ = input.initialize(from: bytes)
        guard yaml_parser_initialize(parser) == 1 else { return nil }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        // After a failed initialize there is nothing inside, and delete finds only zeroes.
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    /// Not to be called again after an error or the end of the stream.
    mutating func next() throws(SyntaxError) -> Event {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw syntaxError }
        defer { yaml_event_delete(&event) }
        return Self.event(event)
    }

    private static func event(_ event: yaml_event_t) -> Event {
        func make(
            _ kind: Event.Kind, anchor: UnsafeMutablePointer<UInt8>? = nil, tag: UnsafeMutablePointer<UInt8>? = nil
        ) -> Event {
            Event(
                kind: kind, line: event.start_mark.line, column: event.start_mark.column, hasAnchor: anchor != nil,
                tag: tag.map { String(cString: $0) })
        }
        switch event.type {
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            let plain = scalar.style == YAML_PLAIN_SCALAR_STYLE
            return make(.scalar(text, plain: plain), anchor: scalar.anchor, tag: scalar.tag)
        case YAML_SEQUENCE_START_EVENT:
            return make(.sequenceStart, anchor: event.data.sequence_start.anchor, tag: event.data.sequence_start.tag)
        case YAML_MAPPING_START_EVENT:
            return make(.mappingStart, anchor: event.data.mapping_start.anchor, tag: event.data.mapping_start.tag)
        case YAML_SEQUENCE_END_EVENT: return make(.sequenceEnd)
        case YAML_MAPPING_END_EVENT: return make(.mappingEnd)
        case YAML_ALIAS_EVENT: return make(.alias)
        case YAML_DOCUMENT_START_EVENT: return make(.documentStart)
        case YAML_DOCUMENT_END_EVENT: return make(.documentEnd)
        case YAML_STREAM_START_EVENT: return make(.streamStart)
        default: return make(.streamEnd)
        }
    }

    private var syntaxError: SyntaxError {
        let error = parser.pointee
        let problem = error.problem.map { String(cString: $0) } ?? "the text cannot be read"
        if error.error == YAML_MEMORY_ERROR {
            return SyntaxError(place: .byte(0), problem: "there is not enough memory")
        }
        if error.error == YAML_READER_ERROR { return SyntaxError(place: .byte(error.problem_offset), problem: problem) }
        let context = error.context.map { String(cString: $0) }
        return SyntaxError(
            place: .mark(line: error.problem_mark.line, column: error.problem_mark.column), problem: problem,
            context: context, contextLine: context == nil ? nil : error.context_mark.line)
    }
}
