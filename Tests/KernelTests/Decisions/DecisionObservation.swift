/// What is looked at where `recommend` says that a requirement is met: a row each.
struct DecisionObservation: Sendable {
    struct Sight: Sendable {
        var holds: Bool
        var seen: String
        /// Who measured was held up: nothing is proved either way.
        var isConclusive = true
        /// There was something to look at.
        var cameUp = true

        init(_ holds: Bool, _ seen: String, isConclusive: Bool = true, cameUp: Bool = true) {
            (self.holds, self.seen) = (holds, seen)
            (self.isConclusive, self.cameUp) = (isConclusive, cameUp)
        }
    }

    /// A plan with which the same look has to see the opposite.
    struct Control: Sendable {
        let side: FarSide
        var ports = 2
        let mode: String
        /// Lines of the file, besides name, mode and ports.
        let settings: String
        /// What the look is told that is wanted.
        let requirements: [String]

        var decided: Decided {
            Decided(
                plan: """
                    version: 1
                    aggregates:
                      - name: TEAM
                        driver: bonding
                        mode: \(mode)
                    \(settings.split(separator: "\n").map { "    \($0)\n" }.joined())
                    """ + (settings.contains("\nports:") ? "" : "    ports: [\(names)]\n"),
                mode: mode, requirements: requirements)
        }

        private var names: String { (0..<ports).map { "eth\($0)" }.joined(separator: ", ") }
    }

    /// The requirement.
    let key: String
    /// What is seen where it is met, as something that holds or not.
    let title: String
    /// Whether the plan can be looked at so; everything else of a requirement is met or not.
    var applies: @Sendable (Decided, FarSide) -> Bool = { _, _ in true }
    /// What the ports lead to, where the requirement itself describes it.
    var side: FarSide?
    /// Whether the plan works as before when it was looked at, so that more can be looked at.
    var isHarmless = false
    let control: Control
    let look: @Sendable (DecisionScene) async throws -> Sight

    /// Applies a plan and looks.
    func see(_ decided: Decided, side: FarSide, ports: Int) async throws -> Sight {
        try await Self.see([self], decided, side: side, ports: ports)[0]
    }

    /// Applies a plan and looks at several things, which are harmless when they are more than one.
    static func see(
        _ observations: [DecisionObservation], _ decided: Decided, side: FarSide, ports: Int
    ) async throws -> [Sight] {
        let side = observations.first?.side ?? side
        return try await DecisionScene.withHost(to: side, ports: ports) { host, far in
            let scene = DecisionScene(host: host, far: far, side: side, ports: ports, decided: decided)
            try await scene.apply()
            var sights: [Sight] = []
            for observation in observations {
                do {
                    sights.append(try await observation.look(scene))
                } catch let error as DecisionScene.NotUp {
                    sights.append(Sight(false, "the plan did not come up: \(error.reason)", cameUp: false))
                }
            }
            return sights
        }
    }

    func seeControl() async throws -> Sight {
        try await see(control.decided, side: control.side, ports: control.ports)
    }

    static let all: [DecisionObservation] = failures + returns + addresses + monitors + negotiated + spreading
}
