import Columnar

/// The buffers of one column while payloads are read into it, with those of the columns below it.
///
/// A class, since a decoder holds the writers of a tree at once; one decoder call owns them.
final class ColumnWriter {
    let type: DataType
    private(set) var count = 0
    private(set) var children: [ColumnWriter] = []
    private var words: [Int64] = []
    private var numbers: [Double] = []
    private var offsets: [Int32] = []
    private var bytes: [UInt8] = []
    /// Positions, ascending.
    private var nulls: [Int] = []

    init(_ type: DataType) {
        self.type = type
        switch type {
        case .null, .boolean, .int64, .timestamp, .float64: break
        case .string, .bytes: offsets = [0]
        case .list(let element):
            offsets = [0]
            children = [ColumnWriter(element)]
        case .map(let value):
            offsets = [0]
            children = [ColumnWriter(.structure([Field("key", .string, isNullable: false), Field("value", value)]))]
        case .structure(let fields): children = fields.map { ColumnWriter($0.type) }
        }
    }

    /// A boolean (0 or 1), a whole number or microseconds.
    func append(_ word: Int64) {
        words.append(word)
        count += 1
    }

    func append(_ number: Double) {
        numbers.append(number)
        count += 1
    }

    /// Text, which must be UTF-8, or bytes.
    func append(_ value: some Collection<UInt8>) throws(SchemaProblem) {
        guard value.count <= Int(Int32.max) - bytes.count else { throw SchemaProblem("a column passes 2 GiB") }
        bytes.append(contentsOf: value)
        offsets.append(Int32(bytes.count))
        count += 1
    }

    /// The values that the child has since the last list, or the entries since the last map, are one.
    func closeList() throws(SchemaProblem) {
        guard let end = Int32(exactly: children[0].count) else { throw SchemaProblem("lists pass 2^31 elements") }
        offsets.append(end)
        count += 1
    }

    /// The children have their values.
    func closeRow() { count += 1 }

    func appendNull() {
        if type != .null { nulls.append(count) }
        switch type {
        case .null: break
        case .boolean, .int64, .timestamp: words.append(0)
        case .float64: numbers.append(0)
        case .string, .bytes, .list, .map: offsets.append(offsets[count])
        case .structure: for child in children { child.appendNull() }
        }
        count += 1
    }

    /// Forgets all values from `newCount` on.
    func truncate(to newCount: Int) {
        guard newCount < count else { return trimChildren() }
        count = newCount
        while let last = nulls.last, last >= newCount { nulls.removeLast() }
        switch type {
        case .null: break
        case .boolean, .int64, .timestamp: words.removeSubrange(newCount...)
        case .float64: numbers.removeSubrange(newCount...)
        case .string, .bytes:
            offsets.removeSubrange((newCount + 1)...)
            bytes.removeSubrange(Int(offsets[newCount])...)
        case .list, .map: offsets.removeSubrange((newCount + 1)...)
        case .structure: break
        }
        trimChildren()
    }

    /// Children may be ahead of a list or a row that was never closed.
    private func trimChildren() {
        switch type {
        case .list, .map: children[0].truncate(to: Int(offsets[count]))
        case .structure: for child in children { child.truncate(to: count) }
        default: break
        }
    }

    func column() -> Column {
        switch type {
        case .null: .null(count: count)
        case .boolean: .boolean(BooleanColumn(values: Bitmap(count: count) { words[$0] != 0 }, validity: validity))
        case .int64: .int64(FixedColumn(values: words, validity: validity))
        case .timestamp: .timestamp(FixedColumn(values: words, validity: validity))
        case .float64: .float64(FixedColumn(values: numbers, validity: validity))
        case .string: .string(BytesColumn(offsets: offsets, bytes: bytes, validity: validity))
        case .bytes: .bytes(BytesColumn(offsets: offsets, bytes: bytes, validity: validity))
        case .list: .list(ListColumn(offsets: offsets, element: children[0].column(), validity: validity))
        case .map:
            .map(
                MapColumn(
                    sorting: ListColumn(offsets: offsets, element: children[0].column(), validity: validity)))
        case .structure(let fields):
            .structure(
                StructColumn(fields: fields, children: children.map { $0.column() }, count: count, validity: validity))
        }
    }

    private var validity: Bitmap? {
        guard !nulls.isEmpty else { return nil }
        var rest = nulls[...]
        return Bitmap(count: count) { index in
            guard rest.first == index else { return true }
            rest.removeFirst()
            return false
        }
    }
}
