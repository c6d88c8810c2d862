public import Dataflow

/// A test of a `tests:` block, compiled: the part of the pipeline that it needs, between mocks and expectations.
public struct PipelineTest: Sendable {
    /// Rows that are expected.
    public struct Expectation: Sendable, Hashable {
        /// As the test names it: `Transform`, or `Transform.output`.
        public var name: String
        /// Whether they are what the transform reads; otherwise what it gives.
        public var isInput: Bool
        /// Where it stands in the file of the test, from 1.
        public var line: Int
        /// From 1.
        public var column: Int

        /// What is expected, and where the test says so.
        public init(name: String, isInput: Bool, line: Int, column: Int) {
            self.name = name
            self.isInput = isInput
            self.line = line
            self.column = column
        }
    }

    /// The test's name; unnamed ones are numbered.
    public var name: String
    /// The file that it stands in.
    public var file: String
    /// From 1.
    public var line: Int
    /// From 1.
    public var column: Int
    /// The steps: `Create` for the mocks, `AssertEqual` for what is expected.
    public var graph: Graph
    /// What is expected, by the name of the step that compares it.
    public var expectations: [String: Expectation]
}

/// What became of a `tests:` block.
public struct PipelineTestCompilation: Sendable {
    /// The tests, in the order of the file; none when there is an error.
    public var tests: [PipelineTest]
    /// Errors, in the order of their files.
    public var diagnostics: [Diagnostic]
}

/// Compiles the tests of a `tests:` block.
struct TestCompiler {
    let environment: CompileEnvironment
    let document: PipelineDocument
    /// The pipeline's file.
    let file: String
    let name: String

    /// - Parameters:
    ///   - block: the value of `tests`.
    ///   - findings: of the file that it stands in; whatever is wrong with the tests goes there.
    /// - Returns: the tests that are right, and what is wrong with the pipeline when it is tested, told in its own file.
    func compile(_ block: Value, _ findings: Findings) -> (tests: [PipelineTest], complaints: [Diagnostic]) {
        var tests: [PipelineTest] = []
        var complaints: [Diagnostic] = []
        for test in TestSpec.read(block, findings) {
            let pipelineFindings = Findings(file: file)
            if let compiled = compile(test, pipelineFindings, findings) { tests.append(compiled) }
            for var diagnostic in pipelineFindings.sorted where diagnostic.severity == .error {
                diagnostic.message = "in the test '\(test.name)': \(diagnostic.message)"
                if !complaints.contains(diagnostic) { complaints.append(diagnostic) }
            }
        }
        return (tests, complaints)
    }

    private func compile(_ test: TestSpec, _ findings: Findings, _ testFindings: Findings) -> PipelineTest? {
        guard let root = PipelineReader(document, findings).read() else { return nil }
        let known = testFindings.diagnostics.count
        let assembly = TestAssembly(test, of: root, findings, testFindings)
        let testRoot = assembly.assemble()
        guard testFindings.diagnostics.count == known else { return nil }
        let builder = GraphBuilder(environment, document.options, document.source, findings)
        builder.toleratesUnreadErrors = true
        let steps = builder.build(testRoot)
        for step in steps {
            guard let outside = outside(step.operation, allowed: test.allowedSources) else { continue }
            testFindings.error(
                "the test '\(test.name)' needs '\(step.name)', which \(outside)", at: test.place,
                suggestion: "mock what it gives with 'mock_outputs'")
        }
        guard !findings.hasErrors, !testFindings.hasErrors else { return nil }
        let place = test.place.resolved(in: testFindings.file)
        return PipelineTest(
            name: test.name, file: testFindings.file, line: place.line, column: place.column,
            graph: Graph(name: "\(name): \(test.name)", steps: steps),
            expectations: Dictionary(
                uniqueKeysWithValues: assembly.expectations.map { step, rows in
                    let place = rows.place.resolved(in: testFindings.file)
                    return (
                        step,
                        PipelineTest.Expectation(
                            name: rows.name, isInput: step.hasPrefix("CheckExpectedInput"), line: place.line,
                            column: place.column)
                    )
                }))
    }

    /// What a test cannot give a step.
    private func outside(_ operation: Operation, allowed: Set<String>) -> String? {
        switch operation {
        case .readMessages: "reads messages, and a test has no broker"
        case .lookup(let lookup): "looks up '\(lookup.table)', and a test has no warehouse"
        case .writeRows(let write): "writes to '\(write.table)', and a test has no warehouse"
        case .writeMessages: "publishes messages, and a test has no broker"
        case .writeFiles(let write): "writes '\(write.path)', and a test writes no files"
        default: nil
        }
    }
}
