// swift-tools-version: 6.2
import PackageDescription

/// Every target of ours is built alike; dependencies keep their own settings.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

/// libFuzzer brings a main of its own, so that the program can only be linked with it (`scripts/fuzz`).
let fuzzer: [Target] =
    Context.environment["AGGCTL_FUZZER"] == nil
    ? []
    : [
        .executableTarget(
            name: "Fuzzer", dependencies: ["FuzzTargets"], path: "Tests/Fuzzer", swiftSettings: strict)
    ]

let package = Package(
    name: "aggctl",
    products: [
        .executable(name: "aggctl", targets: ["aggctl"]),
        // No part of the program: kernel tests preload it.
        .library(name: "KillPoint", type: .dynamic, targets: ["KillPoint"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    ],
    targets: [
        // The program, top down: a target sees only those below it.
        .executableTarget(
            name: "aggctl",
            dependencies: [
                "AggctlCommands", "System", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .target(
            name: "AggctlCommands",
            dependencies: [
                "Operations", "Bonding", "Teaming", "Declaration", "Netlink", "Aggregation", "System", "CSystemShims",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        .target(
            name: "Operations",
            dependencies: [
                "Netlink", "Aggregation", "System", "CNetlink", "CSystemShims",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        .target(
            name: "Bonding",
            dependencies: [
                "Netlink", "Aggregation", "System", "CNetlink",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        .target(
            name: "Teaming",
            dependencies: [
                "Netlink", "Aggregation", "System", "CDBus", "CNetlink", "CTeam", "CSystemShims",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        .target(
            name: "Netlink",
            dependencies: [
                "Aggregation", "System", "CNetlink", "CSystemShims",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        .target(
            name: "System",
            dependencies: ["CSystemShims", .product(name: "SystemPackage", package: "swift-system")],
            swiftSettings: strict),
        // Writes AggctlCommands/Generated; no part of the program.
        .executableTarget(
            name: "ProfileGenerator", dependencies: ["Declaration", "Aggregation"], swiftSettings: strict),
        .target(name: "Declaration", dependencies: ["Aggregation", "CYaml"], swiftSettings: strict),
        .target(name: "Aggregation", swiftSettings: strict),

        // C libraries and what only C can say.
        .systemLibrary(
            name: "CNetlink", pkgConfig: "libnl-3.0 libnl-route-3.0",
            providers: [.apt(["libnl-3-dev", "libnl-route-3-dev"])]),
        .systemLibrary(
            name: "CTeam", pkgConfig: "libteamdctl", providers: [.apt(["libteam-dev"])]),
        .systemLibrary(name: "CDBus", pkgConfig: "dbus-1", providers: [.apt(["libdbus-1-dev"])]),
        .systemLibrary(name: "CYaml", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .target(
            name: "CSystemShims", cSettings: [.define("_FORTIFY_SOURCE", to: "2", .when(configuration: .release))]),

        // What fuzzing feeds, and the unit level with what was found worth keeping.
        .target(
            name: "FuzzTargets",
            dependencies: ["Operations", "Bonding", "Teaming", "Declaration", "Netlink", "Aggregation", "CNetlink"],
            path: "Tests/FuzzTargets", swiftSettings: strict),
        .testTarget(
            name: "FuzzTests", dependencies: ["FuzzTargets"], exclude: ["Corpora"], swiftSettings: strict),

        // What tests of several targets use.
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),

        // Ends the program before any of its requests, for kernel tests.
        .target(name: "KillPoint", path: "Tests/KillPoint"),

        // Tests, fast ones first; KernelTests run inside the lab kernel only.
        .testTarget(name: "AggregationTests", dependencies: ["Aggregation"], swiftSettings: strict),
        .testTarget(
            name: "DeclarationTests", dependencies: ["TestSupport", "Declaration", "Aggregation"], swiftSettings: strict
        ),
        .testTarget(
            name: "SystemTests",
            dependencies: ["System", .product(name: "SystemPackage", package: "swift-system")],
            swiftSettings: strict),
        .testTarget(
            name: "NetlinkTests",
            dependencies: [
                "TestSupport",
                "Netlink", "Aggregation", "CNetlink", .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "BondingTests", dependencies: ["Bonding", "Netlink", "Aggregation", "CNetlink"], swiftSettings: strict
        ),
        .testTarget(
            name: "TeamingTests", dependencies: ["Teaming", "Netlink", "Aggregation"], swiftSettings: strict),
        .testTarget(
            name: "OperationsTests",
            dependencies: ["TestSupport", "Operations", "Netlink", "Aggregation", "CSystemShims"],
            swiftSettings: strict),
        .testTarget(
            name: "GoldenTests",
            dependencies: [
                "AggctlCommands", "Operations", "Declaration", "Aggregation",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            exclude: ["Snapshots", "Plans", "Scenarios"], swiftSettings: strict),
        .testTarget(
            name: "KernelTests",
            dependencies: [
                "AggctlCommands", "Operations", "Bonding", "Teaming", "Netlink", "Aggregation", "CNetlink",
                "TestSupport", .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
    ] + fuzzer
)
