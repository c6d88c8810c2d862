/// Python's module `datetime`, which Beam gives to its templates.
final class DatetimeModule: TemplateObject {
    let typeName = "module"
    private let clock: TemplateClock

    init(_ clock: TemplateClock) { self.clock = clock }

    let attributeNames = ["date", "datetime", "timedelta"]

    func attribute(_ name: String) -> Value? {
        switch name {
        case "datetime": .object(DatetimeType(clock, isDate: false))
        case "date": .object(DatetimeType(clock, isDate: true))
        case "timedelta":
            .function(name) { _, arguments in
                let units: [(String, Double)] = [
                    ("days", 86_400e6), ("seconds", 1e6), ("microseconds", 1), ("milliseconds", 1e3),
                    ("minutes", 60e6), ("hours", 3_600e6), ("weeks", 604_800e6),
                ]
                let parameters = try arguments.bound(name, units.map(\.0))
                var total = 0.0
                for (index, unit) in units.enumerated() {
                    guard let value = parameters[index] else { continue }
                    guard let number = value.number else {
                        throw Filters.wrongType("'timedelta'", "numbers", value)
                    }
                    total += number * unit.1
                }
                guard let microseconds = Int(exactly: total.rounded(.toNearestOrEven)), total.magnitude < 1e20 else {
                    throw Failure(.runtime, "the time span is too long")
                }
                return .object(TimeSpan(microseconds))
            }
        default: nil
        }
    }

    func text() -> String { "<module 'datetime'>" }
}

/// `datetime.datetime` and `datetime.date`.
private final class DatetimeType: TemplateObject {
    let typeName = "type"
    private let clock: TemplateClock
    private let isDate: Bool

    init(_ clock: TemplateClock, isDate: Bool) {
        self.clock = clock
        self.isDate = isDate
    }

    var attributeNames: [String] {
        isDate ? ["fromisoformat", "today"] : ["fromisoformat", "now", "strptime", "today", "utcnow"]
    }

    func text() -> String { "<class 'datetime.\(isDate ? "date" : "datetime")'>" }

    func callable() -> Value? {
        .function(isDate ? "date" : "datetime") { [isDate] _, arguments in
            let names = ["year", "month", "day", "hour", "minute", "second", "microsecond"]
            let parameters = try arguments.bound(
                isDate ? "date" : "datetime", Array(names.prefix(isDate ? 3 : 7)), required: 3)
            var civil = Civil()
            civil.year = try parameters.integer(0, default: 1)
            civil.month = try parameters.integer(1, default: 1)
            civil.day = try parameters.integer(2, default: 1)
            if !isDate {
                civil.hour = try parameters.integer(3, default: 0)
                civil.minute = try parameters.integer(4, default: 0)
                civil.second = try parameters.integer(5, default: 0)
                civil.microsecond = try parameters.integer(6, default: 0)
            }
            guard civil.isValid else { throw Failure(.runtime, "there is no such date") }
            return .object(Moment(civil, isDate: isDate))
        }
    }

    func attribute(_ name: String) -> Value? {
        guard attributeNames.contains(name) else { return nil }
        return .function(name) { [clock, isDate] _, arguments in
            switch name {
            case "strptime":
                let parameters = try arguments.bound(name, ["date_string", "format"], required: 2)
                let civil = try TimePattern(try parameters.text(1)).parse(try parameters.text(0))
                return .object(Moment(civil, isDate: false))
            case "fromisoformat":
                let text = try arguments.bound(name, ["date_string"], required: 1).text(0)
                return .object(Moment(try Civil.iso(text, isDate: isDate), isDate: isDate))
            default:
                try arguments.none(name)
                let now = clock.now()
                let offset = name == "utcnow" ? 0 : Int64(clock.offset(now / 1_000_000))
                return .object(Moment(Civil(microseconds: Int(now + offset * 1_000_000)), isDate: isDate))
            }
        }
    }
}

/// A `datetime.timedelta`.
final class TimeSpan: TemplateObject {
    let typeName = "timedelta"
    let microseconds: Int

    init(_ microseconds: Int) { self.microseconds = microseconds }

    private var days: Int { Civil.floor(microseconds, 86_400_000_000) }
    private var rest: Int { microseconds - days * 86_400_000_000 }

    let attributeNames = ["days", "microseconds", "seconds", "total_seconds"]

    func attribute(_ name: String) -> Value? {
        switch name {
        case "days": .integer(days)
        case "seconds": .integer(rest / 1_000_000)
        case "microseconds": .integer(rest % 1_000_000)
        case "total_seconds":
            .function(name) { [microseconds] _, arguments in
                try arguments.none(name)
                return .float(Double(microseconds) / 1e6)
            }
        default: nil
        }
    }

    func text() -> String {
        let second = rest / 1_000_000
        var text = "\(second / 3600):\(TimePattern.padded(second / 60 % 60, 2)):\(TimePattern.padded(second % 60, 2))"
        if rest % 1_000_000 != 0 { text += "." + TimePattern.padded(rest % 1_000_000, 6) }
        return days == 0 ? text : "\(days) day\(days.magnitude == 1 ? "" : "s"), \(text)"
    }

    func representation() -> String {
        let parts = [("days", days), ("seconds", rest / 1_000_000), ("microseconds", rest % 1_000_000)]
            .filter { $0.1 != 0 }.map { "\($0.0)=\($0.1)" }
        return "datetime.timedelta(\(parts.isEmpty ? "0" : parts.joined(separator: ", ")))"
    }

    func applying(_ operation: Arithmetic, to other: Value, isLeft: Bool) throws -> Value? {
        if case .object(let span as TimeSpan) = other {
            let (a, b) = isLeft ? (microseconds, span.microseconds) : (span.microseconds, microseconds)
            switch operation {
            case .add: return .object(TimeSpan(a + b))
            case .subtract: return .object(TimeSpan(a - b))
            default: return nil
            }
        }
        if operation == .multiply, let factor = other.integerValue {
            let (product, overflow) = microseconds.multipliedReportingOverflow(by: factor)
            guard !overflow else { throw Failure(.runtime, "the time span is too long") }
            return .object(TimeSpan(product))
        }
        return nil
    }

    func compare(to other: Value) -> Ordering? {
        guard case .object(let span as TimeSpan) = other else { return nil }
        return microseconds < span.microseconds ? .less : microseconds == span.microseconds ? .equal : .greater
    }
}

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
            if isDate { shift = Civil.floor(shift, 86_400_000_000) * 86_400_000_000 }
            let moved = civil.microseconds + (operation == .add ? shift : -shift)
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
