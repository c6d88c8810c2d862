/// Batches and columns as bytes, for state on disk.
///
/// Version 1, all numbers least significant byte first, varint as in protobuf (7 bits a byte):
///
///     batch    0x01, fields, varint rows, ints event times, 0x00 | 0x01 ints starts, ints ends, values of each column
///     column   0x01, type, varint count, values
///     fields   varint count, then for each: varint length, name, type, 0x00 | 0x01 nullable
///     type     0 null, 1 boolean, 2 int64, 3 float64, 4 string, 5 bytes, 6 timestamp, 7 list and a type,
///              8 struct and fields, 9 map and the type of its values
///     values   0x00 | 0x01 validity (a bit a value), then by type:
///              boolean a bit a value; int64, timestamp ints; float64 eight bytes a value;
///              string, bytes lengths as ints, then the bytes; list lengths as ints, then the values of all elements;
///              map as a list of structs of key and value; struct the values of each field; null nothing, not even validity
///     ints     nothing for no values; otherwise the least as a zigzag varint, the width (1, 2, 4, 8), then every value
///              less the least in that many bytes
///
/// Decoding checks every length before it allocates, and reads anything without crashing: what is no batch throws.
extension Batch {
    /// The live rows with their schema, event times and windows.
    public func serialized() -> [UInt8] {
        let batch = compacted()
        var output = OutputBytes(capacity: 256 + batch.count * 16)
        output.append(SerializedFormat.version)
        output.append(fields: batch.schema.fields)
        output.append(varint: UInt64(batch.count))
        output.append(ints: batch.eventTimes)
        switch batch.windows {
        case .global: output.append(0)
        case .intervals(let starts, let ends):
            output.append(1)
            output.append(ints: starts)
            output.append(ints: ends)
        }
        for column in batch.columns { output.append(values: column) }
        return output.take()
    }

    /// Reads what `serialized` wrote. Throws for anything else.
    public init(serialized bytes: some Collection<UInt8>) throws(SerializedFormatError) {
        var reader = SerializedReader(Array(bytes))
        try reader.version()
        schema = Schema(try reader.fields(depth: 0))
        count = try reader.count()
        eventTimes = try reader.ints(count)
        switch try reader.byte() {
        case 0: windows = .global
        case 1: windows = .intervals(starts: try reader.ints(count), ends: try reader.ints(count))
        case let other: throw reader.error("window marker \(other)")
        }
        columns = []
        for field in schema.fields { columns.append(try reader.values(field.type, count)) }
        selection = nil
        try reader.end()
    }
}

extension Column {
    /// The values with their type.
    public func serialized() -> [UInt8] {
        var output = OutputBytes(capacity: 64 + count * 8)
        output.append(SerializedFormat.version)
        output.append(type: type)
        output.append(varint: UInt64(count))
        output.append(values: self)
        return output.take()
    }

    /// Reads what `serialized` wrote. Throws for anything else.
    public init(serialized bytes: some Collection<UInt8>) throws(SerializedFormatError) {
        var reader = SerializedReader(Array(bytes))
        try reader.version()
        let type = try reader.type(depth: 0)
        let count = try reader.count()
        self = try reader.values(type, count)
        try reader.end()
    }
}

enum SerializedFormat {
    static let version: UInt8 = 1
}

/// Bytes that are no serialized batch or column.
public struct SerializedFormatError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was found.
    public var problem: String
    /// Where, counted in bytes from 0.
    public var byteOffset: Int

    /// `stored batch: type 9 at byte 12; the state is damaged or another version's`
    public var description: String {
        "stored batch: \(problem) at byte \(byteOffset); the state is damaged or another version's"
    }
}
