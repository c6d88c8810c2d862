/// Writes rows of key columns as bytes: equal rows, and only those, give equal bytes, in every process and version, and
/// bytes compare (unsigned, first difference first) as the rows do, column by column, nulls first.
///
/// The layout of a value, one after the other without padding:
///
/// - null: 0x00. Everything else starts with 0x01, followed by
/// - boolean: 0x00 or 0x01;
/// - int64, timestamp: eight bytes, most significant first, the sign bit inverted;
/// - float64: the eight bytes of the bit pattern, most significant first, inverted where negative, otherwise with the
///   sign bit set; -0 is written as 0 and every NaN as the one quiet NaN, which comes last;
/// - string, bytes: the bytes, each 0x00 followed by 0xFF, then a closing 0x00 0x01;
/// - list: 0x01 before each element, a closing 0x00;
/// - struct: the fields in order.
///
/// No key is the beginning of another, so any bytes may follow a key.
public struct KeyEncoder: Sendable {
    /// The columns of a key.
    public let types: [DataType]

    /// An encoder of keys of `types`.
    public init(types: [DataType]) { self.types = types }

    /// The key of each of `count` rows of `columns`, which have the encoder's types.
    public func encode(_ columns: [Column], count: Int) -> BytesColumn {
        precondition(columns.map(\.type) == types, "key columns of other types than the encoder's")
        return KeyEncoder.encoded(columns, count: count)
    }

    /// The rows that `keys` were made from. Throws `KeyDecodingError` for anything that `encode` doesn't write.
    public func decode(_ keys: BytesColumn) throws(KeyDecodingError) -> [Column] {
        let readers = types.map { KeyReader($0) }
        for index in 0..<keys.count {
            let range = Int(keys.offsets[index])..<Int(keys.offsets[index + 1])
            guard
                keys.bytes.withUnsafeBufferPointer({ read(UnsafeBufferPointer(rebasing: $0[range]), readers) })
                    == range.count
            else { throw KeyDecodingError(key: index, types: types) }
        }
        return zip(readers, types).map { $0.finished($1) }
    }

    /// The rows that `keys` were made from. Throws `KeyDecodingError` for anything that `encode` doesn't write.
    public func decode(_ keys: some Sequence<some Collection<UInt8>>) throws(KeyDecodingError) -> [Column] {
        var column = BytesColumn()
        for key in keys {
            column.bytes += key
            checkOffset(column.bytes.count)
            column.offsets.append(Int32(column.bytes.count))
        }
        return try decode(column)
    }

    /// Reads one row; the number of bytes, or nil where they are no key.
    private func read(_ bytes: UnsafeBufferPointer<UInt8>, _ readers: [KeyReader]) -> Int? {
        var position = 0
        for reader in readers {
            guard let behind = reader.read(bytes, position) else { return nil }
            position = behind
        }
        return position
    }
}

/// Bytes that are no key of the expected types.
public struct KeyDecodingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Which of the keys, counted from 0.
    public var key: Int
    /// What the key should have held.
    public var types: [DataType]

    /// What the key should have been, in words.
    public var description: String {
        let columns = types.map(\.description).joined(separator: ", ")
        return "key \(key) is not an encoded row of (\(columns)): the stored state is damaged or of another pipeline"
    }
}
