import Spelling

extension Interpreter {
    func execute(_ statements: [Statement], _ frame: inout Frame) throws {
        for statement in statements { try execute(statement, &frame) }
    }

    /// Runs statements in a scope of their own.
    func executeInside(_ statements: [Statement], _ frame: Frame) throws {
        var frame = frame
        try execute(statements, &frame)
    }

    func execute(_ statement: Statement, _ frame: inout Frame) throws {
        switch statement {
        case .data(let text, let place): try frame.output.append(text, from: place, isLiteral: true)
        case .output(let expression):
            let value = try evaluate(expression, frame)
            do {
                try frame.output.append(try value.text(), from: expression.place, isLiteral: false)
            } catch let failure as Failure {
                throw failure.at(expression.place)
            }
        case .assign(let target, let expression):
            try assign(try evaluate(expression, frame), to: target, frame.scope, expression.place)
        case .assignBlock(let target, let filters, let body, let place):
            try assign(try captured(body, filters, frame, place), to: target, frame.scope, place)
        case .conditional(let branches, let otherwise):
            for (test, body) in branches where try isTrue(test, frame) {
                return try nested(test.place) { try execute(body, &frame) }
            }
            try execute(otherwise, &frame)
        case .loop(let loop): try run(loop, frame)
        case .with(let values, let body):
            let inner = frame.inner()
            for (target, expression) in values {
                try assign(try evaluate(expression, frame), to: target, inner.scope, expression.place)
            }
            try executeInside(body, inner)
        case .macro(let definition): frame.scope.set(definition.name, .callable(macro(definition, frame)))
        case .callBlock(let definition, let call):
            let value = try evaluate(call, frame, caller: .callable(macro(definition, frame)))
            try frame.output.append(try value.text(), from: call.place, isLiteral: false)
        case .filterBlock(let filters, let body, let place):
            let value = try captured(body, filters, frame, place)
            try frame.output.append(try value.text(), from: place, isLiteral: false)
        case .block(let definition): try run(definition, frame)
        case .extends(let name):
            throw Failure(.syntax, "'extends' stands at the top of a template, in no other tag", place: name.place)
        case .include(let name, let ignoresMissing, let withContext):
            try include(name, ignoresMissing: ignoresMissing, withContext: withContext, frame)
        case .importAll(let name, let alias, let withContext):
            frame.scope.set(alias, .object(try module(name, withContext: withContext, frame)))
        case .importNames(let template, let names, let withContext):
            let module = try module(template, withContext: withContext, frame)
            for (name, alias, place) in names {
                let missing = Undefined(
                    "the template '\(module.file)' defines no '\(name)'",
                    suggestion: Suggestion.nearest(to: name, in: module.attributeNames), at: place)
                frame.scope.set(alias, module.attribute(name) ?? .undefined(missing))
            }
        }
    }

    func isTrue(_ test: Expression, _ frame: Frame) throws -> Bool {
        do {
            return try evaluate(test, frame).isTrue()
        } catch let failure as Failure {
            throw failure.at(test.place)
        }
    }

    /// What statements give, through filters.
    private func captured(
        _ body: [Statement], _ filters: [Statement.FilterUse], _ frame: Frame, _ place: SourcePlace
    ) throws -> Value {
        let inner = frame.capturing()
        try nested(place) { try executeInside(body, inner) }
        var value = Value.string(inner.output.text)
        for use in filters {
            let arguments = try self.arguments(use.arguments, frame)
            value = try nested(use.place) { try Filters.apply(use.name, to: value, arguments, self) }
        }
        return value
    }

    // MARK: Assignment

    func assign(_ value: Value, to target: Target, _ scope: Scope, _ place: SourcePlace) throws {
        switch target {
        case .name(let name): scope.set(name, value)
        case .attribute(let owner, let name, let place):
            guard case .object(let object as Namespace)? = scope.get(owner) else {
                throw Failure(
                    .runtime, "'\(owner)' is not a namespace, so '\(owner).\(name)' cannot be set",
                    suggestion: "make it one: '{% set \(owner) = namespace() %}'", place: place)
            }
            object.set(name, value)
        case .tuple(let targets):
            let items = try nested(place) { try value.items() }
            guard items.count == targets.count else {
                throw Failure(
                    .runtime, "\(targets.count) names are given \(items.count) value\(items.count == 1 ? "" : "s")",
                    place: place)
            }
            for (item, target) in zip(items, targets) { try assign(item, to: target, scope, place) }
        }
    }

    // MARK: Loops

    private func run(_ loop: Statement.Loop, _ frame: Frame) throws {
        try run(loop, try evaluate(loop.items, frame), frame, depth: 1)
    }

    private func run(_ loop: Statement.Loop, _ value: Value, _ frame: Frame, depth: Int) throws {
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

    // MARK: Blocks

    private func run(_ definition: BlockDefinition, _ frame: Frame) throws {
        let chain = frame.context.blocks[definition.name] ?? [definition]
        let scope = definition.isScoped ? frame.scope : frame.context.root
        if let first = chain.first, first.isRequired {
            throw Failure(
                .runtime, "the block '\(definition.name)' is required, and nobody fills it", place: first.place)
        }
        try run(chain, 0, Frame(scope: scope, context: frame.context, output: frame.output))
    }

    /// Runs the block at `level` of those that override each other.
    private func run(_ chain: [BlockDefinition], _ level: Int, _ frame: Frame) throws {
        let block = chain[level]
        let context = frame.context
        var values: [String: Value] = [
            "self": .object(
                BlockReferences(context) { [unowned self] in
                    try self.text(of: $0, context)
                })
        ]
        if level + 1 < chain.count {
            values["super"] = .function("super") { interpreter, arguments in
                try arguments.none("super")
                let output = Output()
                try interpreter.run(
                    chain, level + 1, Frame(scope: frame.scope, context: context, output: output))
                return .string(output.text)
            }
        } else {
            values["super"] = .undefined(
                Undefined("the block '\(block.name)' overrides no other, so there is no super()", at: block.place))
        }
        let inner = frame.inner(values)
        try nested(block.place) { try executeInside(block.body, inner) }
    }

    private func text(of chain: [BlockDefinition], _ context: TemplateContext) throws -> String {
        let output = Output()
        try run(chain, 0, Frame(scope: context.root, context: context, output: output))
        return output.text
    }

    // MARK: Macros

    private func macro(_ definition: MacroDefinition, _ frame: Frame) -> Callable {
        let names = definition.parameters.map(\.name)
        let attributes: [String: Value] = [
            "name": .string(definition.name), "arguments": .tuple(names.map { .string($0) }),
            "catch_varargs": .boolean(definition.takesMore), "catch_kwargs": .boolean(definition.takesMoreKeywords),
            "caller": .boolean(definition.takesCaller),
        ]
        let (scope, context) = (frame.scope, frame.context)
        return Callable(definition.name, attributes: attributes) { interpreter, arguments in
            let output = Output()
            let inner = Frame(scope: Scope(parent: scope), context: context, output: output)
            try interpreter.bind(arguments, of: definition, names, inner)
            try interpreter.nested(definition.place) { try interpreter.executeInside(definition.body, inner) }
            return .string(output.text)
        }
    }

    private func bind(
        _ arguments: Arguments, of macro: MacroDefinition, _ names: [String], _ frame: Frame
    ) throws {
        let what = "the macro '\(macro.name)'"
        if arguments.positional.count > names.count, !macro.takesMore {
            throw Failure(
                .runtime,
                "\(what) takes at most \(names.count) argument\(names.count == 1 ? "" : "s"), not \(arguments.positional.count)"
            )
        }
        var given: [String: Value] = [:]
        for (name, value) in zip(names, arguments.positional) { given[name] = value }
        var more: [(String, Value)] = []
        for (name, value) in arguments.keyword {
            if names.contains(name) {
                guard given.updateValue(value, forKey: name) == nil else {
                    throw Failure(.runtime, "\(what) got two values for '\(name)'")
                }
            } else if name == "caller", macro.takesCaller {
                frame.scope.set(name, value)
            } else if macro.takesMoreKeywords {
                more.append((name, value))
            } else if name == "caller" {
                throw Failure(
                    .runtime, "\(what) does not call 'caller()', so it cannot be called with a 'call' block")
            } else {
                throw Failure(
                    .runtime, "\(what) has no parameter '\(name)'",
                    suggestion: Suggestion.nearest(to: name, in: names))
            }
        }
        for (name, fallback) in macro.parameters {
            if let value = given[name] {
                frame.scope.set(name, value)
            } else if let fallback {
                frame.scope.set(name, try evaluate(fallback, frame))
            } else {
                frame.scope.set(
                    name, .undefined(Undefined("the parameter '\(name)' of \(what) is not given")))
            }
        }
        if macro.takesMore { frame.scope.set("varargs", .tuple(Array(arguments.positional.dropFirst(names.count)))) }
        if macro.takesMoreKeywords { frame.scope.set("kwargs", .dictionary(DictionaryBox(texts: more))) }
        if macro.takesCaller, frame.scope.values["caller"] == nil {
            frame.scope.set("caller", .undefined(Undefined("\(what) is called without a 'call' block")))
        }
    }
}

/// `self` in a block: the blocks by name, as functions.
private final class BlockReferences: TemplateObject {
    let typeName = "TemplateReference"
    private let context: TemplateContext
    private let render: ([BlockDefinition]) throws -> String

    init(_ context: TemplateContext, _ render: @escaping ([BlockDefinition]) throws -> String) {
        self.context = context
        self.render = render
    }

    func attribute(_ name: String) -> Value? {
        guard let chain = context.blocks[name] else { return nil }
        return .function(name) { [render] _, arguments in
            try arguments.none(name)
            return .string(try render(chain))
        }
    }

    var attributeNames: [String] { context.blocks.keys.sorted() }
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
            return .function("changed") { [unowned self] _, arguments in
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
