import FuzzTargets
import Testing

/// The inputs that fuzzing found worth keeping, once each: none traps.
@Suite struct CorpusTests {
    @Test(arguments: FuzzTarget.allCases) func isRead(_ target: FuzzTarget) throws {
        let inputs = try Corpus.inputs(of: target)
        #expect(!inputs.isEmpty, "no corpus of \(target)")
        for input in inputs { target.read(input) }
    }
}
