/// The patterns of `strftime` and `strptime`, in the C locale.
struct TimePattern {
    private let pattern: [Unicode.Scalar]
    private static let days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    init(_ pattern: String) { self.pattern = Array(pattern.unicodeScalars) }

    static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    func format(_ civil: Civil) -> String {
        var result = ""
        var index = 0
        while index < pattern.count {
            let scalar = pattern[index]
            index += 1
            guard scalar == "%", index < pattern.count else {
                result.unicodeScalars.append(scalar)
                continue
            }
            var letter = pattern[index]
            index += 1
            var isShort = false
            if letter == "-", index < pattern.count {
                isShort = true
                letter = pattern[index]
                index += 1
            }
            var text = Self.text(letter, civil)
            if isShort { while text.count > 1, text.hasPrefix("0") { text.removeFirst() } }
            result += text
        }
        return result
    }

    private static func text(_ letter: Unicode.Scalar, _ civil: Civil) -> String {
        switch letter {
        case "Y": return padded(civil.year, 4)
        case "y": return padded(civil.year % 100, 2)
        case "m": return padded(civil.month, 2)
        case "d": return padded(civil.day, 2)
        case "e": return civil.day < 10 ? " \(civil.day)" : "\(civil.day)"
        case "H": return padded(civil.hour, 2)
        case "I": return padded((civil.hour + 11) % 12 + 1, 2)
        case "M": return padded(civil.minute, 2)
        case "S": return padded(civil.second, 2)
        case "f": return padded(civil.microsecond, 6)
        case "p": return civil.hour < 12 ? "AM" : "PM"
        case "j": return padded(civil.dayOfYear, 3)
        case "A": return days[civil.weekday]
        case "a": return String(days[civil.weekday].prefix(3))
        case "B": return months[civil.month - 1]
        case "b", "h": return String(months[civil.month - 1].prefix(3))
        case "w": return String(civil.weekday)
        case "u": return String((civil.weekday + 6) % 7 + 1)
        case "U": return padded((civil.dayOfYear + 6 - civil.weekday) / 7, 2)
        case "W": return padded((civil.dayOfYear + 6 - (civil.weekday + 6) % 7) / 7, 2)
        case "F": return TimePattern("%Y-%m-%d").format(civil)
        case "T", "X": return TimePattern("%H:%M:%S").format(civil)
        case "R": return TimePattern("%H:%M").format(civil)
        case "D", "x": return TimePattern("%m/%d/%y").format(civil)
        case "c": return TimePattern("%a %b %e %H:%M:%S %Y").format(civil)
        case "s": return String(civil.microseconds.dividedFloored(by: 1_000_000).quotient)
        case "z", "Z": return ""
        case "%": return "%"
        case "n": return "\n"
        case "t": return "\t"
        default: return "%" + String(letter)
        }
    }

    func parse(_ text: String) throws -> Civil {
        var civil = Civil()
        civil.year = 1900
        var isAfternoon: Bool?
        let scalars = Array(text.unicodeScalars)
        var position = 0
        let failure = Failure(
            .runtime, "'\(text)' does not fit the pattern '\(String(scalars: pattern))'")
        func number(_ most: Int) throws -> Int {
            let digits = scalars[position...].prefix(most).prefix { ("0"..."9").contains($0) }
            guard let value = Int(String(scalars: digits)) else { throw failure }
            position += digits.count
            return value
        }
        func word(_ words: [String]) throws -> Int {
            for (index, word) in words.enumerated()
            where String(scalars: scalars[position...].prefix(word.count)).lowercased() == word.lowercased() {
                position += word.count
                return index
            }
            throw failure
        }
        var index = 0
        while index < pattern.count {
            let scalar = pattern[index]
            index += 1
            if scalar == "%", index < pattern.count {
                let letter = pattern[index]
                index += 1
                switch letter {
                case "Y": civil.year = try number(4)
                case "y":
                    let year = try number(2)
                    civil.year = year < 69 ? 2000 + year : 1900 + year
                case "m": civil.month = try number(2)
                case "d": civil.day = try number(2)
                case "H", "I": civil.hour = try number(2)
                case "M": civil.minute = try number(2)
                case "S": civil.second = try number(2)
                case "f":
                    let start = position
                    let value = try number(6)
                    civil.microsecond = (position - start..<6).reduce(value) { value, _ in value * 10 }
                case "p": isAfternoon = try word(["AM", "PM"]) == 1
                case "B": civil.month = try word(Self.months) + 1
                case "b": civil.month = try word(Self.months.map { String($0.prefix(3)) }) + 1
                case "A": _ = try word(Self.days)
                case "a": _ = try word(Self.days.map { String($0.prefix(3)) })
                case "%":
                    guard position < scalars.count, scalars[position] == "%" else { throw failure }
                    position += 1
                default: throw Failure(.runtime, "the pattern '%\(letter)' is not supported")
                }
            } else if PythonString.isSpace(scalar) {
                while position < scalars.count, PythonString.isSpace(scalars[position]) { position += 1 }
            } else {
                guard position < scalars.count, scalars[position] == scalar else { throw failure }
                position += 1
            }
        }
        if let isAfternoon { civil.hour = civil.hour % 12 + (isAfternoon ? 12 : 0) }
        guard position == scalars.count, civil.isValid else { throw failure }
        return civil
    }
}
