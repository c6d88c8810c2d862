import Columnar
import Dataflow

/// `Join`: rows of two or more named inputs whose fields are equal, as Beam's SQL joins them: the inputs in their order,
/// each with all that came before it.
enum JoinTransform {
    static func compile(_ context: TransformContext) -> CompiledTransform? {
        guard let inputs = JoinInputs(context), let kinds = JoinKinds.read(inputs, context),
            let conditions = JoinConditions.read(inputs, context), let output = JoinFields.read(inputs, context)
        else { return nil }
        guard inputs.fit(kinds, context), isOfOneWindowing(inputs, context) else { return nil }
        return chain(inputs, kinds, conditions, output)
    }

    /// One binary join after the other: the first takes two inputs, each other one the one before it and an input.
    private static func chain(
        _ inputs: JoinInputs, _ kinds: [Join.Kind], _ conditions: [[JoinConditions.Equality]],
        _ output: [JoinFields.Field]
    ) -> CompiledTransform? {
        // The fields of what is joined so far: which input's, and which of its fields.
        var joined = inputs.rows[0].schema.fields.indices.map { (input: 0, field: $0) }
        var left = inputs.rows[0].schema
        var links: [JoinLink] = []
        for number in 1..<inputs.names.count {
            let right = inputs.rows[number].schema
            var keys: (left: [any ColumnExpression], right: [any ColumnExpression]) = ([], [])
            for equality in conditions[number - 1] {
                guard
                    let place = joined.firstIndex(where: {
                        $0.input == equality.earlier.input && $0.field == equality.earlier.field
                    }),
                    let a = CompiledExpression.field(left.names[place], in: left),
                    let b = CompiledExpression.field(right.names[equality.field], in: right)
                else { return nil }
                keys.left.append(a.widened(to: equality.type))
                keys.right.append(b.widened(to: equality.type))
            }
            let kind = kinds[number - 1]
            let isLast = number == inputs.names.count - 1
            // What later joins compare or the output shows.
            let all = joined + right.fields.indices.map { (input: number, field: $0) }
            let wanted = all.indices.filter { place in
                isLast
                    || output.contains { ($0.input, $0.field) == all[place] }
                    || conditions[number...].joined().contains { ($0.earlier.input, $0.earlier.field) == all[place] }
            }
            func field(_ place: Int, named name: String?) -> (Join.OutputField, Field) {
                let isRight = place >= joined.count
                var field = isRight ? right.fields[place - joined.count] : left.fields[place]
                if kind == .full || kind == (isRight ? .left : .right) { field.isNullable = true }
                field.name =
                    name
                    ?? "\(inputs.names[all[place].input]).\(inputs.rows[all[place].input].schema.names[all[place].field])"
                return (Join.OutputField(isRight ? .right : .left, isRight ? place - joined.count : place), field)
            }
            let fields: [(Join.OutputField, Field)] =
                isLast
                ? output.compactMap { wanted in
                    all.firstIndex { $0 == (wanted.input, wanted.field) }.map { field($0, named: wanted.name) }
                } : wanted.map { field($0, named: nil) }
            left = Schema(fields.map(\.1))
            joined = wanted.map { all[$0] }
            links.append(
                JoinLink(
                    name: inputs.names[number],
                    join: Join(kind, leftKeys: keys.left, rightKeys: keys.right, fields: fields.map(\.0)), schema: left)
            )
        }
        guard let last = links.popLast() else { return nil }
        var rows = inputs.rows[0]
        (rows.schema, rows.schemaLostBy, rows.possiblyAbsent) = (left, nil, [])
        if let main = inputs.main { rows.windowing = inputs.rows[main].windowing }
        rows.isUnbounded = inputs.rows.contains(where: \.isUnbounded)
        return CompiledTransform(operation: .join(last.join), rows: rows, links: links)
    }

    /// Whether the inputs can meet in windows. What never ends may be joined with what does and has none.
    private static func isOfOneWindowing(_ inputs: JoinInputs, _ context: TransformContext) -> Bool {
        let findings = context.findings
        let first = inputs.rows[0].windowing
        for (name, rows) in zip(inputs.names, inputs.rows) where inputs.main == nil && rows.windowing != first {
            findings.error(
                "'\(inputs.names[0])' and '\(name)' have different windows (\(first.words) and \(rows.windowing.words))",
                at: context.spec.place,
                suggestion: "write 'windowing' on the Join: it puts every input in these windows")
            return false
        }
        let windowing = inputs.main.map { inputs.rows[$0].windowing } ?? first
        if inputs.main == nil, case .sessions = windowing {
            findings.error(
                "rows in sessions are not joined", at: context.spec.place,
                suggestion: "join in fixed or sliding windows, and put what comes out in sessions")
            return false
        }
        let endless = zip(inputs.names, inputs.rows).filter(\.1.isUnbounded).map(\.0)
        if inputs.main == nil, windowing == .global, endless.count > 1 {
            findings.error(
                "'\(endless[0])' and '\(endless[1])' never end, so they have to be joined in windows",
                at: context.spec.place, suggestion: "write 'windowing: {type: fixed, size: 60s}' on the Join")
            return false
        }
        return true
    }
}

/// A join that a transform needs before its own: of what is joined so far with the next input.
struct JoinLink {
    /// The input that it adds.
    var name: String
    var join: Join
    var schema: Schema
}

extension WindowFunction {
    /// For a message to a person.
    var words: String {
        func seconds(_ micros: Int64) -> String {
            micros % 1_000_000 == 0 ? "\(micros / 1_000_000)s" : "\(Double(micros) / 1_000_000)s"
        }
        return switch self {
        case .global: "none"
        case .fixed(let size, let offset):
            "fixed, \(seconds(size))" + (offset == 0 ? "" : " from \(seconds(offset))")
        case .sliding(let size, let period, _): "sliding, \(seconds(size)) every \(seconds(period))"
        case .sessions(let gap): "sessions, \(seconds(gap))"
        }
    }
}
