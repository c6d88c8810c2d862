/// Decodes JSON documents straight into the columns of a schema.
///
/// - A field of the document that the schema lacks is skipped, but must be well formed. A field that the document
///   lacks, and a JSON null, become null; in a field that is not nullable they fail the document. Of a repeated key the
///   last counts.
/// - Numbers, strings and booleans do not turn into each other. A whole number may stand for a `number`; an `integer`
///   may be written with a fraction or an exponent if its value is whole (`1.0`, `1e3`). Integers beyond 64 bits and
///   numbers beyond a double's range fail.
/// - A `timestamp` is an RFC 3339 string, `bytes` a base64 string (either alphabet, padding optional).
/// - Text must be UTF-8; an escaped surrogate must have its partner (in a skipped string only the escape's form
///   counts).
/// - Nesting deeper than 512 fails the document.
///
/// A document fails as a whole and leaves no trace in the columns. Decoding has no state between calls: one decoder may
/// work on several threads at once. Long inputs decode fastest in pieces of 64 to 512 KiB: larger ones make column
/// buffers that the allocator asks of the system and gives back every time.
public struct JSONBatchDecoder: Sendable {
    /// How deep objects and arrays may nest.
    public static let depthLimit = 512

    /// The fields to decode.
    public let schema: Schema

    /// A decoder of documents whose fields are `schema`'s.
    public init(schema: Schema) { self.schema = schema }

    /// Decodes each element of `documents` as one JSON object.
    public func decode(_ documents: some Sequence<some Collection<UInt8>>) -> JSONDecodeResult {
        var reader = JSONReader(schema, isLines: false)
        var index = 0
        for document in documents {
            let done: Void? = document.withContiguousStorageIfAvailable { reader.document($0, index: index) }
            if done == nil { Array(document).withUnsafeBufferPointer { reader.document($0, index: index) } }
            index += 1
        }
        return reader.result(schema)
    }

    /// Decodes each value of a text column as one JSON object; a null fails as an empty document does.
    public func decode(_ documents: BytesColumn) -> JSONDecodeResult {
        var reader = JSONReader(schema, isLines: false)
        documents.bytes.withUnsafeBufferPointer { bytes in
            documents.offsets.withUnsafeBufferPointer { offsets in
                for index in 0..<max(0, offsets.count - 1) {
                    let range = Int(offsets[index])..<Int(offsets[index + 1])
                    reader.document(UnsafeBufferPointer(rebasing: bytes[range]), index: index)
                }
            }
        }
        return reader.result(schema)
    }

    /// Decodes newline-delimited JSON: one object a line; blank lines are skipped, and so is a byte-order mark.
    public func decodeLines(_ buffer: UnsafeBufferPointer<UInt8>) -> JSONDecodeResult {
        var reader = JSONReader(schema, isLines: true)
        reader.lines(buffer)
        return reader.result(schema)
    }

    /// How many of `bytes` are whole lines: the position behind the last newline, 0 without one. Where a reader cuts.
    public static func wholeLines(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        (bytes.lastIndex(of: 0x0A) ?? -1) + 1
    }

    /// Decodes newline-delimited JSON: one object a line; blank lines are skipped, and so is a byte-order mark.
    public func decodeLines(_ bytes: some Collection<UInt8>) -> JSONDecodeResult {
        bytes.withContiguousStorageIfAvailable { decodeLines($0) }
            ?? Array(bytes).withUnsafeBufferPointer { decodeLines($0) }
    }
}
