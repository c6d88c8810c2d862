/// What two outcomes of a case differ in, for people to read.
struct Difference {
    private(set) var lines: [String] = []

    /// Compares multisets of rows, and files by name.
    init(expected: Outcome, actual: Outcome) {
        switch (expected, actual) {
        case (.refused, .refused): break
        case (.refused(let reason), _): lines = ["Beam refuses this (\(reason)), and here it runs"] + Self.text(actual)
        case (_, .refused(let reason)): lines = ["refused: \(reason)"]
        case (.tests(let a), .tests(let b)): compare(a, b)
        case (.rows(let rows, let files), .rows(let others, let otherFiles)):
            for name in Set(rows.keys).union(others.keys).sorted() {
                guard let own = rows[name], let other = others[name] else {
                    lines.append("\(name): only \(rows[name] == nil ? "here" : "in the recording")")
                    continue
                }
                compare(own, other, name) { $0.matches($1) }
            }
            for name in Set(files.keys).union(otherFiles.keys).sorted() {
                guard let own = files[name], let other = otherFiles[name] else {
                    lines.append("file \(name): only \(files[name] == nil ? "here" : "in the recording")")
                    continue
                }
                compare(own, other, name, ==)
            }
        default: lines = ["the recording has rows, or verdicts of tests, and here it is the other way round"]
        }
    }

    private mutating func compare(_ expected: [String: String], _ actual: [String: String]) {
        for name in Set(expected.keys).union(actual.keys).sorted() where expected[name] != actual[name] {
            lines.append("test '\(name)': \(actual[name] ?? "absent"), recorded \(expected[name] ?? "absent")")
        }
    }

    private mutating func compare<Value: CustomStringConvertible>(
        _ expected: [Value], _ actual: [Value], _ name: String, _ matches: (Value, Value) -> Bool
    ) {
        var surplus = actual
        var missing: [Value] = []
        for value in expected {
            if let index = surplus.firstIndex(where: { matches(value, $0) }) {
                surplus.remove(at: index)
            } else {
                missing.append(value)
            }
        }
        if missing.isEmpty, surplus.isEmpty { return }
        lines.append("\(name): \(expected.count) recorded, \(actual.count) here")
        lines += missing.prefix(10).map { "  - \($0)" } + surplus.prefix(10).map { "  + \($0)" }
        if missing.count > 10 || surplus.count > 10 { lines.append("  …") }
    }

    private static func text(_ outcome: Outcome) -> [String] {
        guard case .rows(let outputs, _) = outcome else { return [] }
        return outputs.sorted { $0.key < $1.key }.flatMap { name, rows in
            ["\(name):"] + rows.prefix(5).map { "  \($0)" }
        }
    }
}
