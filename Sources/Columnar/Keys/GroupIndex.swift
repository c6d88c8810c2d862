/// Gives every distinct key a number: rows of key columns become dense group numbers, counted from 0 in the order in
/// which keys first appear, over as many batches as one likes.
///
/// Keys are equal where all their values are: null equals null, -0 equals 0, NaN equals NaN.
public struct GroupIndex: Sendable {
    /// The types of the key columns.
    public let types: [DataType]
    private var keys: KeyTable

    /// An index without groups for keys of `types`.
    public init(types: [DataType]) {
        self.types = types
        if types.count <= WordKeys.columnLimit, types.allSatisfy(\.isWord) {
            keys = .words(WordKeys(columns: types.count))
        } else {
            keys = .bytes(ByteKeys())
        }
    }

    /// How many distinct keys have been seen.
    public var count: Int {
        switch keys {
        case .words(let table): table.slots.count
        case .bytes(let table): table.slots.count
        }
    }

    /// The group of each of `count` rows of `columns`, which have the index's types; new keys get new numbers.
    public mutating func insert(_ columns: [Column], count rows: Int) -> [Int32] {
        check(columns)
        switch keys {
        case .words(var table):
            // Moved out and back, so that it is not copied.
            keys = .words(WordKeys(columns: 0))
            defer { keys = .words(table) }
            return table.insert(WordKeys.words(columns, rows), RowHash.hashes(of: columns, count: rows))
        case .bytes(var table):
            keys = .bytes(ByteKeys())
            defer { keys = .bytes(table) }
            return table.insert(ByteKeys.bytes(columns, rows))
        }
    }

    /// The group of each of `count` rows of `columns`, -1 where the key has not been seen.
    public func find(_ columns: [Column], count rows: Int) -> [Int32] {
        check(columns)
        switch keys {
        case .words(let table):
            return table.find(WordKeys.words(columns, rows), RowHash.hashes(of: columns, count: rows))
        case .bytes(let table): return table.find(ByteKeys.bytes(columns, rows))
        }
    }

    /// The key columns of all groups, a row a group in the order of their numbers.
    public var keyColumns: [Column] {
        switch keys {
        case .words(let table): table.columns(types)
        case .bytes(let table): table.columns(types)
        }
    }

    private func check(_ columns: [Column]) {
        precondition(columns.map(\.type) == types, "key columns of other types than the index's")
    }
}

private enum KeyTable: Sendable {
    case words(WordKeys)
    case bytes(ByteKeys)
}

extension DataType {
    /// Whether a value fits one word, beside a bit that says that it is null.
    fileprivate var isWord: Bool {
        switch self {
        case .null, .boolean, .int64, .float64, .timestamp: true
        case .string, .bytes, .list, .map, .structure: false
        }
    }
}
