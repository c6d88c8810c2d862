import Spelling

extension Interpreter {
    func evaluate(_ expression: Expression, _ frame: Frame, caller: Value? = nil) throws -> Value {
        try nested(expression.place) { try value(of: expression, frame, caller) }
    }

    private func value(of expression: Expression, _ frame: Frame, _ caller: Value?) throws -> Value {
        switch expression.kind {
        case .constant(let value): return value
        case .name(let name): return lookUp(name, frame, expression.place)
        case .tuple(let items): return .tuple(try items.map { try evaluate($0, frame) })
        case .list(let items): return .list(try items.map { try evaluate($0, frame) })
        case .dictionary(let entries):
            return .dictionary(
                try DictionaryBox(try entries.map { (try evaluate($0.key, frame), try evaluate($0.value, frame)) }))
        case .conditional(let test, let then, let otherwise):
            if try isTrue(test, frame) { return try evaluate(then, frame) }
            if let otherwise { return try evaluate(otherwise, frame) }
            return .undefined(
                Undefined("the condition is false, and there is no 'else'", at: expression.place, isLenient: true))
        case .or(let left, let right):
            let value = try evaluate(left, frame)
            return try value.isTrue() ? value : evaluate(right, frame)
        case .and(let left, let right):
            let value = try evaluate(left, frame)
            return try value.isTrue() ? evaluate(right, frame) : value
        case .not(let operand): return .boolean(!(try evaluate(operand, frame).isTrue()))
        case .negate(let operand): return try evaluate(operand, frame).negated()
        case .plus(let operand):
            let value = try evaluate(operand, frame)
            if let number = value.integerValue { return .integer(number) }
            if case .float = value { return value }
            return try value.apply(.add, .integer(0))
        case .arithmetic(let operation, let left, let right):
            return try evaluate(left, frame).apply(operation, try evaluate(right, frame))
        case .concatenate(let parts):
            var text = ""
            for part in parts {
                let value = try evaluate(part, frame)
                text += try nested(part.place) { try value.text() }
                guard text.utf8.count <= Limits.textBytes else { throw Limits.tooLong }
            }
            return .string(text)
        case .compare(let first, let rest):
            var left = try evaluate(first, frame)
            for (comparison, expression) in rest {
                let right = try evaluate(expression, frame)
                guard try left.compare(comparison, right) else { return .boolean(false) }
                left = right
            }
            return .boolean(true)
        case .attribute(let owner, let name):
            return try Attributes.attribute(name, of: try evaluate(owner, frame), at: expression.place)
        case .item(let owner, let key):
            return try Attributes.item(try evaluate(key, frame), of: try evaluate(owner, frame), at: expression.place)
        case .slice(let owner, let start, let stop, let step):
            let owner = try evaluate(owner, frame)
            func bound(_ expression: Expression?) throws -> Int? {
                guard let expression else { return nil }
                let value = try evaluate(expression, frame)
                if case .none = value { return nil }
                if case .undefined(let undefined) = value { throw undefined.failure }
                guard let number = value.integerValue else {
                    throw Failure(
                        .runtime, "the bounds of a slice are whole numbers, not '\(value.typeName)'",
                        place: expression.place)
                }
                return number
            }
            return try Slicing.slice(owner, try bound(start), try bound(stop), try bound(step))
        case .call(let callee, let arguments):
            let function = try evaluate(callee, frame)
            var values = try self.arguments(arguments, frame)
            if let caller { values.keyword.append(("caller", caller)) }
            return try call(function, values)
        case .filter(let operand, let name, let arguments):
            let value = try evaluate(operand, frame)
            return try Filters.apply(name, to: value, try self.arguments(arguments, frame), self)
        case .test(let operand, let name, let arguments):
            let value = try evaluate(operand, frame)
            return .boolean(try Tests.check(name, value, try self.arguments(arguments, frame)))
        }
    }

    private func lookUp(_ name: String, _ frame: Frame, _ place: SourcePlace) -> Value {
        if let value = frame.scope.get(name) {
            // Whoever uses what is missing here is told of here.
            if case .undefined(let undefined) = value, undefined.place == nil {
                return .undefined(Undefined(undefined.message, suggestion: undefined.suggestion, at: place))
            }
            return value
        }
        let own = frame.scope.names.subtracting(Globals.values.keys)
        let near = Suggestion.nearest(to: name, in: own) ?? Suggestion.nearest(to: name, in: Globals.values.keys)
        let given = own.subtracting(["datetime", "self", "super"]).sorted()
        return .undefined(
            Undefined(
                "'\(name)' is not defined",
                suggestion: near
                    ?? (given.isEmpty
                        ? "no variables are given" : "defined are \(given.prefix(12).joined(separator: ", "))"),
                at: place))
    }

    func arguments(_ arguments: CallArguments, _ frame: Frame) throws -> Arguments {
        var result = Arguments()
        result.positional = try arguments.positional.map { try evaluate($0, frame) }
        result.keyword = try arguments.keyword.map { ($0.name, try evaluate($0.value, frame)) }
        if let dynamic = arguments.dynamic { result.positional += try evaluate(dynamic, frame).items() }
        if let dynamic = arguments.dynamicKeyword {
            let value = try evaluate(dynamic, frame)
            guard case .dictionary(let dictionary) = value else {
                throw Failure(.runtime, "a map stands behind '**', not '\(value.typeName)'", place: dynamic.place)
            }
            for (key, value) in dictionary.entries {
                guard case .string(let name) = key else {
                    throw Failure(.runtime, "the keys behind '**' are text", place: dynamic.place)
                }
                result.keyword.append((name, value))
            }
        }
        return result
    }

    func call(_ function: Value, _ arguments: Arguments) throws -> Value {
        switch function {
        case .undefined(let undefined): throw undefined.failure
        case .callable(let callable): return try callable.call(self, arguments)
        case .object(let object):
            if case .callable(let callable)? = object.callable() { return try callable.call(self, arguments) }
        default: break
        }
        throw Failure(.runtime, "'\(function.typeName)' cannot be called")
    }
}
