import CPython
import Columnar
import Pipes
import Testing
import Time

@Suite("Compiled code and CPython") struct SameResultTests {
    /// What differs on purpose, as `PythonExpression` says: integers beyond 64 bits, and the type of a value that Python
    /// makes an integer on one row and a float on another.
    @Test("give the same values and reject the same rows")
    func sameResult() async throws {
        let rows = SameResultTable.rows
        let schema = Schema(rows.fields)
        let batch = Batch(
            schema: schema, columns: rows.children, count: rows.count,
            eventTimes: [Int64](repeating: 0, count: rows.count))
        let pool = PythonPool(clock: SystemClock())
        var compared = 0
        for source in SameResultTable.expressions {
            guard let compiled = try Self.compiled(source, schema) else { continue }
            var rejected = RowFailures()
            let column = compiled.evaluate(batch, failures: &rejected)
            let function = PythonFunction(form: .expression, source: source, origin: "e", fields: schema.names)
            let values = try await pool.evaluate(
                [PythonCall(function, PythonResult(compiled.type))], over: rows)
            #expect(
                values.failures.reasons.keys.sorted() == rejected.reasons.keys.sorted(),
                "\(source): compiled \(rejected.reasons), CPython \(values.failures.reasons)")
            for row in 0..<rows.count where rejected.reasons[Int32(row)] == nil {
                #expect(Self.same(column[row], values.columns[0][row]), "\(source), row \(row)")
            }
            compared += 1
        }
        await pool.close()
        #expect(compared >= 100)
    }

    /// Nil for what is not of the compiled language.
    private static func compiled(_ source: String, _ schema: Schema) throws -> CompiledExpression? {
        do {
            return try PythonExpression(source, as: .expression).compile(over: schema)
        } catch {
            guard error.isOutsideCompiledLanguage else { throw error }
            return nil
        }
    }

    /// Equal, where NaN is NaN.
    private static func same(_ a: Scalar, _ b: Scalar) -> Bool {
        switch (a, b) {
        case (.float64(let a), .float64(let b)): a.bitPattern == b.bitPattern || a.isNaN && b.isNaN
        case (.list(let a), .list(let b)), (.structure(let a), .structure(let b)):
            a.count == b.count && zip(a, b).allSatisfy { same($0, $1) }
        default: a == b
        }
    }
}
