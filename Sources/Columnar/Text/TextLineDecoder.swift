/// Cuts text into lines: a row for each.
///
/// Lines end with LF or CRLF; the last one may end with the text. A byte-order mark is part of its line.
public struct TextLineDecoder: Sendable {
    /// What came of the text.
    public struct Result: Sendable {
        /// The lines that are UTF-8, without their ends.
        public var lines: BytesColumn
        /// Where the others stand in the text.
        public var failures: [Range<Int>]
    }

    /// A decoder; it has no settings.
    public init() {}

    /// Decodes text of less than 2 GiB.
    public func decode(_ text: some Collection<UInt8>) -> Result {
        text.withContiguousStorageIfAvailable { decode($0) } ?? Array(text).withUnsafeBufferPointer { decode($0) }
    }

    private func decode(_ text: UnsafeBufferPointer<UInt8>) -> Result {
        var result = Result(lines: BytesColumn(), failures: [])
        result.lines.bytes.reserveCapacity(text.count)
        var start = 0
        while start < text.count {
            var end = start
            while end < text.count, text[end] != 0x0A { end += 1 }
            let next = end + 1
            if end < text.count, end > start, text[end - 1] == 0x0D { end -= 1 }
            let line = UnsafeBufferPointer(rebasing: text[start..<end])
            if isValidUTF8(line) {
                result.lines.bytes.append(contentsOf: line)
                checkOffset(result.lines.bytes.count)
                result.lines.offsets.append(Int32(truncatingIfNeeded: result.lines.bytes.count))
            } else {
                result.failures.append(start..<end)
            }
            start = next
        }
        return result
    }
}
