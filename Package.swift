// swift-tools-version: 6.1
// The floors of docs/ARCHITECTURE.md, as dependencies: a target may import only what it lists, and lists only lower floors.
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

func floor(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let histogram: Target.Dependency = .product(name: "Histogram", package: "hdrhistogram-swift")
let collections: Target.Dependency = .product(name: "Collections", package: "swift-collections")
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")
let grpc: Target.Dependency = .product(name: "GRPCCore", package: "grpc-swift-2")
let grpcTransport: Target.Dependency = .product(name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport")
let grpcProtobuf: Target.Dependency = .product(name: "GRPCProtobuf", package: "grpc-swift-protobuf")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let httpClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP2: Target.Dependency = .product(name: "NIOHTTP2", package: "swift-nio-http2")
let nioHPACK: Target.Dependency = .product(name: "NIOHPACK", package: "swift-nio-http2")
let nioExtras: Target.Dependency = .product(name: "NIOExtras", package: "swift-nio-extras")
let nioHTTPCompression: Target.Dependency = .product(name: "NIOHTTPCompression", package: "swift-nio-extras")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let signals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let sqlite: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqliteCalls: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")

let package = Package(
    name: "streamtop",
    products: [.executable(name: "streamtop", targets: ["streamtop"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.0.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.80.0"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.35.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.24.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.3.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.10.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.24.0"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.29.0"),
        .package(url: "https://github.com/grpc/grpc-swift-2", from: "2.4.0"),
        .package(url: "https://github.com/grpc/grpc-swift-nio-transport", from: "2.9.0"),
        .package(url: "https://github.com/grpc/grpc-swift-protobuf", from: "2.4.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.7.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.1.0"),
    ],
    targets: [
        // Floor 0
        .target(name: "CNcurses", linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
        floor("Time"),
        floor("Spelling"),
        // Floor 1
        floor("Columnar", ["Spelling", "Time"]),
        floor("Jinja", ["Spelling", "Time"]),
        floor("Journal", ["Time"]),
        floor("Terminal", ["CNcurses"]),
        // Floor 2
        floor("Pipes", ["Columnar", "Time"]),
        floor("MessageFormats", ["Columnar", "Time"]),
        floor("SQL", ["Columnar", "Spelling", "Time", sqliteCalls]),
        floor("Telemetry", ["Time", histogram]),
        floor("Control", ["Telemetry", "Time"]),
        // Floor 3
        floor("Scheduler", ["Pipes", "Telemetry", "Journal", "Spelling", "Time", logging]),
        floor("Tasks", ["Pipes", "Telemetry", "Journal", "Spelling", "Time", collections, logging]),
        floor("Run", ["Pipes", "Telemetry", "Spelling", "Time", logging]),
        floor(
            "PubSub",
            ["MessageFormats", "Pipes", "Telemetry", "Journal", "Columnar", "Spelling", "Time", collections]),
        floor("Dataflow", ["MessageFormats", "Pipes", "Telemetry", "Columnar", "Time", collections, logging]),
        floor("Warehouse", ["Pipes", "Telemetry", "Columnar", "Spelling", "Time", sqlite, logging]),
        floor("CPython", ["Pipes", "Columnar", "Time"]),
        floor(
            "BeamYAML",
            ["Dataflow", "MessageFormats", "Pipes", "SQL", "Columnar", "Jinja", "Spelling", "Time", "Yams"]),
        // Floor 4
        .target(
            name: "GoogleAPI",
            dependencies: [
                "PubSub", "Pipes", "Time", grpc, grpcTransport, grpcProtobuf, protobuf, nio, nioPosix, nioHTTP1,
                nioHTTP2, nioHPACK, nioExtras, nioHTTPCompression,
            ],
            exclude: ["Protos"], swiftSettings: settings),
        floor(
            "Host",
            [
                "GoogleAPI", "Scheduler", "Tasks", "Run", "PubSub", "Dataflow", "BeamYAML", "Warehouse", "CPython",
                "Jinja", "Pipes",
                "Control",
                "Telemetry", "Columnar", "Journal", "Spelling", "Time", "Yams", hummingbird, httpClient, httpTypes,
                nio, nioHTTP1, logging,
            ]),
        // Floor 5
        floor("Dashboard", ["Control", "Telemetry", "Terminal", "Time"]),
        // Demo content, written against Run's public contract
        .target(
            name: "SubwayApps",
            dependencies: ["Run", "Pipes", "Journal", "Time", protobuf, hummingbird, httpTypes, nio, logging],
            exclude: ["Protos"], swiftSettings: settings),
        // Floor 6
        .executableTarget(
            name: "streamtop",
            dependencies: [
                "Host", "Dashboard", "SubwayApps", "Terminal", "Control", "Warehouse", "BeamYAML", "Dataflow", "Run",
                "Columnar", "Jinja", "Telemetry", "Time", arguments, signals, logging,
            ],
            swiftSettings: settings),
        // Measures the broker in a process of its own; not part of the product
        .executableTarget(
            name: "BrokerBenchmark", dependencies: ["PubSub", "Journal", "Pipes", "Time"], path: "Benchmarks/Broker",
            swiftSettings: settings),

        // What several modules' tests share
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),
        .target(
            name: "PipesTestSupport", dependencies: ["Pipes", "Time"], path: "Tests/PipesTestSupport",
            swiftSettings: settings),

        tests("SpellingTests", ["Spelling"]),
        tests("TimeTests", ["Time", "TestSupport"]),
        tests("ColumnarTests", ["Columnar", "Time", "TestSupport"]),
        .testTarget(
            name: "JinjaTests", dependencies: ["Jinja"], exclude: ["record_jinja.py", "recordings.json"],
            swiftSettings: settings),
        tests("JournalTests", ["Journal", "Time"]),
        tests("TerminalTests", ["Terminal", "TestSupport"]),
        tests("PipesTests", ["Pipes", "Time", "TestSupport"]),
        tests("TelemetryTests", ["Telemetry", "Time"]),
        tests("ControlTests", ["Control", "Telemetry", "Time"]),
        tests(
            "SchedulerTests",
            ["Scheduler", "Pipes", "Telemetry", "Journal", "Time", "PipesTestSupport", "TestSupport", logging]),
        tests(
            "TasksTests",
            ["Tasks", "Pipes", "Telemetry", "Journal", "Time", "PipesTestSupport", "TestSupport", logging]),
        tests("RunTests", ["Run", "Pipes", "Telemetry", "Time", "TestSupport", logging]),
        tests("PubSubTests", ["PubSub", "Pipes", "Telemetry", "Journal", "Time", logging]),
        tests("CPythonTests", ["CPython", "Pipes", "Columnar", "Time"]),
        tests(
            "GoogleAPITests",
            [
                "GoogleAPI", "PubSub", "Pipes", "Time", protobuf, grpc, nio, nioEmbedded, nioHTTP2, nioHPACK,
            ]),
        tests(
            "DataflowTests",
            [
                "Dataflow", "MessageFormats", "Pipes", "Telemetry", "Columnar", "Time", "PipesTestSupport",
                "TestSupport", logging,
            ]),
        .testTarget(
            name: "MessageFormatsTests", dependencies: ["MessageFormats", "Columnar", "Time", "TestSupport"],
            exclude: ["record.py", "recordings.json"], swiftSettings: settings),
        tests("SQLTests", ["SQL", "Columnar", "Time"]),
        tests(
            "WarehouseTests", ["Warehouse", "Pipes", "Telemetry", "Columnar", "Time", "TestSupport", sqlite, logging]),
        tests("BeamYAMLTests", ["BeamYAML", "Jinja", "CPython", "Dataflow", "Columnar", "Time"]),
        .testTarget(
            name: "BeamCorpusTests",
            dependencies: [
                "BeamYAML", "CPython", "Jinja", "Dataflow", "Columnar", "Pipes", "Time", logging,
            ],
            path: "Tests/BeamCorpus",
            exclude: ["cases", "data", "expectations", "recordings", "record.py", "unsupported.txt"],
            swiftSettings: settings),
        tests(
            "PropertyTests",
            ["BeamYAML", "Dataflow", "Pipes", "Columnar", "Time", "PipesTestSupport", "TestSupport", logging]),
        tests(
            "HostTests",
            [
                "Host", "Columnar", "Dataflow", "Journal", "PubSub", "BeamYAML", "Control", "Pipes", "Run", "Warehouse",
                "Time", "Yams", logging, hummingbird, httpTypes, nio,
            ]),
        .testTarget(
            name: "DashboardTests",
            dependencies: ["Dashboard", "Control", "Telemetry", "Terminal", "TestSupport", "Time"],
            exclude: ["Goldens"], swiftSettings: settings),
        tests("SubwayAppsTests", ["SubwayApps", "Run", "Pipes", "Journal", "Time", "TestSupport", protobuf, logging]),
    ]
)
