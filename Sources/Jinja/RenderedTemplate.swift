/// What a template gives, and where each part of it comes from.
public struct RenderedTemplate: Sendable {
    /// The text.
    public let text: String
    private let lineStarts: [Int]
    private let spans: [OutputSpan]
    private let source: SourceText

    /// A place of a template's file.
    public struct Origin: Sendable, Hashable {
        /// The file.
        public var file: String
        /// From 1.
        public var line: Int
        /// From 1, in Unicode scalars.
        public var column: Int
    }

    init(_ output: Output, source: SourceText) {
        text = output.text
        spans = output.spans
        self.source = source
        var starts = [0]
        var offset = 0
        for scalar in text.unicodeScalars {
            offset += 1
            if scalar == "\n" { starts.append(offset) }
        }
        lineStarts = starts
    }

    /// Where the rendered text's character at a line and a column, both from 1, comes from: its own place for text that
    /// stands in a template, else the place of the expression that gave it.
    public func origin(line: Int, column: Int) -> Origin {
        let offset = lineStarts[min(max(line, 1), lineStarts.count) - 1] + max(column, 1) - 1
        var (low, high) = (0, spans.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if spans[middle].start <= offset { low = middle } else { high = middle }
        }
        guard low < spans.count else { return Self.origin(source, 0) }
        let span = spans[low]
        return Self.origin(
            span.place.source, span.place.offset + (span.isLiteral ? max(0, min(offset - span.start, span.count)) : 0))
    }

    private static func origin(_ source: SourceText, _ offset: Int) -> Origin {
        let position = source.position(of: min(offset, source.scalars.count))
        return Origin(file: source.file, line: position.line, column: position.column)
    }
}
