/// A part of a template.
struct Token {
    enum Kind: Equatable {
        /// Text that is given as it stands.
        case data(String)
        case variableBegin, variableEnd, blockBegin, blockEnd
        case name(String)
        case string(String)
        case integer(Int)
        case float(Double)
        case sign(String)
        case end
    }

    var kind: Kind
    /// Where it starts in the source.
    var offset: Int

    /// For people.
    var described: String {
        switch kind {
        case .data: "text"
        case .variableBegin: "'{{'"
        case .variableEnd: "'}}'"
        case .blockBegin: "'{%'"
        case .blockEnd: "'%}'"
        case .name(let name): "'\(name)'"
        case .string(let text): PythonString.quoted(text)
        case .integer(let number): "'\(number)'"
        case .float(let number): "'\(PythonFloat.text(number))'"
        case .sign(let sign): "'\(sign)'"
        case .end: "the end of the template"
        }
    }
}
