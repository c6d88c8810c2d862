/// The functions that every template has.
enum Globals {
    static var values: [String: Value] {
        ["range": range, "dict": dictionary, "namespace": namespace, "cycler": cycler, "joiner": joiner]
    }

    private static var range: Value {
        .function("range") { _, arguments in
            let parameters = try arguments.bound("range", ["start", "stop", "step"], required: 1)
            let first = try parameters.integer(0, default: 0)
            let stop = try parameters.optionalInteger(1)
            let step = try parameters.integer(2, default: 1)
            guard step != 0 else { throw Failure(.runtime, "the step of a range is not 0") }
            let bound = 1 << 40
            guard first.magnitude < bound, (stop ?? 0).magnitude < bound, step.magnitude < bound else {
                throw Limits.tooManySteps
            }
            return .range(PythonRange(start: stop == nil ? 0 : first, stop: stop ?? first, step: step))
        }
    }

    private static var dictionary: Value {
        .function("dict") { _, arguments in
            .dictionary(try DictionaryMethods.updated(DictionaryBox(), "dict", arguments))
        }
    }

    private static var namespace: Value {
        .function("namespace") { _, arguments in
            let entries = try DictionaryMethods.updated(DictionaryBox(), "namespace", arguments).entries
            let namespace = Namespace()
            for case (.string(let name), let value) in entries { namespace.set(name, value) }
            return .object(namespace)
        }
    }

    private static var cycler: Value {
        .function("cycler") { _, arguments in
            guard !arguments.positional.isEmpty else { throw Failure(.runtime, "'cycler' needs values") }
            return .object(Cycler(arguments.positional))
        }
    }

    private static var joiner: Value {
        .function("joiner") { _, arguments in
            let separator = try arguments.bound("joiner", ["sep"]).text(0, default: ", ")
            var isFirst = true
            return .function("joiner") { _, _ in
                defer { isFirst = false }
                return .string(isFirst ? "" : separator)
            }
        }
    }
}

/// `namespace(…)`: attributes that can be set from inside of loops.
final class Namespace: TemplateObject {
    let typeName = "Namespace"
    private let values = DictionaryBox()

    func set(_ name: String, _ value: Value) { try? values.set(.string(name), to: value) }
    func attribute(_ name: String) -> Value? { values.get(name) }
    var attributeNames: [String] { values.keys.compactMap { if case .string(let name) = $0 { name } else { nil } } }
    func text() throws -> String { "<Namespace \(try Value.dictionary(values).representation())>" }
}

/// `cycler(…)`.
private final class Cycler: TemplateObject {
    let typeName = "Cycler"
    private let values: [Value]
    private var position = 0

    init(_ values: [Value]) { self.values = values }

    func attribute(_ name: String) -> Value? {
        switch name {
        case "current": values[position]
        case "next":
            .function(name) { [self] _, arguments in
                try arguments.none("next")
                defer { position = (position + 1) % values.count }
                return values[position]
            }
        case "reset":
            .function(name) { [self] _, arguments in
                try arguments.none("reset")
                position = 0
                return .none
            }
        default: nil
        }
    }

    let attributeNames = ["current", "next", "reset"]
}
