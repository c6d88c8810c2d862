/// Writes single values of one column as JSON text.
///
/// A class for each layout, made once a batch, so that a value costs one call and touches no reference count.
class JSONValueWriter {
    private let validity: Bitmap?

    init(_ validity: Bitmap?) { self.validity = validity }

    static func make(_ column: Column) -> JSONValueWriter {
        switch column {
        case .null: JSONValueWriter(nil)
        case .boolean(let column): JSONBooleanWriter(column)
        case .int64(let column): JSONIntegerWriter(column)
        case .float64(let column): JSONNumberWriter(column)
        case .string(let column): JSONStringWriter(column)
        case .bytes(let column): JSONBase64Writer(column)
        case .timestamp(let column): JSONTimestampWriter(column)
        case .list(let column): JSONListWriter(column)
        case .map(let column): JSONMapWriter(column)
        case .structure(let column): JSONObjectWriter(column.fields, column.children, column.validity)
        }
    }

    final func write(_ index: Int, into output: inout OutputBytes) {
        if let validity, !validity[index] {
            output.append("null")
        } else {
            writeValue(index, into: &output)
        }
    }

    /// Writes a value that is not null; a column of no type has only nulls.
    func writeValue(_ index: Int, into output: inout OutputBytes) { output.append("null") }
}

private final class JSONBooleanWriter: JSONValueWriter {
    private let values: Bitmap

    init(_ column: BooleanColumn) {
        values = column.values
        super.init(column.validity)
    }

    override func writeValue(_ index: Int, into output: inout OutputBytes) {
        output.append(values[index] ? "true" : "false")
    }
}

private final class JSONIntegerWriter: JSONValueWriter {
    private let values: [Int64]

    init(_ column: FixedColumn<Int64>) {
        values = column.values
        super.init(column.validity)
    }

    override func writeValue(_ index: Int, into output: inout OutputBytes) { output.append(decimal: values[index]) }
}

private final class JSONNumberWriter: JSONValueWriter {
    private let values: [Double]

    init(_ column: FixedColumn<Double>) {
        values = column.values
        super.init(column.validity)
    }

    override func writeValue(_ index: Int, into output: inout OutputBytes) {
        if values[index].isFinite { output.append(shortest: values[index]) } else { output.append("null") }
    }
}

private final class JSONTimestampWriter: JSONValueWriter {
    private let values: [Int64]

    init(_ column: FixedColumn<Int64>) {
        values = column.values
        super.init(column.validity)
    }

    override func writeValue(_ index: Int, into output: inout OutputBytes) {
        output.append(0x22)
        output.append(timestamp: values[index])
        output.append(0x22)
    }
}

private final class JSONStringWriter: JSONValueWriter {
    private let column: BytesColumn

    init(_ column: BytesColumn) {
        self.column = column
        super.init(column.validity)
    }

    override func writeValue(_ index: Int, into output: inout OutputBytes) {
        let range = Int(column.offsets[index])..<Int(column.offsets[index + 1])
        column.bytes.withUnsafeBufferPointer { output.append(jsonString: UnsafeBufferPointer(rebasing: $0[range])) }
    }
}

private final class JSONBase64Writer: JSONValueWriter {
    private let column: BytesColumn

    init(_ column: BytesColumn) {
        self.column = column
        super.init(column.validity)
    }

    override func writeValue(_ index: Int, into output: inout OutputBytes) {
        let range = Int(column.offsets[index])..<Int(column.offsets[index + 1])
        output.append(0x22)
        let length = Base64.encodedCount(range.count)
        column.bytes.withUnsafeBufferPointer {
            Base64.encode(UnsafeBufferPointer(rebasing: $0[range]), into: output.room(length))
        }
        output.advance(length)
        output.append(0x22)
    }
}

private final class JSONListWriter: JSONValueWriter {
    private let offsets: [Int32]
    private let element: JSONValueWriter

    init(_ column: ListColumn) {
        offsets = column.offsets
        element = .make(column.element)
        super.init(column.validity)
    }

    override func writeValue(_ index: Int, into output: inout OutputBytes) {
        output.append(0x5B)
        for position in offsets[index]..<offsets[index + 1] {
            if position > offsets[index] { output.append(0x2C) }
            element.write(Int(position), into: &output)
        }
        output.append(0x5D)
    }
}

private final class JSONMapWriter: JSONValueWriter {
    private let offsets: [Int32]
    private let key: JSONValueWriter
    private let value: JSONValueWriter

    init(_ column: MapColumn) {
        offsets = column.entries.offsets
        let members = column.members
        key = .make(.string(members.keys))
        value = .make(members.values)
        super.init(column.entries.validity)
    }

    override func writeValue(_ index: Int, into output: inout OutputBytes) {
        output.append(0x7B)
        for position in offsets[index]..<offsets[index + 1] {
            if position > offsets[index] { output.append(0x2C) }
            key.write(Int(position), into: &output)
            output.append(0x3A)
            value.write(Int(position), into: &output)
        }
        output.append(0x7D)
    }
}

/// Writes rows, or rows inside rows.
final class JSONObjectWriter: JSONValueWriter {
    /// For each field its name, quoted, with what stands before and behind it: `{"a":`, `,"b":`.
    private let labels: [[UInt8]]
    private let members: [JSONValueWriter]

    init(_ fields: [Field], _ columns: [Column], _ validity: Bitmap?) {
        labels = fields.enumerated().map { index, field in
            var label = OutputBytes()
            label.append(index == 0 ? 0x7B : 0x2C)
            var name = field.name
            name.withUTF8 { label.append(jsonString: $0) }
            label.append(0x3A)
            return label.take()
        }
        members = columns.map { JSONValueWriter.make($0) }
        super.init(validity)
    }

    convenience init(_ batch: Batch) { self.init(batch.schema.fields, batch.columns, nil) }

    override func writeValue(_ index: Int, into output: inout OutputBytes) {
        if members.isEmpty { output.append(0x7B) }
        for position in members.indices {
            output.append(labels[position])
            members[position].write(index, into: &output)
        }
        output.append(0x7D)
    }
}

extension OutputBytes {
    /// Text as a JSON string, with its quotes.
    mutating func append(jsonString text: UnsafeBufferPointer<UInt8>) {
        append(0x22)
        if var position = text.baseAddress {
            let end = position + text.count
            while true {
                let stop = scanUnescapedText(position, end)
                append(UnsafeBufferPointer(start: position, count: stop - position))
                if stop == end { break }
                append(jsonEscape: stop.pointee)
                position = stop + 1
            }
        }
        append(0x22)
    }

    private mutating func append(jsonEscape byte: UInt8) {
        switch byte {
        case 0x22: append("\\\"")
        case 0x5C: append("\\\\")
        case 0x08: append("\\b")
        case 0x09: append("\\t")
        case 0x0A: append("\\n")
        case 0x0C: append("\\f")
        case 0x0D: append("\\r")
        default:
            append("\\u00")
            append((byte &>> 4) &+ 0x30)
            append((byte & 15) &+ (byte & 15 < 10 ? 0x30 : 0x57))
        }
    }
}
