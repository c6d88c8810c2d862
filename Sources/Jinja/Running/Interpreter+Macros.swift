/// `macro`, and the calls of macros.
extension Interpreter {
    func macro(_ definition: MacroDefinition, _ frame: Frame) -> Callable {
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
