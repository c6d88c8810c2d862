import Columnar
import Time

/// Nested values as JSON text: how RECORD and REPEATED columns are stored.
///
/// Timestamps are RFC 3339, bytes base64, numbers that JSON does not have are the texts `NaN`, `Infinity`, `-Infinity`.
enum JSONText {
    /// Appends value `row` of `column`.
    static func append(_ column: Column, _ row: Int, to text: inout [UInt8]) {
        if column.isNull(row) {
            text += "null".utf8
            return
        }
        switch column {
        case .null: text += "null".utf8
        case .boolean(let column): text += (column.values[row] ? "true" : "false").utf8
        case .int64(let column): text += String(column.values[row]).utf8
        case .float64(let column): append(column.values[row], to: &text)
        case .string(let column): append(text: column[row], to: &text)
        case .bytes(let column): append(text: Base64.encode(column[row])[...], to: &text)
        case .timestamp(let column):
            append(text: Array(Timestamp(micros: column.values[row]).rfc3339.utf8)[...], to: &text)
        case .list(let column):
            text.append(UInt8(ascii: "["))
            for (position, index) in (Int(column.offsets[row])..<Int(column.offsets[row + 1])).enumerated() {
                if position > 0 { text.append(UInt8(ascii: ",")) }
                append(column.element, index, to: &text)
            }
            text.append(UInt8(ascii: "]"))
        case .map(let column):
            let members = column.members
            text.append(UInt8(ascii: "{"))
            for (position, index) in column.range(row).enumerated() {
                if position > 0 { text.append(UInt8(ascii: ",")) }
                append(text: members.keys[index], to: &text)
                text.append(UInt8(ascii: ":"))
                append(members.values, index, to: &text)
            }
            text.append(UInt8(ascii: "}"))
        case .structure(let column):
            text.append(UInt8(ascii: "{"))
            for (position, child) in column.children.enumerated() {
                if position > 0 { text.append(UInt8(ascii: ",")) }
                append(text: Array(column.fields[position].name.utf8)[...], to: &text)
                text.append(UInt8(ascii: ":"))
                append(child, row, to: &text)
            }
            text.append(UInt8(ascii: "}"))
        }
    }

    /// Appends a number.
    static func append(_ value: Double, to text: inout [UInt8]) {
        if value.isFinite {
            text += value.description.utf8
        } else {
            text += (value.isNaN ? "\"NaN\"" : value < 0 ? "\"-Infinity\"" : "\"Infinity\"").utf8
        }
    }

    /// Appends UTF-8 as a JSON string.
    static func append(text value: ArraySlice<UInt8>, to text: inout [UInt8]) {
        let hex = Array("0123456789abcdef".utf8)
        text.append(UInt8(ascii: "\""))
        for byte in value {
            switch byte {
            case UInt8(ascii: "\""): text += "\\\"".utf8
            case UInt8(ascii: "\\"): text += "\\\\".utf8
            case 10: text += "\\n".utf8
            case 13: text += "\\r".utf8
            case 9: text += "\\t".utf8
            case 0..<32, 127: text += "\\u00".utf8 + [hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            default: text.append(byte)
            }
        }
        text.append(UInt8(ascii: "\""))
    }
}
