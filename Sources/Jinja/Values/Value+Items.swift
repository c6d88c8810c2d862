/// What loops and `len` see of a value.
extension Value {
    /// Everything that a loop over the value meets.
    func items() throws -> [Value] {
        switch self {
        case .undefined(let undefined):
            if undefined.isLenient { return [] }
            throw undefined.failure
        case .string(let text): return text.unicodeScalars.map { .string(String($0)) }
        case .list(let list): return list.items
        case .tuple(let items): return items
        case .dictionary(let dictionary): return dictionary.keys
        case .range(let range):
            guard range.count <= Limits.steps else { throw Limits.tooManySteps }
            return (0..<range.count).map { .integer(range.value(at: $0)) }
        case .view(let view): return view.items
        case .iterator(let iterator): return iterator.rest()
        case .object(let object as any LoopItems): return object.rest()
        default: throw Failure(.runtime, "'\(typeName)' cannot be looped over")
        }
    }

    /// Whether a loop can run over it.
    var isIterable: Bool {
        switch self {
        case .string, .list, .tuple, .dictionary, .range, .view, .iterator: true
        default: false
        }
    }

    /// Python's `len(value)`.
    func count() throws -> Int {
        switch self {
        case .undefined(let undefined): throw undefined.failure
        case .string(let text): return text.unicodeScalars.count
        case .list(let list): return list.items.count
        case .tuple(let items): return items.count
        case .dictionary(let dictionary): return dictionary.count
        case .range(let range): return range.count
        case .view(let view): return view.items.count
        default: throw Failure(.runtime, "'\(typeName)' has no length")
        }
    }
}

/// An object that a loop can run over, once.
protocol LoopItems: TemplateObject {
    func rest() -> [Value]
}
