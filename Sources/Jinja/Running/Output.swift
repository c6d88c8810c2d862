/// Text that grows, with the places that it comes from.
final class Output {
    private(set) var text = ""
    private(set) var spans: [OutputSpan] = []
    private var count = 0

    func append(_ part: String, from place: SourcePlace, isLiteral: Bool) throws {
        guard !part.isEmpty else { return }
        text += part
        guard text.utf8.count <= Limits.textBytes else { throw Limits.tooLong.at(place) }
        let scalars = part.unicodeScalars.count
        spans.append(OutputSpan(start: count, count: scalars, place: place, isLiteral: isLiteral))
        count += scalars
    }
}

/// A part of the output that has one origin.
struct OutputSpan: Sendable {
    /// In Unicode scalars of the output.
    var start: Int
    var count: Int
    var place: SourcePlace
    /// Whether it stands in the template as it is.
    var isLiteral: Bool
}
