/// A fact that may not apply, may not be known, or may be that there is nothing.
package enum Reading<Value: Sendable & Hashable>: Sendable, Hashable {
    case doesNotApply
    case unknown
    case nothing
    case value(Value)

    package var value: Value? { if case .value(let value) = self { value } else { nil } }
}
