/// A date, a time or a duration of the module `datetime`, which code can only ask for its parts: no field can hold it.
struct Moment: Kernel {
    enum Kind: String { case time = "datetime.datetime", date = "datetime.date", duration = "datetime.timedelta" }

    /// Whether the offset from UTC is known.
    enum Awareness { case naive, aware, either }

    let kind: Kind
    let awareness: Awareness
    /// Of `CivilTime`'s type; the microseconds of a duration stand in its `local`.
    let source: any Kernel
    var type: DataType { source.type }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector { source.evaluate(&rows, mask: mask) }

    /// Made of other values.
    init(
        _ kind: Kind, _ awareness: Awareness = .naive, of operands: [any Kernel], nullReason: String = "",
        _ body: @escaping @Sendable ([Scalar]) throws(RowRejection) -> CivilTime
    ) {
        self.kind = kind
        self.awareness = awareness
        source = RowFunction(type: CivilTime.type, operands: operands, nullReason: nullReason) {
            (values) throws(RowRejection) in try body(values).scalar
        }
    }

    /// A value that a field can hold.
    func asking(
        _ type: DataType, _ body: @escaping @Sendable (CivilTime) throws(RowRejection) -> Scalar
    ) -> RowFunction {
        RowFunction(type: type, operands: [source], nullReason: "") { (values) throws(RowRejection) in
            try body(CivilTime(values[0]))
        }
    }
}

extension Scalar {
    /// The number in it; zero where there is none.
    var whole: Int64 {
        switch self {
        case .int64(let value): value
        case .boolean(let value): value ? 1 : 0
        default: 0
        }
    }

    /// The text in it; empty where there is none.
    var text: String {
        if case .string(let value) = self { return value }
        return ""
    }
}
