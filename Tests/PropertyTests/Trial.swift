import BeamYAML
import Dataflow

/// A pipeline and how it is run: the engine's result is compared with the naive interpreter's.
struct Trial: Sendable {
    var flow: Flow
    var courses: [Course]

    /// What came of it.
    enum Verdict: Sendable {
        case right
        /// The pipeline has no meaning that could be compared.
        case misfit
        /// What is wrong: a word for its kind, and for people.
        case wrong(kind: String, text: String)

        var kind: String? { if case .wrong(let kind, _) = self { kind } else { nil } }
    }

    func verdict() async -> Verdict {
        let expected: Interpreter.Outcome
        do {
            expected = try Interpreter.run(flow)
        } catch {
            return .misfit
        }
        let compilation = PipelineCompiler(environment: CompileEnvironment())
            .compile(text: flow.yaml, file: "random.yaml", name: "random")
        guard let graph = compilation.graph else {
            return .wrong(kind: "refused", text: compilation.errors.map(\.description).joined(separator: "\n"))
        }
        for course in courses {
            do {
                let (actual, problem) = try await course.run(flow, graph)
                if let problem { return .wrong(kind: "\(course): problem", text: "\(course): \(problem)") }
                let lines = Self.difference(expected, actual)
                if !lines.isEmpty {
                    return .wrong(kind: "\(course): rows", text: "\(course):\n" + lines.joined(separator: "\n"))
                }
            } catch {
                return .wrong(kind: "\(course): error", text: "\(course): \(error)")
            }
        }
        return .right
    }

    private static func difference(_ expected: Interpreter.Outcome, _ actual: Interpreter.Outcome) -> [String] {
        var lines: [String] = []
        for table in Set(expected.tables.keys).union(actual.tables.keys).sorted() {
            var surplus = actual.tables[table] ?? []
            var missing: [String] = []
            for row in expected.tables[table] ?? [] {
                if let index = surplus.firstIndex(of: row) { surplus.remove(at: index) } else { missing.append(row) }
            }
            lines += missing.prefix(5).map { "\(table) - \($0)" } + surplus.prefix(5).map { "\(table) + \($0)" }
        }
        if expected.rejected != actual.rejected {
            lines.append("rejected: \(actual.rejected) rows, and \(expected.rejected) expected")
        }
        return lines
    }
}
