/// A value while a template runs: what Python would have in its place.
enum Value {
    /// A name or attribute that there is not; everything but asking whether it is defined fails.
    case undefined(Undefined)
    case none
    case boolean(Bool)
    case integer(Int)
    case float(Double)
    case string(String)
    case list(ListBox)
    case tuple([Value])
    case dictionary(DictionaryBox)
    case range(PythonRange)
    /// What a dictionary's `items()`, `keys()` and `values()` give.
    case view(DictionaryView)
    /// What is read once, in order: the result of `map`, `select` and their like.
    case iterator(IteratorBox)
    case callable(Callable)
    case object(any TemplateObject)

    /// Python's name of the type.
    var typeName: String {
        switch self {
        case .undefined: "Undefined"
        case .none: "NoneType"
        case .boolean: "bool"
        case .integer: "int"
        case .float: "float"
        case .string: "str"
        case .list: "list"
        case .tuple: "tuple"
        case .dictionary: "dict"
        case .range: "range"
        case .view(let view): view.typeName
        case .iterator: "generator"
        case .callable: "function"
        case .object(let object): object.typeName
        }
    }

    /// A list of its own.
    static func list(_ items: [Value]) -> Value { .list(ListBox(items)) }

    /// What can be read once.
    static func iterator(_ items: [Value]) -> Value { .iterator(IteratorBox(items)) }

    /// A function.
    static func function(
        _ name: String, _ body: @escaping (Interpreter, Arguments) throws -> Value
    ) -> Value {
        .callable(Callable(name, body))
    }
}

/// What is missing, and where a template asked for it.
final class Undefined {
    let message: String
    let suggestion: String?
    let place: SourcePlace?
    /// Whether it prints as nothing and is false: what `x if y` without `else` gives.
    let isLenient: Bool

    init(_ message: String, suggestion: String? = nil, at place: SourcePlace? = nil, isLenient: Bool = false) {
        self.message = message
        self.suggestion = suggestion
        self.place = place
        self.isLenient = isLenient
    }

    /// What using it gives.
    var failure: Failure { Failure(.undefined, message, suggestion: suggestion, place: place) }
}

/// A list, which its methods change in place.
final class ListBox {
    var items: [Value]
    init(_ items: [Value]) { self.items = items }
}

/// `range(start, stop, step)`.
struct PythonRange {
    var start: Int
    var stop: Int
    var step: Int

    var count: Int {
        if step > 0 { return start < stop ? (stop - start - 1) / step + 1 : 0 }
        return start > stop ? (start - stop - 1) / -step + 1 : 0
    }

    func value(at index: Int) -> Int { start + index * step }

    func contains(_ value: Int) -> Bool {
        let offset = value - start
        return offset % step == 0 && (0..<count).contains(offset / step)
    }
}

/// Entries of a dictionary, as one of its views.
final class DictionaryView {
    let typeName: String
    let items: [Value]

    init(_ typeName: String, _ items: [Value]) {
        self.typeName = typeName
        self.items = items
    }
}

/// Items that are read once.
final class IteratorBox {
    private var items: ArraySlice<Value>

    init(_ items: [Value]) { self.items = items[...] }

    func rest() -> [Value] {
        defer { items = [] }
        return Array(items)
    }

    func next() -> Value? { items.popFirst() }
}

/// A function, method or macro.
final class Callable {
    let name: String
    let attributes: [String: Value]
    private let body: (Interpreter, Arguments) throws -> Value

    init(
        _ name: String, attributes: [String: Value] = [:],
        _ body: @escaping (Interpreter, Arguments) throws -> Value
    ) {
        self.name = name
        self.attributes = attributes
        self.body = body
    }

    func call(_ interpreter: Interpreter, _ arguments: Arguments) throws -> Value { try body(interpreter, arguments) }
}

/// A value of a kind of its own: a loop, a namespace, a date.
protocol TemplateObject: AnyObject {
    var typeName: String { get }
    /// The attribute of that name, when there is one.
    func attribute(_ name: String) -> Value?
    /// The names of its attributes, for suggestions.
    var attributeNames: [String] { get }
    /// As Python prints it.
    func text() throws -> String
    /// As Python prints it inside of a list.
    func representation() throws -> String
    /// The result of an operation with another value; nil: there is none.
    func applying(_ operation: Arithmetic, to other: Value, isLeft: Bool) throws -> Value?
    /// What calling it calls.
    func callable() -> Value?
    /// How it compares with another; nil: it does not.
    func compare(to other: Value) -> Ordering?
}

extension TemplateObject {
    var attributeNames: [String] { [] }
    func text() throws -> String { "<\(typeName)>" }
    func representation() throws -> String { try text() }
    func applying(_ operation: Arithmetic, to other: Value, isLeft: Bool) throws -> Value? { nil }
    func callable() -> Value? { nil }
    func compare(to other: Value) -> Ordering? { nil }
}

/// How two values stand to each other.
enum Ordering { case less, equal, greater }
