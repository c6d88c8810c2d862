/// Values by text keys, laid out as Arrow does: a list of rows with a `key` and a `value`.
///
/// Keys are ascending by their UTF-8 bytes and stand once in a map, so that equal maps have equal entries.
public struct MapColumn: Sendable {
    /// The entries: a list column of rows of `DataType.entries(of:)`.
    public var entries: ListColumn

    /// Maps by their entries.
    public init(entries: ListColumn) { self.entries = entries }

    /// Maps by entries in any order; of keys that are equal the last counts.
    public init(sorting entries: ListColumn) {
        self.entries = entries
        let keys = members.keys
        func isBefore(_ a: Int, _ b: Int) -> Bool { keys[a].lexicographicallyPrecedes(keys[b]) }
        let isSorted = (0..<max(0, entries.offsets.count - 1)).allSatisfy { row in
            range(row).dropFirst().allSatisfy { isBefore($0 - 1, $0) }
        }
        if isSorted { return }
        var offsets: [Int32] = [0]
        var order: [Int32] = []
        for row in 0..<entries.offsets.count - 1 {
            let start = order.count
            for position in range(row).sorted(by: { isBefore($0, $1) || (!isBefore($1, $0) && $0 < $1) }) {
                if order.count > start, keys[Int(order[order.count - 1])] == keys[position] { order.removeLast() }
                order.append(Int32(position))
            }
            offsets.append(Int32(order.count))
        }
        self.entries = ListColumn(offsets: offsets, element: entries.element.take(order), validity: entries.validity)
    }

    /// Maps of text, each with its keys in any order.
    public init(_ maps: some Sequence<[String: String]>) {
        var keys = BytesColumn()
        var values = BytesColumn()
        var offsets: [Int32] = [0]
        for map in maps {
            for (key, value) in map.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
                keys.bytes.append(contentsOf: key.utf8)
                keys.offsets.append(Int32(keys.bytes.count))
                values.bytes.append(contentsOf: value.utf8)
                values.offsets.append(Int32(values.bytes.count))
            }
            offsets.append(Int32(keys.count))
        }
        let rows = StructColumn(
            fields: DataType.entryFields(.string), children: [.string(keys), .string(values)], count: keys.count)
        entries = ListColumn(offsets: offsets, element: .structure(rows))
    }

    /// The keys and the values of all maps, one after the other.
    public var members: (keys: BytesColumn, values: Column) {
        guard case .structure(let rows) = entries.element, rows.children.count == 2,
            case .string(let keys) = rows.children[0]
        else { return (BytesColumn(), .null(count: 0)) }
        return (keys, rows.children[1])
    }

    /// The positions in `members` of the map at `row`.
    public func range(_ row: Int) -> Range<Int> { Int(entries.offsets[row])..<Int(entries.offsets[row + 1]) }

    /// The position in `members` of a key of the map at `row`; of keys that are equal the last counts.
    public func position(of key: ArraySlice<UInt8>, in row: Int) -> Int? {
        let keys = members.keys
        return range(row).last { keys[$0] == key }
    }
}

extension DataType {
    /// How the entries of a map lie in its column.
    public static func entries(of value: DataType) -> DataType { .list(.structure(entryFields(value))) }

    static func entryFields(_ value: DataType) -> [Field] {
        [Field("key", .string, isNullable: false), Field("value", value)]
    }
}

extension Column {
    /// What works on lists, done to a map's entries.
    func mapped(_ work: (Column) -> Column) -> Column {
        guard case .map(let column) = self, case .list(let entries) = work(.list(column.entries)) else { return self }
        return .map(MapColumn(entries: entries))
    }

    /// Of a map its entries, as a list; another column as it is.
    public var entries: Column { if case .map(let column) = self { .list(column.entries) } else { self } }

    /// A list of entries as a map.
    var asMap: Column {
        guard case .list(let entries) = self else { return self }
        return .map(MapColumn(entries: entries))
    }
}
