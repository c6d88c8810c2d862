/// Search in text by Unicode scalars, as Python's strings are made of.
enum PythonSearch {
    /// The offset of the first `part` at or behind `start`; nil when there is none.
    static func first(of part: String, in text: String, from start: Int = 0) -> Int? {
        first(of: Array(part.unicodeScalars), in: Array(text.unicodeScalars), from: start)
    }

    static func first(of part: [Unicode.Scalar], in text: [Unicode.Scalar], from start: Int = 0) -> Int? {
        if part.isEmpty { return start <= text.count ? start : nil }
        var index = start
        while index + part.count <= text.count {
            if text[index] == part[0], text[index..<index + part.count].elementsEqual(part) { return index }
            index += 1
        }
        return nil
    }

    static func last(of part: [Unicode.Scalar], in text: [Unicode.Scalar]) -> Int? {
        var index = text.count - part.count
        while index >= 0 {
            if text[index..<index + part.count].elementsEqual(part) { return index }
            index -= 1
        }
        return nil
    }
}

extension String {
    /// Text of scalars.
    init(scalars: some Sequence<Unicode.Scalar>) {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        self.init(view)
    }
}
