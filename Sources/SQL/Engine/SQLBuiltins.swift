import Columnar
import Foundation
import GRDBSQLite
import Time

/// Functions that the embedded engine lacks, or has otherwise than SQL. A null among the arguments gives null, and a
/// failure rejects the row.
enum SQLBuiltins {
    private typealias Function = @convention(c) (OpaquePointer?, Int32, UnsafeMutablePointer<OpaquePointer?>?) -> Void

    static func register(_ database: OpaquePointer) {
        func add(_ name: String, _ count: Int32, _ body: @escaping Function) {
            sqlite3_create_function_v2(
                database, name, count, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nil, body, nil, nil, nil)
        }
        add("st_divide", 2) { SQLCall($0, $1, $2)?.divide() }
        add("st_remainder", 2) { SQLCall($0, $1, $2)?.remainder() }
        add("st_whole", 1) { SQLCall($0, $1, $2)?.whole() }
        add("st_text", 1) { context, count, values in
            guard let call = SQLCall(context, count, values) else { return }
            call.give(text: "\(call.float(0))")
        }
        add("st_integer", 1) { context, count, values in
            guard let call = SQLCall(context, count, values) else { return }
            let text = call.text(0)
            let trimmed = text.trimmingCharacters(in: .whitespaces)
            if let value = Int64(trimmed) {
                call.give(whole: value)
            } else {
                call.fail("'\(text)' is not a whole number")
            }
        }
        add("st_number", 1) { context, count, values in
            guard let call = SQLCall(context, count, values) else { return }
            let text = call.text(0)
            if let value = Double(text.trimmingCharacters(in: .whitespaces)) {
                call.give(value)
            } else {
                call.fail("'\(text)' is not a number")
            }
        }
        add("st_boolean", 1) { context, count, values in
            guard let call = SQLCall(context, count, values) else { return }
            switch call.text(0).lowercased() {
            case "true": call.give(whole: 1)
            case "false": call.give(whole: 0)
            default: call.fail("'\(call.text(0))' is neither true nor false")
            }
        }
        add("st_timestamp", 1) { context, count, values in
            guard let call = SQLCall(context, count, values) else { return }
            if let time = SQLTime.parse(call.text(0)) {
                call.give(whole: time.micros)
            } else {
                call.fail("'\(call.text(0))' is not a timestamp; write '2026-01-31 12:00:00'")
            }
        }
        add("st_timestamp_text", 1) { context, count, values in
            guard let call = SQLCall(context, count, values) else { return }
            call.give(text: SQLTime.text(Timestamp(micros: call.integer(0))))
        }
        add("st_extract", 2) { context, count, values in
            guard let call = SQLCall(context, count, values) else { return }
            if let part = SQLTime.extract(call.text(0), call.integer(1)) { call.give(whole: part) }
        }
        registerText(add)
        registerMath(add)
    }

    private static func registerText(_ add: (String, Int32, @escaping Function) -> Void) {
        add("st_upper", 1) { context, count, values in
            guard let call = SQLCall(context, count, values) else { return }
            call.give(text: call.text(0).uppercased())
        }
        add("st_lower", 1) { context, count, values in
            guard let call = SQLCall(context, count, values) else { return }
            call.give(text: call.text(0).lowercased())
        }
        add("st_reverse", 1) { context, count, values in
            guard let call = SQLCall(context, count, values) else { return }
            call.give(text: String(String.UnicodeScalarView(call.text(0).unicodeScalars.reversed())))
        }
        add("st_starts", 2) { context, count, values in
            guard let call = SQLCall(context, count, values) else { return }
            call.give(whole: call.text(0).utf8.starts(with: call.text(1).utf8) ? 1 : 0)
        }
        add("st_ends", 2) { context, count, values in
            guard let call = SQLCall(context, count, values) else { return }
            call.give(whole: call.text(0).utf8.reversed().starts(with: call.text(1).utf8.reversed()) ? 1 : 0)
        }
        add("st_concat", -1) { context, count, values in
            guard let call = SQLCall(context, count, values) else { return }
            call.give(text: (0..<Int(count)).map { call.text($0) }.joined())
        }
        for count: Int32 in [2, 3] { add("st_substring", count) { SQLCall($0, $1, $2)?.substring() } }
    }

    private static func registerMath(_ add: (String, Int32, @escaping Function) -> Void) {
        add("st_sign", 1) { context, count, values in
            guard let call = SQLCall(context, count, values) else { return }
            call.sign()
        }
        for count: Int32 in [1, 2] { add("st_round", count) { SQLCall($0, $1, $2)?.round() } }
        add("st_floor", 1) { SQLCall($0, $1, $2)?.rounded(.down) }
        add("st_ceil", 1) { SQLCall($0, $1, $2)?.rounded(.up) }
        add("st_sqrt", 1) { SQLCall($0, $1, $2)?.compute({ $0 >= 0 }) { $0.squareRoot() } }
        add("st_exp", 1) { SQLCall($0, $1, $2)?.compute({ _ in true }) { exp($0) } }
        add("st_ln", 1) { SQLCall($0, $1, $2)?.compute({ $0 > 0 }) { log($0) } }
        add("st_log10", 1) { SQLCall($0, $1, $2)?.compute({ $0 > 0 }) { log10($0) } }
        add("st_power", 2) { context, count, values in
            guard let call = SQLCall(context, count, values) else { return }
            call.give(pow(call.float(0), call.float(1)))
        }
    }
}
