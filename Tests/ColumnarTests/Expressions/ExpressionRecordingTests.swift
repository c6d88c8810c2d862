import Columnar
import Testing

@Suite("Compiled expressions give what CPython was recorded to give") struct ExpressionRecordingTests {
    @Test("for expressions of every subject")
    func cases() throws {
        let recordings = try #require(ExpressionRecordings.all)
        let batch = ExpressionRecordings.batch(recordings.rows)
        for recorded in recordings.cases {
            let outcome = outcome(recorded, batch)
            if case .differs(let message) = outcome { Issue.record("\(recorded.source): \(message)") }
            if case .refused(let message) = outcome, !Self.outside.contains(where: recorded.source.contains) {
                Issue.record("\(recorded.source): \(message)")
            }
        }
    }

    /// What is left to CPython itself.
    private static let outside = [
        "json.", "re.split", "re.findall", "re.I", "count=", "row.s, 1)", "row.s).start", "row.s).end",
        "03Z').timestamp()", ".casefold", ".splitlines", ".istitle", ".isidentifier", ".isprintable",
        ".expandtabs", ".hex", "','.join(s)", "%(a)s", ".count(7)", "w.index", "l.index",
    ]

    @Test("for random expressions on random rows")
    func random() throws {
        let recordings = try #require(ExpressionRecordings.all)
        let batch = ExpressionRecordings.batch(recordings.randomRows)
        var compiled = 0
        for recorded in recordings.randomCases {
            switch outcome(recorded, batch) {
            case .same: compiled += 1
            case .differs(let message): Issue.record("\(recorded.source): \(message)")
            case .refused: break
            }
        }
        #expect(compiled * batch.count >= 2_000)
        #expect(compiled * 10 >= recordings.randomCases.count * 8, "\(compiled) compiled")
    }

    private enum Outcome {
        case same
        case differs(String)
        case refused(String)
    }

    private func outcome(_ recorded: ExpressionRecordings.Case, _ batch: Batch) -> Outcome {
        let isCallable =
            recorded.source.contains("row.") || recorded.source.contains("datetime.")
            || recorded.source.contains("json.")
        let source =
            isCallable ? "import datetime, json, math, re\nlambda row: \(recorded.source)" : recorded.source
        let compiled: CompiledExpression
        do throws(ExpressionError) {
            compiled = try PythonExpression(source, as: isCallable ? .callable : .expression).compile(
                over: batch.schema)
        } catch {
            if error.isOutsideCompiledLanguage { return .refused(error.description) }
            let worked = recorded.cells.filter { !$0.hasPrefix("!") }
            return worked.isEmpty ? .same : .differs("is called wrong (\(error)), but gives \(worked)")
        }
        let given = evaluated(compiled, on: batch)
        for (row, pair) in zip(given, recorded.cells).enumerated() where !agree(pair.0, pair.1, compiled.type) {
            return .differs("row \(row) gives \(pair.0), not \(pair.1)")
        }
        return .same
    }

    private func agree(_ given: String, _ recorded: String, _ type: DataType) -> Bool {
        if given.hasPrefix("!") {
            // Python's integers have no bound.
            return recorded.hasPrefix("!") || given.hasSuffix("does not fit in 64 bits")
                || given.hasPrefix("!a negative power of an integer") || given.contains("half of a surrogate pair")
                || given.hasSuffix("is complex")
        }
        if given == recorded { return true }
        // What is an integer on one row and a float on another in Python is a float on all.
        if type == .float64, let whole = Int64(recorded) { return given == repr(.float64(Double(whole))) }
        return false
    }
}
