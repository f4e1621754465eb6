import Aggregation
import Testing

/// Every option × every mode × every situation, set in the kernel and compared with the option table.
@Suite struct OptionMatrixEveryKernelTests {
    /// Measured once, for all tests.
    private static let measured = Task {
        var matrix = OptionMatrix()
        for mode in Mode.bondingModes {
            let part = try await withNamespace { try await OptionProbe.measure(mode, in: $0) }
            matrix.measurements += part.measurements
            matrix.defaults.merge(part.defaults) { first, _ in first }
            matrix.portDefaults.merge(part.portDefaults) { first, _ in first }
        }
        return matrix
    }

    @Test(arguments: Mode.bondingModes)
    func theKernelAgreesWithTheTable(mode: Mode) async throws {
        let matrix = try await Self.measured.value
        #expect(matrix.measurements.contains { $0.mode == mode })
        for disagreement in OptionMatrixCheck(matrix: matrix).disagreements(in: mode) {
            Issue.record("\(disagreement)")
        }
    }

    @Test func theKernelAgreesWithItself() async throws {
        let check = OptionMatrixCheck(matrix: try await Self.measured.value)
        for inconsistency in check.inconsistencies() { Issue.record("\(inconsistency)") }
    }

    @Test func theReferencePageShowsWhatWasMeasured() async throws {
        let text = OptionMatrixText(matrix: try await Self.measured.value, kernel: OptionReferenceFile.kernel)
            .markdown()
        if OptionReferenceFile.isRewriting {
            OptionReferenceFile.printForRewriting(text)
            Issue.record("what was measured was printed, not compared")
            return
        }
        // The page is about one kernel; the others are held to the table only.
        guard OptionReferenceFile.runningRelease().hasPrefix(OptionReferenceFile.kernel + ".") else { return }
        let committed = try #require(
            try OptionReferenceFile.measuredPart(), "the page has no measured part: make measure")
        let difference = Self.lines(text).difference(from: Self.lines(committed)).map { change in
            switch change {
            case .insert(_, let line, _): "+\(line)"
            case .remove(_, let line, _): "-\(line)"
            }
        }
        #expect(
            difference.isEmpty,
            "make measure takes over what the page does not have:\n\(difference.joined(separator: "\n"))")
    }

    private static func lines(_ text: String) -> [Substring] {
        text.split(separator: "\n", omittingEmptySubsequences: false)
    }
}
