import Time

/// A typed sequence of values in Arrow's layout: a validity bitmap (absent: all valid) beside packed values.
///
/// A null's slot holds an arbitrary value of the right shape (zero, the empty string); kernels may compute on it and
/// combine validity apart.
public indirect enum Column: Sendable {
    /// `count` nulls of no known type.
    case null(count: Int)
    case boolean(BooleanColumn)
    case int64(FixedColumn<Int64>)
    case float64(FixedColumn<Double>)
    case string(BytesColumn)
    case bytes(BytesColumn)
    case timestamp(FixedColumn<Int64>)
    case list(ListColumn)
    case structure(StructColumn)
    case map(MapColumn)
}

/// Packed booleans.
public struct BooleanColumn: Sendable {
    /// A bit a value.
    public var values: Bitmap
    /// Which values are not null; nil when all are.
    public var validity: Bitmap?

    /// Booleans with the bitmap of those that are not null.
    public init(values: Bitmap, validity: Bitmap? = nil) {
        self.values = values
        self.validity = validity
    }
}

/// Values of one fixed width.
public struct FixedColumn<Element: Sendable>: Sendable {
    /// The values; zero where null.
    public var values: [Element]
    /// Which values are not null; nil when all are.
    public var validity: Bitmap?

    /// Values with the bitmap of those that are not null.
    public init(values: [Element], validity: Bitmap? = nil) {
        self.values = values
        self.validity = validity
    }
}

/// Text or bytes: value `i` is `bytes[offsets[i]..<offsets[i + 1]]`.
public struct BytesColumn: Sendable {
    /// `count + 1` ascending positions in `bytes`.
    public var offsets: [Int32]
    /// All values' bytes, one after the other.
    public var bytes: [UInt8]
    /// Which values are not null; nil when all are.
    public var validity: Bitmap?

    /// Values by their offsets; without arguments, none.
    public init(offsets: [Int32] = [0], bytes: [UInt8] = [], validity: Bitmap? = nil) {
        self.offsets = offsets
        self.bytes = bytes
        self.validity = validity
    }

    /// How many values.
    public var count: Int { offsets.count - 1 }

    /// The bytes of value `index`; empty for a null.
    @inlinable public subscript(index: Int) -> ArraySlice<UInt8> {
        bytes[Int(offsets[index])..<Int(offsets[index + 1])]
    }
}

/// Lists: value `i` is `element[offsets[i]..<offsets[i + 1]]`.
public struct ListColumn: Sendable {
    /// `count + 1` ascending positions in `element`.
    public var offsets: [Int32]
    /// All lists' elements, one after the other.
    public var element: Column
    /// Which lists are not null; nil when all are.
    public var validity: Bitmap?

    /// Lists by their offsets.
    public init(offsets: [Int32], element: Column, validity: Bitmap? = nil) {
        self.offsets = offsets
        self.element = element
        self.validity = validity
    }
}

/// Rows inside rows: one child column a field, each as long as the struct.
public struct StructColumn: Sendable {
    /// The children's names and types.
    public var fields: [Field]
    /// One a field, `count` values each.
    public var children: [Column]
    /// How many rows.
    public var count: Int
    /// Which rows are not null; nil when all are.
    public var validity: Bitmap?

    /// Rows by their children.
    public init(fields: [Field], children: [Column], count: Int, validity: Bitmap? = nil) {
        self.fields = fields
        self.children = children
        self.count = count
        self.validity = validity
    }
}

extension Column {
    /// How many values, nulls included.
    public var count: Int {
        switch self {
        case .null(let count): count
        case .boolean(let column): column.values.count
        case .int64(let column), .timestamp(let column): column.values.count
        case .float64(let column): column.values.count
        case .string(let column), .bytes(let column): column.count
        case .list(let column): column.offsets.count - 1
        case .structure(let column): column.count
        case .map(let column): column.entries.offsets.count - 1
        }
    }

    /// The type of the values.
    public var type: DataType {
        switch self {
        case .null: .null
        case .boolean: .boolean
        case .int64: .int64
        case .float64: .float64
        case .string: .string
        case .bytes: .bytes
        case .timestamp: .timestamp
        case .list(let column): .list(column.element.type)
        case .structure(let column): .structure(column.fields)
        case .map(let column): .map(column.members.values.type)
        }
    }

    /// Which values are not null; nil when all are.
    public var validity: Bitmap? {
        switch self {
        case .null(let count): Bitmap(repeating: false, count: count)
        case .boolean(let column): column.validity
        case .int64(let column), .timestamp(let column): column.validity
        case .float64(let column): column.validity
        case .string(let column), .bytes(let column): column.validity
        case .list(let column): column.validity
        case .structure(let column): column.validity
        case .map(let column): column.entries.validity
        }
    }

    /// Whether the value at `index` is null.
    @inlinable public func isNull(_ index: Int) -> Bool {
        guard let validity else { return false }
        return !validity[index]
    }

    /// The value at `index`, for edges and tests.
    public subscript(index: Int) -> Scalar {
        if isNull(index) { return .null }
        switch self {
        case .null: return .null
        case .boolean(let column): return .boolean(column.values[index])
        case .int64(let column): return .int64(column.values[index])
        case .float64(let column): return .float64(column.values[index])
        case .string(let column): return .string(String(decoding: column[index], as: UTF8.self))
        case .bytes(let column): return .bytes(Array(column[index]))
        case .timestamp(let column): return .timestamp(Timestamp(micros: column.values[index]))
        case .list(let column):
            return .list((column.offsets[index]..<column.offsets[index + 1]).map { column.element[Int($0)] })
        case .structure(let column): return .structure(column.children.map { $0[index] })
        case .map(let column): return Column.list(column.entries)[index]
        }
    }
}
