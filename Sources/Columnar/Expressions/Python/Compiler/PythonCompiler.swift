/// Checks the types of Python syntax over a schema and turns it into kernels.
struct PythonCompiler {
    let schema: Schema
    /// The lambda's parameter; nil where the fields are variables.
    let parameter: String?
    let imports: [String: [String]]
    let possiblyAbsent: Set<String>
    private(set) var assumedPresent: [AssumedField] = []
    /// Fields that the code has asked for on the way to where it is: `row.x if getattr(row, 'x', None) else …`.
    var foundPresent: Set<String> = []
    /// The loops of the comprehensions around, the outermost first.
    var loops: [LoopScope] = []

    init(schema: Schema, parameter: String?, imports: [String: [String]], possiblyAbsent: Set<String>) {
        self.schema = schema
        self.parameter = parameter
        self.imports = imports
        self.possiblyAbsent = possiblyAbsent
    }

    /// A kernel with what is known of its values.
    struct Typed {
        var kernel: any Kernel
        var isNullable: Bool
        /// The value, where the source spells it out.
        var literal: Scalar?

        var type: DataType { kernel.type }
        var name: String { type.pythonName }

        init(_ kernel: any Kernel, isNullable: Bool = false, literal: Scalar? = nil) {
            self.kernel = kernel
            self.isNullable = isNullable
            self.literal = literal
        }

        static func literal(_ value: Scalar, _ type: DataType) -> Typed {
            Typed(Constant(value, type), isNullable: value == .null, literal: value)
        }
    }

    /// What a name or a path stands for.
    enum Meaning {
        case value(Typed)
        case row
        /// A module, or something in one: `math.floor`.
        case module([String])
        case function(String)
    }

    func error(
        _ message: String, _ node: PythonNode, suggestion: String? = nil, unknown: ExpressionError.UnknownName? = nil
    ) -> ExpressionError {
        ExpressionError(message, at: node.offset, suggestion: suggestion, unknown: unknown)
    }

    // MARK: Values

    mutating func value(_ node: PythonNode) throws(ExpressionError) -> Typed {
        try plain(try operand(node), node)
    }

    /// What a field can hold, rather than a match, a date or a time.
    func plain(_ value: Typed, _ node: PythonNode) throws(ExpressionError) -> Typed {
        if value.kernel is PatternMatch {
            throw error("a match is no value that a field can hold", node, suggestion: "take its text with .group()")
                .outside
        }
        if let moment = value.kernel as? Moment {
            throw error(
                "a \(moment.kind.rawValue) is no value that a field can hold", node, suggestion: "take its isoformat()"
            )
            .outside
        }
        return value
    }

    /// A value, or a match, which can only be asked for what it has found.
    mutating func operand(_ node: PythonNode) throws(ExpressionError) -> Typed {
        switch node.kind {
        case .none: return .literal(.null, .null)
        case .boolean(let value): return .literal(.boolean(value), .boolean)
        case .integer(let value): return .literal(.int64(value), .int64)
        case .float(let value): return .literal(.float64(value), .float64)
        case .string(let value): return .literal(.string(value), .string)
        case .bytes(let value): return .literal(.bytes(value), .bytes)
        case .formatted(let parts): return try formatted(parts)
        case .tuple: throw error("a tuple is no value that a field can hold", node).outside
        case .set: throw error("a set is no value that a field can hold", node).outside
        case .dictionary: throw error("a dictionary is no value that a field can hold", node).outside
        case .lambda: throw error("a function is no value that a field can hold", node)
        case .list(let elements): return try list(elements, node)
        case .sign(let symbol, let operand): return try sign(symbol, try value(operand), node)
        case .not: return Typed(try truth(node))
        case .arithmetic("%", let left, let right) where left.isText: return try percent(left, right, node)
        case .arithmetic(let symbol, let left, let right):
            let (a, b) = (try operand(left), try operand(right))
            if a.kernel is Moment || b.kernel is Moment {
                return Typed(try momentArithmetic(symbol, a, b, node))
            }
            return try arithmetic(symbol, try plain(a, left), try plain(b, right), node)
        case .junction(let op, let left, let right): return try junction(op, left, right, node)
        case .comparison(let first, let links): return Typed(try comparison(first, links))
        case .conditional(let test, let yes, let no): return try conditional(test, yes, no, node)
        case .subscripted(let base, let index):
            if let part = try part(of: base, index, node) { return part }
            return try element(try subscriptable(base), try value(index), node)
        case .slice(let base, let lower, let upper, let step): return try slice(base, lower, upper, step, node)
        case .comprehension(let loop): return Typed(CollectedList(source: try generator(loop)))
        case .generator: throw error("a generator is no value", node, suggestion: "write it in square brackets")
        case .call(let callee, let arguments, let keywords): return try call(callee, arguments, keywords, node)
        case .name, .attribute:
            switch try meaning(node) {
            case .value(let value): return value
            case .row: throw error("the row itself is no value; name its fields", node).outside
            case .function(let name): throw error("'\(name)' is a function; call it with brackets", node)
            case .module(let path): return try constant(path, node)
            }
        }
    }

    /// A boolean that is never null: whether the value counts as true.
    mutating func truth(_ node: PythonNode) throws(ExpressionError) -> any Kernel {
        switch node.kind {
        case .not(let operand): return Negation(operand: try truth(operand))
        case .junction(let op, let left, let right):
            let first = try truth(left)
            let second =
                op == .and
                ? try whereTrue(left) { (compiler) throws(ExpressionError) in try compiler.truth(right) }
                : try truth(right)
            return Junction(op: op, left: first, right: second)
        default:
            let value = try operand(node)
            return value.type == .boolean && !value.isNullable ? value.kernel : Truth(operand: value.kernel)
        }
    }

    // MARK: Names

    mutating func meaning(_ node: PythonNode) throws(ExpressionError) -> Meaning {
        switch node.kind {
        case .name(let name): return try meaning(of: name, node)
        case .attribute(let base, let name, let offset):
            switch try meaning(base) {
            case .row: return .value(try field(name, at: offset))
            case .module(let path): return .module(path + [name])
            case .function(let function):
                throw ExpressionError("'\(function)' has no attribute '\(name)'", at: offset)
            case .value(let base): return .value(try attribute(name, of: base, at: offset))
            }
        default: return .value(try operand(node))
        }
    }

    private mutating func meaning(of name: String, _ node: PythonNode) throws(ExpressionError) -> Meaning {
        if let loop = loops.last(where: { $0.names.contains(name) }) { return .value(loop.value(of: name)) }
        if let parameter {
            if name == parameter { return .row }
        } else if schema.index(of: name) != nil {
            return .value(try field(name, at: node.offset))
        }
        if let path = imports[name] { return .module(path) }
        if Self.functions.contains(name) { return .function(name) }
        // Beam runs the code with its own package at hand.
        if name == "beam" { return .module(["apache_beam"]) }
        if name == "Timestamp" {
            throw error(
                "'Timestamp' is not imported", node,
                suggestion: "write beam.utils.timestamp.Timestamp, or import it in the first line of a callable")
        }
        if PythonModule.modules.contains(name) {
            throw error(
                "the module '\(name)' is not imported", node,
                suggestion: "import it in the first line of a callable: 'import \(name)', then 'lambda row: …'")
        }
        guard let parameter else { throw unknownField(name, at: node.offset) }
        let known = [parameter] + (Array(imports.keys) + Self.functions).sorted()
        if schema.index(of: name) != nil {
            throw error("unknown name '\(name)'", node, suggestion: "did you mean '\(parameter).\(name)'?")
        }
        throw error("unknown name '\(name)'", node, unknown: .init(name: name, known: known))
    }

    func unknownField(_ name: String, of row: String? = nil, among fields: [Field]? = nil, at offset: Int)
        -> ExpressionError
    {
        let names = (fields ?? schema.fields).map(\.name)
        let functions = parameter == nil && row == nil ? Self.functions.sorted() : []
        return ExpressionError(
            row.map { "'\($0)' has no field '\(name)'" } ?? "unknown field '\(name)'", at: offset,
            suggestion: names.isEmpty ? "there are no fields" : "fields are \(names.joined(separator: ", "))",
            unknown: .init(name: name, known: names + functions))
    }

    mutating func field(_ name: String, at offset: Int) throws(ExpressionError) -> Typed {
        guard let index = schema.index(of: name) else { throw unknownField(name, at: offset) }
        if possiblyAbsent.contains(name), !foundPresent.contains(name),
            !assumedPresent.contains(where: { $0.name == name })
        {
            assumedPresent.append(AssumedField(name: name, offset: offset))
        }
        return path(to: index)
    }

    private func path(to index: Int) -> Typed {
        let field = schema.fields[index]
        return Typed(FieldPath(type: field.type, path: [index], names: [field.name]), isNullable: field.isNullable)
    }

    /// An attribute of a value that is no module.
    func attribute(_ name: String, of base: Typed, at offset: Int) throws(ExpressionError) -> Typed {
        if let moment = base.kernel as? Moment { return try attribute(name, of: moment, at: offset) }
        switch base.type {
        case .structure(let fields):
            let path = base.kernel as? FieldPath
            guard let index = fields.firstIndex(where: { $0.name == name }) else {
                let row = path?.names.joined(separator: ".") ?? (base.kernel as? LoopVariable)?.name
                throw unknownField(name, of: row ?? "the row", among: fields, at: offset)
            }
            let field = fields[index]
            let kernel: any Kernel =
                path.map { FieldPath(type: field.type, path: $0.path + [index], names: $0.names + [name]) }
                ?? Member(type: field.type, base: base.kernel, index: index, name: name)
            return Typed(kernel, isNullable: field.isNullable)
        case .timestamp where name == "micros": return Typed(TimestampPart(part: .micros, operand: base.kernel))
        case .null where base.literal == nil:
            return Typed(
                AlwaysRejected(type: .null, reason: "'NoneType' object has no attribute '\(name)'"), isNullable: true)
        default:
            if Self.methods(of: base.type).contains(name) {
                throw ExpressionError("'\(name)' is a method; call it with brackets", at: offset)
            }
            throw unknownMethod(name, of: base.type, at: offset)
        }
    }

    func unknownMethod(_ name: String, of type: DataType, at offset: Int) -> ExpressionError {
        let known = Self.methods(of: type).sorted()
        let refusal = ExpressionError(
            "'\(type.pythonName)' has no attribute '\(name)' that is supported", at: offset,
            suggestion: known.isEmpty ? nil : "there are \(known.joined(separator: ", "))",
            unknown: .init(name: name, known: known))
        return PythonNames.attributes(of: type).contains(name) ? refusal.outside : refusal
    }

    /// `getattr(row, name, default)`, where the row may lack the field.
    mutating func attribute(
        _ name: String, of base: PythonNode, default fallback: PythonNode?, at offset: Int
    ) throws(ExpressionError) -> Typed {
        switch try meaning(base) {
        case .row:
            guard let fallback else { return try field(name, at: offset) }
            guard let index = schema.index(of: name) else { return try value(fallback) }
            let found = path(to: index)
            guard possiblyAbsent.contains(name) else { return found }
            return try replacingNull(of: found, with: try value(fallback), offset)
        case .value(let base):
            guard let fallback else { return try attribute(name, of: base, at: offset) }
            guard case .structure(let fields) = base.type, fields.contains(where: { $0.name == name }) else {
                return try value(fallback)
            }
            let found = try attribute(name, of: base, at: offset)
            guard base.isNullable || base.kernel is FieldPath else { return found }
            let (yes, no, type) = try unified(try value(fallback), found, offset, "getattr gives")
            return Typed(
                Conditional(
                    test: NullTest(operand: base.kernel, isNegated: false), yes: yes.kernel, no: no.kernel, type: type),
                isNullable: yes.isNullable || no.isNullable)
        case .module, .function: throw ExpressionError("getattr is supported on rows only", at: offset).outside
        }
    }

    private func replacingNull(
        of value: Typed, with fallback: Typed, _ offset: Int
    ) throws(ExpressionError) -> Typed {
        if fallback.literal == .null { return value }
        let (yes, no, type) = try unified(fallback, value, offset, "getattr gives")
        return Typed(
            Conditional(
                test: NullTest(operand: value.kernel, isNegated: false), yes: yes.kernel, no: no.kernel, type: type),
            isNullable: yes.isNullable)
    }
}

extension DataType {
    /// What Python calls the type.
    var pythonName: String {
        switch self {
        case .null: "NoneType"
        case .boolean: "bool"
        case .int64: "int"
        case .float64: "float"
        case .string: "str"
        case .bytes: "bytes"
        case .timestamp: "Timestamp"
        case .list: "list"
        case .map: "dict"
        case .structure: "Row"
        }
    }

    var isWhole: Bool { self == .int64 || self == .boolean }
    var isNumber: Bool { isWhole || self == .float64 }
}
