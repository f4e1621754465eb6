import Teaming
import Testing

@Suite struct TeamingPlaceholderTests {
    @Test func kind() { #expect(TeamingDriverPlaceholder.linkKind == "team") }
}
