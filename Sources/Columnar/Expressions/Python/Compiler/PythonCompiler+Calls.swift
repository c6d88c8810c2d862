extension PythonCompiler {
    /// Python's own functions that are compiled.
    static let functions: Set<String> = [
        "abs", "all", "any", "bool", "chr", "float", "format", "getattr", "hasattr", "int", "isinstance", "len", "list",
        "max", "min", "ord", "repr", "round", "sorted", "str", "sum",
    ]

    /// Functions of Python's own that exist but are not compiled.
    private static let otherFunctions: Set<String> = PythonNames.builtins.subtracting(functions)

    private static let timestamp = ["apache_beam", "utils", "timestamp", "Timestamp"]

    mutating func call(
        _ callee: PythonNode, _ arguments: [PythonNode], _ keywords: [PythonKeyword], _ node: PythonNode
    ) throws(ExpressionError) -> Typed {
        if case .name(let name) = callee.kind, Self.otherFunctions.contains(name), imports[name] == nil,
            parameter != nil || schema.index(of: name) == nil
        {
            throw error(
                "the function '\(name)' is not supported", callee,
                suggestion: "there are \(Self.functions.sorted().joined(separator: ", "))"
            ).outside
        }
        if case .lambda = callee.kind {
            throw error("a function that is called where it stands is not supported", callee).outside
        }
        if case .attribute(let base, let method, let offset) = callee.kind {
            if case .dictionary(let entries) = base.kind {
                return try dictionary(entries, method, arguments, keywords, node, offset)
            }
            switch try meaning(base) {
            case .row: throw ExpressionError("a row has fields, no methods", at: offset).outside
            case .function(let name): throw ExpressionError("'\(name)' has no attribute '\(method)'", at: offset)
            case .value(let base):
                return try self.method(method, base, arguments, keywords, node, offset)
            case .module(let path): return try function(path + [method], arguments, keywords, node)
            }
        }
        switch try meaning(callee) {
        case .function(let name): return try function(name, arguments, keywords, node)
        case .module(let path): return try function(path, arguments, keywords, node)
        case .row: throw error("a row cannot be called", node)
        case .value(let value): throw error("'\(value.name)' object is not callable", node)
        }
    }

    func requireArguments(
        _ name: String, _ arguments: [PythonNode], _ allowed: ClosedRange<Int>, _ keywords: [PythonKeyword] = [],
        _ node: PythonNode
    ) throws(ExpressionError) {
        if let keyword = keywords.first {
            throw error("\(name)() does not take '\(keyword.name)' here", keyword.value).outside
        }
        guard allowed.contains(arguments.count) else {
            let count =
                allowed.lowerBound == allowed.upperBound
                ? "\(allowed.lowerBound)" : "\(allowed.lowerBound) to \(allowed.upperBound)"
            let refusal = error(
                "\(name)() takes \(count) argument\(count == "1" ? "" : "s"), not \(arguments.count)", node)
            throw PythonNames.takingMore.contains(name) ? refusal.outside : refusal
        }
    }

    // MARK: Python's functions

    private mutating func function(
        _ name: String, _ arguments: [PythonNode], _ keywords: [PythonKeyword], _ node: PythonNode
    ) throws(ExpressionError) -> Typed {
        switch name {
        case "getattr", "hasattr":
            try requireArguments(name, arguments, name == "getattr" ? 2...3 : 2...2, keywords, node)
            guard case .string(let attribute) = arguments[1].kind else {
                throw error("\(name) needs the field's name as text", arguments[1]).outside
            }
            if name == "hasattr" { return try hasAttribute(arguments[0], attribute, node) }
            return try self.attribute(
                attribute, of: arguments[0], default: arguments.count > 2 ? arguments[2] : nil, at: arguments[1].offset)
        case "all", "any", "list", "sorted", "sum": return try overElements(name, arguments, keywords, node)
        case "max" where arguments.count == 1, "min" where arguments.count == 1:
            return try overElements(name, arguments, keywords, node)
        case "max", "min":
            try requireArguments(name, arguments, 2...16, keywords, node)
            return try extreme(name == "max", arguments, node)
        case "format":
            try requireArguments(name, arguments, 1...2, keywords, node)
            guard arguments.count > 1 else { return try conversion("str", try value(arguments[0]), node) }
            guard case .string(let specification) = arguments[1].kind else {
                throw error("the format must be spelled out", arguments[1]).outside
            }
            let value = try value(arguments[0])
            return Typed(try formatting(value, specification, arguments[0], arguments[1].offset)(value.kernel))
        case "round":
            try requireArguments(name, arguments, 1...2, keywords, node)
            return try round(try value(arguments[0]), arguments.count > 1 ? try value(arguments[1]) : nil, node)
        case "str" where arguments.count == 1 && keywords.isEmpty:
            let value = try operand(arguments[0])
            if let moment = value.kernel as? Moment { return Typed(try text(of: moment, nil, node.offset)) }
            return try conversion(name, try plain(value, arguments[0]), node)
        case "isinstance":
            try requireArguments(name, arguments, 2...2, keywords, node)
            return Typed(try isInstance(try value(arguments[0]), of: arguments[1]))
        case "int" where arguments.count + keywords.count == 2:
            return try integer(arguments, keywords, node)
        case "len" where arguments.count == 1:
            if case .call(let callee, let inner, let named) = arguments[0].kind,
                let source = try iterator(callee, inner, named, node, parts: 1, needsOrder: false)
            {
                return Typed(TextLength(operand: CollectedList(source: source)))
            }
            return try conversion(name, try value(arguments[0]), node)
        case "bool":
            try requireArguments(name, arguments, 1...1, keywords, node)
            return Typed(try truth(arguments[0]))
        default:
            try requireArguments(name, arguments, 1...1, keywords, node)
            return try conversion(name, try value(arguments[0]), node)
        }
    }

    private func conversion(_ name: String, _ value: Typed, _ node: PythonNode) throws(ExpressionError) -> Typed {
        switch (name, value.type) {
        case ("len", .string), ("len", .bytes), ("len", .list), ("len", .map):
            return Typed(TextLength(operand: value.kernel))
        case ("int", .int64), ("int", .float64), ("int", .boolean), ("int", .string), ("int", .timestamp):
            return Typed(IntegerConversion(operand: value.kernel))
        case ("float", .int64), ("float", .float64), ("float", .string), ("float", .timestamp):
            return Typed(FloatConversion(operand: value.kernel))
        case ("float", .boolean): return Typed(FloatConversion(operand: widened(value, to: .int64)))
        case ("ord", .string): return Typed(CodePoint(operand: value.kernel))
        case ("chr", .int64), ("chr", .boolean): return Typed(CodeCharacter(operand: widened(value, to: .int64)))
        case ("str", _): return Typed(try written(value, conversion: "s", node)(value.kernel))
        case ("repr", _): return Typed(try written(value, conversion: "r", node)(value.kernel))
        case ("abs", .float64): return Typed(FloatFunction(function: .absolute, operand: value.kernel))
        case ("abs", .int64), ("abs", .boolean):
            return Typed(IntegerSign(op: .absolute, operand: widened(value, to: .int64)))
        case (_, .null) where value.literal == nil:
            let types: [String: DataType] = ["float": .float64, "chr": .string]
            return Typed(AlwaysRejected(type: types[name] ?? .int64, reason: reason(name, "NoneType")))
        default: throw error(reason(name, value.name), node)
        }
    }

    private func reason(_ function: String, _ type: String) -> String {
        switch function {
        case "len": "object of type '\(type)' has no len()"
        case "int": "int() argument must be a string, a bytes-like object or a real number, not '\(type)'"
        case "ord": "ord() expected string of length 1, but \(type) found"
        case "chr": "'\(type)' object cannot be interpreted as an integer"
        case "float": "float() argument must be a string or a real number, not '\(type)'"
        default: "bad operand type for \(function)(): '\(type)'"
        }
    }

    private mutating func hasAttribute(
        _ base: PythonNode, _ name: String, _ node: PythonNode
    ) throws(ExpressionError) -> Typed {
        switch try meaning(base) {
        case .row:
            guard let index = schema.index(of: name) else { return .literal(.boolean(false), .boolean) }
            guard possiblyAbsent.contains(name) else { return .literal(.boolean(true), .boolean) }
            let field = FieldPath(type: schema.fields[index].type, path: [index], names: [name])
            return Typed(NullTest(operand: field, isNegated: true))
        case .value(let base):
            guard case .structure(let fields) = base.type, fields.contains(where: { $0.name == name }) else {
                return .literal(.boolean(false), .boolean)
            }
            return Typed(NullTest(operand: base.kernel, isNegated: true))
        case .module, .function: throw error("hasattr is supported on rows only", node).outside
        }
    }

    private mutating func extreme(
        _ isGreatest: Bool, _ arguments: [PythonNode], _ node: PythonNode
    ) throws(ExpressionError) -> Typed {
        var values: [Typed] = []
        for argument in arguments { values.append(try value(argument)) }
        let names = values.map(\.name)
        var type = values.map(\.type).first { $0 != .null } ?? .null
        if values.allSatisfy({ $0.type.isNumber || $0.type == .null }), Set(values.map(\.type)).count > 1 {
            type = values.contains { $0.type == .float64 } ? .float64 : .int64
        }
        var operands: [any Kernel] = []
        for (value, argument) in zip(values, arguments) {
            guard value.type == type || (value.type.isNumber && type.isNumber) else {
                throw error(
                    "'\(isGreatest ? ">" : "<")' is not supported between '\(value.name)' and '\(type.pythonName)'",
                    argument)
            }
            operands.append(widened(value, to: type))
        }
        if values.contains(where: { $0.type == .boolean }), Set(values.map(\.type)).count > 1 {
            throw error("\(isGreatest ? "max" : "min") gives bool or another type; a field has one type", node).outside
        }
        switch type {
        case .int64, .float64, .string, .bytes, .timestamp: break
        default: throw error("\(isGreatest ? "max" : "min") is not supported for '\(type.pythonName)'", node).outside
        }
        return Typed(Extreme(isGreatest: isGreatest, operands: operands, names: names, type: type))
    }

    private func round(_ value: Typed, _ digits: Typed?, _ node: PythonNode) throws(ExpressionError) -> Typed {
        var count: Int64?
        switch digits?.literal {
        case nil where digits != nil: throw error("round needs its digits as a number", node).outside
        case .int64(let digits): count = digits
        default: break
        }
        switch value.type {
        case .int64, .boolean:
            let whole = widened(value, to: .int64)
            if let count, count < 0 { return Typed(TensRounding(operand: whole, digits: Int(clamping: count))) }
            return Typed(
                value.isNullable
                    ? Required(operand: whole, reason: "type NoneType doesn't define __round__ method") : whole)
        case .float64:
            guard let count else { return Typed(WholeNumber(function: .round, operand: value.kernel)) }
            return Typed(DecimalRounding(operand: value.kernel, digits: Int(count)))
        case .null where value.literal == nil:
            return Typed(AlwaysRejected(type: .int64, reason: "type NoneType doesn't define __round__ method"))
        default: throw error("type \(value.name) doesn't define __round__ method", node)
        }
    }

    // MARK: Functions in modules

    private mutating func function(
        _ path: [String], _ arguments: [PythonNode], _ keywords: [PythonKeyword], _ node: PythonNode
    ) throws(ExpressionError) -> Typed {
        let name = path.joined(separator: ".")
        if path.starts(with: Self.timestamp) {
            return try timestamp(Array(path.dropFirst(Self.timestamp.count)), arguments, keywords, node)
        }
        if let result = try dates(path, arguments, keywords, node) { return result }
        if path.count == 2, path[0] == "re", let result = try pattern(path[1], arguments, keywords, node) {
            return result
        }
        guard path.count == 2, path[0] == "math", let result = try math(path[1], arguments, keywords, node) else {
            let refusal = error(
                "'\(name)' is not supported", node,
                unknown: .init(
                    name: name,
                    known: Self.mathFunctions.map { "math.\($0)" } + Self.patternFunctions.map { "re.\($0)" }))
            throw PythonNames.mayBe(path) ? refusal.outside : refusal
        }
        return result
    }

    private mutating func timestamp(
        _ member: [String], _ arguments: [PythonNode], _ keywords: [PythonKeyword], _ node: PythonNode
    ) throws(ExpressionError) -> Typed {
        switch member {
        case []:
            if arguments.isEmpty, keywords.count == 1, let keyword = keywords.first,
                ["seconds", "micros"].contains(keyword.name)
            {
                let unit: TimestampConversion.Unit = keyword.name == "micros" ? .micros : .seconds
                return try timestamp(try value(keyword.value), unit, keyword.name, keyword.value)
            }
            try requireArguments("Timestamp", arguments, 1...1, keywords, node)
            return try timestamp(try value(arguments[0]), .seconds, "seconds", arguments[0])
        case ["of"]:
            try requireArguments("Timestamp.of", arguments, 1...1, keywords, node)
            let value = try value(arguments[0])
            if value.type == .timestamp {
                return Typed(
                    Required(operand: value.kernel, reason: "Cannot interpret None <class 'NoneType'> as Timestamp."))
            }
            return try timestamp(value, .seconds, "Timestamp", arguments[0])
        case ["from_rfc3339"]:
            try requireArguments("Timestamp.from_rfc3339", arguments, 1...1, keywords, node)
            let value = try value(arguments[0])
            guard value.type == .string else {
                throw error("from_rfc3339 reads text, not '\(value.name)'", arguments[0])
            }
            return Typed(TimestampParsing(operand: value.kernel))
        default:
            throw error(
                "'Timestamp.\(member.joined(separator: "."))' is not supported", node,
                suggestion: "there are Timestamp(…), Timestamp.of and Timestamp.from_rfc3339"
            ).outside
        }
    }

    private func timestamp(
        _ value: Typed, _ unit: TimestampConversion.Unit, _ noun: String, _ node: PythonNode
    ) throws(ExpressionError) -> Typed {
        guard value.type.isNumber || value.type == .null else {
            throw error(
                "Cannot interpret a '\(value.name)' as \(noun)", node,
                suggestion: value.type == .string ? "convert it with int(…) or float(…)" : nil)
        }
        let operand = value.type == .float64 ? value.kernel : widened(value, to: .int64)
        return Typed(TimestampConversion(operand: operand, unit: unit, noun: noun))
    }
}
