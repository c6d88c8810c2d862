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
