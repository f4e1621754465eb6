/// The other side that a lab has before its command starts.
package struct LabTopology: Equatable, Sendable {
    package let name: String

    package init(_ text: String) throws(LabError) {
        name = text
        throw LabError(.guest, "There is no topology \(text) yet.")
    }

    func build() throws(LabError) {}
}
