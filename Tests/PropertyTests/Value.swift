/// A value as the naive interpreter has it: one of Python's.
indirect enum Value: Hashable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case float(Double)
    /// Code points, as Python's text.
    case text([Unicode.Scalar])
    /// Microseconds since the epoch.
    case time(Int64)
    case list([Value])
    case row([Member])

    /// A named value of a row.
    struct Member: Hashable, Sendable {
        var name: String
        var value: Value
    }

    static func string(_ text: String) -> Value { .text(Array(text.unicodeScalars)) }

    var isNull: Bool { self == .null }
}

/// The type of a field or an expression.
indirect enum Kind: Hashable, Sendable {
    case boolean, integer, float, text, time
    case list(Kind)
    /// A list in no order: what is grouped. Nothing may depend on the order, so nothing but Explode opens it.
    case bag(Kind)
    case row([Column])
}

/// A named and typed part of a row.
struct Column: Hashable, Sendable {
    var name: String
    var kind: Kind
}

/// The fields of fields that are grouped are named so.
let bagPrefix = "bag"

extension String {
    init(_ scalars: some Sequence<Unicode.Scalar>) {
        self.init()
        unicodeScalars.append(contentsOf: scalars)
    }
}

extension Value: CustomStringConvertible {
    /// Text that is the same for the same value alone. Zeros have no sign, for which of two is the greater is not said.
    var description: String { shown(asBag: false) }

    func shown(asBag: Bool) -> String {
        switch self {
        case .null: return "null"
        case .boolean(let flag): return "\(flag)"
        case .integer(let number): return "\(number)"
        case .float(let number): return number == 0 ? "0.0" : "\(number)"
        case .text(let scalars):
            return "\"" + scalars.map { $0.isASCII && $0.value > 31 ? String($0) : "<\($0.value)>" }.joined() + "\""
        case .time(let micros): return "t\(micros)"
        case .list(let elements):
            let texts = elements.map(\.description)
            return "[" + (asBag ? texts.sorted() : texts).joined(separator: ", ") + "]"
        case .row(let members):
            let texts = members.sorted { $0.name < $1.name }.map {
                "\($0.name): \($0.value.shown(asBag: $0.name.hasPrefix(bagPrefix)))"
            }
            return "{" + texts.joined(separator: ", ") + "}"
        }
    }

    /// The value in a YAML file, or in a message: JSON, but for what JSON has no numbers for.
    var json: String {
        switch self {
        case .null: return "null"
        case .boolean(let flag): return "\(flag)"
        case .integer(let number): return "\(number)"
        case .float(let number):
            if number.isNaN { return ".nan" }
            if number.isInfinite { return number < 0 ? "-.inf" : ".inf" }
            let text = "\(number)"
            // YAML takes 1e-05 for text.
            return text.contains(".") ? text : text.replacing("e", with: ".0e")
        case .text(let scalars): return Self.quoted(scalars)
        case .time(let micros): return "\(micros)"
        case .list(let elements): return "[" + elements.map(\.json).joined(separator: ", ") + "]"
        case .row(let members):
            return "{"
                + members.map { "\(Self.quoted($0.name.unicodeScalars)): \($0.value.json)" }
                .joined(separator: ", ") + "}"
        }
    }

    static func quoted(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var text = "\""
        for scalar in scalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}
