import BeamYAML
import Columnar
import Dataflow
import Foundation
import Testing
import Time

@Suite("The subway workspace's pipelines") struct SubwayPipelineTests {
    @Test("compile without a warning", arguments: ["realtime_updates.yaml", "line_activity.yaml"])
    func compile(file: String) throws {
        let compilation = try Self.compilation(file)
        #expect(compilation.diagnostics.map(\.description) == [])
        #expect(compilation.graph != nil)
    }

    static func compilation(_ file: String) throws -> PipelineCompilation {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
            .appending(path: "sample-data/subway")
        let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
        return PipelineCompiler(environment: environment).compile(text: text, file: file, name: "test")
    }

    static let environment = CompileEnvironment(
        tables: [
            "mta_updates.stations": Schema([
                Field("stop_id", .string, isNullable: false), Field("stop_name", .string), Field("stop_lat", .float64),
                Field("stop_lon", .float64),
            ]),
            "mta_updates.realtime_updates": Schema(
                [
                    ("unique_event_id", DataType.string), ("feed_header_timestamp", .timestamp), ("entity_id", .string),
                    ("trip_id", .string), ("start_time", .string), ("start_date", .string), ("route_id", .string),
                    ("stop_id", .string), ("vehicle_timestamp", .timestamp), ("current_status", .string),
                    ("current_stop_sequence", .int64), ("stop_name", .string), ("stop_lat", .float64),
                    ("stop_lon", .float64),
                    ("direction", .string),
                ].map { Field($0, $1) }),
            "mta_updates.line_activity": Schema([
                Field("window_start", .timestamp), Field("window_end", .timestamp), Field("route_id", .string),
                Field("direction", .string), Field("vehicles", .int64),
            ]),
        ], subscriptions: ["mta-gtfs-ace-sub", "mta-gtfs-ace-activity-sub", "mta-gtfs-ace-dead-letter-sub"],
        topics: ["mta-gtfs-ace", "mta-gtfs-ace-dead-letter"])
}
