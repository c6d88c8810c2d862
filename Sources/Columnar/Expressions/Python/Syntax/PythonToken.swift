/// A token of Python source.
struct PythonToken: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        case name(String)
        /// The magnitude; nil when it does not fit in 64 bits without a sign.
        case integer(UInt64?)
        case float(Double)
        case string(String)
        case bytes([UInt8])
        case formatted([FormattedPiece])
        /// An operator or a bracket.
        case symbol(String)
        /// The end of a line outside brackets.
        case newline
        case end
    }

    var kind: Kind
    /// Unicode scalars from the start of the source.
    var offset: Int

    /// As it is shown to people.
    var shown: String {
        switch kind {
        case .name(let name): "'\(name)'"
        case .integer, .float: "a number"
        case .string, .bytes, .formatted: "a string"
        case .symbol(let symbol): "'\(symbol)'"
        case .newline: "the end of the line"
        case .end: "the end"
        }
    }
}

/// A piece of an f-string.
enum FormattedPiece: Sendable, Equatable {
    case text(String)
    /// The source range of the expression, `s` or `r` after `!`, and what stands after `:`.
    case expression(Range<Int>, conversion: Unicode.Scalar?, specification: String)
}
