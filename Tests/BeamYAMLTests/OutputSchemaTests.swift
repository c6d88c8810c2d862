import BeamYAML
import Columnar
import Dataflow
import Testing

@Suite("output_schema") struct OutputSchemaTests {
    private func pipeline(_ config: String, _ rest: String = "") -> PipelineCompilation {
        compilation(
            """
            pipeline:
              type: composite
              transforms:
                - {type: Create, config: {elements: [{a: 1}, {a: 20}]}}
                - type: Filter
                  input: Create
                  config: {language: python, keep: a > 0, \(config)}
            \(rest)
            """)
    }

    @Test("adds a check behind the transform, whose rejects join the transform's own")
    func check() {
        let result = pipeline(
            "output_schema: {type: object, properties: {a: {type: integer, maximum: 9}}}, error_handling: {output: bad}",
            "    - {type: LogForTesting, input: Filter.bad}\n    - {type: Explode, input: Filter, config: {fields: []}}"
        )
        #expect(
            result.graph?.steps.map(\.name) == [
                "Create", "Filter", "Filter/EnforceOutputSchema", "Filter/FlattenErrors", "LogForTesting", "Explode",
            ])
        #expect(result.graph?.steps.last?.inputs == [Edge(step: 2)])
    }

    @Test(
        "is checked itself",
        arguments: [
            ("output_schema: {type: object, properties: {a: {type: string}}}", 1),
            ("output_schema: {type: object, properties: {a: {type: integer}}, error_handling: {output: x}}", 1),
            ("output_schema: {type: object, properties: {a: {type: integer}}}", 0),
        ])
    func wrong(config: String, count: Int) { #expect(pipeline(config).errors.count == count) }
}
