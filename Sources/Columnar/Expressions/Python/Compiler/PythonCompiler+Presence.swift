/// Fields that the code has asked for on the way to where it is.
extension PythonCompiler {
    /// Compiles code that only runs where `test` is true.
    mutating func whereTrue<Result>(
        _ test: PythonNode, _ compile: (inout PythonCompiler) throws(ExpressionError) -> Result
    ) throws(ExpressionError) -> Result {
        let before = foundPresent
        defer { foundPresent = before }
        foundPresent.formUnion(fieldsFound(by: test))
        return try compile(&self)
    }

    /// Fields that a row has if `test` is true.
    private func fieldsFound(by test: PythonNode) -> Set<String> {
        switch test.kind {
        case .junction(.and, let left, let right): fieldsFound(by: left).union(fieldsFound(by: right))
        case .comparison(let operand, let links):
            if links.count == 1, links[0].symbol == "is not", case .none = links[0].operand.kind {
                fieldsFound(by: operand)
            } else {
                []
            }
        case .call(let callee, let arguments, _):
            if case .name(let function) = callee.kind, ["getattr", "hasattr"].contains(function), arguments.count > 1,
                case .name(let row) = arguments[0].kind, row == parameter, case .string(let field) = arguments[1].kind
            {
                [field]
            } else {
                []
            }
        default: []
        }
    }
}
