/// A template's text, and where its lines are.
final class SourceText: Sendable {
    /// The file as people know it.
    let file: String
    /// The text with every line end as `\n`, without the last one.
    let scalars: [Unicode.Scalar]
    private let firstLine: Int
    private let lineStarts: [Int]

    /// - Parameter firstLine: the line of the file that the text begins with.
    init(_ text: String, file: String, firstLine: Int) {
        self.file = file
        self.firstLine = firstLine
        var scalars: [Unicode.Scalar] = []
        scalars.reserveCapacity(text.utf8.count)
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            if scalar == "\r" {
                scalars.append("\n")
            } else if !(scalar == "\n" && previous == "\r") {
                scalars.append(scalar)
            }
            previous = scalar
        }
        if scalars.last == "\n" { scalars.removeLast() }
        self.scalars = scalars
        lineStarts = [0] + scalars.indices.filter { scalars[$0] == "\n" }.map { $0 + 1 }
    }

    /// The line and the column of an offset, both from 1.
    func position(of offset: Int) -> (line: Int, column: Int) {
        var (low, high) = (0, lineStarts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return (low + firstLine, offset - lineStarts[low] + 1)
    }
}

/// A place in a template.
struct SourcePlace: Sendable {
    let source: SourceText
    /// In Unicode scalars of the source.
    var offset: Int
}
