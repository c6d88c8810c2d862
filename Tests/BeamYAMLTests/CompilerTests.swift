import BeamYAML
import Columnar
import Dataflow
import Testing

/// A file that is wrong, and what the compiler says of it.
struct BadPipeline: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    var diagnostics: [String]

    init(_ name: String, _ text: String, _ diagnostics: [String]) {
        self.name = name
        self.text = text
        self.diagnostics = diagnostics
    }

    var testDescription: String { name }
}

/// What the pipelines of the tests may refer to.
let environment = CompileEnvironment(
    tables: [
        "shop.things": Schema([
            Field("id", .string, isNullable: false), Field("name", .string), Field("size", .float64),
        ])
    ], subscriptions: ["events-sub", "orders"], topics: ["events"])

func compilation(_ text: String) -> PipelineCompilation {
    PipelineCompiler(environment: environment).compile(text: text, file: "p.yaml", name: "p")
}

@Suite("The compiler") struct CompilerTests {
    @Test(
        "tells what is wrong with a file, and where",
        arguments: BadStructure.all + BadCode.all + BadResources.all + BadTransforms.all + BadJoins.all + BadSql.all)
    func complaints(bad: BadPipeline) {
        let result = compilation(bad.text)
        #expect(result.diagnostics.map(\.description) == bad.diagnostics)
        #expect((result.graph == nil) == bad.diagnostics.contains { !$0.contains(": warning: ") })
    }

    @Test("gives the pipeline, or throws everything that is wrong")
    func get() throws {
        let pipeline = try compilation(
            """
            options: {streaming: true, yaml_experimental_features: Enrichment, runner: FnApiRunner}
            pipeline:
              type: chain
              transforms:
                - {type: Create, config: {elements: [1]}}
                - {type: Filter, config: {keep: element >= 1}}
            """
        ).get()
        #expect(pipeline.graph.name == "p")
        #expect(pipeline.graph.steps.map(\.name) == ["Create", "Filter"])
        #expect(pipeline.warnings.map(\.severity) == [.warning])
        #expect(pipeline.options.isStreaming)
        #expect(pipeline.options.experimentalFeatures == ["Enrichment"])
        #expect(pipeline.options.others == ["runner": "FnApiRunner"])
        #expect(throws: PipelineErrors.self) {
            try compilation("pipeline: {type: chain, transforms: [{type: Nothing}]}").get()
        }
    }

    @Test("finds the place of an error inside every kind of YAML text")
    func places() {
        let cases: [(String, String)] = [
            ("keep: a and\n                bad", "9:17"), ("keep: 'a and bad'", "8:22"),
            ("keep: \"a and bad\"", "8:22"),
            ("keep: \"a and\\tbad\"", "8:15"), ("keep: 'a == ''x'' and bad'", "8:31"),
            ("keep: |\n            a and\\\n              bad", "10:15"),
            ("keep: >-\n            a and\n\n            bad or a", "11:13"),
            ("keep:\n            expression: bad", "9:25"),
            ("keep: {callable: 'lambda row: row.bad'}", "8:43"), ("keep: a +", "8:18"),
        ]
        for (keep, place) in cases {
            let result = compilation(
                """
                pipeline:
                  type: chain
                  transforms:
                    - {type: Create, config: {elements: [{a: x}]}}
                    - type: Filter
                      config:
                        language: python
                        \(keep)
                """)
            #expect(result.diagnostics.map { "\($0.line):\($0.column)" } == [place], "\(keep)")
        }
    }
}
