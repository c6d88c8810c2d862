import Time

/// Reads what `datetime.fromisoformat` of Python 3.11 reads.
///
/// Where the separator between date and time stands follows `_find_isoformat_datetime_separator` of CPython's `datetime`.
struct CivilTimeParser {
    private let text: [Unicode.Scalar]
    private let refusal: RowRejection

    private init(_ text: String) {
        self.text = Array(text.unicodeScalars)
        refusal = RowRejection(reason: "Invalid isoformat string: \(PythonText.quoted(text))")
    }

    static func dateTime(_ text: String) throws(RowRejection) -> CivilTime {
        let parser = CivilTimeParser(text)
        guard parser.text.count >= 7 else { throw parser.refusal }
        let end = min(try parser.separator(), parser.text.count)
        let date = try parser.date(0..<end)
        guard end < parser.text.count else { return date }
        guard end + 1 < parser.text.count else { throw parser.refusal }
        return try parser.time(end + 1, date)
    }

    static func date(_ text: String) throws(RowRejection) -> CivilTime {
        let parser = CivilTimeParser(text)
        guard [7, 8, 10].contains(parser.text.count) else { throw parser.refusal }
        return try parser.date(0..<parser.text.count)
    }

    private func isDigit(_ index: Int) -> Bool { index < text.count && ("0"..."9").contains(text[index]) }

    private func separator() throws(RowRejection) -> Int {
        if text.count == 7 { return 7 }
        if text[4] == "-" {
            guard text[5] == "W" else { return 10 }
            guard text.count > 8, text[8] == "-" else { return 8 }
            if text.count == 9 { throw refusal }
            return isDigit(10) ? 8 : 10
        }
        guard text[4] == "W" else { return 8 }
        var index = 7
        while isDigit(index) { index += 1 }
        if index < 9 { return index }
        return index % 2 == 0 ? 7 : 8
    }

    private func number(_ start: Int, _ count: Int, before end: Int) throws(RowRejection) -> Int64 {
        guard start + count <= end, (start..<start + count).allSatisfy(isDigit) else { throw refusal }
        return text[start..<start + count].reduce(0) { $0 * 10 + Int64($1.value) - 48 }
    }

    private func date(_ range: Range<Int>) throws(RowRejection) -> CivilTime {
        let end = range.upperBound
        let year = try number(0, 4, before: end)
        let gap = end > 4 && text[4] == "-" ? 1 : 0
        let start = 4 + gap
        guard start < end else { throw refusal }
        if text[start] == "W" {
            let week = try number(start + 1, 2, before: end)
            var day: Int64 = 1
            var place = start + 3
            if place < end {
                if gap == 1 {
                    guard text[place] == "-" else { throw refusal }
                    place += 1
                }
                day = try number(place, 1, before: end)
                place += 1
            }
            guard place == end, (1...7).contains(day), (1...9999).contains(year) else { throw refusal }
            // The week with the year's first Thursday is its first.
            let january = CivilDate(year: year, month: 1, day: 4).daysSinceEpoch
            let monday = january - (january + 3).floorModulo(7)
            let days = monday + (week - 1) * 7 + day - 1
            let nextJanuary = CivilDate(year: year + 1, month: 1, day: 4).daysSinceEpoch
            let nextMonday = nextJanuary - (nextJanuary + 3).floorModulo(7)
            guard week >= 1, monday + (week - 1) * 7 < nextMonday else { throw refusal }
            return try CivilTime(local: 0).advanced(by: days * CivilTime.day)
        }
        let month = try number(start, 2, before: end)
        var place = start + 2
        if gap == 1 {
            guard place < end, text[place] == "-" else { throw refusal }
            place += 1
        }
        let day = try number(place, 2, before: end)
        guard place + 2 == end else { throw refusal }
        return try CivilTime(year: year, month: month, day: day)
    }

    private func time(_ start: Int, _ date: CivilTime) throws(RowRejection) -> CivilTime {
        let zone = text[start...].firstIndex { $0 == "+" || $0 == "-" || $0 == "Z" }
        let (seconds, micros) = try clock(start..<(zone ?? text.count))
        var result = date
        guard seconds[0] < 24, seconds[1] < 60, seconds[2] < 60 else {
            throw RowRejection(reason: "hour, minute and second must be in 0..23, 0..59 and 0..59")
        }
        result.local += ((seconds[0] * 60 + seconds[1]) * 60 + seconds[2]) * 1_000_000 + micros
        guard let zone else { return result }
        if text[zone] == "Z" {
            guard zone + 1 == text.count else { throw refusal }
            result.offset = 0
            return result
        }
        let (parts, fraction) = try clock(zone + 1..<text.count)
        let offset = (parts[0] * 60 + parts[1]) * 60 + parts[2]
        guard offset < 86_400, parts[1] < 60, parts[2] < 60 else { throw refusal }
        guard fraction == 0 else {
            throw RowRejection(reason: "an offset of fractions of a second is not supported")
        }
        result.offset = text[zone] == "-" ? -offset : offset
        return result
    }

    /// Hours, minutes and seconds as far as they are there, and microseconds.
    private func clock(_ range: Range<Int>) throws(RowRejection) -> ([Int64], Int64) {
        var parts: [Int64] = [0, 0, 0]
        var place = range.lowerBound
        let hasColons = place + 2 < range.upperBound && text[place + 2] == ":"
        for index in 0..<3 {
            parts[index] = try number(place, 2, before: range.upperBound)
            place += 2
            if place == range.upperBound { return (parts, 0) }
            if index == 2 { break }
            if hasColons {
                guard text[place] == ":" else { throw refusal }
                place += 1
            }
        }
        guard text[place] == "." || text[place] == ",", place + 1 < range.upperBound else { throw refusal }
        let digits = range.upperBound - place - 1
        guard (place + 1..<range.upperBound).allSatisfy(isDigit) else { throw refusal }
        var micros = try number(place + 1, min(6, digits), before: range.upperBound)
        for _ in min(6, digits)..<6 { micros *= 10 }
        return (parts, micros)
    }
}
