import Yams

/// The part of a pipeline that a test needs, with its mocks and expectations, as a pipeline of its own.
///
/// As in Beam only the transforms of the pipeline itself can be named, not those inside composites; a transform is
/// there when something expected comes of it; windowing of the pipeline as a whole stays with the sources that are kept.
final class TestAssembly {
    private let test: TestSpec
    private let scope: Scope
    /// For the pipeline's file, and for the one with the tests.
    private let findings: Findings
    private let testFindings: Findings
    private var mockInputs: [ObjectIdentifier: TestSpec.Rows] = [:]
    /// By the output's name; `out` is the main one.
    private var mockOutputs: [ObjectIdentifier: [String: TestSpec.Rows]] = [:]
    private var inputs: [ObjectIdentifier: TransformSpec.Input] = [:]
    private var mocks: Set<String> = []
    private var used: Set<ObjectIdentifier> = []
    private var transforms: [TransformSpec] = []
    /// What is compared, by the name of the comparing transform.
    private(set) var expectations: [String: TestSpec.Rows] = [:]

    /// - Parameter root: a pipeline that nobody else uses: it is changed.
    init(_ test: TestSpec, of root: TransformSpec, _ findings: Findings, _ testFindings: Findings) {
        self.test = test
        self.findings = findings
        self.testFindings = testFindings
        scope = Scope(root.children ?? [], inputs: [:], path: "", findings)
    }

    /// The pipeline of the test.
    func assemble() -> TransformSpec {
        for mock in test.mockInputs {
            if let (spec, _) = find(mock.name, at: mock.place) { mockInputs[ObjectIdentifier(spec)] = mock }
        }
        for mock in test.mockOutputs {
            if let (spec, output) = find(mock.name, at: mock.place) {
                mockOutputs[ObjectIdentifier(spec), default: [:]][output] = mock
            }
        }
        for expected in test.expectedOutputs {
            let reference = require(.init(text: expected.name, place: expected.place))
            expect(expected, "CheckExpectedOutput", .references([.init(key: "input", references: [reference])]))
        }
        for expected in test.expectedInputs {
            guard let (spec, _) = find(expected.name, at: expected.place) else { continue }
            let input = input(of: spec)
            if case .absent = input {
                testFindings.error("'\(expected.name)' reads no other transform", at: expected.place)
            } else if case .references(let named) = input, named.count > 1 {
                testFindings.error("'\(expected.name)' has \(named.count) inputs", at: expected.place)
            } else {
                expect(expected, "CheckExpectedInput", input)
            }
        }
        for spec in transforms { checkSource(spec) }
        let root = TransformSpec(
            type: "composite", place: test.place, name: nil, namePlace: test.place, input: .absent, config: nil,
            windowing: nil)
        root.children = transforms
        return root
    }

    // MARK: Names

    private func find(_ text: String, at place: Place) -> (spec: TransformSpec, output: String)? {
        var name = text
        var output = "out"
        if scope.transforms(called: name).isEmpty, let point = name.lastIndex(of: ".") {
            output = String(name[name.index(after: point)...])
            name = String(name[..<point])
            if ["good", "output"].contains(output) { output = "out" }
        }
        let found = scope.transforms(called: name)
        guard found.count == 1, let spec = found.first else {
            if found.isEmpty {
                testFindings.unknown(
                    "there is no transform '\(name)' in the pipeline", name, among: scope.labels, called: "transforms",
                    at: place)
            } else {
                testFindings.error(
                    "'\(name)' may mean \(found.count) transforms", at: place, suggestion: "give them names")
            }
            return nil
        }
        return (spec, output)
    }

    // MARK: What is needed

    /// What to read in place of a reference.
    private func require(_ reference: TransformSpec.Reference) -> TransformSpec.Reference {
        let isTests = test.expectedOutputs.contains { $0.place == reference.place && $0.name == reference.text }
        guard isTests || !scope.transforms(called: base(of: reference.text)).isEmpty else { return reference }
        guard let (spec, output) = find(reference.text, at: reference.place) else { return reference }
        guard let outputs = mockOutputs[ObjectIdentifier(spec)] else {
            use(spec)
            return reference
        }
        guard let mock = outputs[output] else {
            testFindings.error(
                "the test '\(test.name)' mocks outputs of '\(spec.label)', but not '\(output)', which is read",
                at: outputs.values.map(\.place).min { ($0.line, $0.column) < ($1.line, $1.column) } ?? test.place,
                suggestion: "add '\(spec.label).\(output)' to 'mock_outputs'")
            return reference
        }
        return create(mock, "MockOutput")
    }

    private func base(of name: String) -> String {
        if !scope.transforms(called: name).isEmpty { return name }
        return name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    }

    private func use(_ spec: TransformSpec) {
        guard used.insert(ObjectIdentifier(spec)).inserted else { return }
        spec.input = input(of: spec)
        transforms.append(spec)
    }

    private func input(of spec: TransformSpec) -> TransformSpec.Input {
        let key = ObjectIdentifier(spec)
        if let known = inputs[key] { return known }
        // Whoever reads itself is told so when it is compiled.
        inputs[key] = spec.input
        let input: TransformSpec.Input
        if let mock = mockInputs[key] {
            input = .references([.init(key: "input", references: [create(mock, "MockInput")])])
        } else {
            switch spec.input {
            case .absent, .enclosing: input = spec.input
            case .previous(let previous):
                if mockOutputs[ObjectIdentifier(previous)] == nil {
                    use(previous)
                    input = spec.input
                } else {
                    let reference = require(.init(text: previous.label, place: previous.place))
                    input = .references([.init(key: "input", references: [reference])])
                }
            case .references(let named):
                input = .references(named.map { .init(key: $0.key, references: $0.references.map(require)) })
            }
        }
        inputs[key] = input
        return input
    }

    /// A source that is no mock reads what a test does not know.
    private func checkSource(_ spec: TransformSpec) {
        guard case .absent = spec.input, spec.type != "Create", !test.allowedSources.contains(spec.label),
            !test.allowedSources.contains(spec.type)
        else { return }
        testFindings.error(
            "the test '\(test.name)' reads the source '\(spec.label)', which is not mocked", at: test.place,
            suggestion: "add it to 'mock_outputs', or to 'allowed_sources'")
    }

    // MARK: Transforms that the file does not have

    private func create(_ rows: TestSpec.Rows, _ kind: String) -> TransformSpec.Reference {
        let name = "\(kind)[\(rows.name)]"
        if mocks.insert(name).inserted { add("Create", name, rows, .absent) }
        return .init(text: name, place: rows.place)
    }

    private func expect(_ rows: TestSpec.Rows, _ kind: String, _ input: TransformSpec.Input) {
        let name = "\(kind)[\(rows.name)]"
        expectations[name] = rows
        add("AssertEqual", name, rows, input).isExpectation = true
    }

    @discardableResult
    private func add(
        _ type: String, _ name: String, _ rows: TestSpec.Rows, _ input: TransformSpec.Input
    ) -> TransformSpec {
        let spec = TransformSpec(
            type: type, place: rows.place, name: name, namePlace: rows.place, input: input,
            config: Value(node: .mapping(Node.Mapping([(Node("elements"), rows.elements.node)]))), windowing: nil)
        spec.findings = testFindings
        transforms.append(spec)
        return spec
    }
}
