import Aggregation
import Testing

@Suite struct MonthTests {
    @Test(arguments: ["2028-06", "0001-12", "9999-01"]) func isWrittenAsItIsRead(_ text: String) throws {
        #expect(try #require(Month(text: text)).description == text)
    }

    @Test(arguments: [
        "", "2028", "2028-6", "2028-13", "2028-00", "28-06", "2028-06-30", "+028-06", "2028/06", "２028-06",
    ])
    func otherWordsAreNone(_ text: String) { #expect(Month(text: text) == nil) }

    @Test func theyAreOrderedByTime() throws {
        let months = try ["2028-06", "2027-12", "2028-05"].map { try #require(Month(text: $0)) }
        #expect(months.sorted().map(\.description) == ["2027-12", "2028-05", "2028-06"])
    }
}
