import BeamYAML
import Dataflow
import Testing
import Time

@Suite("The tests of a pipeline file") struct TestBlockTests {
    private static let pipeline = """
        pipeline:
          transforms:
            - {type: ReadFromPubSub, name: Read, config: {subscription: projects/p/subscriptions/orders, format: STRING}}
            - type: MapToFields
              name: Parse
              input: Read
              config:
                language: python
                fields: {n: "int(payload)"}
                error_handling: {output: errors}
            - {type: Filter, name: Big, input: Parse, config: {language: python, keep: n > 2}}
            - {type: Combine, name: Sum, input: Big, config: {group_by: [], combine: {n: sum}}}
            - {type: WriteToBigQuery, name: Write, input: Sum, config: {table: shop.sums}}
            - {type: WriteToPubSub, name: Dead, input: Parse.errors, config: {topic: projects/p/topics/events, format: RAW}}

        """

    private func compile(_ tests: String) -> PipelineTestCompilation {
        PipelineCompiler(environment: environment).compileTests(text: Self.pipeline + tests, file: "p.yaml", name: "p")
    }

    @Test("are compiled to what they need of it, between mocks and expectations")
    func graphs() throws {
        let compiled = compile(
            """
            tests:
              - name: whole
                mock_outputs: [{name: Read, elements: [{payload: "1"}, {payload: "3"}, {payload: x}]}]
                expected_inputs: [{name: Write, elements: [{n: 3}]}]
                expected_outputs: [{name: Parse, elements: [{n: 1}, {n: 3}]}]
              - mock_inputs: [{name: Big, elements: [{n: 7}]}]
                expected_outputs: [{name: Big, elements: [{n: 7}]}]
            """)
        #expect(compiled.diagnostics.map(\.description) == [])
        #expect(compiled.tests.map(\.name) == ["whole", "test 2"])
        #expect(compiled.tests.map(\.line) == [16, 20])
        let names = compiled.tests.map { test in
            test.graph.steps.map(\.name).filter { !$0.contains("/") }
        }
        #expect(
            names == [
                [
                    "MockOutput[Read]", "Parse", "CheckExpectedOutput[Parse]", "Big", "Sum",
                    "CheckExpectedInput[Write]",
                ], ["MockInput[Big]", "Big", "CheckExpectedOutput[Big]"],
            ])
        #expect(
            compiled.tests.first?.expectations["CheckExpectedInput[Write]"]
                == PipelineTest.Expectation(name: "Write", isInput: true, line: 18, column: 30))
    }

    @Test("are run, and tell what differs")
    func run() async throws {
        let compiled = compile(
            """
            tests:
              - name: right
                mock_outputs: [{name: Read, elements: [{payload: "1"}, {payload: "3"}, {payload: x}, {payload: "4"}]}]
                expected_inputs: [{name: Write, elements: [{n: 7}]}]
                expected_outputs: [{name: Parse, elements: [{n: 4}, {n: 1}, {n: 3}]}]
              - name: wrong
                mock_outputs: [{name: Parse, elements: [{n: 1}, {n: 5}]}, {name: Parse.errors, elements: []}]
                expected_outputs: [{name: Big, elements: [{n: 5}, {n: 1}, {n: null}]}]
            """)
        #expect(compiled.diagnostics.map(\.description) == [])
        var results: [PipelineTestResult] = []
        for test in compiled.tests { results.append(await test.run(in: .isolated(clock: SystemClock()), workers: 2)) }
        #expect(results.map { $0.differences.flatMap(\.failure.lines) } == [[], [#"- {"n": 1}"#, #"- {"n": null}"#]])
        #expect(results.map(\.problem) == [nil, nil])
    }

    @Test(
        "are told what is wrong with them, and where",
        arguments: [
            ("tests: {}", ["p.yaml:15:8: 'tests' is a list of tests, not a map"]),
            ("tests: [1]", ["p.yaml:15:9: a test is a map with 'expected_outputs' or 'expected_inputs'"]),
            (
                "tests: [{name: x}]",
                ["p.yaml:15:16: the test 'x' expects nothing; give it 'expected_outputs' or 'expected_inputs'"]
            ),
            (
                "tests: [{name: x, expectd_outputs: [], expected_outputs: [{name: Parse, elements: 1}, {elements: []}]}]",
                [
                    "p.yaml:15:19: the test has no parameter 'expectd_outputs'; did you mean 'expected_outputs'? parts are name, mock_inputs, mock_outputs, expected_inputs, expected_outputs, allowed_sources",
                    "p.yaml:15:83: 'elements' is a list, not a number",
                    "p.yaml:15:87: an item of 'expected_outputs' needs 'name'",
                ]
            ),
            (
                "tests: [{name: x, expected_outputs: [{name: Parse, elements: []}]}]",
                [
                    "p.yaml:15:16: the test 'x' reads the source 'Read', which is not mocked; add it to 'mock_outputs', or to 'allowed_sources'"
                ]
            ),
            (
                "tests: [{name: x, allowed_sources: [Read], expected_outputs: [{name: Parse, elements: []}]}]",
                [
                    "p.yaml:15:16: the test 'x' needs 'Read', which reads messages, and a test has no broker; mock what it gives with 'mock_outputs'"
                ]
            ),
            (
                "tests: [{name: x, mock_outputs: [{name: Parze, elements: []}], expected_outputs: [{name: Write, elements: []}]}]",
                [
                    "p.yaml:15:16: the test 'x' reads the source 'Read', which is not mocked; add it to 'mock_outputs', or to 'allowed_sources'",
                    "p.yaml:15:41: there is no transform 'Parze' in the pipeline; did you mean 'Parse'? transforms are Read, Parse, Big, Sum, Write, Dead",
                ]
            ),
            (
                "tests: [{name: x, mock_outputs: [{name: Parse.errors, elements: [{a: 2024-01-01}]}], expected_outputs: [{name: Big, elements: []}]}]",
                [
                    "p.yaml:15:41: the test 'x' mocks outputs of 'Parse', but not 'out', which is read; add 'Parse.out' to 'mock_outputs'"
                ]
            ),
            (
                "tests: [{name: x, mock_outputs: [{name: Parse, elements: [{n: 1}, {n: x}]}], expected_outputs: [{name: Write, elements: [{d: 2024-01-01}]}, {name: Sum.b, elements: []}]}]",
                [
                    "p.yaml:15:67: the values are integer and string; a field has one type",
                    "p.yaml:15:104: 'Write' has no output to read",
                    "p.yaml:15:126: a date is not supported as a value; put it in quotes for text",
                    "p.yaml:15:148: 'Sum' has no output 'b'; there are no outputs",
                ]
            ),
            (
                "tests: [{name: x, mock_outputs: [{name: Parse, elements: [{m: 1}]}], expected_outputs: [{name: Big, elements: []}]}]",
                [
                    "p.yaml:11:80: in the test 'x': unknown field 'n'; fields are m"
                ]
            ),
        ])
    func complaints(tests: String, expected: [String]) {
        #expect(compile(tests).diagnostics.map(\.description) == expected)
    }
}
