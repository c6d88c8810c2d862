/// A `datetime.datetime` or `datetime.date`.
final class Moment: TemplateObject, FormattedObject {
    private let civil: Civil
    private let isDate: Bool

    init(_ civil: Civil, isDate: Bool) {
        var civil = civil
        if isDate { (civil.hour, civil.minute, civil.second, civil.microsecond) = (0, 0, 0, 0) }
        self.civil = civil
        self.isDate = isDate
    }

    var typeName: String { isDate ? "date" : "datetime" }

    var attributeNames: [String] {
        ["year", "month", "day", "strftime", "isoformat", "weekday", "isoweekday", "replace"]
            + (isDate ? [] : ["hour", "minute", "second", "microsecond", "date", "timestamp"])
    }

    func attribute(_ name: String) -> Value? {
        guard attributeNames.contains(name) else { return nil }
        switch name {
        case "year": return .integer(civil.year)
        case "month": return .integer(civil.month)
        case "day": return .integer(civil.day)
        case "hour": return .integer(civil.hour)
        case "minute": return .integer(civil.minute)
        case "second": return .integer(civil.second)
        case "microsecond": return .integer(civil.microsecond)
        default: return .function(name) { [self] _, arguments in try call(name, arguments) }
        }
    }

    private func call(_ name: String, _ arguments: Arguments) throws -> Value {
        switch name {
        case "strftime":
            return .string(TimePattern(try arguments.bound(name, ["format"], required: 1).text(0)).format(civil))
        case "isoformat":
            let separator = try arguments.bound(name, ["sep"]).text(0, default: "T")
            return .string(civil.iso(separator: isDate ? nil : separator))
        case "replace":
            let names = ["year", "month", "day", "hour", "minute", "second", "microsecond"]
            let parameters = try arguments.bound(name, Array(names.prefix(isDate ? 3 : 7)))
            var changed = civil
            changed.year = try parameters.integer(0, default: civil.year)
            changed.month = try parameters.integer(1, default: civil.month)
            changed.day = try parameters.integer(2, default: civil.day)
            if !isDate {
                changed.hour = try parameters.integer(3, default: civil.hour)
                changed.minute = try parameters.integer(4, default: civil.minute)
                changed.second = try parameters.integer(5, default: civil.second)
                changed.microsecond = try parameters.integer(6, default: civil.microsecond)
            }
            guard changed.isValid else { throw Failure(.runtime, "there is no such date") }
            return .object(Moment(changed, isDate: isDate))
        default:
            try arguments.none(name)
            switch name {
            case "date": return .object(Moment(civil, isDate: true))
            case "weekday": return .integer((civil.weekday + 6) % 7)
            case "isoweekday": return .integer((civil.weekday + 6) % 7 + 1)
            default: return .float(Double(civil.microseconds) / 1e6)
            }
        }
    }

    func text() -> String { civil.iso(separator: isDate ? nil : " ") }

    func representation() -> String {
        var parts = [civil.year, civil.month, civil.day]
        if !isDate {
            parts += [civil.hour, civil.minute]
            if civil.second != 0 || civil.microsecond != 0 { parts.append(civil.second) }
            if civil.microsecond != 0 { parts.append(civil.microsecond) }
        }
        return "datetime.\(typeName)(\(parts.map(String.init).joined(separator: ", ")))"
    }

    func formatted(_ format: String) -> String { TimePattern(format).format(civil) }

    func applying(_ operation: Arithmetic, to other: Value, isLeft: Bool) throws -> Value? {
        if case .object(let span as TimeSpan) = other, operation == .add || (operation == .subtract && isLeft) {
            var shift = span.microseconds
            if isDate { shift -= shift.dividedFloored(by: 86_400_000_000).remainder }
            let (moved, overflow) =
                operation == .add
                ? civil.microseconds.addingReportingOverflow(shift)
                : civil.microseconds.subtractingReportingOverflow(shift)
            guard !overflow else { throw Failure(.runtime, "the date is out of range") }
            let result = Civil(microseconds: moved)
            guard (1...9999).contains(result.year) else { throw Failure(.runtime, "the date is out of range") }
            return .object(Moment(result, isDate: isDate))
        }
        if case .object(let moment as Moment) = other, operation == .subtract, isLeft, moment.isDate == isDate {
            return .object(TimeSpan(civil.microseconds - moment.civil.microseconds))
        }
        return nil
    }

    func compare(to other: Value) -> Ordering? {
        guard case .object(let moment as Moment) = other, moment.isDate == isDate else { return nil }
        let (a, b) = (civil.microseconds, moment.civil.microseconds)
        return a < b ? .less : a == b ? .equal : .greater
    }
}
