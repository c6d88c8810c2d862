/// `for`.
extension Interpreter {
    func run(_ loop: Statement.Loop, _ frame: Frame) throws {
        try run(loop, try evaluate(loop.items, frame), frame, depth: 1)
    }

    func run(_ loop: Statement.Loop, _ value: Value, _ frame: Frame, depth: Int) throws {
        var items: [Value]
        do {
            items = try value.items()
        } catch let failure as Failure {
            throw failure.at(loop.items.place)
        }
        if let test = loop.test {
            items = try items.filter { item in
                try step()
                let inner = frame.inner()
                try assign(item, to: loop.target, inner.scope, loop.items.place)
                return try isTrue(test, inner)
            }
        }
        if items.isEmpty { return try executeInside(loop.otherwise, frame.inner()) }
        let state = LoopState(items, depth: depth)
        if loop.isRecursive {
            state.recursion = .function("loop") { interpreter, arguments in
                let inner = frame.capturing()
                try interpreter.nested(loop.place) {
                    try interpreter.run(
                        loop, try arguments.bound("loop", ["items"], required: 1).value(0), inner, depth: depth + 1)
                }
                return .string(inner.output.text)
            }
        }
        for (index, item) in items.enumerated() {
            do { try step() } catch let failure as Failure { throw failure.at(loop.place) }
            state.index = index
            let inner = frame.inner(["loop": .object(state)])
            try assign(item, to: loop.target, inner.scope, loop.items.place)
            try nested(loop.place) { try executeInside(loop.body, inner) }
        }
    }
}

/// `loop` in a loop.
private final class LoopState: TemplateObject {
    let typeName = "LoopContext"
    var index = 0
    var recursion: Value?
    private let items: [Value]
    private let depth: Int
    private var last: [Value]?

    init(_ items: [Value], depth: Int) {
        self.items = items
        self.depth = depth
    }

    func attribute(_ name: String) -> Value? {
        switch name {
        case "index": return .integer(index + 1)
        case "index0": return .integer(index)
        case "revindex": return .integer(items.count - index)
        case "revindex0": return .integer(items.count - index - 1)
        case "first": return .boolean(index == 0)
        case "last": return .boolean(index == items.count - 1)
        case "length": return .integer(items.count)
        case "depth": return .integer(depth)
        case "depth0": return .integer(depth - 1)
        case "previtem":
            return index > 0 ? items[index - 1] : .undefined(Undefined("there is no item before the first"))
        case "nextitem":
            return index + 1 < items.count
                ? items[index + 1] : .undefined(Undefined("there is no item behind the last"))
        case "cycle":
            return .function("cycle") { [index] _, arguments in
                guard !arguments.positional.isEmpty else { throw Failure(.runtime, "'cycle' needs values") }
                return arguments.positional[index % arguments.positional.count]
            }
        case "changed":
            return .function("changed") { [self] _, arguments in
                let values = arguments.positional
                if let last = self.last, try Value.tuple(last).equals(.tuple(values)) { return .boolean(false) }
                self.last = values
                return .boolean(true)
            }
        default: return nil
        }
    }

    let attributeNames = [
        "index", "index0", "revindex", "revindex0", "first", "last", "length", "depth", "depth0", "previtem",
        "nextitem", "cycle", "changed",
    ]

    func text() -> String { "<LoopContext \(index + 1)/\(items.count)>" }

    func callable() -> Value? { recursion }
}
