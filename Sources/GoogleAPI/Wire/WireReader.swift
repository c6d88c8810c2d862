/// Reads protocol buffers' wire format (protobuf.dev, "Encoding"). Everything that it is not given is an error.
struct WireReader {
    enum Kind: UInt64 {
        case varint = 0
        case fixed64 = 1
        case bytes = 2
        case fixed32 = 5
    }

    private var bytes: UnsafeRawBufferPointer.SubSequence

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes[...] }

    /// The next field's number and kind; nil at the end.
    mutating func next() throws(APIError) -> (field: UInt64, kind: Kind)? {
        guard !bytes.isEmpty else { return nil }
        let tag = try varint()
        guard let kind = Kind(rawValue: tag & 7), tag >> 3 > 0 else { throw WireReader.malformed }
        return (tag >> 3, kind)
    }

    mutating func varint() throws(APIError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let byte = bytes.popFirst() else { throw WireReader.malformed }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw WireReader.malformed
    }

    mutating func slice() throws(APIError) -> UnsafeRawBufferPointer {
        guard let count = Int(exactly: try varint()), count <= bytes.count else { throw WireReader.malformed }
        defer { bytes.removeFirst(count) }
        return UnsafeRawBufferPointer(rebasing: bytes.prefix(count))
    }

    mutating func text() throws(APIError) -> String {
        let slice = try slice()
        guard let text = String(validating: slice, as: UTF8.self) else {
            throw APIError.invalidArgument("The request has text that is not UTF-8.")
        }
        return text
    }

    /// Passes over a field that means nothing here.
    mutating func skip(_ kind: Kind) throws(APIError) {
        switch kind {
        case .varint: _ = try varint()
        case .bytes: _ = try slice()
        case .fixed64, .fixed32:
            let count = kind == .fixed64 ? 8 : 4
            guard bytes.count >= count else { throw WireReader.malformed }
            bytes.removeFirst(count)
        }
    }

    static let malformed = APIError.invalidArgument("The request is no protocol buffer message of this method.")
}
