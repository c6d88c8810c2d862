/// The generator, or a shrunk pipeline, made something that has no meaning: no result of the engine's is wrong.
struct Misfit: Error {
    var description: String
}

extension Expression {
    /// The expression's value for a row: Python's rules, one value at a time. Throws `Rejection` where Python raises.
    func value(_ scope: [String: Value]) throws -> Value {
        switch self {
        case .field(let path):
            guard var value = scope[path[0]] else { throw Misfit(description: "no field \(path[0])") }
            for name in path.dropFirst() {
                guard case .row(let members) = value else { throw Rejection("no attribute '\(name)'") }
                guard let member = members.first(where: { $0.name == name }) else {
                    throw Misfit(description: "no member \(name)")
                }
                value = member.value
            }
            return value
        case .variable(let name):
            guard let value = scope[name] else { throw Misfit(description: "no variable \(name)") }
            return value
        case .literal(let value): return value
        case .arithmetic(let symbol, let left, let right):
            return try Python.arithmetic(symbol, left.value(scope), right.value(scope))
        case .negative(let operand):
            switch try operand.value(scope) {
            case .integer(let number): return try Python.arithmetic("-", .integer(0), .integer(number))
            case .float(let number): return .float(-number)
            default: throw Rejection("operand of -")
            }
        case .comparison(let first, let links):
            var left = try first.value(scope)
            for link in links {
                let right = try link.operand.value(scope)
                if try !Python.compare(link.symbol, left, right) { return .boolean(false) }
                left = right
            }
            return .boolean(true)
        case .isNone(let operand, let negated): return .boolean(try operand.value(scope).isNull != negated)
        case .not(let operand): return .boolean(!Python.isTrue(try operand.value(scope)))
        case .both(let left, let right):
            let first = try left.value(scope)
            return Python.isTrue(first) ? try right.value(scope) : first
        case .either(let left, let right):
            let first = try left.value(scope)
            return Python.isTrue(first) ? first : try right.value(scope)
        case .choice(let test, let yes, let no):
            return Python.isTrue(try test.value(scope)) ? try yes.value(scope) : try no.value(scope)
        case .contains(let element, let whole, let negated):
            return .boolean(try Self.isIn(element.value(scope), whole.value(scope)) != negated)
        case .call(let name, let arguments): return try Self.call(name, arguments.map { try $0.value(scope) })
        case .method(let base, let name, let arguments):
            return try Self.method(name, base.value(scope), arguments.map { try $0.value(scope) })
        case .index(let base, let index): return try Self.element(base.value(scope), index.value(scope))
        case .slice(let base, let from, let to):
            switch try base.value(scope) {
            case .text(let scalars): return .text(Self.slice(scalars, from, to))
            case .list(let elements): return .list(Self.slice(elements, from, to))
            default: throw Rejection("object is not subscriptable")
            }
        case .list(let elements): return .list(try elements.map { try $0.value(scope) })
        case .format(let pieces):
            var text: [Unicode.Scalar] = []
            for piece in pieces {
                switch piece {
                case .text(let literal): text += literal.unicodeScalars
                case .value(let expression): text += Python.text(try expression.value(scope))
                }
            }
            return .text(text)
        case .comprehension(let body, let variable, let list, let condition):
            guard case .list(let elements) = try list.value(scope) else { throw Rejection("object is not iterable") }
            var scope = scope
            var result: [Value] = []
            for element in elements {
                scope[variable] = element
                if let condition, try !Python.isTrue(condition.value(scope)) { continue }
                result.append(try body.value(scope))
            }
            return .list(result)
        }
    }

    private static func isIn(_ element: Value, _ whole: Value) throws -> Bool {
        switch (whole, element) {
        case (.text(let text), .text(let part)):
            return part.isEmpty || !Python.occurrences(of: part, in: text).isEmpty
        case (.list(let elements), _): return elements.contains { Python.equal($0, element) }
        default: throw Rejection("'in' requires string as left operand")
        }
    }

    private static func element(_ base: Value, _ index: Value) throws -> Value {
        guard case .integer(let index) = index else { throw Rejection("indices must be integers") }
        let count: Int
        switch base {
        case .text(let scalars): count = scalars.count
        case .list(let elements): count = elements.count
        default: throw Rejection("object is not subscriptable")
        }
        guard index < count, index >= -count else { throw Rejection("index out of range") }
        let position = Int(index < 0 ? index + Int64(count) : index)
        if case .list(let elements) = base { return elements[position] }
        if case .text(let scalars) = base { return .text([scalars[position]]) }
        throw Misfit(description: "index")
    }

    private static func slice<Element>(_ elements: [Element], _ from: Int?, _ to: Int?) -> [Element] {
        func bound(_ index: Int) -> Int { min(max(index < 0 ? index + elements.count : index, 0), elements.count) }
        let (start, end) = (bound(from ?? 0), to.map(bound) ?? elements.count)
        return start < end ? Array(elements[start..<end]) : []
    }

    private static func call(_ name: String, _ arguments: [Value]) throws -> Value {
        switch (name, arguments[0]) {
        case ("len", .text(let scalars)): return .integer(Int64(scalars.count))
        case ("len", .list(let elements)): return .integer(Int64(elements.count))
        case ("bool", let value): return .boolean(Python.isTrue(value))
        case ("str", let value): return .text(Python.text(value))
        case ("abs", .float(let number)): return .float(number.magnitude)
        case ("abs", .integer(let number)):
            return number < 0 ? try Python.arithmetic("-", .integer(0), .integer(number)) : .integer(number)
        case ("int", .integer(let number)), ("round", .integer(let number)): return .integer(number)
        case ("int", .boolean(let flag)): return .integer(flag ? 1 : 0)
        case ("int", .text(let scalars)): return .integer(try Python.integer(scalars))
        case ("int", .float(let number)): return try whole(number.rounded(.towardZero))
        case ("round", .float(let number)): return try whole(number.rounded(.toNearestOrEven))
        case ("float", .integer(let number)): return .float(Double(number))
        case ("float", .float(let number)): return .float(number)
        case ("float", .boolean(let flag)): return .float(flag ? 1 : 0)
        case ("sum", .list(let elements)):
            // Of 64 bits at every step, as of `a + b + c`.
            return try elements.reduce(.integer(0)) { sum, element in try Python.arithmetic("+", sum, element) }
        case ("sorted", .list(let elements)):
            if elements.count > 1, elements.contains(.null) { throw Rejection("'<' not supported") }
            return .list(try elements.sorted { try Python.compare("<", $0, $1) })
        case ("min", let first), ("max", let first):
            guard arguments.count > 1 else { throw Misfit(description: name) }
            return try arguments.dropFirst().reduce(first) { best, next in
                try Python.compare(name == "min" ? "<" : ">", next, best) ? next : best
            }
        default: throw Rejection("\(name)() of a wrong type")
        }
    }

    private static func whole(_ number: Double) throws -> Value {
        guard let result = Int64(exactly: number) else { throw Rejection("not a whole number of 64 bits") }
        return .integer(result)
    }

    private static func method(_ name: String, _ base: Value, _ arguments: [Value]) throws -> Value {
        guard case .text(let text) = base else { throw Rejection("no attribute '\(name)'") }
        if name == "join" {
            guard case .list(let elements) = arguments[0] else { throw Rejection("can only join an iterable") }
            let parts = try elements.map { element -> [Unicode.Scalar] in
                guard case .text(let part) = element else { throw Rejection("expected str instance") }
                return part
            }
            return .text(Array(parts.joined(separator: text)))
        }
        var texts: [[Unicode.Scalar]] = []
        for argument in arguments {
            guard case .text(let scalars) = argument else { throw Rejection("\(name)() argument must be str") }
            texts.append(scalars)
        }
        switch name {
        case "upper": return .text(text.flatMap { $0.properties.uppercaseMapping.unicodeScalars })
        case "lower": return .text(text.flatMap { $0.properties.lowercaseMapping.unicodeScalars })
        case "strip": return .text(Python.strip(text))
        case "startswith": return .boolean(text.starts(with: texts[0]))
        case "endswith": return .boolean(text.reversed().starts(with: texts[0].reversed()))
        case "find":
            let first = texts[0].isEmpty ? 0 : Python.occurrences(of: texts[0], in: text).first
            return .integer(Int64(first ?? -1))
        case "count":
            return .integer(
                Int64(texts[0].isEmpty ? text.count + 1 : Python.occurrences(of: texts[0], in: text).count))
        case "split", "replace":
            var parts: [[Unicode.Scalar]] = []
            var start = 0
            for position in Python.occurrences(of: texts[0], in: text) {
                parts.append(Array(text[start..<position]))
                start = position + texts[0].count
            }
            parts.append(Array(text[start...]))
            return name == "split" ? .list(parts.map { .text($0) }) : .text(Array(parts.joined(separator: texts[1])))
        default: throw Misfit(description: name)
        }
    }
}
