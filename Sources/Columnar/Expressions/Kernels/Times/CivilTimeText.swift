import Time

/// Writing dates and times.
extension CivilTime {
    /// A piece of a format of `strftime`.
    enum Piece: Sendable {
        case text(String)
        case directive(Character)
    }

    static let directives: Set<Character> = Set("YmdHMSfjaAbBpIyzZ")
    static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    static let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

    func isoDate() -> String { "\(Self.padded(date.year, 4))-\(Self.padded(date.month))-\(Self.padded(date.day))" }

    func isoText(separator: String) -> String {
        var text = isoDate() + separator + "\(Self.padded(hour)):\(Self.padded(minute)):\(Self.padded(second))"
        if micro != 0 { text += "." + Self.padded(micro, 6) }
        return text + offsetText(":")
    }

    private func offsetText(_ separator: String) -> String {
        guard let offset else { return "" }
        let size = Int64(offset.magnitude)
        var text = (offset < 0 ? "-" : "+") + Self.padded(size / 3600) + separator + Self.padded(size / 60 % 60)
        if size % 60 != 0 { text += separator + Self.padded(size % 60) }
        return text
    }

    func formatted(_ pieces: [Piece]) -> String {
        var text = ""
        for piece in pieces {
            switch piece {
            case .text(let more): text += more
            case .directive(let letter): text += written(letter)
            }
        }
        return text
    }

    private func written(_ letter: Character) -> String {
        let date = date
        let hourOfHalf = hour % 12 == 0 ? 12 : hour % 12
        return switch letter {
        case "Y": String(date.year)
        case "y": Self.padded(date.year % 100)
        case "m": Self.padded(date.month)
        case "d": Self.padded(date.day)
        case "H": Self.padded(hour)
        case "I": Self.padded(hourOfHalf)
        case "M": Self.padded(minute)
        case "S": Self.padded(second)
        case "f": Self.padded(micro, 6)
        case "j": Self.padded(dayOfYear, 3)
        case "p": hour < 12 ? "AM" : "PM"
        case "a": String(Self.weekdays[Int(weekday)].prefix(3))
        case "A": Self.weekdays[Int(weekday)]
        case "b": String(Self.months[Int(date.month - 1)].prefix(3))
        case "B": Self.months[Int(date.month - 1)]
        case "z": offsetText("")
        case "Z": offset.map { $0 == 0 ? "UTC" : "UTC" + offsetText(":") } ?? ""
        default: ""
        }
    }

    private static func padded(_ value: Int64, _ width: Int = 2) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
