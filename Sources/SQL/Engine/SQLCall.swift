import Foundation
import GRDBSQLite

/// One call of a function: its arguments, none of them null, and where the answer goes.
struct SQLCall {
    private let context: OpaquePointer?
    private let values: UnsafeMutablePointer<OpaquePointer?>
    private let count: Int32

    /// Nil when an argument is null: then the answer is.
    init?(_ context: OpaquePointer?, _ count: Int32, _ values: UnsafeMutablePointer<OpaquePointer?>?) {
        guard let values else { return nil }
        self.context = context
        self.values = values
        self.count = count
        for index in 0..<Int(count) where sqlite3_value_type(values[index]) == SQLITE_NULL { return nil }
    }

    func integer(_ index: Int) -> Int64 { sqlite3_value_int64(values[index]) }

    func float(_ index: Int) -> Double { sqlite3_value_double(values[index]) }

    func text(_ index: Int) -> String {
        guard let bytes = sqlite3_value_text(values[index]) else { return "" }
        let length = Int(sqlite3_value_bytes(values[index]))
        return String(decoding: UnsafeBufferPointer(start: bytes, count: length), as: UTF8.self)
    }

    func give(whole value: Int64) { sqlite3_result_int64(context, value) }

    func give(_ value: Double) { sqlite3_result_double(context, value) }

    func give(text: String) {
        var text = text
        text.withUTF8 { bytes in
            // The engine makes a copy (SQLITE_TRANSIENT).
            sqlite3_result_text64(
                context, UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self) ?? nil,
                UInt64(bytes.count), unsafeBitCast(-1, to: sqlite3_destructor_type.self), UInt8(SQLITE_UTF8))
        }
    }

    func fail(_ message: String) { sqlite3_result_error(context, message, -1) }

    private var areWhole: Bool {
        (0..<Int(count)).allSatisfy { sqlite3_value_type(values[$0]) == SQLITE_INTEGER }
    }

    func divide() {
        guard areWhole else { return give(float(0) / float(1)) }
        let (quotient, overflow) = integer(0).dividedReportingOverflow(by: integer(1))
        if overflow {
            fail(integer(1) == 0 ? "division by zero" : "the quotient is beyond 64 bits")
        } else {
            give(whole: quotient)
        }
    }

    func remainder() {
        guard areWhole else { return give(fmod(float(0), float(1))) }
        let (rest, overflow) = integer(0).remainderReportingOverflow(dividingBy: integer(1))
        if overflow, integer(1) == 0 { fail("division by zero") } else { give(whole: rest) }
    }

    func whole() {
        if let value = Int64(exactly: float(0).rounded(.towardZero)) {
            give(whole: value)
        } else {
            fail("\(float(0)) is beyond 64 bits")
        }
    }

    /// To so many digits behind the point, or before it where they are negative. Half goes away from zero, as in Calcite.
    func round() {
        let digits = count == 2 ? integer(1) : 0
        if sqlite3_value_type(values[0]) == SQLITE_INTEGER {
            guard let whole = SQLCall.rounded(integer(0), digits) else { return fail("the result is beyond 64 bits") }
            return give(whole: whole)
        }
        let scale = pow(10, Double(digits))
        let scaled = float(0) * scale
        // A number too large to be scaled has no such digits; one that a scale of 0 leaves nothing of rounds to 0.
        if scale == 0, float(0).isFinite { return give(0.0) }
        give(scaled.isFinite ? scaled.rounded(.toNearestOrAwayFromZero) / scale : float(0))
    }

    /// A whole number to the nearest multiple of a power of ten; nil when that is beyond 64 bits.
    private static func rounded(_ value: Int64, _ digits: Int64) -> Int64? {
        if digits >= 0 { return value }
        guard digits >= -18 else {
            // The nearest multiple of 10¹⁹ is 0 up to its half, that of anything larger always.
            return digits == -19 && value.magnitude >= 5_000_000_000_000_000_000 ? nil : 0
        }
        let unit = (0..<(-digits)).reduce(Int64(1)) { unit, _ in unit * 10 }
        let rest = value % unit
        guard rest.magnitude >= unit.magnitude / 2 else { return value - rest }
        let (result, overflow) = (value - rest).addingReportingOverflow(value < 0 ? -unit : unit)
        return overflow ? nil : result
    }

    func sign() {
        if areWhole { give(whole: integer(0).signum()) } else { give(float(0) > 0 ? 1 : float(0) < 0 ? -1 : 0) }
    }

    func rounded(_ rule: FloatingPointRoundingRule) {
        if areWhole { give(whole: integer(0)) } else { give(float(0).rounded(rule)) }
    }

    func compute(_ isDefined: (Double) -> Bool, _ body: (Double) -> Double) {
        if isDefined(float(0)) || float(0).isNaN {
            give(body(float(0)))
        } else {
            fail("\(float(0)) is outside the function's domain")
        }
    }

    /// From a place counted from 1, of so many characters.
    func substring() {
        let scalars = Array(text(0).unicodeScalars)
        let start = integer(1)
        if count == 3, integer(2) < 0 { return fail("the length of a substring is negative") }
        let (sum, overflow) = count == 3 ? start.addingReportingOverflow(integer(2)) : (0, true)
        let end = overflow ? Int64.max : sum
        let from = Int(min(max(start, 1) - 1, Int64(scalars.count)))
        let to = Int(min(max(end, 1) - 1, Int64(scalars.count)))
        give(text: from < to ? String(String.UnicodeScalarView(scalars[from..<to])) : "")
    }
}
