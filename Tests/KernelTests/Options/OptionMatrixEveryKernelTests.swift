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
        for disagreement in OptionMatrixCheck(matrix: matrix).disagreements(in: mode) { Issue.record("\(disagreement)") }
    }

    @Test func theKernelAgreesWithItself() async throws {
        let check = OptionMatrixCheck(matrix: try await Self.measured.value)
        for inconsistency in check.inconsistencies() { Issue.record("\(inconsistency)") }
    }
}
