/// Runs statements; what a tag does at length has a file of its own.
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
}
