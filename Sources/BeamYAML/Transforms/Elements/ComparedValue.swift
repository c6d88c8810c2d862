import Columnar
import Time

/// A value as `AssertEqual` and the tests compare it: what Python's `==` takes for equal has the same key.
indirect enum ComparedValue {
    case null
    case boolean(Bool)
    case integer(Int64)
    case float(Double)
    case text(String)
    case list([ComparedValue])
    case row([(name: String, value: ComparedValue)])

    /// A value of a column. Times are texts in RFC 3339, bytes texts in base64, as in JSON.
    init(_ value: Scalar, _ type: DataType) {
        switch (value, type) {
        case (.null, _): self = .null
        case (.boolean(let flag), _): self = .boolean(flag)
        case (.int64(let number), _): self = .integer(number)
        case (.float64(let number), _): self = .float(number)
        case (.string(let text), _): self = .text(text)
        case (.timestamp(let time), _): self = .text(time.rfc3339)
        case (.list(let elements), .list(let element)): self = .list(elements.map { ComparedValue($0, element) })
        case (.list(let entries), .map(let value)):
            self = .row(
                entries.compactMap { entry in
                    guard case .structure(let pair) = entry, pair.count == 2, case .string(let key) = pair[0] else {
                        return nil
                    }
                    return (key, ComparedValue(pair[1], value))
                })
        case (.structure(let members), .structure(let fields)):
            self = .row(zip(fields, members).map { ($0.name, ComparedValue($1, $0.type)) })
        case (.bytes, _), (.list, _), (.structure, _):
            let text = JSONBatchEncoder().encode(Column(type, [value]), 0)
            self = .text(String(decoding: text.filter { $0 != UInt8(ascii: "\"") }, as: UTF8.self))
        }
    }

    /// A value of the file; nil, with a complaint, for a date.
    init?(_ value: Value, _ findings: Findings) {
        if let entries = value.entries {
            var members: [(String, ComparedValue)] = []
            for (key, _, member) in entries {
                guard let member = ComparedValue(member, findings) else { return nil }
                members.append((key, member))
            }
            self = .row(members)
            return
        }
        if let list = value.list {
            var elements: [ComparedValue] = []
            for member in list {
                guard let element = ComparedValue(member, findings) else { return nil }
                elements.append(element)
            }
            self = .list(elements)
            return
        }
        switch value.scalar {
        case .null?: self = .null
        case .boolean(let flag)?: self = .boolean(flag)
        case .integer(let number)?: self = .integer(number)
        case .float(let number)?: self = .float(number)
        case .string(let text)?: self = .text(text)
        case .date?, nil:
            findings.error(
                "\(value.kind) is not supported as a value", at: value.place, suggestion: "put it in quotes for text")
            return nil
        }
    }

    /// The row without its nulls: those of rows inside it stay.
    var withoutNulls: ComparedValue {
        guard case .row(let members) = self else { return self }
        return .row(
            members.filter { member in
                if case .null = member.value { false } else { true }
            })
    }

    /// The row's fields in the order of `names`, others behind them.
    func ordered(by names: [String]) -> ComparedValue {
        guard case .row(let members) = self else { return self }
        func rank(_ name: String) -> Int { names.firstIndex(of: name) ?? names.count }
        return .row(
            members.enumerated().sorted { (rank($0.1.name), $0.0) < (rank($1.1.name), $1.0) }.map { $0.1 })
    }

    /// The value as JSON, for people.
    var shown: String { write(isKey: false) }

    /// The same text for equal values, whatever the order of their fields and whether a whole number is a float.
    var key: String { write(isKey: true) }

    private func write(isKey: Bool) -> String {
        switch self {
        case .null: return "null"
        case .boolean(let flag): return flag ? "true" : "false"
        case .integer(let number): return String(number)
        case .float(let number):
            if isKey, let whole = Int64(exactly: number) { return String(whole) }
            return "\(number)"
        case .text(let text): return Self.quoted(text)
        case .list(let elements): return "[" + elements.map { $0.write(isKey: isKey) }.joined(separator: ", ") + "]"
        case .row(let members):
            let members = isKey ? members.sorted { $0.name < $1.name } : members
            return "{"
                + members.map { "\(Self.quoted($0.name)): \($0.value.write(isKey: isKey))" }.joined(separator: ", ")
                + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        String(decoding: JSONBatchEncoder().encode(Column(.string, [.string(text)]), 0), as: UTF8.self)
    }
}

/// The rows of a batch as texts: to be compared, or to be shown.
struct ComparedRows: ColumnExpression {
    let isKey: Bool
    let dropsNulls: Bool
    /// The order in which fields are shown.
    let names: [String]

    var type: DataType { .string }

    func evaluate(_ batch: Batch, failures: inout RowFailures) -> Column {
        let type = DataType.structure(batch.schema.fields)
        return Column(
            .string,
            batch.rows.map { row in
                var value = ComparedValue(.structure(row), type)
                if dropsNulls { value = value.withoutNulls }
                return .string(isKey ? value.key : value.ordered(by: names).shown)
            })
    }
}
