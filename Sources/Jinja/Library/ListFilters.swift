/// The filters of what a loop can run over.
enum ListFilters {
    static func apply(
        _ name: String, to value: Value, _ arguments: Arguments, _ interpreter: Interpreter
    ) throws -> Value? {
        let called = "the filter '\(name)'"
        switch name {
        case "length", "count":
            try arguments.none(called)
            return .integer(try value.count())
        case "list":
            try arguments.none(called)
            return .list(try value.items())
        case "first":
            try arguments.none(called)
            if case .iterator(let iterator) = value {
                return iterator.next() ?? .undefined(Undefined("the list is empty and has no first item"))
            }
            return try value.items().first ?? .undefined(Undefined("the list is empty and has no first item"))
        case "last":
            try arguments.none(called)
            if case .iterator = value { throw Filters.wrongType(called, "a list; put '|list' before it", value) }
            return try value.items().last ?? .undefined(Undefined("the list is empty and has no last item"))
        case "reverse":
            try arguments.none(called)
            if case .string(let text) = value { return .string(String(scalars: text.unicodeScalars.reversed())) }
            return .iterator(try value.items().reversed())
        case "join":
            let parameters = try arguments.bound(called, ["d", "attribute"])
            let attribute = try Attribute(parameters[1])
            let parts = try value.items().map { try attribute.get($0).text() }
            return .string(try joined(parts, try (parameters[0] ?? .string("")).text()))
        case "sum":
            let parameters = try arguments.bound(called, ["attribute", "start"])
            let attribute = try Attribute(parameters[0])
            return try value.items().reduce(parameters[1] ?? .integer(0)) {
                let item = try attribute.get($1)
                if case .string = $0 { throw Failure(.runtime, "'sum' adds no text", suggestion: "use 'join'") }
                return try $0.apply(.add, item)
            }
        case "min", "max":
            return try extreme(
                value, isLeast: name == "min", try arguments.bound(called, ["case_sensitive", "attribute"]))
        case "sort":
            let parameters = try arguments.bound(called, ["reverse", "case_sensitive", "attribute"])
            let attributes = try Attribute.several(parameters[2])
            let isSensitive = try parameters.flag(1)
            return .list(
                try sort(try value.items(), reversed: try parameters.flag(0)) { item in
                    .list(try attributes.map { isSensitive ? try $0.get(item) : folded(try $0.get(item)) })
                })
        case "unique":
            let parameters = try arguments.bound(called, ["case_sensitive", "attribute"])
            let attribute = try Attribute(parameters[1])
            let isSensitive = try parameters.flag(0)
            var seen: Set<DictionaryKey> = []
            return .iterator(
                try value.items().filter { item in
                    let key = try attribute.get(item)
                    return seen.insert(try DictionaryKey(isSensitive ? key : folded(key))).inserted
                })
        case "groupby":
            return try grouped(
                value, try arguments.bound(called, ["attribute", "default", "case_sensitive"], required: 1))
        case "batch":
            let parameters = try arguments.bound(called, ["linecount", "fill_with"], required: 1)
            return .iterator(
                batches(try value.items(), try parameters.integer(0, default: 1), parameters[1] ?? .none))
        case "slice":
            let parameters = try arguments.bound(called, ["slices", "fill_with"], required: 1)
            return .iterator(
                try slices(try value.items(), try parameters.integer(0, default: 1), parameters[1] ?? .none))
        case "map": return try mapped(value, arguments, interpreter)
        case "select", "reject", "selectattr", "rejectattr":
            return try selected(
                value, arguments, keeps: name.hasPrefix("select"), hasAttribute: name.hasSuffix("attr"), called)
        default: return nil
        }
    }

    static func joined(_ parts: [String], _ separator: String) throws -> String {
        let bytes = parts.reduce(separator.utf8.count * parts.count) { $0 + $1.utf8.count }
        guard bytes <= Limits.textBytes else { throw Limits.tooLong }
        return parts.joined(separator: separator)
    }

    // MARK: Attributes

    /// `attribute=` of a filter: `a`, `a.b`, `0`, or nothing at all.
    struct Attribute {
        private var parts: [Value] = []
        var fallback: Value?

        init(_ value: Value?) throws {
            switch value {
            case nil, .some(.none): break
            case .string(let text)?:
                parts = text.split(separator: ".", omittingEmptySubsequences: false).map { part in
                    part.allSatisfy { $0.isASCII && $0.isNumber } && !part.isEmpty
                        ? Int(part).map { .integer($0) } ?? .string(String(part)) : .string(String(part))
                }
            case let value?: parts = [value]
            }
        }

        /// Several with commas between them.
        static func several(_ value: Value?) throws -> [Attribute] {
            guard case .string(let text)? = value else { return [try Attribute(value)] }
            return try text.split(separator: ",", omittingEmptySubsequences: false).map {
                try Attribute(.string(String($0)))
            }
        }

        func get(_ item: Value) throws -> Value {
            var item = item
            for part in parts {
                item = try Attributes.item(part, of: item, at: nil)
                if let fallback, case .undefined = item { item = fallback }
            }
            return item
        }
    }

    // MARK: Order

    /// Text without its case; other values as they are.
    static func folded(_ value: Value) -> Value {
        if case .string(let text) = value { .string(text.lowercased()) } else { value }
    }

    /// In the order of the keys; those with equal keys stay as they are.
    static func sort(_ items: [Value], reversed: Bool, by key: (Value) throws -> Value) throws -> [Value] {
        let keyed = try items.enumerated().map { (offset: $0.offset, item: $0.element, key: try key($0.element)) }
        return try keyed.sorted { a, b in
            switch try a.key.ordered(b.key) {
            case .less: !reversed
            case .greater: reversed
            default: a.offset < b.offset
            }
        }.map(\.item)
    }

    private static func extreme(_ value: Value, isLeast: Bool, _ parameters: Parameters) throws -> Value {
        let attribute = try Attribute(parameters[1])
        let isSensitive = try parameters.flag(0)
        func key(_ item: Value) throws -> Value {
            isSensitive ? try attribute.get(item) : folded(try attribute.get(item))
        }
        let items = try value.items()
        guard var best = items.first else {
            return .undefined(Undefined("the list is empty and has no \(isLeast ? "least" : "greatest") item"))
        }
        var bestKey = try key(best)
        for item in items.dropFirst() {
            let itemKey = try key(item)
            if try itemKey.ordered(bestKey, for: isLeast ? "<" : ">") == (isLeast ? .less : .greater) {
                (best, bestKey) = (item, itemKey)
            }
        }
        return best
    }

    // MARK: Groups

    private static func grouped(_ value: Value, _ parameters: Parameters) throws -> Value {
        var attribute = try Attribute(parameters[0])
        attribute.fallback = parameters[1]
        let isSensitive = try parameters.flag(2)
        func key(_ item: Value) throws -> Value {
            isSensitive ? try attribute.get(item) : folded(try attribute.get(item))
        }
        var groups: [(key: Value, items: [Value])] = []
        for item in try sort(try value.items(), reversed: false, by: key) {
            let itemKey = try key(item)
            if let last = groups.last, try last.key.equals(itemKey) {
                groups[groups.count - 1].items.append(item)
            } else {
                groups.append((itemKey, [item]))
            }
        }
        return .list(
            try groups.map { .object(Group(try attribute.get($0.items[0]), $0.items)) })
    }

    private static func batches(_ items: [Value], _ count: Int, _ filler: Value) -> [Value] {
        guard count > 0 else { return items.isEmpty ? [] : [.list(items)] }
        var batches: [Value] = []
        var start = 0
        while start < items.count {
            var batch = Array(items[start..<min(start + count, items.count)])
            if case .none = filler {
            } else if batch.count < count, count <= Limits.steps {
                batch += Array(repeating: filler, count: count - batch.count)
            }
            batches.append(.list(batch))
            start += count
        }
        return batches
    }

    private static func slices(_ items: [Value], _ count: Int, _ filler: Value) throws -> [Value] {
        guard count > 0, count <= Limits.steps else { throw Failure(.runtime, "'slice' makes one slice or more") }
        let (size, extra) = items.count.quotientAndRemainder(dividingBy: count)
        var start = 0
        return (0..<count).map { number in
            let end = start + size + (number < extra ? 1 : 0)
            var slice = Array(items[start..<end])
            start = end
            if number >= extra { if case .none = filler {} else { slice.append(filler) } }
            return .list(slice)
        }
    }

    // MARK: Other filters and tests over items

    private static func mapped(_ value: Value, _ arguments: Arguments, _ interpreter: Interpreter) throws -> Value {
        let items = try value.items()
        if items.isEmpty { return .iterator([]) }
        try interpreter.step(items.count)
        if arguments.positional.isEmpty, arguments.keyword.contains(where: { $0.name == "attribute" }) {
            var fallback: Value?
            var name: Value?
            for (key, value) in arguments.keyword {
                switch key {
                case "attribute": name = value
                case "default": fallback = value
                default: throw Failure(.runtime, "the filter 'map' has no parameter '\(key)'")
                }
            }
            var attribute = try Attribute(name)
            if case .some(.none) = fallback {} else { attribute.fallback = fallback }
            return .iterator(try items.map { try attribute.get($0) })
        }
        guard case .string(let name)? = arguments.positional.first else {
            throw Failure(.runtime, "the filter 'map' needs the name of a filter, or 'attribute='")
        }
        guard Filters.names.contains(name) else {
            var failure = Filters.unknown(name)
            failure.kind = .runtime
            throw failure
        }
        var rest = arguments
        rest.positional.removeFirst()
        return .iterator(try items.map { try Filters.apply(name, to: $0, rest, interpreter) })
    }

    private static func selected(
        _ value: Value, _ arguments: Arguments, keeps: Bool, hasAttribute: Bool, _ called: String
    ) throws -> Value {
        let items = try value.items()
        if items.isEmpty { return .iterator([]) }
        var rest = arguments
        var attribute = try Attribute(nil)
        if hasAttribute {
            guard let name = rest.positional.first else {
                throw Failure(.runtime, "\(called) needs the name of an attribute")
            }
            attribute = try Attribute(name)
            rest.positional.removeFirst()
        }
        guard let test = rest.positional.first else {
            return .iterator(try items.filter { try attribute.get($0).isTrue() == keeps })
        }
        guard case .string(let name) = test, Tests.names.contains(name) else {
            var failure = Tests.unknown(try test.text())
            failure.kind = .runtime
            throw failure
        }
        rest.positional.removeFirst()
        return .iterator(try items.filter { try Tests.check(name, try attribute.get($0), rest) == keeps })
    }
}

/// A group of `groupby`: a pair, whose parts have names too.
private final class Group: TemplateObject, LoopItems {
    let typeName = "_GroupTuple"
    private let key: Value
    private let items: [Value]

    init(_ key: Value, _ items: [Value]) {
        self.key = key
        self.items = items
    }

    func attribute(_ name: String) -> Value? {
        switch name {
        case "grouper": key
        case "list": .list(items)
        default: nil
        }
    }

    let attributeNames = ["grouper", "list"]
    func rest() -> [Value] { [key, .list(items)] }
    func text() throws -> String { try Value.tuple(rest()).representation() }
}
