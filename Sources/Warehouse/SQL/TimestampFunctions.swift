import GRDB
import Pipes
import Synchronization
import Time

/// Functions of BigQuery that SQLite lacks: those that a look at streaming data needs.
///
/// Timestamps are numbers of microseconds, as they are stored. Descriptions:
/// <https://cloud.google.com/bigquery/docs/reference/standard-sql/timestamp_functions>.
struct TimestampFunctions: Sendable {
    /// The lengths of the parts of a timestamp that do not depend on the calendar, in microseconds.
    static let parts: [String: Int64] = [
        "MICROSECOND": 1, "MILLISECOND": 1000, "SECOND": 1_000_000, "MINUTE": 60_000_000, "HOUR": 3_600_000_000,
        "DAY": 86_400_000_000,
    ]

    /// What CURRENT_TIMESTAMP gives: the same moment in the whole of a query.
    let now = QueryTime()

    /// Adds the functions to a connection.
    func add(to db: Database) {
        for (name, scale) in [("SECONDS", Int64(1_000_000)), ("MILLIS", 1000), ("MICROS", 1)] {
            db.add(
                function: DatabaseFunction("TIMESTAMP_\(name)", argumentCount: 1, pure: true) { values in
                    guard let value = try Self.integer(values[0], "TIMESTAMP_\(name)") else { return nil }
                    let (micros, overflow) = value.multipliedReportingOverflow(by: scale)
                    if overflow { throw Self.failure("TIMESTAMP_\(name)(\(value)) is outside the years 1 to 9999") }
                    return micros
                })
            db.add(
                function: DatabaseFunction("UNIX_\(name)", argumentCount: 1, pure: true) { values in
                    try Self.integer(values[0], "UNIX_\(name)")?.dividedFloored(by: scale).quotient
                })
        }
        db.add(
            function: DatabaseFunction("TIMESTAMP", argumentCount: 1, pure: true) { values in
                switch values[0].storage {
                case .null: return nil
                case .int64(let value): return value
                case .string(let text):
                    guard let time = TimestampText.parse(text) else {
                        throw Self.failure("TIMESTAMP: '\(text)' is no timestamp")
                    }
                    return time.micros
                default: throw Self.failure("TIMESTAMP takes a text or a timestamp")
                }
            })
        db.add(
            function: DatabaseFunction("TIMESTAMP_TRUNC", argumentCount: 2, pure: true) { values in
                let size = try Self.part(values[1], "TIMESTAMP_TRUNC")
                guard let value = try Self.integer(values[0], "TIMESTAMP_TRUNC") else { return nil }
                return value - value.dividedFloored(by: size).remainder
            })
        db.add(
            function: DatabaseFunction("TIMESTAMP_DIFF", argumentCount: 3, pure: true) { values in
                let size = try Self.part(values[2], "TIMESTAMP_DIFF")
                guard let a = try Self.integer(values[0], "TIMESTAMP_DIFF"),
                    let b = try Self.integer(values[1], "TIMESTAMP_DIFF")
                else { return nil }
                return (a &- b) / size
            })
        db.add(
            function: DatabaseFunction("FORMAT_TIMESTAMP", pure: true) { values in
                guard values.count == 2 || values.count == 3 else {
                    throw Self.failure("FORMAT_TIMESTAMP takes a format, a timestamp and perhaps a time zone")
                }
                guard case .string(let format) = values[0].storage else { return nil }
                guard let value = try Self.integer(values[1], "FORMAT_TIMESTAMP") else { return nil }
                if values.count == 3, case .string(let zone) = values[2].storage, zone.uppercased() != "UTC" {
                    throw Self.failure("FORMAT_TIMESTAMP: the time zone '\(zone)' is not supported; use 'UTC'")
                }
                return try TimestampFormat.format(Timestamp(micros: value), as: format)
            })
        db.add(
            function: DatabaseFunction("CURRENT_TIMESTAMP", argumentCount: 0) { [now] _ in now.value.micros })
        db.add(
            function: DatabaseFunction("SAFE_DIVIDE", argumentCount: 2, pure: true) { values in
                guard let a = Double.fromDatabaseValue(values[0]), let b = Double.fromDatabaseValue(values[1]), b != 0
                else {
                    return nil
                }
                return a / b
            })
        db.add(function: DatabaseFunction("COUNTIF", argumentCount: 1, pure: true, aggregate: CountIf.self))
    }

    private static func integer(_ value: DatabaseValue, _ function: String) throws -> Int64? {
        switch value.storage {
        case .null: return nil
        case .int64(let value): return value
        default: throw failure("\(function): \(value) is neither an integer nor a timestamp")
        }
    }

    private static func part(_ value: DatabaseValue, _ function: String) throws -> Int64 {
        guard case .string(let name) = value.storage, let size = parts[name.uppercased()] else {
            throw failure("\(function): the part is one of \(parts.keys.sorted().joined(separator: ", "))")
        }
        return size
    }

    private static func failure(_ message: String) -> DatabaseError { DatabaseError(message: message) }
}

/// The moment of a query.
final class QueryTime: Sendable {
    private let time = Mutex(Timestamp(micros: 0))

    var value: Timestamp { time.withLock { $0 } }

    func set(_ value: Timestamp) { time.withLock { $0 = value } }
}

/// How many rows the condition holds for.
private struct CountIf: DatabaseAggregate {
    private var count: Int64 = 0

    mutating func step(_ values: [DatabaseValue]) {
        switch values[0].storage {
        case .int64(let value) where value != 0: count += 1
        case .double(let value) where value != 0: count += 1
        default: break
        }
    }

    func finalize() -> (any DatabaseValueConvertible)? { count }
}
