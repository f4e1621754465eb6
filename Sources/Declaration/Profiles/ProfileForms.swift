internal import Aggregation

/// Forms of values that only profiles have.
extension Form where Value == String {
    /// Free text.
    static var sentence: Form {
        .scalar(
            "a text", schema: ["type": "string"],
            parse: { text throws(InvalidText) in
                guard text.contains(where: { !$0.isWhitespace }) else {
                    throw InvalidText("it is empty", "write a sentence")
                }
                return text
            }, write: { .text($0) })
    }

    /// `5.18`, `1.32`
    static var version: Form {
        .scalar(
            "a version as 5.18", schema: .pattern("^[0-9]+\\.[0-9]+(\\.[0-9]+)?$"),
            parse: { text throws(InvalidText) in
                let parts = text.split(separator: ".", omittingEmptySubsequences: false)
                guard (2...3).contains(parts.count), parts.allSatisfy({ UInt16($0) != nil }) else {
                    throw InvalidText("it is no version", "write it as 5.18")
                }
                return text
            }, write: { .text($0) })
    }
}

extension Form where Value == Month {
    /// `2028-06`
    static var month: Form {
        .scalar(
            "a month as 2028-06", schema: .pattern("^[0-9]{4}-(0[1-9]|1[0-2])$"),
            parse: { text throws(InvalidText) in
                guard let month = Month(text: text) else { throw InvalidText("it is no month", "write it as 2028-06") }
                return month
            }, write: { .text("\($0)") })
    }
}

extension Form where Value == [String] {
    /// Free texts, which may have commas in them.
    static var sentences: Form { .items(of: .sentence) }
}

extension Form {
    /// A sequence, each item on its own.
    ///
    /// - Parameter mayBeEmpty: an empty one says something, as that of all that was asked for nothing is there.
    static func items<Item: Sendable>(of item: Form<Item>, mayBeEmpty: Bool = false) -> Form where Value == [Item] {
        Form(
            read: { node, reading in
                guard case .sequence(let nodes) = node.content, mayBeEmpty || !nodes.isEmpty else {
                    reading.refuse(node, "it is no list", "write a list: each item begins with a hyphen")
                    return nil
                }
                return nodes.enumerated().compactMap { index, node in
                    reading.under(String(index)) { item.read(node, &$0) }
                }
            }, write: { .sequence($0.map(item.write)) },
            facts: FormFacts(
                allowed: "a list of \(item.facts.allowed)",
                schema: mayBeEmpty
                    ? ["type": "array", "items": item.facts.schema]
                    : ["type": "array", "items": item.facts.schema, "minItems": 1]))
    }
}
