import Columnar
import Time

/// `Join`: a hash join of two inputs, symmetric while both may bring rows, a mere look-up once one of them has ended.
///
/// **Time.** Rows are matched within their window, and what comes out has the window's last microsecond, as from Beam's
/// `CoGroupByKey`. Where one input ends and the other never does, and the one that ends is not windowed, it is a *side
/// join*, as in Beam's SQL: every row of the endless input meets all of the other and keeps its own time and window.
///
/// **Lateness.** A window is closed for an input when that input's own watermark passes its end. What comes then is
/// dropped and counted, for the other input's rows have come out without a partner, or are gone.
struct JoinStep: Sendable {
    let name: String
    let join: Join
    let schema: Schema
    /// The input that keeps its times and windows in a side join.
    let main: Join.Side?
    /// By side: the input's columns that go out.
    let carried: [[Int]]
    /// By side: what is stored of a row: the columns that go out; of the main side its time and window, too.
    let storedSchemas: [Schema]
    /// For each field of the schema, where it is among the columns that its side stores.
    private let places: [Int]

    /// Refuses what cannot be joined.
    ///
    /// - Parameters:
    ///   - inputs: the schemas of the left and the right rows.
    ///   - isUnbounded: by side, whether the input may never end.
    ///   - windowing: by side.
    init(_ step: Step, _ join: Join, inputs: [Schema], isUnbounded: [Bool], windowing: [WindowFunction]) throws {
        func refuse(_ problem: String) -> PipelineError {
            PipelineError(.invalidGraph, "step '\(step.name)': \(problem)")
        }
        guard join.leftKeys.count == join.rightKeys.count, !join.leftKeys.isEmpty,
            zip(join.leftKeys, join.rightKeys).allSatisfy({ $0.type == $1.type })
        else { throw refuse("the keys of the two inputs do not fit each other") }
        guard join.fields.count == step.schema.fields.count,
            join.fields.allSatisfy({ inputs[$0.side.rawValue].fields.indices.contains($0.field) })
        else { throw refuse("the schema has \(step.schema.fields.count) fields for \(join.fields.count)") }
        let endless = Join.Side.allCases.filter { isUnbounded[$0.rawValue] }
        let isSideJoin = endless.count == 1 && windowing[endless[0].other.rawValue] == .global
        guard isSideJoin || windowing[0] == windowing[1] else {
            throw refuse("the inputs have different windows (\(windowing[0]) and \(windowing[1]))")
        }
        main = isSideJoin ? endless[0] : nil
        if windowing[0] == windowing[1], windowing[0] == .global, endless.count == 2 {
            throw refuse("neither input ever ends, so they have to be joined in windows")
        }
        if let main, join.preserves(main.other) {
            throw refuse("whether rows of the \(main.other) input find a partner is never known: the other never ends")
        }
        name = step.name
        self.join = join
        schema = step.schema
        if main == nil, case .sessions = windowing[0] { throw refuse("rows in sessions are not joined") }
        carried = Join.Side.allCases.map { side in
            Array(Set(join.fields.filter { $0.side == side }.map(\.field))).sorted()
        }
        var stored = zip(inputs, carried).map { input, fields in fields.map { input.fields[$0] } }
        if let main { stored[main.rawValue] += [.init("time", .int64), .init("start", .int64), .init("end", .int64)] }
        storedSchemas = stored.map { Schema($0) }
        let carried = carried
        places = join.fields.map { field in carried[field.side.rawValue].firstIndex(of: field.field) ?? 0 }
    }

    /// The types of the key's values.
    var keyTypes: [DataType] { join.leftKeys.map(\.type) }

    /// The windows of a batch's rows as far as they matter for what matches.
    func windows(of batch: Batch) -> WindowColumn { main == nil ? batch.windows : .global }

    /// What goes out for pairs of rows; where one is missing, nulls stand for it.
    ///
    /// - Parameters:
    ///   - left: the columns that the left side stores, a row a pair.
    ///   - right: the same of the right.
    func pairs(left: [Column], right: [Column], count: Int, window: Window) -> Batch {
        let columns = zip(join.fields, places).map { field, place in (field.side == .left ? left : right)[place] }
        var times = [Int64](repeating: window.maxTimestamp, count: count)
        var windows = WindowColumn([window])
        if case .intervals(let starts, let ends) = windows {
            windows = .intervals(
                starts: [Int64](repeating: starts[0], count: count), ends: [Int64](repeating: ends[0], count: count))
        }
        if let main {
            let numbers = (main == .left ? left : right).suffix(3).map { column in
                if case .int64(let column) = column { column.values } else { [Int64]() }
            }
            times = numbers[0]
            let isGlobal = zip(numbers[1], numbers[2]).allSatisfy { Window(start: $0, end: $1) == .global }
            windows = isGlobal ? .global : .intervals(starts: numbers[1], ends: numbers[2])
        }
        return Batch(schema: schema, columns: columns, count: count, eventTimes: times, windows: windows)
    }

    /// What is stored of rows of a batch.
    func stored(_ batch: Batch, _ rows: [Int32]?, side: Join.Side) -> [Column] {
        var columns = carried[side.rawValue].map { batch.columns[$0] }
        if side == main {
            columns.append(.int64(FixedColumn(values: batch.eventTimes)))
            switch batch.windows {
            case .global:
                let (start, end) = (Window.global.start, Window.global.end)
                columns.append(.int64(FixedColumn(values: [Int64](repeating: start, count: batch.count))))
                columns.append(.int64(FixedColumn(values: [Int64](repeating: end, count: batch.count))))
            case .intervals(let starts, let ends):
                columns.append(.int64(FixedColumn(values: starts)))
                columns.append(.int64(FixedColumn(values: ends)))
            }
        }
        return rows.map { rows in columns.map { $0.take(rows) } } ?? columns
    }

    /// Nulls for a row of `side` that is missing.
    func missing(_ side: Join.Side, count: Int) -> [Column] {
        storedSchemas[side.rawValue].fields.map { .nulls($0.type, count: count) }
    }
}

extension Join.Side: CustomStringConvertible {
    /// `left` or `right`.
    public var description: String { self == .left ? "left" : "right" }
}
