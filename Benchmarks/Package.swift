// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that `swift build` of aggctl never builds it. `make bench` does.
let package = Package(
    name: "benchmarks",
    targets: [
        .executableTarget(
            name: "bench",
            swiftSettings: [
                .swiftLanguageMode(.v6),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .treatAllWarnings(as: .error),
            ])
    ]
)
