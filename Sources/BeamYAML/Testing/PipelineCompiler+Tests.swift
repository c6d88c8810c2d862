import Yams

extension PipelineCompiler {
    /// Compiles the tests of a pipeline file: those of its `tests:` block, or those of a file of their own.
    ///
    /// - Parameters:
    ///   - text: what the pipeline's file holds.
    ///   - file: its name, for the diagnostics.
    ///   - name: the pipeline's name.
    ///   - suite: a file with a `tests:` block, in place of the pipeline's own.
    public func compileTests(
        text: String, file: String, name: String, suite: (text: String, file: String)? = nil
    ) -> PipelineTestCompilation {
        let findings = Findings(file: file)
        guard let document = PipelineDocument(text, environment.templates, findings) else {
            return PipelineTestCompilation(tests: [], diagnostics: findings.sorted.filter { $0.severity == .error })
        }
        let testFindings = Findings(file: suite?.file ?? file)
        let block = suite.map { Self.block(of: $0.text, testFindings) } ?? document.tests
        guard let block else { return PipelineTestCompilation(tests: [], diagnostics: testFindings.sorted) }
        let compiler = TestCompiler(environment: environment, document: document, file: file, name: name)
        let (tests, complaints) = compiler.compile(block, testFindings)
        let diagnostics = complaints + testFindings.sorted.filter { $0.severity == .error }
        return PipelineTestCompilation(tests: diagnostics.isEmpty ? tests : [], diagnostics: diagnostics)
    }

    /// The `tests` of a file that has nothing else.
    private static func block(of text: String, _ findings: Findings) -> Value? {
        let node: Node?
        do {
            node = try compose(yaml: text)
        } catch let error as YamlError {
            let place: Place =
                switch error {
                case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): Place(mark)
                case .duplicatedKeysInMapping(_, let context): Place(context.mark)
                default: Place(line: 1, column: 1)
                }
            findings.error("this is not YAML", at: place)
            return nil
        } catch {
            findings.error("this is not YAML: \(error)", at: Place(line: 1, column: 1))
            return nil
        }
        guard let node, let entries = Value(node: node).entries,
            let tests = entries.first(where: { $0.key == "tests" })
        else {
            findings.error("a test suite is a map with the key 'tests'", at: Place(line: 1, column: 1))
            return nil
        }
        return tests.value
    }
}
