/// The methods of Python's `list` and `tuple`.
enum ListMethods {
    static let names = [
        "append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove", "reverse", "sort",
    ]

    static func method(_ name: String, of list: ListBox) -> Value? {
        guard names.contains(name) else { return nil }
        return .function(name) { interpreter, arguments in try call(name, list, arguments, interpreter) }
    }

    static func method(_ name: String, ofTuple items: [Value]) -> Value? {
        guard name == "count" || name == "index" else { return nil }
        return .function(name) { interpreter, arguments in try call(name, ListBox(items), arguments, interpreter) }
    }

    private static func call(_ name: String, _ list: ListBox, _ arguments: Arguments, _ interpreter: Interpreter) throws
        -> Value
    {
        switch name {
        case "append":
            try interpreter.step()
            list.items.append(try arguments.bound(name, ["item"], required: 1).value(0))
        case "extend":
            let items = try arguments.bound(name, ["items"], required: 1).value(0).items()
            try interpreter.step(items.count)
            list.items += items
        case "insert":
            let parameters = try arguments.bound(name, ["index", "item"], required: 2)
            let index = try parameters.integer(0, default: 0)
            let count = list.items.count
            try interpreter.step()
            list.items.insert(try parameters.value(1), at: min(max(0, index < 0 ? index + count : index), count))
        case "pop":
            let index = try arguments.bound(name, ["index"]).integer(0, default: -1)
            let position = index < 0 ? index + list.items.count : index
            guard list.items.indices.contains(position) else {
                throw Failure(.runtime, list.items.isEmpty ? "the list is empty" : "the list has no item \(index)")
            }
            return list.items.remove(at: position)
        case "remove", "index":
            let value = try arguments.bound(name, ["item"], required: 1).value(0)
            guard let position = try list.items.firstIndex(where: { try $0.equals(value) }) else {
                throw Failure(.runtime, "the list has no item \(try value.representation())")
            }
            if name == "index" { return .integer(position) }
            list.items.remove(at: position)
        case "count":
            let value = try arguments.bound(name, ["item"], required: 1).value(0)
            return .integer(try list.items.filter { try $0.equals(value) }.count)
        case "sort":
            let parameters = try arguments.bound(name, ["reverse"])
            list.items = try ListFilters.sort(list.items, reversed: try parameters.flag(0)) { $0 }
        case "reverse":
            try arguments.none(name)
            list.items.reverse()
        case "copy":
            try arguments.none(name)
            return .list(list.items)
        default:
            try arguments.none(name)
            list.items = []
        }
        return .none
    }
}

/// The methods of Python's `dict`.
enum DictionaryMethods {
    static let names = ["clear", "copy", "get", "items", "keys", "pop", "popitem", "setdefault", "update", "values"]

    static func method(_ name: String, of dictionary: DictionaryBox) -> Value? {
        guard names.contains(name) else { return nil }
        return .function(name) { _, arguments in try call(name, dictionary, arguments) }
    }

    private static func call(_ name: String, _ dictionary: DictionaryBox, _ arguments: Arguments) throws -> Value {
        switch name {
        case "get", "setdefault", "pop":
            let parameters = try arguments.bound(name, ["key", "default"], required: 1)
            let key = try parameters.value(0)
            if case .undefined(let undefined) = key { throw undefined.failure }
            if name == "pop" {
                if let value = try dictionary.remove(key) ?? parameters[1] { return value }
                throw Failure(.runtime, "the map has no \(try key.representation())")
            }
            if let value = try dictionary.get(key) { return value }
            if name == "setdefault" { try dictionary.set(key, to: parameters[1] ?? .none) }
            return parameters[1] ?? .none
        case "items":
            try arguments.none(name)
            return .view(
                DictionaryView("dict_items", dictionary.entries.map { .tuple([$0.key, $0.value]) }))
        case "keys":
            try arguments.none(name)
            return .view(DictionaryView("dict_keys", dictionary.keys))
        case "values":
            try arguments.none(name)
            return .view(DictionaryView("dict_values", dictionary.allValues))
        case "update":
            _ = try updated(dictionary, name, arguments)
            return .none
        case "popitem":
            try arguments.none(name)
            guard let (key, value) = dictionary.entries.last else { throw Failure(.runtime, "the map is empty") }
            _ = try dictionary.remove(key)
            return .tuple([key, value])
        case "copy":
            try arguments.none(name)
            return .dictionary(dictionary.copy())
        default:
            try arguments.none(name)
            dictionary.removeAll()
            return .none
        }
    }

    /// The dictionary with another's entries, or pairs, and with those that have names.
    static func updated(_ dictionary: DictionaryBox, _ name: String, _ arguments: Arguments) throws -> DictionaryBox {
        guard arguments.positional.count <= 1 else {
            throw Failure(.runtime, "'\(name)' takes one map, and values by name")
        }
        switch arguments.positional.first {
        case nil: break
        case .dictionary(let other)?:
            for (key, value) in other.entries { try dictionary.set(key, to: value) }
        case let pairs?:
            for pair in try pairs.items() {
                let parts = try pair.items()
                guard parts.count == 2 else { throw Failure(.runtime, "'\(name)' takes a map or pairs") }
                try dictionary.set(parts[0], to: parts[1])
            }
        }
        for (name, value) in arguments.keyword { try dictionary.set(.string(name), to: value) }
        return dictionary
    }
}
