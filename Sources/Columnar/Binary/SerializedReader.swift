/// Reads serialized batches. Every length is checked against the bytes that are left before anything is allocated for
/// it.
struct SerializedReader {
    private let bytes: [UInt8]
    private var position = 0

    /// How deep types may nest: as deep as JSON may.
    private static let depthLimit = JSONBatchDecoder.depthLimit

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func error(_ problem: String) -> SerializedFormatError {
        SerializedFormatError(problem: problem, byteOffset: position)
    }

    mutating func version() throws(SerializedFormatError) {
        let version = try byte()
        guard version == SerializedFormat.version else {
            throw error("format \(version) is not known (this version reads \(SerializedFormat.version))")
        }
    }

    func end() throws(SerializedFormatError) {
        guard position == bytes.count else { throw error("\(bytes.count - position) bytes too many") }
    }

    // MARK: Numbers

    mutating func byte() throws(SerializedFormatError) -> UInt8 {
        try bytes[take(1).lowerBound]
    }

    /// The range of the next `count` bytes.
    private mutating func take(_ count: Int) throws(SerializedFormatError) -> Range<Int> {
        guard count >= 0, count <= bytes.count - position else {
            throw error("\(count) bytes expected, \(bytes.count - position) left")
        }
        position += count
        return position - count..<position
    }

    private mutating func varint() throws(SerializedFormatError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let byte = try byte()
            guard shift < 63 || byte <= 1 else { break }
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        throw error("number of more than 64 bits")
    }

    /// A number of values: what offsets of 32 bits can count.
    mutating func count() throws(SerializedFormatError) -> Int {
        let value = try varint()
        guard value <= UInt64(Int32.max) else { throw error("\(value) values") }
        return Int(value)
    }

    mutating func ints(_ count: Int) throws(SerializedFormatError) -> [Int64] {
        if count == 0 { return [] }
        let zigzag = try varint()
        let least = Int64(bitPattern: zigzag >> 1) ^ -Int64(bitPattern: zigzag & 1)
        switch try byte() {
        case 1: return try ints(count, least, as: UInt8.self)
        case 2: return try ints(count, least, as: UInt16.self)
        case 4: return try ints(count, least, as: UInt32.self)
        case 8: return try ints(count, least, as: UInt64.self)
        case let width: throw error("integers of \(width) bytes")
        }
    }

    private mutating func ints<Word: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ count: Int, _ least: Int64, as type: Word.Type
    ) throws(SerializedFormatError) -> [Int64] {
        let width = MemoryLayout<Word>.size
        let range = try take(count * width)
        return [Int64](unsafeUninitializedCapacity: count) { target, initialized in
            bytes.withUnsafeBytes { source in
                for index in 0..<count {
                    let word = source.loadUnaligned(fromByteOffset: range.lowerBound &+ index &* width, as: Word.self)
                    target.initializeElement(
                        at: index, to: least &+ Int64(truncatingIfNeeded: Word(littleEndian: word)))
                }
            }
            initialized = count
        }
    }

    private mutating func bits(_ count: Int) throws(SerializedFormatError) -> Bitmap {
        let range = try take((count + 7) >> 3)
        var words = [UInt64](repeating: 0, count: (count + 63) >> 6)
        for (index, byte) in bytes[range].enumerated() { words[index >> 3] |= UInt64(byte) << UInt64((index & 7) << 3) }
        return Bitmap(words: words, count: count)
    }

    private mutating func offsets(_ count: Int) throws(SerializedFormatError) -> [Int32] {
        let lengths = try ints(count)
        var result: [Int32] = [0]
        result.reserveCapacity(count + 1)
        var end: Int64 = 0
        for length in lengths {
            guard length >= 0, length <= Int64(Int32.max) - end else { throw error("length \(length)") }
            end += length
            result.append(Int32(end))
        }
        return result
    }

    // MARK: Types

    mutating func fields(depth: Int) throws(SerializedFormatError) -> [Field] {
        let count = try count()
        var fields: [Field] = []
        for _ in 0..<count {
            let length = try self.count()
            let name = try text(take(length))
            let type = try type(depth: depth + 1)
            fields.append(Field(name, type, isNullable: try byte() != 0))
        }
        return fields
    }

    private func text(_ range: Range<Int>) throws(SerializedFormatError) -> String {
        guard bytes[range].withUnsafeBufferPointer({ isValidUTF8($0) }) else { throw error("text that is not UTF-8") }
        return String(decoding: bytes[range], as: UTF8.self)
    }

    mutating func type(depth: Int) throws(SerializedFormatError) -> DataType {
        guard depth <= SerializedReader.depthLimit else {
            throw error("type nested deeper than \(SerializedReader.depthLimit)")
        }
        switch try byte() {
        case 0: return .null
        case 1: return .boolean
        case 2: return .int64
        case 3: return .float64
        case 4: return .string
        case 5: return .bytes
        case 6: return .timestamp
        case 7: return .list(try type(depth: depth + 1))
        case 8: return .structure(try fields(depth: depth))
        case 9: return .map(try type(depth: depth + 1))
        case let tag: throw error("type \(tag)")
        }
    }

    // MARK: Values

    mutating func values(_ type: DataType, _ count: Int) throws(SerializedFormatError) -> Column {
        if case .null = type { return .null(count: count) }
        var validity: Bitmap?
        switch try byte() {
        case 0: break
        case 1: validity = try bits(count)
        case let marker: throw error("validity marker \(marker)")
        }
        switch type {
        case .null: return .null(count: count)
        case .boolean: return .boolean(BooleanColumn(values: try bits(count), validity: validity))
        case .int64: return .int64(FixedColumn(values: try ints(count), validity: validity))
        case .timestamp: return .timestamp(FixedColumn(values: try ints(count), validity: validity))
        case .float64: return .float64(FixedColumn(values: try doubles(count), validity: validity))
        case .string:
            let column = try bytesColumn(count, validity)
            guard hasValidText(column) else { throw error("text that is not UTF-8") }
            return .string(column)
        case .bytes: return .bytes(try bytesColumn(count, validity))
        case .list(let element):
            let offsets = try offsets(count)
            let elements = try values(element, Int(offsets.last ?? 0))
            return .list(ListColumn(offsets: offsets, element: elements, validity: validity))
        case .map(let value):
            let offsets = try offsets(count)
            let entries = try values(.structure(DataType.entryFields(value)), Int(offsets.last ?? 0))
            return .map(MapColumn(entries: ListColumn(offsets: offsets, element: entries, validity: validity)))
        case .structure(let fields):
            var children: [Column] = []
            for field in fields { children.append(try values(field.type, count)) }
            return .structure(StructColumn(fields: fields, children: children, count: count, validity: validity))
        }
    }

    private mutating func doubles(_ count: Int) throws(SerializedFormatError) -> [Double] {
        let range = try take(count * 8)
        return bytes.withUnsafeBytes { source in
            (0..<count).map { index in
                let word = source.loadUnaligned(fromByteOffset: range.lowerBound + index * 8, as: UInt64.self)
                return Double(bitPattern: UInt64(littleEndian: word))
            }
        }
    }

    private mutating func bytesColumn(_ count: Int, _ validity: Bitmap?) throws(SerializedFormatError) -> BytesColumn {
        let offsets = try offsets(count)
        let range = try take(Int(offsets.last ?? 0))
        return BytesColumn(offsets: offsets, bytes: Array(bytes[range]), validity: validity)
    }

    /// Whether each value is UTF-8 of its own: all together are, and none starts within a character.
    private func hasValidText(_ column: BytesColumn) -> Bool {
        column.bytes.withUnsafeBufferPointer { bytes in
            isValidUTF8(bytes)
                && column.offsets.allSatisfy { Int($0) == bytes.count || bytes[Int($0)] & 0xC0 != 0x80 }
        }
    }
}
