import AggctlCommands
import Aggregation
import Operations
import Testing

/// The trials against the rows they are about; that these come out as the rows say is for a kernel to show.
@Suite struct FeatureTrialTests {
    let matrix: FeatureMatrix

    init() throws { matrix = try FeatureTrials.builtInMatrix() }

    @Test func thirtyRowsAndMoreAreTried() {
        #expect(Set(TrialBook.all.map(\.feature)).count >= 30)
    }

    /// What is tried, the matrix says how to try, and calls seen.
    @Test func everyTrialIsOfACellThatSaysSo() throws {
        for trial in TrialBook.all {
            let cell = try #require(matrix.cell(trial.feature, trial.candidate), "\(trial.feature), \(trial.candidate)")
            #expect(cell.trial != nil, "\(trial.feature), \(trial.candidate): how it is tried")
            #expect(cell.evidence.contains(.observed), "\(trial.feature), \(trial.candidate): that it was observed")
        }
    }

    /// The same question twice would be counted as two.
    @Test func noQuestionIsAskedTwice() {
        let questions = TrialBook.all.map { "\($0.feature), \($0.candidate): \($0.question)" }
        #expect(Set(questions).count == questions.count)
    }
}
