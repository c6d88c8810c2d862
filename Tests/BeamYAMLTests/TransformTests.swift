import BeamYAML
import Columnar
import Dataflow
import Synchronization
import Testing
import Time

/// What came of a pipeline of Create and steps.
struct Outcome: Sendable {
    var state: PipelineState
    /// What AssertEqual found, in words.
    var differences: [String] = []
    /// Rows rejected without an error output.
    var lastProblem: String?
}

/// Runs a pipeline file to its end, in memory.
func outcome(_ text: String, workers: Int = 1, collecting: Bool = true) async throws -> Outcome {
    let compilation = compilation(text)
    #expect(compilation.errors.map(\.description) == [])
    let failures = Mutex<[AssertionFailure]>([])
    let state: PipelineState
    let problem: String?
    do {
        var environment = PipelineEnvironment(
            clock: SystemClock(),
            source: { throw PipelineError(.unavailable, "there is no subscription \($0)") }, sink: MemoryRowSink())
        let collected = Collected()
        if collecting { environment.assertionFailed = { collected.add($0) } }
        let pipeline = try Pipeline(
            graph: try compilation.get().graph, environment: environment, settings: PipelineSettings(workers: workers))
        try await pipeline.start()
        await pipeline.waitUntilEnd()
        state = await pipeline.state
        problem = await pipeline.metrics().lastError
        failures.withLock { $0 = collected.all }
    }
    let differences = failures.withLock { $0 }.sorted { $0.step < $1.step }.flatMap { failure in
        failure.lines.map { "\(failure.step): \($0)" }
    }
    return Outcome(state: state, differences: differences, lastProblem: problem)
}

private final class Collected: Sendable {
    private let failures = Mutex<[AssertionFailure]>([])

    var all: [AssertionFailure] { failures.withLock { $0 } }

    func add(_ failure: AssertionFailure) { failures.withLock { $0.append(failure) } }
}

@Suite("A transform, run to the end") struct TransformTests {
    @Test("AssertEqual counts each row, whatever its order, its fields' order and its nulls")
    func assertEqual() async throws {
        let result = try await outcome(
            """
            pipeline:
              transforms:
                - {type: Create, name: A, config: {elements: [{a: 1, b: x}, {a: 1, b: x}, {a: 2}, {a: 3, b: "é\\"", c: [1.0, 2.5], d: {e: null}}]}}
                - type: AssertEqual
                  name: Same
                  input: A
                  config: {elements: [{a: 2, b: null}, {b: x, a: 1.0}, {c: [1, 2.5], d: {e: null}, a: 3, b: "é\\""}, {a: 1, b: x}]}
                - type: AssertEqual
                  name: Other
                  input: A
                  windowing: {type: fixed, size: 1s}
                  config: {elements: [{a: 1, b: x}, {a: 4, b: z}, {a: 4, b: z}, {b: true, a: 2}]}
                - {type: Filter, name: None, input: A, config: {language: python, keep: a > 9}}
                - {type: AssertEqual, name: Empty, input: None, config: {elements: [{a: 10}]}}
                - {type: AssertEqual, name: Right, input: None, config: {elements: []}}
            """, workers: 3)
        #expect(result.state == .drained)
        #expect(
            result.differences == [
                #"Empty: - {"a": 10}"#,
                #"Other: - {"a": 2, "b": true}"#,
                #"Other: - {"a": 4, "b": "z"}"#,
                #"Other: - {"a": 4, "b": "z"}"#,
                #"Other: + {"a": 1, "b": "x"}"#,
                #"Other: + {"a": 2}"#,
                #"Other: + {"a": 3, "b": "é\"", "c": [1.0, 2.5], "d": {"e": null}}"#,
            ])
    }

    @Test("AssertEqual fails the run")
    func assertionFails() async throws {
        let result = try await outcome(
            """
            pipeline:
              type: chain
              transforms:
                - {type: Create, config: {elements: [1, 2]}}
                - {type: AssertEqual, config: {elements: [{element: 1}, {element: 3}]}}
            """, collecting: false)
        #expect(
            result.state
                == .failed(
                    message: """
                        step 'AssertEqual': the rows are not as expected (1 missing, 1 surplus):
                        - {"element": 3}
                        + {"element": 2}
                        """))
    }

    @Test("Partition sends each row to one output, and what has none to the unknown one or the errors")
    func partition() async throws {
        let result = try await outcome(
            """
            pipeline:
              transforms:
                - {type: Create, name: A, config: {elements: [{k: a, n: 1}, {k: b, n: 2}, {k: c, n: 3}, {k: null, n: 4}, {k: a, n: 0}]}}
                - {type: Partition, name: P, input: A, config: {by: k, outputs: [a, b], unknown_output: other}}
                - {type: AssertEqual, name: Pa, input: P.a, config: {elements: [{k: a, n: 1}, {k: a, n: 0}]}}
                - {type: AssertEqual, name: Pb, input: P.b, config: {elements: [{k: b, n: 2}]}}
                - {type: AssertEqual, name: Pc, input: P.other, config: {elements: [{k: c, n: 3}, {k: null, n: 4}]}}
                - type: Partition
                  name: Q
                  input: A
                  config: {by: "k if 1 / n < 1 else 'a'", language: python, outputs: [a, b], error_handling: {output: bad}}
                - {type: AssertEqual, name: Qa, input: Q.a, config: {elements: [{k: a, n: 1}]}}
                - {type: AssertEqual, name: Qb, input: Q.b, config: {elements: [{k: b, n: 2}]}}
                - {type: MapToFields, name: Why, input: Q.bad, config: {language: python, fields: {n: element.n, why: msg}}}
                - type: AssertEqual
                  name: Qbad
                  input: Why
                  config:
                    elements:
                      - {n: 3, why: "'by' gives 'c'; outputs are a, b"}
                      - {n: 4, why: "'by' gives None; outputs are a, b"}
                      - {n: 0, why: "ZeroDivisionError('division by zero')"}
                - {type: StripErrorMetadata, name: Again, input: Q.bad}
                - {type: AssertEqual, name: Rows, input: Again, config: {elements: [{k: c, n: 3}, {n: 4}, {k: a, n: 0}]}}
            """)
        #expect(result.state == .drained)
        #expect(result.differences == [])
    }

    @Test("ValidateWithSchema rejects the rows that a JSON schema does not allow")
    func validate() async throws {
        let result = try await outcome(
            """
            pipeline:
              transforms:
                - type: Create
                  name: A
                  config:
                    elements:
                      - {id: 1, name: one, tags: [a], place: {x: 1.5}}
                      - {id: 2, name: null, tags: [], place: {x: 1.5}}
                      - {id: -1, name: three, tags: [], place: {x: 1.5}}
                      - {id: 4, name: FOUR, tags: [], place: {x: 1.5}}
                      - {id: 5, name: fivefive, tags: [], place: {x: 1.5}}
                      - {id: 6, name: six, tags: [a, z], place: {x: 1.5}}
                      - {id: 7, name: seven, tags: [], place: {x: 9.5}}
                - type: Reshuffle
                  input: A
                  config: {num_buckets: 4}
                - type: ValidateWithSchema
                  name: V
                  input: Reshuffle
                  config:
                    error_handling: {output: bad}
                    schema:
                      type: object
                      required: [id, name]
                      properties:
                        id: {type: integer, minimum: 0}
                        name: {type: string, maxLength: 5, pattern: "^[a-z]+$"}
                        tags: {type: array, items: {type: string, enum: [a, b]}}
                        place: {type: object, properties: {x: {type: number, exclusiveMaximum: 9.5}}}
                - type: AssertEqual
                  name: Good
                  input: V
                  config: {elements: [{id: 1, name: one, tags: [a], place: {x: 1.5}}]}
                - {type: MapToFields, name: Why, input: V.bad, config: {language: python, fields: {id: element.id, why: msg}}}
                - type: AssertEqual
                  name: Bad
                  input: Why
                  config:
                    elements:
                      - {id: 2, why: "'name' is a required property"}
                      - {id: -1, why: "id: -1 is less than the minimum of 0"}
                      - {id: 4, why: "name: \\"FOUR\\" does not match '^[a-z]+$'"}
                      - {id: 5, why: "name: \\"fivefive\\" is too long"}
                      - {id: 6, why: "tags[1]: \\"z\\" is not one of [\\"a\\", \\"b\\"]"}
                      - {id: 7, why: "place.x: 9.5 is greater than or equal to the maximum of 9.5"}
            """)
        #expect(result.state == .drained)
        #expect(result.differences == [])
    }
}
