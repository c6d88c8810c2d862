/// A variable of a template: a JSON value, or an object that the host gives.
public indirect enum TemplateValue: Sendable, Hashable {
    /// Python's `None`.
    case null
    /// `True` or `False`.
    case boolean(Bool)
    /// A whole number of 64 bits.
    case integer(Int)
    /// A number with a point or an exponent.
    case float(Double)
    /// Text.
    case string(String)
    /// A list.
    case list([TemplateValue])
    /// A map, in the order of its entries.
    case map([Entry])

    /// A key of a map and its value.
    public struct Entry: Sendable, Hashable {
        /// The key.
        public var key: String
        /// The value.
        public var value: TemplateValue

        /// An entry.
        public init(_ key: String, _ value: TemplateValue) {
            self.key = key
            self.value = value
        }
    }

    /// The value while a template runs.
    var running: Value {
        switch self {
        case .null: .none
        case .boolean(let flag): .boolean(flag)
        case .integer(let number): .integer(number)
        case .float(let number): .float(number)
        case .string(let text): .string(text)
        case .list(let items): .list(items.map(\.running))
        case .map(let entries): .dictionary(DictionaryBox(texts: entries.map { ($0.key, $0.value.running) }))
        }
    }
}
