import Aggregation
import Testing

@Suite struct KernelVersionTests {
    @Test(arguments: ["6.1", "6.1.176", "6.1.0-28-amd64", "6.1-rc3", "6.1+deb12"]) func twoNumbersCount(
        _ text: String
    ) throws {
        #expect(try #require(KernelVersion(text: text)).description == "6.1")
    }

    @Test(arguments: ["", "6", "6.", ".1", "six.one", "-6.1", "6.-1", "v6.1"]) func otherWordsAreNone(_ text: String) {
        #expect(KernelVersion(text: text) == nil)
    }

    @Test func theyAreOrderedByNumber() throws {
        let versions = try ["6.12", "5.18", "6.1", "7.2"].map { try #require(KernelVersion(text: $0)) }
        #expect(versions.sorted().map(\.description) == ["5.18", "6.1", "6.12", "7.2"])
    }
}
