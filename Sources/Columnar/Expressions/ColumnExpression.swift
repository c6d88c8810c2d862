/// An expression over the fields of a row, compiled for one input schema and evaluated a batch at a time.
public protocol ColumnExpression: Sendable {
    /// What `evaluate` gives.
    var type: DataType { get }

    /// One value for each live row of `batch`, in the order of its selection: the result has `batch.liveCount` values.
    ///
    /// A row on which the expression fails is reported in `failures` by its position among the live rows and gets a
    /// null; the other rows are not affected.
    func evaluate(_ batch: Batch, failures: inout RowFailures) -> Column
}

/// The rows of a batch that a step rejects, each with its reason.
public struct RowFailures: Sendable {
    /// Positions among the batch's live rows, with what to tell the person. A row may be reported more than once; the
    /// first reason counts.
    public private(set) var reasons: [Int32: String] = [:]
    /// Where in the author's code a row failed, for the rows where that is known: a traceback.
    public private(set) var traces: [Int32: String] = [:]

    /// No row has failed.
    public init() {}

    /// Whether every row is good.
    public var isEmpty: Bool { reasons.isEmpty }

    /// Notes that the live row at position `row` failed; only the first reason for a row is made and kept.
    public mutating func report(_ row: Int, _ reason: @autoclosure () -> String) {
        if reasons[Int32(row)] == nil { reasons[Int32(row)] = reason() }
    }

    /// Notes that the live row at position `row` failed, and where in the author's code; the first time counts.
    public mutating func report(_ row: Int, _ reason: String, trace: String) {
        guard reasons[Int32(row)] == nil else { return }
        reasons[Int32(row)] = reason
        if !trace.isEmpty { traces[Int32(row)] = trace }
    }
}

/// A field of the row, or of a row inside it: `entity.vehicle.trip`. Null where any step of the path is null.
public struct FieldExpression: ColumnExpression {
    /// The field's type in the schema.
    public let type: DataType
    /// Positions: a top-level column first, then children of structs.
    let path: [Int]

    /// Nil when there is no such field.
    public init?(_ names: [String], in schema: Schema) {
        var fields = schema.fields
        var path: [Int] = []
        var type = DataType.null
        for name in names {
            guard let index = fields.firstIndex(where: { $0.name == name }) else { return nil }
            path.append(index)
            type = fields[index].type
            if case .structure(let inner) = type { fields = inner } else { fields = [] }
        }
        guard !path.isEmpty else { return nil }
        self.path = path
        self.type = type
    }

    /// Never fails: a null on the path gives a null.
    public func evaluate(_ batch: Batch, failures: inout RowFailures) -> Column {
        var column = batch.columns[path[0]]
        for index in path.dropFirst() {
            guard case .structure(let structure) = column else { return .nulls(type, count: batch.liveCount) }
            column = structure.children[index].masked(by: structure.validity)
        }
        return batch.selection.map { column.take($0) } ?? column
    }
}

/// The same value for every row.
public struct LiteralExpression: ColumnExpression {
    /// The type that the value is given.
    public let type: DataType
    let value: Scalar

    /// A value of `type`, or null.
    public init(_ value: Scalar, _ type: DataType) {
        self.value = value
        self.type = type
    }

    /// Never fails.
    public func evaluate(_ batch: Batch, failures: inout RowFailures) -> Column {
        Column(type, [Scalar](repeating: value, count: batch.liveCount))
    }
}

extension Column {
    /// The same values, null also where `mask` has a zero.
    public func masked(by mask: Bitmap?) -> Column {
        guard let mask else { return self }
        let combined = validity.map { $0.intersection(mask) } ?? mask
        switch self {
        case .null: return self
        case .boolean(var column):
            column.validity = combined
            return .boolean(column)
        case .int64(var column):
            column.validity = combined
            return .int64(column)
        case .timestamp(var column):
            column.validity = combined
            return .timestamp(column)
        case .float64(var column):
            column.validity = combined
            return .float64(column)
        case .string(var column):
            column.validity = combined
            return .string(column)
        case .bytes(var column):
            column.validity = combined
            return .bytes(column)
        case .list(var column):
            column.validity = combined
            return .list(column)
        case .map(var column):
            column.entries.validity = combined
            return .map(column)
        case .structure(var column):
            column.validity = combined
            return .structure(column)
        }
    }
}
