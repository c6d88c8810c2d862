import Spelling

/// One of the five fields of a schedule: its range and names, and how its text becomes a set of numbers.
enum CronField: CaseIterable {
    case minute, hour, dayOfMonth, month, dayOfWeek

    var name: String {
        switch self {
        case .minute: "minute"
        case .hour: "hour"
        case .dayOfMonth: "day of month"
        case .month: "month"
        case .dayOfWeek: "day of week"
        }
    }

    /// The numbers that may be written. 7 is a second name of Sunday.
    var range: ClosedRange<Int> {
        switch self {
        case .minute: 0...59
        case .hour: 0...23
        case .dayOfMonth: 1...31
        case .month: 1...12
        case .dayOfWeek: 0...7
        }
    }

    /// Names of numbers, the first of which is the range's lowest.
    var names: [String] {
        switch self {
        case .month: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
        case .dayOfWeek: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
        default: []
        }
    }
}

/// The numbers of a field that match, as bits, and whether its text starts with `*`.
struct CronSet: Sendable, Hashable {
    var bits: UInt64
    /// Vixie's rules for days and for daylight saving look at how the field is written, not at what it matches: `*/2` is
    /// starred too, `0-59` is not.
    var isStarred: Bool

    func contains(_ number: Int) -> Bool { bits & (1 << UInt64(number)) != 0 }

    /// The smallest member that is at least `number`.
    func first(atLeast number: Int) -> Int? {
        guard number < 64 else { return nil }
        let rest = bits >> UInt64(number)
        return rest == 0 ? nil : number + rest.trailingZeroBitCount
    }
}

/// Reads the text of one field.
struct CronFieldParser {
    let schedule: String
    let field: CronField
    let text: Substring
    /// Of the field's first character in the schedule, from 1.
    let column: Int

    func parse() throws -> CronSet {
        var bits: UInt64 = 0
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            bits |= try parse(item: item)
        }
        if field == .dayOfWeek, bits & (1 << 7) != 0 { bits = (bits & ~(1 << 7)) | 1 }
        return CronSet(bits: bits, isStarred: text.first == "*")
    }

    private func parse(item: Substring) throws -> UInt64 {
        guard !item.isEmpty else {
            throw error(at: item, "a list item is empty", "write \(example) between commas")
        }
        let parts = item.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let step = parts.count == 2 ? try parse(step: parts[1]) : 1
        let span = try parse(span: parts[0], hasStep: parts.count == 2)
        return stride(from: span.lowerBound, through: span.upperBound, by: step).reduce(0) { $0 | (1 << UInt64($1)) }
    }

    private func parse(step text: Substring) throws -> Int {
        guard let step = number(text), step > 0 else {
            throw error(at: text, "'\(text)' is not a step", "write a whole number above 0 after '/', as in '*/5'")
        }
        return step
    }

    private func parse(span text: Substring, hasStep: Bool) throws -> ClosedRange<Int> {
        if text == "*" { return field == .dayOfWeek ? 0...6 : field.range }
        if let dash = text.firstIndex(of: "-"), dash != text.startIndex {
            let (low, high) = (text[..<dash], text[text.index(after: dash)...])
            let (from, to) = (try value(low), try value(high))
            guard from <= to else {
                throw error(
                    at: text, "the range '\(text)' runs backwards", "write \(wrapped(from: from, to: to)) instead")
            }
            return from...to
        }
        let single = try value(text)
        if hasStep {
            throw error(
                at: text, "a step needs a range or '*' before it, not '\(text)'",
                "write '\(text)-\(field == .dayOfWeek ? 6 : field.range.upperBound)/…'")
        }
        return single...single
    }

    private func value(_ text: Substring) throws -> Int {
        let range = field.range
        if let number = number(text) {
            guard range.contains(number) else {
                throw error(
                    at: text, "\(text) is outside \(range.lowerBound)–\(range.upperBound)", "write \(example)")
            }
            return number
        }
        if let index = field.names.firstIndex(of: text.uppercased()) { return range.lowerBound + index }
        if text.isEmpty {
            throw error(at: text, "a number is missing", "write \(example)")
        }
        if let special = text.first(where: { "?LW#".contains($0.uppercased()) }), field.names.isEmpty || special == "?"
        {
            throw error(
                at: text, "'\(special)' is not part of the unix cron format", "write '*' or the days as numbers")
        }
        let hint = Spelling.hint(for: text.uppercased(), in: field.names)
        throw error(at: text, "'\(text)' is not a \(field.name)\(hint)", "write \(example)")
    }

    private func number(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.count <= 4, text.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        return Int(text)
    }

    /// A range around the end of the field, written as two.
    private func wrapped(from: Int, to: Int) -> String {
        let (low, high) = (field.range.lowerBound, field == .dayOfWeek ? 6 : field.range.upperBound)
        func span(_ a: Int, _ b: Int) -> String { a == b ? "\(a)" : "\(a)-\(b)" }
        return "'\(span(from, high)),\(span(low, to))'"
    }

    private var example: String {
        switch field {
        case .minute: "a minute from 0 to 59"
        case .hour: "an hour from 0 to 23"
        case .dayOfMonth: "a day from 1 to 31"
        case .month: "a month from 1 to 12, or JAN to DEC"
        case .dayOfWeek: "a day from 0 to 7 (0 and 7 are Sunday), or SUN to SAT"
        }
    }

    private func error(at place: Substring, _ problem: String, _ remedy: String) -> CronError {
        CronError(
            schedule: schedule, field: field.name,
            column: column + text.distance(from: text.startIndex, to: place.startIndex),
            problem: problem, remedy: remedy)
    }
}
