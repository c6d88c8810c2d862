/// The variables of one loop of a comprehension.
struct LoopScope {
    /// One variable that holds the element, or several that hold its parts.
    var names: [String]
    /// The element's.
    let type: DataType
    /// How many loops are around this one.
    let depth: Int

    func value(of name: String) -> PythonCompiler.Typed {
        let element = LoopVariable(type: type, name: names.count == 1 ? name : "", depth: depth)
        guard names.count > 1, case .structure(let parts) = type, let index = names.lastIndex(of: name),
            index < parts.count
        else { return PythonCompiler.Typed(element, isNullable: true) }
        return PythonCompiler.Typed(
            Member(type: parts[index].type, base: element, index: index, name: name), isNullable: true)
    }
}
