/// A `datetime.timedelta`.
final class TimeSpan: TemplateObject {
    let typeName = "timedelta"
    let microseconds: Int

    init(_ microseconds: Int) { self.microseconds = microseconds }

    private var days: Int { microseconds.dividedFloored(by: 86_400_000_000).quotient }
    private var rest: Int { microseconds.dividedFloored(by: 86_400_000_000).remainder }

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
            case .add: return .object(try Self.checked(a.addingReportingOverflow(b)))
            case .subtract: return .object(try Self.checked(a.subtractingReportingOverflow(b)))
            default: return nil
            }
        }
        if operation == .multiply, let factor = other.integerValue {
            return .object(try Self.checked(microseconds.multipliedReportingOverflow(by: factor)))
        }
        return nil
    }

    private static func checked(_ result: (partialValue: Int, overflow: Bool)) throws -> TimeSpan {
        guard !result.overflow else { throw Failure(.runtime, "the time span is too long") }
        return TimeSpan(result.partialValue)
    }

    func compare(to other: Value) -> Ordering? {
        guard case .object(let span as TimeSpan) = other else { return nil }
        return microseconds < span.microseconds ? .less : microseconds == span.microseconds ? .equal : .greater
    }
}
