import BeamYAML
import Columnar
import Dataflow
import Foundation
import Jinja
import Testing
import Time

private func compiled(_ text: String, _ variables: String = "{}", file: String = "p.yaml") -> PipelineCompilation {
    var environment = environment
    if case .map(let entries)? = try? TemplateValue(json: variables) {
        environment.templates = TemplateSettings(
            variables: entries, clock: ManualClock(now: Timestamp(seconds: 1_000_000_000)))
    }
    return PipelineCompiler(environment: environment).compile(text: text, file: file, name: "p")
}

/// The names and the fields of the steps.
private func shape(_ compilation: PipelineCompilation) -> [String] {
    (compilation.graph?.steps ?? []).map { "\($0.name): \($0.schema.names.joined(separator: " "))" }
        + compilation.errors.map(\.description)
}

@Suite("Templates of pipeline files") struct TemplateTests {
    @Test("are rendered with the caller's variables before the file is read")
    func variables() {
        let text = """
            # {{ this is a comment, and no template }}
            pipeline:
              type: chain
              transforms:
                - type: Create
                  config:
                    elements:
                      {% for id in ids %}
                      - {id: {{ id }}, day: "{{ datetime.date.today() }}"}
                      {% endfor %}
                - type: MapToFields
                  config: {language: python, fields: {"{{ field }}": "id * {{ factor|default(2) }}"}}
            """
        #expect(
            shape(compiled(text, #"{"ids": [1, 2], "field": "twice"}"#)) == ["Create: id day", "MapToFields: twice"])
    }

    @Test("are told of with the template's own places")
    func places() {
        let text = """
            # one

            pipeline:
              type: chain
              transforms:
                {% if true %}
                - {type: Create, config: {elements: [{a: 1}]}}
                {% endif %}
                - {type: Filter, config: {language: python, keep: "{{ field }} > 1"}}
                - {type: Fitler, config: {keep: a > 1}}
            """
        let found = compiled(text, #"{"field": "bb"}"#).errors.map(\.description)
        #expect(found.contains { $0.hasPrefix("p.yaml:9:") && $0.contains("'bb'") })
        #expect(found.contains { $0.hasPrefix("p.yaml:10:14: 'Fitler' is not a transform") })
        #expect(
            compiled(text, #"{"fields": "a"}"#).diagnostics.map(\.description)
                == ["p.yaml:9:59: 'field' is not defined; did you mean 'fields'?"])
        #expect(
            compiled("pipeline: {% if x").diagnostics.map(\.description)
                == ["p.yaml:1:11: the '{%' has no end; write '%}' behind it"])
    }

    @Test("include files from the folder of the pipeline's own")
    func includes() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("templates-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let part = folder.appendingPathComponent("part.yaml")
        try "# comment\n    - {type: Create, config: {elements: [1]}}\n    - {type: Explod}\n".write(
            to: part, atomically: true, encoding: .utf8)
        let file = folder.appendingPathComponent("p.yaml").path
        let direct = compiled(
            "pipeline:\n  type: chain\n  transforms:\n{% include 'part.yaml' %}\n", file: file)
        #expect(
            direct.errors.map(\.description) == [
                "\(part.path):3:14: 'Explod' is not a transform; did you mean 'Explode'?"
            ])
        let missing = compiled("{% include 'prat.yaml' %}", file: file)
        #expect(missing.errors.map(\.description) == ["\(file):1:12: there is no template 'prat.yaml'"])
    }
}

@Suite("Providers") struct ProviderTests {
    private let powers = """
        providers:
          - type: yaml
            transforms:
              Power:
                config_schema:
                  properties:
                    n: {type: integer}
                    name: {type: string}
                  required: [n]
                body:
                  type: chain
                  transforms:
                    - type: MapToFields
                      config:
                        language: python
                        append: true
                        fields:
                          power: "element ** {% raw %}{{n}}{% endraw %}"
              Range:
                config_schema: {properties: {end: {type: integer}}}
                requires_inputs: false
                body: |
                  {% raw %}
                  type: Create
                  config:
                    elements:
                      {% for ix in range(end) %}
                      - {{ix}}
                      {% endfor %}
                  {% endraw %}
              Powers:
                requires_inputs: false
                config_schema: {properties: {n: {type: integer}}}
                body:
                  type: chain
                  transforms:
                    - {type: Range, config: {end: 3}}
                    - {type: Power, config: {n: "{% raw %}{{n}}{% endraw %}"}}

        """

    @Test("of the type yaml give transforms whose bodies are templates of their parameters")
    func yaml() {
        let steps = shape(
            compiled(
                powers + """
                    pipeline:
                      type: chain
                      transforms:
                        - {type: Range, config: {end: 3}}
                        - {type: Power, name: Cubes, config: {n: 3}}
                    """))
        #expect(steps == ["Range/Create: element", "Cubes/MapToFields: element power"])
    }

    @Test(
        "check their parameters",
        arguments: [
            ("{n: 3, m: 1}", "Power has no parameter 'm'"), ("{n: x}", "'n' of Power is integer, not text"),
            ("{}", "Power needs 'n'"), ("{n: 3, name: 4}", "'name' of Power is string, not a number"),
        ])
    func parameters(config: String, expected: String) {
        let errors = compiled(
            powers + """
                pipeline:
                  type: chain
                  transforms:
                    - {type: Range, config: {end: 3}}
                    - {type: Power, config: \(config)}
                """
        ).errors
        #expect(errors.map(\.message) == [expected])
        #expect(errors.first?.line == (powers.split(separator: "\n", omittingEmptySubsequences: false).count - 1) + 5)
    }

    @Test("show what is wrong in a body where it stands there")
    func placesOfBodies() {
        let text = """
            providers:
              - type: yaml
                transforms:
                  Wrong:
                    body:
                      type: chain
                      transforms:
                        - type: Fitler
                          config: {keep: a}
                  Missing:
                    body: |
                      type: MapToFields
                      config:
                        fields: {x: "{{ '{{' }} y }}"}
                  Itself:
                    body: {type: Itself}
            pipeline:
              type: composite
              transforms:
                - {type: Create, config: {elements: [1]}}
                - {type: Wrong, input: Create}
                - {type: Missing, input: Create}
                - {type: Itself, input: Create}
            """
        let errors = compiled(text).errors.map(\.description)
        #expect(
            errors == [
                "p.yaml:8:21: 'Fitler' is not a transform; did you mean 'Filter'?",
                "p.yaml:14:37: 'y' is not defined; no variables are given",
                "p.yaml:16:22: the provider's transform 'Itself' uses itself without end",
            ])
    }

    @Test("of other types are refused when they are used")
    func others() {
        let text = """
            providers:
              - type: javaJar
                config: {jar: x.jar}
                transforms: {Fancy: "beam:fancy", Unused: "beam:unused"}
              - type: pyhton
                transforms: {X: y}
            pipeline:
              type: chain
              transforms:
                - {type: Create, config: {elements: [1]}}
                - {type: Fancy}
                - {type: LogForTesting}
            """
        #expect(
            compiled(text).errors.map(\.description) == [
                "p.yaml:5:11: 'pyhton' is not a type of provider; did you mean 'python'? types are beamJar, docker, "
                    + "javaJar, mavenJar, python, pythonPackage, remote, renaming, yaml",
                "p.yaml:11:14: 'Fancy' comes from a provider of the type 'javaJar', which does not run here; use a "
                    + "transform that is built in, or run the file with Apache Beam",
            ])
    }

    @Test("can stand in files of their own")
    func files() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("providers-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let listing = folder.appendingPathComponent("more.yaml")
        try """
        - type: yaml
          transforms:
            Half:
              config_schema: {properties: {field: {type: string}}}
              body:
                type: MapToFields
                config: {language: python, fields: {half: "{{field}} / 2"}}
        """.write(to: listing, atomically: true, encoding: .utf8)
        func text(_ include: String, _ field: String) -> String {
            """
            providers: [{include: \(include)}]
            pipeline:
              type: chain
              transforms:
                - {type: Create, config: {elements: [{a: 1}]}}
                - {type: Half, config: {field: \(field)}}
            """
        }
        let file = folder.appendingPathComponent("p.yaml").path
        #expect(shape(compiled(text("more.yaml", "a"), file: file)) == ["Create: a", "Half/MapToFields: half"])
        #expect(
            compiled(text("more.yaml", "b"), file: file).errors.first?.description.hasPrefix("\(listing.path):7:54: ")
                == true)
        #expect(
            compiled(text("less.yaml", "a"), file: file).errors.first?.message
                == "the provider file 'less.yaml' cannot be read: there is no such file")
    }
}
