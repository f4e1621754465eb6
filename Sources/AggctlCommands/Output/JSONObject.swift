/// The members of a JSON object in the making, in the order in which they were set; each name once.
///
/// A list, since hashing and sorting a dictionary's names took a sixth of the instructions of a long status: objects are
/// small, made once and read once.
package struct JSONObject: Sendable {
    package typealias Member = (name: String, value: JSONValue)
    package private(set) var members: [Member] = []

    package init() {}

    /// Members of a sequence; of two with one name the last counts.
    package init(_ members: some Sequence<(String, JSONValue)>) {
        for (name, value) in members { self[name] = value }
    }

    package init(_ members: [String: JSONValue]) { self.members = members.map { ($0.key, $0.value) } }

    /// Nil takes the member away.
    package subscript(name: String) -> JSONValue? {
        get { members.first { $0.name == name }?.value }
        set {
            let index = members.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (nil, let value?): members.append((name, value))
            case (let index?, nil): members.remove(at: index)
            case (nil, nil): break
            }
        }
    }

    /// Adds a member whose name is not there yet.
    package mutating func add(_ name: String, _ value: JSONValue) { members.append((name, value)) }

    /// The same, unless there is nothing to add.
    mutating func add(_ name: String, ifAny value: JSONValue?) {
        if let value { add(name, value) }
    }

    package var isEmpty: Bool { members.isEmpty }

    /// By name, as they are written. Costs little for an object that was made in that order.
    var sorted: [Member] {
        let isSorted = zip(members, members.dropFirst()).allSatisfy { $0.name < $1.name }
        return isSorted ? members : members.sorted { $0.name < $1.name }
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral members: (String, JSONValue)...) { self.init(members) }
}

extension JSONObject: Equatable {
    package static func == (one: JSONObject, other: JSONObject) -> Bool {
        one.members.count == other.members.count && one.members.allSatisfy { other[$0.name] == $0.value }
    }
}
