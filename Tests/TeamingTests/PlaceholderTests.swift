import Teaming
import Testing

@Suite struct TeamingPlaceholderTests {
    @Test func kind() {}
}
