/// `isinstance`, and conversions that name more than their value.
extension PythonCompiler {
    /// The column's type is known, so that only a null is left to be told apart.
    func isInstance(_ value: Typed, of node: PythonNode) throws(ExpressionError) -> any Kernel {
        let nodes: [PythonNode]
        if case .tuple(let elements) = node.kind { nodes = elements } else { nodes = [node] }
        var isInstance = false
        for node in nodes {
            guard case .name(let name) = node.kind, isBuiltin(name),
                ["int", "float", "str", "bool", "bytes", "list", "dict", "set", "tuple"].contains(name)
            else { throw error("such a type is not supported in isinstance()", node).outside }
            switch value.type {
            case .boolean: isInstance = isInstance || name == "bool" || name == "int"
            case .structure, .timestamp:
                throw error("isinstance() of a '\(value.name)' is not supported", node).outside
            default: isInstance = isInstance || name == value.type.pythonName
            }
        }
        return isInstance
            ? NullTest(operand: value.kernel, isNegated: true)
            : Eager([value.kernel], then: Constant(.boolean(false), .boolean))
    }

    /// `int(text, base)`.
    mutating func integer(
        _ arguments: [PythonNode], _ keywords: [PythonKeyword], _ node: PythonNode
    ) throws(ExpressionError) -> Typed {
        if let keyword = keywords.first(where: { $0.name != "base" }) {
            throw error("int() does not take '\(keyword.name)'", keyword.value)
        }
        guard let text = arguments.first, let base = arguments.count > 1 ? arguments[1] : keywords.first?.value else {
            throw error("int() missing string argument", node)
        }
        guard case .int64(let radix)? = try value(base).literal else {
            throw error("the base must be spelled out", base).outside
        }
        guard (2...36).contains(radix) else {
            let refusal = error("int() base must be >= 2 and <= 36, or 0", base)
            throw radix == 0 ? refusal.outside : refusal
        }
        let value = try value(text)
        let reason = "int() can't convert non-string with explicit base"
        if value.type == .null, value.literal == nil {
            return Typed(AlwaysRejected(type: .int64, reason: reason))
        }
        guard value.type == .string else { throw error(reason, text) }
        return Typed(RadixConversion(text: value.kernel, radix: Int(radix)))
    }
}
