import Glibc
import Operations
import Testing

@Suite struct OptionAnswersTests {
    @Test func whatWasAskedIsKeptAndNothingElseIsClaimed() {
        let directory = "/tmp/aggctl-answers-\(UInt64.random(in: .min ... .max))"
        defer {
            unlink("\(directory)/option-answers")
            rmdir(directory)
        }
        let answers = OptionAnswers(stateDirectory: directory)
        #expect(answers.recall(["prio"]) == nil)
        answers.remember(known: ["ns_ip6_target", "prio"], unknown: ["lacp_strict"])
        #expect(answers.recall(["lacp_strict", "prio"]).map { $0 == (["prio"], ["lacp_strict"]) } == true)
        // One that was never asked for has to be.
        #expect(answers.recall(["prio", "coupled_control"]) == nil)
        #expect(answers.recall([]).map { $0 == ([], []) } == true)
    }

    @Test func answersOfAnotherKernelAreNone() throws {
        let directory = "/tmp/aggctl-answers-\(UInt64.random(in: .min ... .max))"
        mkdir(directory, 0o755)
        defer {
            unlink("\(directory)/option-answers")
            rmdir(directory)
        }
        let file = try #require(fopen("\(directory)/option-answers", "w"))
        fputs("5.4.0 1\nprio\n", file)
        fclose(file)
        #expect(OptionAnswers(stateDirectory: directory).recall(["prio"]) == nil)
    }
}
