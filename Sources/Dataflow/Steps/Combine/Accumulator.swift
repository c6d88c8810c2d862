import Columnar

/// The running results of one aggregate of a `Combine`, a slot for every open window of every key.
///
/// Columns in, columns out: rows are folded a batch at a time, and nothing is boxed on the way.
protocol Accumulator: Sendable {
    /// Adds an empty slot at the end.
    mutating func append()

    /// Takes the last slot away.
    mutating func removeLast()

    /// Takes all slots away.
    mutating func removeAll()

    /// Empties a slot for its next use.
    mutating func reset(_ slot: Int)

    /// Folds `values[rows[i]]` into `slots[i]`, in that order.
    mutating func fold(_ values: Column, rows: ArraySlice<Int32>, into slots: [Int32])

    /// Folds what is in `source` into `target`: two sessions have become one.
    mutating func merge(_ source: Int, into target: Int)

    /// The results of `slots`; a slot without one (a sum out of bounds) is reported by its position.
    func results(_ slots: [Int32], failures: inout RowFailures) -> Column

    /// Memory that every slot takes.
    var bytesPerSlot: Int { get }

    /// Memory that slots take beyond that.
    var variableBytes: Int { get }

    func encode(_ slot: Int, into writer: inout ByteWriter)

    mutating func decode(_ slot: Int, from reader: inout ByteReader) throws(StoredStateError)
}

extension Accumulator {
    var variableBytes: Int { 0 }
}

extension Combine.Aggregate.Function {
    /// Whether a null among the values is an error, as it is for Python's `sum`, `min` and `max`.
    ///
    /// `count` and `group` take nulls as values; for `all` and `any` they count as false.
    var rejectsNulls: Bool {
        switch self {
        case .sum, .max, .min, .mean, .concat: true
        case .all, .any, .count, .countDistinct, .group: false
        }
    }

    /// The accumulator for values of `type` whose results are of `output`; nil when there is no such thing.
    ///
    /// The functions are those of `apache_beam/yaml/yaml_combine.py`; beyond them `concat` takes text too.
    func accumulator(of type: DataType, giving output: DataType) -> (any Accumulator)? {
        switch self {
        case .count: CountAccumulator()
        case .countDistinct:
            switch type {
            case .int64, .float64, .timestamp, .boolean, .null: DistinctCountAccumulator(DistinctNumbers.self)
            case .string, .bytes: DistinctCountAccumulator(DistinctBytes.self)
            case .list, .map, .structure: nil
            }
        case .group: GroupAccumulator(output: output)
        case .all: TruthAccumulator(isAll: true)
        case .any: TruthAccumulator(isAll: false)
        case .sum:
            switch type {
            case .int64, .boolean, .null: output == .float64 ? FloatSumAccumulator() : IntegerSumAccumulator()
            case .float64: FloatSumAccumulator()
            default: nil
            }
        case .mean:
            switch type {
            case .int64, .boolean, .float64, .null: MeanAccumulator(isExact: type != .float64)
            default: nil
            }
        case .min, .max:
            switch type {
            case .int64: ExtremeAccumulator(kind: IntegerValues.self, isMaximum: self == .max)
            case .float64: ExtremeAccumulator(kind: FloatValues.self, isMaximum: self == .max)
            case .timestamp: ExtremeAccumulator(kind: TimestampValues.self, isMaximum: self == .max)
            case .boolean: ExtremeAccumulator(kind: BooleanValues.self, isMaximum: self == .max)
            case .string: ExtremeAccumulator(kind: TextValues.self, isMaximum: self == .max)
            case .bytes, .null: ExtremeAccumulator(kind: BytesValues.self, isMaximum: self == .max)
            case .list, .map, .structure: nil
            }
        case .concat:
            switch type {
            case .string, .bytes: TextConcatAccumulator(isText: type == .string)
            case .list, .null: ListConcatAccumulator(output: output)
            default: nil
            }
        }
    }
}
