public import Columnar

/// What came of decoding payloads: columns for those that are what the definition says, reasons for the others.
public struct DecodedPayloads: Sendable {
    /// One column a field, a value a row.
    public var columns: [Column]
    /// For each row the position of its payload: ascending.
    public var positions: [Int]
    /// The other payloads, in order, by their position, and what is wrong with each.
    public var failures: [(position: Int, problem: SchemaProblem)]
}

/// Decodes payloads straight into the columns of a definition's row.
///
/// A payload fails as a whole and leaves no trace in the columns. Decoding has no state between calls: one decoder may
/// work on several threads at once.
public struct PayloadDecoder: Sendable, Hashable {
    private enum Plan: Sendable, Hashable {
        case avro(AvroPlan)
        case proto(ProtoPlan)
    }

    private let plan: Plan
    /// The fields of a row.
    public let schema: Schema

    /// A decoder of payloads in `format`; throws what has no place in a row.
    public init(_ format: MessageFormat) throws(SchemaProblem) {
        switch format {
        case .avro(let definition):
            let (plan, schema) = try AvroPlan.root(of: definition)
            self.plan = .avro(plan)
            self.schema = schema
        case .proto(let definition):
            let plan = try ProtoPlan(definition)
            self.plan = .proto(plan)
            schema = Schema(plan.rowFields)
        }
    }

    /// Decodes each payload.
    public func decode(_ payloads: some Sequence<[UInt8]>) -> DecodedPayloads {
        let writer = ColumnWriter(.structure(schema.fields))
        var result = DecodedPayloads(columns: [], positions: [], failures: [])
        for (position, payload) in payloads.enumerated() {
            let count = writer.count
            do {
                try decode(payload, into: writer)
                result.positions.append(position)
            } catch {
                writer.truncate(to: count)
                result.failures.append((position, error))
            }
        }
        result.columns = writer.children.map { $0.column() }
        return result
    }

    private func decode(_ payload: [UInt8], into writer: ColumnWriter) throws(SchemaProblem) {
        switch plan {
        case .avro(let plan):
            var reader = AvroReader(bytes: payload)
            try plan.read(&reader, into: writer)
            guard reader.remaining == 0 else {
                throw SchemaProblem("\(reader.remaining) bytes follow the Avro record")
            }
        case .proto(let plan): try plan.read(payload[...], into: writer)
        }
    }
}
