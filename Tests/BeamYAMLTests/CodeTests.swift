import BeamYAML
import Columnar
import Dataflow
import Testing
import Time

@Suite("Code of a pipeline file") struct CodeTests {
    /// The rows that a MapToFields after a Create gives, and the reasons of those it rejects.
    private func mapped(_ elements: String, _ config: String) throws -> (rows: [[Scalar]], reasons: [String]) {
        let result = compilation(
            """
            pipeline:
              type: chain
              transforms:
                - type: Create
                  config: {elements: \(elements)}
                - type: MapToFields
                  config:
                    \(config)
            """)
        #expect(result.errors.map(\.description) == [])
        let steps = try #require(result.graph).steps
        guard case .create(let batch) = steps[0].operation, case .map(let map) = steps[1].operation else {
            return ([], [])
        }
        var failures = RowFailures()
        let columns = map.expressions.map { $0.evaluate(batch, failures: &failures) }
        #expect(columns.map(\.type) == steps[1].schema.fields.map(\.type))
        let rows = (0..<batch.liveCount).map { row in columns.map { $0[row] } }
        return (rows, failures.reasons.sorted { $0.key < $1.key }.map(\.value))
    }

    @Test("reads literals as PyYAML and Python do")
    func literals() throws {
        let (rows, _) = try mapped(
            "[{a: 1}]",
            "fields: {a: a, b: 2, c: 1.5, d: '\"x y\"', e: a < 2, f: -3, g: 1.0, h: 0x10, i: 1_000, j: 10:30}")
        #expect(
            rows == [
                [
                    .int64(1), .int64(2), .float64(1.5), .string("x y"), .boolean(true), .int64(-3), .float64(1),
                    .int64(16),
                    .int64(1000), .int64(630),
                ]
            ])
        let python = try mapped(
            "[{a: 1}]", "{language: python, fields: {a: true, b: 1.50, c: \"'x'\", d: 'None', e: yes}}")
        #expect(python.rows == [[.boolean(true), .float64(1.5), .string("x"), .null, .boolean(true)]])
    }

    @Test("appends to the row and drops from it")
    func append() throws {
        let (rows, _) = try mapped("[{a: 1, b: x, c: 2}]", "{append: true, drop: [b, c], fields: {b: a, d: c}}")
        #expect(rows == [[.int64(1), .int64(1), .int64(2)]])
    }

    @Test("rejects a null where an output_type is given")
    func outputTypes() throws {
        let (rows, reasons) = try mapped(
            "[{a: 1, b: x}, {a: null, b: null}]",
            """
            language: python
                    fields:
                      a: {expression: a, output_type: number}
                      b: {callable: 'lambda row: row.b or ""', output_type: {type: string}}
            """)
        #expect(rows == [[.float64(1), .string("x")], [.null, .null]])
        #expect(reasons == ["None violates schema {'type': 'number'}"])
    }

    @Test("makes rows of the file's values")
    func create() throws {
        let result = compilation(
            """
            pipeline:
              type: chain
              transforms:
                - type: Create
                  config:
                    elements:
                      - {a: 1, n: {x: [1, 2.5], y: null}, t: "2020-01-01"}
                      - {a: .5, n: null, f: 1e3, t: no}
                      - {n: {z: true}, t: ~}
            """)
        #expect(
            result.errors.map(\.description) == ["p.yaml:8:13: the values are string and boolean; a field has one type"]
        )
        let mixed = try #require(
            compilation("pipeline: {type: chain, transforms: [{type: Create, config: {elements: [1, {a: x}, null]}}]}")
                .graph)
        guard case .create(let batch) = mixed.steps[0].operation else { return }
        #expect(batch.schema == Schema([Field("element", .int64), Field("a", .string)]))
        #expect(batch.rows == [[.int64(1), .null], [.null, .string("x")], [.null, .null]])
        #expect(batch.eventTimes == [Int64](repeating: Timestamp.distantPast.micros, count: 3))
        let nested = try #require(
            compilation(
                "pipeline: {type: chain, transforms: [{type: Create, config: {elements: [{n: {x: [1, 2.5]}}, {n: {y: 1}}]}}]}"
            ).graph)
        guard case .create(let rows) = nested.steps[0].operation else { return }
        #expect(
            rows.rows == [
                [.structure([.list([.float64(1), .float64(2.5)]), .null])], [.structure([.null, .int64(1)])],
            ])
    }

    @Test("chooses the stop where it was found, and else its station")
    func subwayRows() throws {
        let graph = try #require(try SubwayPipelineTests.compilation("realtime_updates.yaml").graph)
        let step = try #require(graph.steps.first { $0.name == "Rows" })
        let input = graph.steps[step.inputs[0].step].schema
        guard case .map(let map) = step.operation else { return }
        func row(_ values: [String: Scalar]) -> [Scalar] { input.fields.map { values[$0.name] ?? .null } }
        let batch = Batch(
            input,
            rows: [
                row(["stop_id": .string("A55S"), "station_name": .string("Euclid Av"), "station_lat": .float64(40.6)]),
                row([
                    "stop_id": .string("H01N"), "own_name": .string("Own"), "own_lat": .float64(1),
                    "own_lon": .float64(2),
                    "station_name": .string("Other"), "station_lat": .float64(3),
                    "vehicle_seconds": .int64(1_772_235_967),
                ]), row([:]),
            ])
        var failures = RowFailures()
        let values = Dictionary(
            uniqueKeysWithValues: zip(
                step.schema.names, map.expressions.map { $0.evaluate(batch, failures: &failures) }))
        #expect(failures.isEmpty)
        func column(_ name: String) -> [Scalar] { (0..<3).map { values[name]?[$0] ?? .null } }
        #expect(column("stop_name") == [.string("Euclid Av"), .string("Own"), .null])
        #expect(column("stop_lat") == [.float64(40.6), .float64(1), .null])
        #expect(column("stop_lon") == [.null, .float64(2), .null])
        #expect(column("direction") == [.string("Southbound"), .string("Northbound"), .string("Northbound")])
        #expect(column("vehicle_timestamp") == [.null, .timestamp(Timestamp(seconds: 1_772_235_967)), .null])
    }
}
