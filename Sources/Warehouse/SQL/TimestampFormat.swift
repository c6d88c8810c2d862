import GRDB
import Time

/// `FORMAT_TIMESTAMP`: timestamps by a pattern of `%` elements, in UTC, in English.
///
/// Elements: <https://cloud.google.com/bigquery/docs/reference/standard-sql/format-elements>.
enum TimestampFormat {
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

    /// - Throws: `DatabaseError` for an element that is not known.
    static func format(_ time: Timestamp, as pattern: String) throws -> String {
        let (days, rest) = time.micros.dividedFloored(by: 86_400_000_000)
        let moment = Moment(date: CivilDate(daysSinceEpoch: days), second: rest / 1_000_000, micros: rest % 1_000_000)
        var result = ""
        var unread = Substring(pattern)
        while let character = unread.popFirst() {
            guard character == "%" else {
                result.append(character)
                continue
            }
            var element = unread.popFirst().map(String.init) ?? ""
            if element == "E", let digits = unread.popFirst() {
                element.append(digits)
                if digits != "z", let last = unread.popFirst() { element.append(last) }
            }
            guard let text = moment.text(element) else {
                throw DatabaseError(message: "FORMAT_TIMESTAMP: there is no element '%\(element)'")
            }
            result += text
        }
        return result
    }

    private struct Moment {
        let date: CivilDate
        /// Of the day.
        let second: Int64
        let micros: Int64

        private var hour12: Int64 { (second / 3600 + 11) % 12 + 1 }
        private var weekday: Int { Int(date.weekday) }
        private var dayOfYear: Int64 {
            date.daysSinceEpoch - CivilDate(year: date.year, month: 1, day: 1).daysSinceEpoch + 1
        }

        func text(_ element: String) -> String? {
            switch element {
            case "%": "%"
            case "n": "\n"
            case "t": "\t"
            case "Y": String(date.year)
            case "y": padded(date.year % 100, 2)
            case "C": padded(date.year / 100, 2)
            case "E4Y": padded(date.year, 4)
            case "m": padded(date.month, 2)
            case "d": padded(date.day, 2)
            case "e": padded(date.day, 2, " ")
            case "j": padded(dayOfYear, 3)
            case "H": padded(second / 3600, 2)
            case "k": padded(second / 3600, 2, " ")
            case "I": padded(hour12, 2)
            case "l": padded(hour12, 2, " ")
            case "M": padded(second / 60 % 60, 2)
            case "S": padded(second % 60, 2)
            case "p": second < 43_200 ? "AM" : "PM"
            case "P": second < 43_200 ? "am" : "pm"
            case "A": weekdays[weekday]
            case "a": String(weekdays[weekday].prefix(3))
            case "B": months[Int(date.month) - 1]
            case "b", "h": String(months[Int(date.month) - 1].prefix(3))
            case "u": String(weekday == 0 ? 7 : weekday)
            case "w": String(weekday)
            case "F": "\(date.year)-\(padded(date.month, 2))-\(padded(date.day, 2))"
            case "D", "x": "\(padded(date.month, 2))/\(padded(date.day, 2))/\(padded(date.year % 100, 2))"
            case "R": "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2))"
            case "T", "X": "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
            case "s": String(date.daysSinceEpoch * 86_400 + second)
            case "Z": "UTC"
            case "z": "+0000"
            case "Ez": "+00:00"
            case "E*S": fraction.isEmpty ? padded(second % 60, 2) : padded(second % 60, 2) + "." + fraction
            case "E1S", "E2S", "E3S", "E4S", "E5S", "E6S":
                padded(second % 60, 2) + "." + padded(micros, 6).prefix(Int(String(element.dropFirst().prefix(1))) ?? 6)
            default: nil
            }
        }

        /// Without zeros at the end.
        private var fraction: String {
            var digits = padded(micros, 6)
            while digits.last == "0" { digits.removeLast() }
            return digits
        }

        private func padded(_ value: Int64, _ width: Int, _ fill: Character = "0") -> String {
            let text = String(value)
            return String(repeating: fill, count: max(0, width - text.count)) + text
        }
    }
}
