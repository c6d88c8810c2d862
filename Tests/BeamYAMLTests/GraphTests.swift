import BeamYAML
import Columnar
import Dataflow
import Testing
import Time

@Suite("A pipeline becomes a graph") struct GraphTests {
    /// `name: Transform <- inputs (fields)`, one step a line.
    private func outline(_ text: String) -> [String] {
        let result = compilation(text)
        #expect(result.errors.map(\.description) == [])
        let steps = result.graph?.steps ?? []
        #expect(steps.map(\.id) == Array(steps.indices))
        return steps.map { step in
            let inputs = step.inputs.map { steps[$0.step].name + ($0.output == .errors ? "!" : "") }
            let fields = step.schema.fields.map { "\($0.name)\($0.isNullable ? "?" : ""): \($0.type)" }
            let source = inputs.isEmpty ? "" : " <- " + inputs.joined(separator: ", ")
            return "\(step.name): \(step.transform)\(source) (\(fields.joined(separator: ", ")))"
        }
    }

    @Test("from a chain, where a second transform of a type gets a number")
    func chain() {
        let outline = outline(
            """
            pipeline:
              type: chain
              source: {type: Create, config: {elements: [{a: [1, 2], b: x}, {a: [], c: 1.5}]}}
              transforms:
                - {type: Explode, config: {fields: a}}
                - {type: Filter, config: {keep: a > 1}}
                - {type: Filter, name: Big, config: {language: python, keep: a > 1 and b}}
                - {type: Filter, config: {keep: a < 5}}
              sink: {type: LogForTesting}
            """)
        #expect(
            outline == [
                "Create: Create (a: list<integer>, b?: string, c?: number)",
                "Explode: Explode <- Create (a?: integer, b?: string, c?: number)",
                "Filter: Filter <- Explode (a?: integer, b?: string, c?: number)",
                "Big: Filter <- Filter (a?: integer, b?: string, c?: number)",
                "Filter 2: Filter <- Big (a?: integer, b?: string, c?: number)",
                "LogForTesting: LogForTesting <- Filter 2 (a?: integer, b?: string, c?: number)",
            ])
    }

    @Test("with a query's joins, groups and fields as steps")
    func query() {
        let outline = outline(
            """
            pipeline:
              transforms:
                - {type: Create, name: A, config: {elements: [{id: 1, item: x}]}}
                - {type: Create, name: B, config: {elements: [{auction: 1, price: 2.5}]}}
                - type: Sql
                  name: Q
                  input: {a: A, b: B}
                  windowing: {type: fixed, size: 60s}
                  config:
                    query: |
                      SELECT a.item, s.most FROM a
                      LEFT JOIN (SELECT auction, MAX(price) AS most FROM b GROUP BY auction) AS s ON a.id = s.auction
                      WHERE a.id > 0
                - {type: Sql, name: P, input: {a: A, b: B}, config: {query: SELECT price FROM b}}
                - {type: LogForTesting, name: L, input: Q}
                - {type: LogForTesting, name: M, input: P}
            """)
        #expect(
            outline == [
                "A: Create (id: integer, item: string)",
                "B: Create (auction: integer, price: number)",
                "Q/a/Windowing: WindowInto <- A (id: integer, item: string)",
                "Q/b/Windowing: WindowInto <- B (auction: integer, price: number)",
                "Q/s/GroupBy: Combine <- Q/b/Windowing (auction: integer, MAX(price): number)",
                "Q/s/Select: MapToFields <- Q/s/GroupBy (auction: integer, most: number)",
                "Q/Join s: Join <- Q/a/Windowing, Q/s/Select (a.id: integer, a.item: string, s.most?: number)",
                "Q/Where: Filter <- Q/Join s (a.id: integer, a.item: string, s.most?: number)",
                "Q: Sql <- Q/Where (item: string, most?: number)",
                "P: Sql <- B (price: number)",
                "L: LogForTesting <- Q (item: string, most?: number)",
                "M: LogForTesting <- P (price: number)",
            ])
    }

    @Test("whatever the order in the file, with lists of inputs flattened")
    func composite() {
        let outline = outline(
            """
            pipeline:
              transforms:
                - {type: LogForTesting, input: [Small, Large, Small]}
                - {type: Filter, name: Large, input: Numbers, config: {keep: element > 5}}
                - {type: MapToFields, name: Small, input: Numbers, config: {fields: {element: element, kind: '"small"'}}}
                - {type: Create, name: Numbers, config: {elements: [1, 9]}}
            """)
        #expect(
            outline == [
                "Numbers: Create (element: integer)",
                "Small: MapToFields <- Numbers (element: integer, kind: string)",
                "Large: Filter <- Numbers (element: integer)",
                "LogForTesting/Flatten/Fields 1: MapToFields <- Small (element: integer, kind?: string)",
                "LogForTesting/Flatten/Fields 2: MapToFields <- Large (element: integer, kind?: string)",
                "LogForTesting/Flatten/Fields 3: MapToFields <- Small (element: integer, kind?: string)",
                "LogForTesting/Flatten: Flatten <- LogForTesting/Flatten/Fields 1, LogForTesting/Flatten/Fields 2, "
                    + "LogForTesting/Flatten/Fields 3 (element: integer, kind?: string)",
                "LogForTesting: LogForTesting <- LogForTesting/Flatten (element: integer, kind?: string)",
            ])
    }

    @Test("with composites and chains inside each other")
    func nested() {
        let outline = outline(
            """
            pipeline:
              transforms:
                - {type: Create, name: A, config: {elements: [1]}}
                - {type: Create, name: B, config: {elements: [2]}}
                - type: composite
                  name: Both
                  input: {left: A, right: B}
                  transforms:
                    - {type: Flatten, name: All, input: [left, right]}
                    - type: chain
                      name: Steps
                      input: All
                      transforms:
                        - {type: Filter, config: {keep: element > 1}}
                        - {type: LogForTesting}
                    - type: composite
                      name: Implicit
                      input: Steps
                      transforms:
                        - {type: Filter, config: {keep: element > 2}}
                        - {type: Filter, config: {keep: element > 3}}
                  output: {some: Steps, few: Implicit}
                - {type: LogForTesting, name: L1, input: Both.some}
                - {type: LogForTesting, name: L2, input: Both.few}
            """)
        #expect(
            outline == [
                "A: Create (element: integer)", "B: Create (element: integer)",
                "Both/All: Flatten <- A, B (element: integer)",
                "Both/Steps/Filter: Filter <- Both/All (element: integer)",
                "Both/Steps/LogForTesting: LogForTesting <- Both/Steps/Filter (element: integer)",
                "Both/Implicit/Filter: Filter <- Both/Steps/LogForTesting (element: integer)",
                "Both/Implicit/Filter 2: Filter <- Both/Implicit/Filter (element: integer)",
                "L1: LogForTesting <- Both/Steps/LogForTesting (element: integer)",
                "L2: LogForTesting <- Both/Implicit/Filter 2 (element: integer)",
            ])
    }

    @Test("with windows where the file asks for them")
    func windowing() throws {
        let text = """
            pipeline:
              type: composite
              windowing: {type: fixed, size: 1m, offset: 70}
              transforms:
                - {type: Create, name: A, config: {elements: [{k: a, v: 1}]}}
                - {type: Create, name: B, windowing: {type: global}, config: {elements: [{k: a, v: 1}]}}
                - type: Combine
                  name: Sums
                  input: A
                  windowing: {type: sliding, size: 10, period: 1500ms}
                  config: {group_by: k, combine: {v: sum, n: {value: v, fn: count}}}
                - {type: WindowInto, name: W, input: B, config: {windowing: {type: sessions, gap: 1.5h}}}
                - {type: ExtractWindowingInfo, name: Info, input: Sums, config: {fields: {from: window_start, at: timestamp}}}
            """
        #expect(
            outline(text) == [
                "A: Create (k: string, v: integer)", "A/Windowing: WindowInto <- A (k: string, v: integer)",
                "B: Create (k: string, v: integer)", "B/Windowing: WindowInto <- B (k: string, v: integer)",
                "Sums/Windowing: WindowInto <- A/Windowing (k: string, v: integer)",
                "Sums: Combine <- Sums/Windowing (k: string, v: integer, n: integer)",
                "W: WindowInto <- B/Windowing (k: string, v: integer)",
                "Info: ExtractWindowingInfo <- Sums (k: string, v: integer, n: integer, from?: timestamp, at: timestamp)",
            ])
        let functions = try #require(compilation(text).graph).steps.compactMap { step -> WindowFunction? in
            if case .window(let function) = step.operation { function } else { nil }
        }
        #expect(
            functions == [
                .fixed(size: 60_000_000, offset: 10_000_000), .global,
                .sliding(size: 10_000_000, period: 1_500_000, offset: 0), .sessions(gap: 5_400_000_000),
            ])
    }

    @Test("with error outputs that others read")
    func errors() {
        let outline = outline(
            """
            pipeline:
              type: chain
              transforms:
                - type: ReadFromPubSub
                  config:
                    subscription: projects/p/subscriptions/orders
                    format: json
                    schema: {type: object, properties: {a: {type: integer}}, required: [a]}
                    attributes: [region]
                    publish_time_field: published
                    error_handling: {output: bad}
                - type: MapToFields
                  name: Map
                  config: {language: python, fields: {x: 1 / a}, error_handling: {output: failed}}
                - {type: LogForTesting}
              extra_transforms:
                - {type: LogForTesting, name: Bad, input: ReadFromPubSub.bad}
                - {type: LogForTesting, name: Failed, input: Map.failed}
            """)
        #expect(
            outline == [
                "ReadFromPubSub: ReadFromPubSub (a: integer, region: string, published?: timestamp)",
                "Map: MapToFields <- ReadFromPubSub (x: number)", "LogForTesting: LogForTesting <- Map (x: number)",
                "Bad: LogForTesting <- ReadFromPubSub! (element: bytes, msg: string, stack: string)",
                "Failed: LogForTesting <- Map! (element: row<a: integer, region: string, published: timestamp>, "
                    + "msg: string, stack: string)",
            ])
    }

    @Test("with the look-ups of Enrichment")
    func enrichment() throws {
        let text = """
            options: {yaml_experimental_features: [Enrichment]}
            pipeline:
              type: chain
              transforms:
                - {type: Create, config: {elements: [{key: x, n: 1.5}]}}
                - type: Enrichment
                  config:
                    enrichment_handler: BigQuery
                    handler_config:
                      project: p
                      table_name: p.shop.things
                      row_restriction_template: "id = '{}' AND `size` = {}"
                      fields: [key, n]
                      column_names: [id AS key, size AS n, name AS label]
                - type: Enrichment
                  config:
                    enrichment_handler: BigQuery
                    handler_config:
                      project: p
                      table_name: shop.things
                      row_restriction_template: "id = '{}'"
                      fields: [key]
                      column_names: [id as key, name]
                      throw_exception_on_empty_results: false
            """
        #expect(
            outline(text) == [
                "Create: Create (key: string, n: number)",
                "Enrichment: Enrichment <- Create (key: string, n: number, label?: string)",
                "Enrichment 2: Enrichment <- Enrichment (key: string, n: number, label?: string, name?: string)",
            ])
        let lookups = try #require(compilation(text).graph).steps.compactMap { step -> Lookup? in
            if case .lookup(let lookup) = step.operation { lookup } else { nil }
        }
        #expect(lookups.map(\.table) == ["p.shop.things", "shop.things"])
        #expect(lookups.map(\.keyFields) == [[0, 1], [0]])
        #expect(lookups.map(\.keyColumns) == [["id", "size"], ["id"]])
        #expect(lookups.map(\.columns) == [["name"], ["name"]])
        #expect(lookups.map(\.rejectsUnmatched) == [true, false])
    }

    @Test("with messages and rows that are read and written as the file says")
    func resources() throws {
        let graph = try #require(
            compilation(
                """
                pipeline:
                  transforms:
                    - type: ReadFromPubSub
                      name: In
                      config:
                        topic: projects/p/topics/events
                        format: STRING
                        id_attribute: id
                        timestamp_attribute: at
                    - {type: WriteToPubSub, input: In, config: {topic: projects/p/topics/events, format: raw, id_attribute: i}}
                    - type: MapToFields
                      name: Rows
                      input: In
                      config: {language: python, fields: {id: payload, size: len(payload)}}
                    - type: WriteToBigQuery
                      input: Rows
                      config: {table: "p:shop.things", create_disposition: CREATE_NEVER, write_disposition: WRITE_TRUNCATE}
                """
            ).graph)
        guard case .readMessages(let read) = graph.steps[0].operation, case .string = read.format,
            case .writeMessages(let message) = graph.steps[1].operation,
            case .writeRows(let rows) = graph.steps[3].operation
        else {
            Issue.record("other steps: \(graph.steps.map(\.name))")
            return
        }
        #expect(read.topic == "projects/p/topics/events" && read.subscription == nil)
        #expect(read.idAttribute == "id" && read.timestampAttribute == "at")
        #expect(message.topic == "projects/p/topics/events" && message.format == .raw && message.idAttribute == "i")
        #expect(rows.table == "p:shop.things" && !rows.createsTable && rows.writeDisposition == .truncate)
        #expect(graph.steps[1].schema == Schema() && graph.steps[3].schema == Schema())
    }
}
