/// Dictionaries and tuples that are spelled out, as far as one value is taken from them.
extension PythonCompiler {
    /// `{…}.get(key, default)`.
    mutating func dictionary(
        _ entries: [PythonEntry], _ method: String, _ arguments: [PythonNode], _ keywords: [PythonKeyword],
        _ node: PythonNode, _ offset: Int
    ) throws(ExpressionError) -> Typed {
        guard method == "get" else {
            let refusal = ExpressionError(
                "'dict' has no attribute '\(method)' that is supported", at: offset, suggestion: "there is get")
            throw PythonNames.dictionary.contains(method) ? refusal.outside : refusal
        }
        try requireArguments("get", arguments, 1...2, keywords, node)
        let fallback = arguments.count > 1 ? try value(arguments[1]) : Typed.literal(.null, .null)
        return try lookup(entries, try value(arguments[0]), fallback, node)
    }

    /// `{…}[key]`, `(…)[2]`, `divmod(a, b)[0]`; nil when the base is something else.
    mutating func part(of base: PythonNode, _ index: PythonNode, _ node: PythonNode) throws(ExpressionError) -> Typed? {
        switch base.kind {
        case .dictionary(let entries): return try lookup(entries, try value(index), nil, node)
        case .tuple(let elements):
            let chosen = try position(index, among: elements.count)
            let result = try value(elements[chosen])
            var others: [any Kernel] = []
            for (place, element) in elements.enumerated() where place != chosen {
                others.append(try value(element).kernel)
            }
            return Typed(Eager(others, then: result.kernel), isNullable: result.isNullable)
        case .call(let callee, let arguments, let keywords):
            guard case .name("divmod") = callee.kind, isBuiltin("divmod") else {
                return try matchPart(of: base, index, node)
            }
            try requireArguments("divmod", arguments, 2...2, keywords, node)
            let left = try value(arguments[0])
            let right = try value(arguments[1])
            guard left.type.isNumber, right.type.isNumber else {
                throw error("unsupported operand types for divmod(): '\(left.name)' and '\(right.name)'", base)
            }
            let quotient = try arithmetic("//", left, right, base)
            let remainder = try arithmetic("%", left, right, base)
            let isFirst = try position(index, among: 2) == 0
            return Typed(
                Eager(
                    [isFirst ? remainder.kernel : quotient.kernel], then: isFirst ? quotient.kernel : remainder.kernel))
        default: return nil
        }
    }

    /// `map[key]`, and with a fallback `map.get(key, fallback)`.
    func element(
        of map: Typed, _ key: Typed, fallback: Typed?, _ node: PythonNode
    ) throws(ExpressionError) -> Typed {
        guard case .map(let value) = map.type else { throw error("'\(map.name)' object is not subscriptable", node) }
        guard key.type == .string || (key.type == .null && key.literal == nil) else {
            throw error("the keys are text, never '\(key.name)'", node).outside
        }
        guard let fallback else {
            return Typed(MapValue(map: map.kernel, key: key.kernel, fallback: nil, type: value), isNullable: true)
        }
        let shape = Typed(Constant(.null, value), isNullable: true)
        let (other, _, type) = try unified(fallback, shape, node.offset, "get gives")
        guard type == value else { throw error("get gives \(map.name) or \(fallback.name)", node).outside }
        return Typed(
            MapValue(map: map.kernel, key: key.kernel, fallback: other.kernel, type: type), isNullable: true)
    }

    private mutating func position(_ index: PythonNode, among count: Int) throws(ExpressionError) -> Int {
        guard case .int64(let number)? = try value(index).literal else {
            throw error("the index of a tuple must be spelled out", index).outside
        }
        let position = number < 0 ? number + Int64(count) : number
        guard position >= 0, position < count else { throw error("tuple index out of range", index) }
        return Int(position)
    }

    private mutating func lookup(
        _ entries: [PythonEntry], _ key: Typed, _ fallback: Typed?, _ node: PythonNode
    ) throws(ExpressionError) -> Typed {
        switch key.type {
        case .list: throw error("unhashable type: 'list'", node)
        case .map, .structure, .timestamp: throw error("such a key is not supported", node).outside
        default: break
        }
        // A boolean equals the integer that it counts as.
        let wanted = key.type == .boolean ? widened(key, to: .int64) : key.kernel
        var type = fallback?.type ?? .null
        var keys: [any Kernel] = []
        var values: [Typed] = []
        for entry in entries {
            let candidate = try value(entry.key)
            guard candidate.literal != nil else {
                throw error("a dictionary's keys must be spelled out", entry.key).outside
            }
            keys.append(candidate.type == .boolean ? widened(candidate, to: .int64) : candidate.kernel)
            let given = try value(entry.value)
            let shaped = Typed(Constant(.null, type), isNullable: true)
            (_, _, type) = try unified(given, shaped, entry.value.offset, "the dictionary gives")
            values.append(given)
        }
        let shape = Typed(Constant(.null, type), isNullable: true)
        var kernels: [any Kernel] = []
        for given in values { kernels.append(try unified(given, shape, node.offset, "the dictionary gives").0.kernel) }
        let last = try fallback.map { (fallback) throws(ExpressionError) in
            try unified(fallback, shape, node.offset, "the dictionary gives").0
        }
        // Python makes the dictionary, with all its values, before it looks for the key.
        let eager = zip(values, kernels).filter { $0.0.literal == nil }.map(\.1)
        let isNullable = values.contains(where: \.isNullable) || (last?.isNullable ?? false)
        return Typed(
            Eager(
                eager, then: Lookup(key: wanted, keys: keys, values: kernels, fallback: last?.kernel, type: type)),
            isNullable: isNullable)
    }

    /// What has to be evaluated for the rows that it rejects.
    mutating func nonLiteral(_ nodes: [PythonNode]) throws(ExpressionError) -> [any Kernel] {
        var kernels: [any Kernel] = []
        for node in nodes {
            let value = try value(node)
            if value.literal == nil { kernels.append(value.kernel) }
        }
        return kernels
    }
}
