/// What each way to aggregate can do: rows of features, cells by driver and mode. Read from profiles, never written here.
package struct FeatureMatrix: Sendable, Hashable {
    /// In order of their names.
    package let features: [Feature]
    /// In the order in which they are preferred when nothing else decides.
    package let modes: [ModeProfile]
    /// Every driver and mode there is, preferred modes first.
    package let candidates: [Candidate]
    /// The host that the decision is for, as far as it is known.
    package let host: HostFacts
    /// The only driver that is asked about; nil for both.
    private let driver: DriverKind?
    private let placeByName: [String: Int]

    package init(
        features: [Feature], modes: [ModeProfile], host: HostFacts = HostFacts(), driver: DriverKind? = nil
    ) {
        self.host = host
        self.driver = driver
        self.features = features.sorted { $0.name < $1.name }
        self.modes = modes.sorted { ($0.place, $0.mode.rawValue) < ($1.place, $1.mode.rawValue) }
        candidates = self.modes.flatMap { profile in
            DriverKind.allCases.filter { profile.drivers.contains($0) && Self.absence(of: $0, host, driver) == nil }.map
            {
                Candidate(driver: $0, mode: profile.mode)
            }
        }
        placeByName = Dictionary(
            self.features.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// In the order of their numbers, as they are shown.
    package var rows: [Feature] { features.sorted { $0.row < $1.row } }

    /// The matrix of a host whose kernel is known: what came later it does not have, and what it has is no condition.
    package func on(_ kernel: KernelVersion) -> FeatureMatrix {
        var host = host
        host.kernel = "\(kernel)"
        return FeatureMatrix(features: features.map { row in row.mapCells { $0.on(kernel) } }, modes: modes, host: host)
    }

    /// Why there is no candidate of a driver; nil when there are some.
    package func absence(of driver: DriverKind) -> String? { Self.absence(of: driver, host, self.driver) }

    private static func absence(of driver: DriverKind, _ host: HostFacts, _ only: DriverKind?) -> String? {
        host.absence(of: driver) ?? (only ?? driver == driver ? nil : "only \(only?.rawValue ?? "") was asked for")
    }

    /// The same for one driver alone.
    ///
    /// - Parameter driver: nil for both.
    package func of(_ driver: DriverKind?) -> FeatureMatrix {
        FeatureMatrix(features: features, modes: modes, host: host, driver: driver)
    }

    /// The same for an aggregate of a number of ports.
    ///
    /// - Parameter ports: nil when nobody said how many there will be.
    package func with(ports: Int?) -> FeatureMatrix {
        var host = host
        host.portCount = ports
        return FeatureMatrix(features: features, modes: modes, host: host)
    }

    /// The matrix of a host: without the drivers that it lacks. What its kernel said of an option counts more than its
    /// version, since stable kernels carry backports.
    package func on(_ host: HostFacts) -> FeatureMatrix {
        let kernel = host.kernel.flatMap(KernelVersion.init(text:))
        let features = features.map { row in
            row.mapCells { cell in cell.on(host) ?? kernel.map(cell.on) ?? cell }
        }
        return FeatureMatrix(features: features, modes: modes, host: host)
    }

    package func feature(_ name: String) -> Feature? { placeByName[name].map { features[$0] } }

    package func profile(_ mode: Mode) -> ModeProfile? { modes.first { $0.mode == mode } }

    package func cell(_ feature: String, _ candidate: Candidate) -> Feature.Cell? {
        self.feature(feature)?.cell(candidate)
    }
}
