extension OutputBytes {
    mutating func append(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func append(fields: [Field]) {
        append(varint: UInt64(fields.count))
        for field in fields {
            append(varint: UInt64(field.name.utf8.count))
            append(text: field.name)
            append(type: field.type)
            append(field.isNullable ? 1 : 0)
        }
    }

    mutating func append(type: DataType) {
        switch type {
        case .null: append(0)
        case .boolean: append(1)
        case .int64: append(2)
        case .float64: append(3)
        case .string: append(4)
        case .bytes: append(5)
        case .timestamp: append(6)
        case .list(let element):
            append(7)
            append(type: element)
        case .map(let value):
            append(9)
            append(type: value)
        case .structure(let fields):
            append(8)
            append(fields: fields)
        }
    }

    mutating func append(values column: Column) {
        if case .null = column { return }
        if let validity = column.validity {
            append(1)
            append(bits: validity)
        } else {
            append(0)
        }
        switch column {
        case .null: break
        case .boolean(let column): append(bits: column.values)
        case .int64(let column), .timestamp(let column): append(ints: column.values)
        case .float64(let column): for value in column.values { append(littleEndian: value.bitPattern) }
        case .string(let column), .bytes(let column):
            let (start, end) = (Int(column.offsets.first ?? 0), Int(column.offsets.last ?? 0))
            append(lengths: column.offsets)
            column.bytes.withUnsafeBufferPointer { append(UnsafeBufferPointer(rebasing: $0[start..<end])) }
        case .list(let column):
            let (start, end) = (Int(column.offsets.first ?? 0), Int(column.offsets.last ?? 0))
            append(lengths: column.offsets)
            append(values: column.element.slice(start..<end))
        case .map(let column):
            let (start, end) = (Int(column.entries.offsets.first ?? 0), Int(column.entries.offsets.last ?? 0))
            append(lengths: column.entries.offsets)
            append(values: column.entries.element.slice(start..<end))
        case .structure(let column): for child in column.children { append(values: child) }
        }
    }

    private mutating func append(bits: Bitmap) {
        for index in 0..<(bits.count + 7) >> 3 {
            append(UInt8(truncatingIfNeeded: bits.words[index >> 3] >> UInt64((index & 7) << 3)))
        }
    }

    private mutating func append(lengths offsets: [Int32]) {
        append(ints: (1..<max(1, offsets.count)).map { Int64(offsets[$0] - offsets[$0 - 1]) })
    }

    mutating func append(ints values: [Int64]) {
        guard let least = values.min(), let greatest = values.max() else { return }
        append(varint: UInt64(bitPattern: least << 1 ^ least >> 63))
        // The spread of 64-bit numbers fits 64 bits without a sign.
        let spread = UInt64(bitPattern: greatest &- least)
        switch spread {
        case 0...0xFF:
            append(1)
            append(values, least, as: UInt8.self)
        case 0...0xFFFF:
            append(2)
            append(values, least, as: UInt16.self)
        case 0...0xFFFF_FFFF:
            append(4)
            append(values, least, as: UInt32.self)
        default:
            append(8)
            append(values, least, as: UInt64.self)
        }
    }

    private mutating func append<Word: FixedWidthInteger & UnsignedInteger>(
        _ values: [Int64], _ least: Int64, as type: Word.Type
    ) {
        let width = MemoryLayout<Word>.size
        let target = UnsafeMutableRawPointer(room(values.count * width))
        values.withUnsafeBufferPointer { values in
            for index in 0..<values.count {
                let word = Word(truncatingIfNeeded: values[index] &- least)
                target.storeBytes(of: word.littleEndian, toByteOffset: index &* width, as: Word.self)
            }
        }
        advance(values.count * width)
    }
}
