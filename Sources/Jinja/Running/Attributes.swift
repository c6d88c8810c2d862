/// Attributes and items of values.
enum Attributes {
    /// `owner.name`: an attribute, or else an item of that name.
    static func attribute(_ name: String, of owner: Value, at place: SourcePlace?) throws -> Value {
        if case .undefined(let undefined) = owner { throw undefined.failure }
        if let value = own(name, of: owner) { return value }
        if case .dictionary(let dictionary) = owner, let value = dictionary.get(name) { return value }
        return missing(name, of: owner, place)
    }

    /// `owner[key]`: an item, or else an attribute of that name.
    static func item(_ key: Value, of owner: Value, at place: SourcePlace?) throws -> Value {
        if case .undefined(let undefined) = owner { throw undefined.failure }
        if case .undefined(let undefined) = key { throw undefined.failure }
        switch owner {
        case .dictionary(let dictionary):
            if let value = (try? dictionary.get(key)) ?? nil { return value }
        case .string(let text):
            if let index = key.integerValue, let index = position(index, text.unicodeScalars.count) {
                let view = text.unicodeScalars
                return .string(String(view[view.index(view.startIndex, offsetBy: index)]))
            }
        case .list(let list):
            if let index = key.integerValue, let index = position(index, list.items.count) { return list.items[index] }
        case .tuple(let items):
            if let index = key.integerValue, let index = position(index, items.count) { return items[index] }
        case .range(let range):
            if let index = key.integerValue, let index = position(index, range.count) {
                return .integer(range.value(at: index))
            }
        default: break
        }
        guard case .string(let name) = key else {
            return .undefined(
                Undefined("'\(owner.typeName)' has no item \(try key.representation())", at: place))
        }
        return own(name, of: owner) ?? missing(name, of: owner, place)
    }

    private static func position(_ index: Int, _ count: Int) -> Int? {
        let position = index < 0 ? index + count : index
        return (0..<count).contains(position) ? position : nil
    }

    private static func own(_ name: String, of owner: Value) -> Value? {
        if name.hasPrefix("_") { return nil }
        switch owner {
        case .string(let text): return StringMethods.method(name, of: text)
        case .list(let list): return ListMethods.method(name, of: list)
        case .tuple(let items): return ListMethods.method(name, ofTuple: items)
        case .dictionary(let dictionary): return DictionaryMethods.method(name, of: dictionary)
        case .range(let range):
            switch name {
            case "start": return .integer(range.start)
            case "stop": return .integer(range.stop)
            case "step": return .integer(range.step)
            default: return nil
            }
        case .float(let number):
            guard name == "is_integer" else { return nil }
            return .function(name) { _, arguments in
                try arguments.none(name)
                return .boolean(number == number.rounded() && number.isFinite)
            }
        case .callable(let callable): return callable.attributes[name]
        case .object(let object): return object.attribute(name)
        default: return nil
        }
    }

    private static func missing(_ name: String, of owner: Value, _ place: SourcePlace?) -> Value {
        var names: [String] = []
        switch owner {
        case .dictionary(let dictionary):
            names = dictionary.keys.compactMap { if case .string(let key) = $0 { key } else { nil } }
        case .object(let object): names = object.attributeNames
        case .string: names = StringMethods.names
        case .list: names = ListMethods.names
        default: break
        }
        var suggestion = Suggestion.nearest(to: name, in: names)
        if suggestion == nil, case .dictionary = owner, !names.isEmpty {
            suggestion = "it has \(names.prefix(12).joined(separator: ", "))"
        }
        let what =
            if case .dictionary = owner { "the map has no '\(name)'" } else { "'\(owner.typeName)' has no '\(name)'" }
        return .undefined(Undefined(what, suggestion: suggestion, at: place))
    }
}

/// `owner[start:stop:step]`.
enum Slicing {
    static func slice(_ owner: Value, _ start: Int?, _ stop: Int?, _ step: Int?) throws -> Value {
        switch owner {
        case .undefined(let undefined): throw undefined.failure
        case .string(let text):
            let scalars = Array(text.unicodeScalars)
            return .string(String(scalars: try indices(scalars.count, start, stop, step).map { scalars[$0] }))
        case .list(let list): return .list(try indices(list.items.count, start, stop, step).map { list.items[$0] })
        case .tuple(let items): return .tuple(try indices(items.count, start, stop, step).map { items[$0] })
        case .range(let range):
            return .list(try indices(range.count, start, stop, step).map { .integer(range.value(at: $0)) })
        default: throw Failure(.runtime, "'\(owner.typeName)' has no slices")
        }
    }

    private static func indices(_ count: Int, _ start: Int?, _ stop: Int?, _ step: Int?) throws -> [Int] {
        let step = step ?? 1
        guard step != 0 else { throw Failure(.runtime, "the step of a slice is not 0") }
        guard step != .min, count <= Limits.textBytes else { throw Limits.tooManySteps }
        func clamped(_ bound: Int, _ low: Int, _ high: Int) -> Int {
            let bound = bound < 0 ? (bound == .min ? low : bound + count) : bound
            return min(max(bound, low), high)
        }
        if step > 0 {
            let (from, to) = (clamped(start ?? 0, 0, count), clamped(stop ?? count, 0, count))
            return from < to ? Array(Swift.stride(from: from, to: to, by: step)) : []
        }
        let from = start.map { clamped($0, -1, count - 1) } ?? count - 1
        let to = stop.map { clamped($0, -1, count - 1) } ?? -1
        return from > to ? Array(Swift.stride(from: from, to: to, by: step)) : []
    }
}
