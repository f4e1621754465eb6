import Aggregation
import Declaration
import Testing

/// Reading profiles: ours are whole, and what is wrong with a file is told with its place.
@Suite struct ProfileReaderTests {
    @Test func oursAreWhole() throws {
        let matrix = try ProfileFixtures.matrix()
        #expect(matrix.features.count >= 12)
        #expect(matrix.candidates.filter { $0.driver == .bonding }.count == 7)
        #expect(matrix.candidates.filter { $0.driver == .teaming }.count == 6)
        #expect(Set(matrix.modes.map(\.place)).count == matrix.modes.count)
    }

    @Test func everyCellHasASourceAndEvidence() throws {
        let matrix = try ProfileFixtures.matrix()
        for feature in matrix.features {
            for cell in feature.cells {
                #expect(!cell.source.isEmpty && !cell.evidence.isEmpty, "\(feature.name)")
                // Whoever has read or seen nothing has not proven anything.
                #expect(cell.evidence != [.belief] || cell.answer == .unproven, "\(feature.name): \(cell.text)")
            }
            for candidate in matrix.candidates {
                #expect(feature.cells.filter { $0.applies(to: candidate) }.count == 1, "\(feature.name): \(candidate)")
            }
        }
    }

    @Test func everyRequirementIsDecidedByRows() throws {
        let matrix = try ProfileFixtures.matrix()
        for key in RequirementKey.allCases {
            #expect(!key.definition.allFeatures.isEmpty, "\(key.rawValue)")
            for name in key.definition.allFeatures { #expect(matrix.feature(name) != nil, "\(name)") }
        }
    }

    @Test(arguments: [
        (
            "features/lacp.yaml", "title:", "titlle:",
            "lacp.yaml:2:1: lacp: there is no key \"titlle\"; did you mean title?"
        ),
        (
            "features/lacp.yaml", "answer: yes", "answer: yess",
            "lacp.yaml:11:13: lacp: cells.0.answer=yess: there is no such value; did you mean yes? use yes, partly, no or unproven"
        ),
        (
            "features/lacp.yaml", "    source: kernel bond_3ad.c\n", "",
            "lacp.yaml:9:5: lacp: cells.0: the key source is missing; write source: a text"
        ),
        (
            "features/lacp.yaml", "modes: [lacp]", "modes: [lacpp]",
            "lacp.yaml:10:13: lacp: cells.0.modes=lacpp: there is no such value; did you mean lacp? use balance-rr, active-backup, balance-xor, broadcast, lacp, balance-tlb, balance-alb or random"
        ),
        (
            "features/ipv6-monitoring.yaml", "since: \"5.18\"", "since: soon",
            "ipv6-monitoring.yaml:14:12: ipv6-monitoring: cells.0.since=soon: it is no version; write it as 5.18"
        ),
        (
            "features/lacp.yaml", "evidence: [code, observed]", "evidence: []",
            "lacp.yaml:15:15: lacp: cells.0.evidence: the list is empty; write a list of code, observed, document or belief"
        ),
        (
            "features/lldp.yaml", "row: 29", "row: 28",
            "stacking.yaml:1:1: stacking: row: row 28 is lldp already; give it a number that no other has"
        ),
        (
            "features/lacp.yaml", "verdict: right", "verdict: wrong",
            "lacp.yaml:5:3: lacp: claim: it has no reason; say in reason why the claim is not simply right"
        ),
        (
            "modes/lacp.yaml", "place: 2", "place: first",
            "lacp.yaml:2:8: lacp: place=first: it is no whole number; write a number from 1 to 1000"
        ),
    ]) func tellsWhatIsWrong(_ path: String, _ old: String, _ new: String, _ expected: String) throws {
        let files = try ProfileFixtures.files(changing: path) { $0.replacing(old, with: new, maxReplacements: 1) }
        #expect(ProfileFixtures.problems(files).contains(expected), "\(ProfileFixtures.problems(files))")
    }

    @Test func aHoleIsAProblem() throws {
        let files = try ProfileFixtures.files(changing: "features/daemon-free.yaml") {
            $0.replacing("driver: teaming", with: "driver: teaming\n    modes: [lacp]")
        }
        let problems = ProfileFixtures.problems(files)
        #expect(problems.count == 5)
        #expect(problems.contains { $0.contains("none is for teaming active-backup") })
    }

    @Test func twoCellsForOneAreAProblem() throws {
        let files = try ProfileFixtures.files(changing: "features/lacp.yaml") {
            $0.replacing("modes: [balance-rr, active-backup,", with: "modes: [lacp, balance-rr, active-backup,")
        }
        #expect(ProfileFixtures.problems(files).contains { $0.contains("more than one is for bonding lacp") })
    }

    @Test func aModeThatTheDriverLacksIsAProblem() throws {
        let files = try ProfileFixtures.files(changing: "features/lacp.yaml") {
            $0.replacing("modes: [balance-rr, random,", with: "modes: [balance-tlb, balance-rr, random,")
        }
        #expect(ProfileFixtures.problems(files).contains { $0.contains("teaming has no mode balance-tlb") })
        let modes = try ProfileFixtures.files(changing: "modes/balance-alb.yaml") {
            $0.replacing("drivers: [bonding]", with: "drivers: [bonding, teaming]")
        }
        #expect(ProfileFixtures.problems(modes).contains { $0.contains("teaming has no such mode") })
    }

    @Test func aFileIsNamedForWhatItDescribes() throws {
        let files = try ProfileFixtures.files(changing: "features/upkeep.yaml") {
            $0.replacing("feature: upkeep", with: "feature: upkept")
        }
        #expect(ProfileFixtures.problems(files).contains { $0.contains("name the file upkept.yaml") })
    }

    @Test func aRowThatARequirementNeedsHasToBeThere() throws {
        let files = try ProfileFixtures.files().filter { $0.path != "features/lacp-passive.yaml" }
        #expect(
            ProfileFixtures.problems(files) == [
                "profiles: there is no features/lacp-passive.yaml; the requirement lacp-passive is decided by it"
            ])
    }

    @Test func noiseIsRefusedWhole() throws {
        var files = try ProfileFixtures.files()
        files.append(ProfileFile(path: "features/noise.yaml", origin: "noise.yaml", bytes: [0xff, 0, 0x5b]))
        files.append(ProfileFile(path: "features/empty.yaml", origin: "empty.yaml", bytes: []))
        let problems = ProfileFixtures.problems(files)
        #expect(problems.count == 2)
    }

    @Test func laterFoldersWin() {
        let first = ProfileFile(path: "modes/lacp.yaml", origin: "a", bytes: [])
        let second = ProfileFile(path: "modes/lacp.yaml", origin: "b", bytes: [])
        let other = ProfileFile(path: "features/x.yaml", origin: "c", bytes: [])
        #expect(ProfileFile.overlaid([[first, other], [second]]).map(\.origin) == ["c", "b"])
    }

    @Test func ownFilesTakeThePlaceOfBuiltInOnes() throws {
        let base = try ProfileFixtures.library()
        let file = try ProfileFixtures.file("workloads/database.yaml") {
            $0.replacing("title: A database server", with: "title: Ours")
        }
        let library = try ProfileReader.library([file], over: base)
        #expect(library.workloads.first { $0.name == "database" }?.title == "Ours")
        #expect(library.workloads.count == base.workloads.count)
        #expect(library.matrix == base.matrix)
        #expect(library.switches == base.switches)
    }

    @Test func ownFilesAreCheckedTogetherWithBuiltInOnes() throws {
        let base = try ProfileFixtures.library()
        let row = try ProfileFixtures.file("features/lldp.yaml") { $0.replacing("row: 29", with: "row: 28") }
        #expect(
            ProfileFixtures.problems([row], over: base) == [
                "lldp.yaml:1:1: lldp: row: row 28 is stacking already; give it a number that no other has"
            ])
        let mode = try ProfileFixtures.file("modes/lacp.yaml") {
            $0.replacing("drivers: [bonding, teaming]", with: "drivers: [bonding]")
        }
        // Rows that name modes for teaming name one now that it has not.
        let problems = ProfileFixtures.problems([mode], over: base)
        #expect(problems.contains { $0.hasPrefix("profiles/features/lacp.yaml (built in):1:1") }, "\(problems)")
        #expect(problems.allSatisfy { $0.contains("teaming has no mode lacp") }, "\(problems)")
    }
}
