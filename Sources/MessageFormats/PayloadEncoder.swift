public import Columnar

/// What came of encoding rows.
public struct EncodedPayloads: Sendable {
    /// A payload for each row; empty for those that failed.
    public var payloads: [[UInt8]]
    /// The rows that the definition has no place for, and why.
    public var failures: [(row: Int, problem: SchemaProblem)]
}

/// Writes rows as payloads of a definition: fields are found by their names.
///
/// A field of the definition that the row lacks is null (Avro: in a union with null) or absent (protobuf: unless it is
/// required). A field that protobuf gives no presence and that holds its default is left out, as protobuf's own
/// writers do.
public struct PayloadEncoder: Sendable, Hashable {
    private enum Plan: Sendable, Hashable {
        case avro(AvroPlan)
        case proto(ProtoPlan)
    }

    private let plan: Plan

    /// An encoder of rows of `fields` in `format`; throws which field does not fit.
    public init(_ format: MessageFormat, _ fields: [Field]) throws(SchemaProblem) {
        switch format {
        case .avro(let definition):
            let plan = try AvroPlan.root(of: definition).plan
            try plan.check(.structure(fields))
            self.plan = .avro(plan)
        case .proto(let definition):
            let plan = try ProtoPlan(definition)
            try plan.check(fields)
            self.plan = .proto(plan)
        }
    }

    /// Encodes `count` rows of the fields that were given to the initializer.
    public func encode(_ fields: [Field], _ columns: [Column], count: Int) -> EncodedPayloads {
        let rows = Column.structure(StructColumn(fields: fields, children: columns, count: count))
        var result = EncodedPayloads(payloads: [], failures: [])
        result.payloads.reserveCapacity(count)
        switch plan {
        case .avro(let plan):
            let source = AvroSource(plan, rows)
            for row in 0..<count {
                result.append { bytes throws(SchemaProblem) in try source.write(row, into: &bytes) }
            }
        case .proto(let plan):
            let source = ProtoSource(plan, rows)
            for row in 0..<count {
                result.append { bytes throws(SchemaProblem) in try source.write(row, into: &bytes) }
            }
        }
        return result
    }
}

extension EncodedPayloads {
    fileprivate mutating func append(_ write: (inout [UInt8]) throws(SchemaProblem) -> Void) {
        var bytes: [UInt8] = []
        do {
            try write(&bytes)
        } catch {
            failures.append((payloads.count, error))
            bytes = []
        }
        payloads.append(bytes)
    }
}

extension [UInt8] {
    /// A number in base 128, the lowest digit first.
    mutating func append(varint value: UInt64) {
        var rest = value
        while rest > 127 {
            append(UInt8(truncatingIfNeeded: rest) | 128)
            rest >>= 7
        }
        append(UInt8(rest))
    }

    /// The bytes of a number, the lowest first.
    mutating func append(littleEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}

extension Int64 {
    /// Small numbers of either sign as small numbers.
    var zigzag: UInt64 { UInt64(bitPattern: (self << 1) ^ (self >> 63)) }
}
