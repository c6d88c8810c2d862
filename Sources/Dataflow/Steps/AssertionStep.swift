public import Columnar

/// `AssertEqual`'s last part: whatever row reaches it fails the run.
///
/// It reads rows `row` (text) and `surplus` (whole numbers): how many more of the row there are than expected. Rows of
/// surplus 0 are as they should be.
public struct Assertion: Sendable, Hashable {
    /// The row's fields, for whoever builds the graph.
    public static let schema = Schema([
        Field("key", .string, isNullable: false), Field("row", .string, isNullable: false),
        Field("surplus", .int64, isNullable: false),
    ])

    /// An assertion that no row differs.
    public init() {}
}

/// Rows that are not as `AssertEqual` says.
public struct AssertionFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The failing step's name.
    public var step: String
    /// Rows that were expected and are not there, as JSON; one that is missing twice stands twice.
    public var missing: [String]
    /// Rows that are there and were not expected, as JSON.
    public var surplus: [String]

    /// What differs at a step.
    public init(step: String, missing: [String], surplus: [String]) {
        self.step = step
        self.missing = missing
        self.surplus = surplus
    }

    /// A line for each row: `- ` before what is missing, `+ ` before what is surplus.
    public var lines: [String] { missing.sorted().map { "- \($0)" } + surplus.sorted().map { "+ \($0)" } }

    /// What differs, with at most twenty rows.
    public var description: String {
        let shown = lines.prefix(20)
        let more = lines.count - shown.count
        return "step '\(step)': the rows are not as expected (\(missing.count) missing, \(surplus.count) surplus):\n"
            + shown.joined(separator: "\n") + (more > 0 ? "\n… and \(more) more" : "")
    }
}

/// Fails the run, or tells whoever wants to know and lets it go on.
struct AssertionStep: ElementStep {
    let name: String
    /// Nil: a difference ends the run.
    let report: (@Sendable (AssertionFailure) -> Void)?

    func process(_ batch: Batch, failures: inout RowFailures) throws -> Batch {
        var failure = AssertionFailure(step: name, missing: [], surplus: [])
        if let rows = batch["row"], let counts = batch["surplus"] {
            for row in batch.liveRows.map(Int.init) {
                guard case .string(let text) = rows[row], case .int64(let count) = counts[row] else { continue }
                if count < 0 { failure.missing += repeatElement(text, count: Int(-count)) }
                if count > 0 { failure.surplus += repeatElement(text, count: Int(count)) }
            }
        }
        if !failure.missing.isEmpty || !failure.surplus.isEmpty {
            guard let report else { throw failure }
            report(failure)
        }
        return batch.taking([])
    }
}
