import Time

/// Reads what `datetime.strptime` reads by a format: by a regular expression, as Python does.
struct CivilTimeReader: Sendable {
    private let pattern: Pattern
    private let format: String
    private let letters: [Character]

    init(_ format: String, at offset: Int) throws(ExpressionError) {
        self.format = format
        var source = ""
        var letters: [Character] = []
        var rest = Array(format)[...]
        while let character = rest.popFirst() {
            if character.unicodeScalars.allSatisfy(PythonText.isSpace) {
                while let next = rest.first, next.unicodeScalars.allSatisfy(PythonText.isSpace) { rest.removeFirst() }
                source += "\\s+"
                continue
            }
            guard character == "%" else {
                source += Self.insensitive(String(character))
                continue
            }
            guard let letter = rest.popFirst() else { throw ExpressionError("stray % in format", at: offset) }
            if letter == "%" {
                source += "%"
                continue
            }
            guard let part = Self.parts[letter] else {
                throw ExpressionError("'%\(letter)' is not supported in strptime()", at: offset).outside
            }
            guard !letters.contains(letter) else {
                throw ExpressionError("'%\(letter)' stands twice in the format", at: offset)
            }
            letters.append(letter)
            source += "(" + part + ")"
        }
        if letters.contains("H"), letters.contains("I") {
            throw ExpressionError("'%H' and '%I' in one format are not supported", at: offset).outside
        }
        self.letters = letters
        guard format.unicodeScalars.allSatisfy(\.isASCII) else {
            throw ExpressionError("a format beyond ASCII is not supported", at: offset).outside
        }
        pattern = try PatternParser.parse(source, at: offset)
    }

    /// The alternatives of CPython's `_strptime`, longest first.
    private static let parts: [Character: String] = [
        "d": "3[0-1]|[1-2]\\d|0[1-9]|[1-9]| [1-9]", "m": "1[0-2]|0[1-9]|[1-9]", "Y": "\\d\\d\\d\\d", "y": "\\d\\d",
        "H": "2[0-3]|[0-1]\\d|\\d", "I": "1[0-2]|0[1-9]|[1-9]", "M": "[0-5]\\d|\\d", "S": "6[0-1]|[0-5]\\d|\\d",
        "f": "[0-9]{1,6}", "p": insensitive("am") + "|" + insensitive("pm"), "b": alternatives(short: true),
        "B": alternatives(short: false),
    ]

    private static func alternatives(short: Bool) -> String {
        CivilTime.months.map { insensitive(short ? String($0.prefix(3)) : $0) }.joined(separator: "|")
    }

    /// A pattern of the text in upper and lower case.
    private static func insensitive(_ text: String) -> String {
        text.map { character in
            guard character.isASCII else { return String(character) }
            if character.isLetter { return "[\(character.uppercased())\(character.lowercased())]" }
            return character.isNumber ? String(character) : "\\\(character)"
        }.joined()
    }

    func read(_ text: String) throws(RowRejection) -> CivilTime {
        let scalars = Array(text.unicodeScalars)
        var matcher = PatternMatcher(pattern, scalars)
        guard matcher.matches(at: 0), let whole = matcher.groups[0] else {
            throw RowRejection(
                reason: "time data \(PythonText.quoted(text)) does not match format \(PythonText.quoted(format))")
        }
        guard whole.upperBound == scalars.count else {
            let rest = String(String.UnicodeScalarView(scalars[whole.upperBound...]))
            throw RowRejection(reason: "unconverted data remains: \(rest)")
        }
        var (year, month, day): (Int64?, Int64, Int64) = (nil, 1, 1)
        var (hour, minute, second, micro): (Int64, Int64, Int64, Int64) = (0, 0, 0, 0)
        var half: Int64?
        for (index, letter) in letters.enumerated() {
            guard let range = matcher.groups[index + 1] else { continue }
            let found = String(String.UnicodeScalarView(scalars[range]))
            let number = found.unicodeScalars.reduce(Int64(0)) { $0 * 10 + Int64($1.properties.numericValue ?? 0) }
            switch letter {
            case "Y": year = number
            case "y": year = number + (number <= 68 ? 2000 : 1900)
            case "m": month = number
            case "d": day = Int64(found.drop { $0 == " " }) ?? number
            case "H": hour = number
            case "I": hour = number
            case "M": minute = number
            case "S": second = number
            case "f": micro = (found.count..<6).reduce(number) { value, _ in value * 10 }
            case "p": half = found.lowercased() == "pm" ? 12 : 0
            default:
                let name = found.lowercased()
                month = Int64((CivilTime.months.firstIndex { $0.lowercased().hasPrefix(name) } ?? 0) + 1)
            }
        }
        if letters.contains("I") { hour = hour % 12 + (half ?? 0) }
        return try CivilTime(
            year: year ?? 1900, month: month, day: day, hour: hour, minute: minute, second: second, micro: micro)
    }
}
