/// Combines and joins, over all elements at once.
extension Interpreter {
    mutating func combine(
        _ input: [Element], _ keys: [String], _ aggregates: [Flow.Aggregate], merging function: Flow.Windowing
    ) throws -> [Element] {
        struct Member {
            var window: Window?
            var values: [Value]
        }
        // By text, in which NaN is what NaN is.
        var groups: [String: (key: [Value], members: [Member])] = [:]
        for element in exploded(input) {
            do {
                let values = try aggregates.map { aggregate -> Value in
                    let value = try aggregate.value.value(element.fields)
                    if value.isNull, !["count", "group", "any", "all"].contains(aggregate.function) {
                        throw Rejection("null")
                    }
                    return value
                }
                let key = try keys.map { name -> Value in
                    guard let value = element.fields[name] else { throw Misfit(description: "no field \(name)") }
                    return value
                }
                groups["\(key)", default: (key, [])].members
                    .append(Member(window: element.windows[0], values: values))
            } catch is Rejection {
                rejected += 1
            }
        }
        var results: [Element] = []
        for (key, members) in groups.values {
            var final: [Window?: Window?] = [:]
            let windows = Set(members.map(\.window))
            if case .sessions = function {
                for window in windows { final[window] = Self.merged(window, among: windows.compactMap { $0 }) }
            }
            for (window, members) in Dictionary(grouping: members, by: { final[$0.window] ?? $0.window }) {
                do {
                    var fields = Dictionary(zip(keys, key), uniquingKeysWith: { $1 })
                    for (index, aggregate) in aggregates.enumerated() {
                        fields[aggregate.name] = try Self.fold(aggregate.function, members.map { $0.values[index] })
                    }
                    results.append(Element(fields: fields, time: Self.lastTime(of: window), windows: [window]))
                } catch is Rejection {
                    rejected += 1
                }
            }
        }
        return results
    }

    /// The session that a window becomes part of: grown by every window that overlaps it, until none does.
    private static func merged(_ window: Window?, among windows: [Window]) -> Window? {
        guard var session = window else { return nil }
        while true {
            var grown = session
            for other in windows where other.start < grown.end && grown.start < other.end {
                grown = Window(start: min(grown.start, other.start), end: max(grown.end, other.end))
            }
            if grown == session { return session }
            session = grown
        }
    }

    private static func fold(_ function: String, _ values: [Value]) throws -> Value {
        switch function {
        case "count": return .integer(Int64(values.count))
        case "any": return .boolean(values.contains(where: Python.isTrue))
        case "all": return .boolean(values.allSatisfy(Python.isTrue))
        case "group": return .list(values)
        case "concat":
            return .list(
                values.flatMap { value -> [Value] in if case .list(let elements) = value { elements } else { [] } })
        case "min", "max":
            return try values.dropFirst().reduce(values[0]) { best, next in
                try Python.compare(function == "min" ? "<" : ">", next, best) ? next : best
            }
        case "sum", "mean":
            var whole: Int128 = 0
            var sum = 0.0
            var isWhole = true
            for value in values {
                switch value {
                case .integer(let number): whole += Int128(number)
                case .float(let number): (sum, isWhole) = (sum + number, false)
                case .boolean(let flag): whole += flag ? 1 : 0
                default: throw Misfit(description: "\(function) of \(value)")
                }
            }
            if function == "mean" {
                return .float(
                    isWhole ? Python.quotient(whole, Int128(values.count)) : sum / Double(values.count))
            }
            if !isWhole { return .float(sum) }
            guard let result = Int64(exactly: whole) else { throw Rejection("64 bits") }
            return .integer(result)
        default: throw Misfit(description: function)
        }
    }

    /// Which input of a join never ends, where the other does and has no windows: its rows keep their times.
    func side(of node: Flow.Node) -> Int? {
        let endless = node.inputs.indices.filter { isEndless.contains(node.inputs[$0]) }
        guard endless.count == 1, windowing[node.inputs[1 - endless[0]]] == .global else { return nil }
        return endless[0]
    }

    func join(
        _ type: String, _ left: [Element], _ right: [Element], _ key: Flow.NamedText, ours: [String], theirs: [String],
        main: Int?
    ) -> [Element] {
        let (left, right) = main == nil ? (exploded(left), exploded(right)) : (left, right)
        func pair(_ a: Element?, _ b: Element?) -> Element {
            var fields: [String: Value] = [:]
            for name in ours { fields[name] = a?.fields[name] ?? .null }
            for name in theirs { fields[Flow.joinedName(name, beside: ours)] = b?.fields[name] ?? .null }
            if let main, let element = main == 0 ? a : b { return Self.with(element, fields) }
            let window = (a ?? b)?.windows[0]
            return Element(fields: fields, time: Self.lastTime(of: window), windows: [window])
        }
        func match(_ a: Element, _ b: Element) -> Bool {
            guard let value = a.fields[key.name], let other = b.fields[key.text] else { return false }
            return !value.isNull && value == other && (main != nil || a.windows == b.windows)
        }
        var results = left.flatMap { a in right.filter { match(a, $0) }.map { pair(a, $0) } }
        if type == "left" || type == "outer" {
            results += left.filter { a in !right.contains { match(a, $0) } }.map { pair($0, nil) }
        }
        if type == "right" || type == "outer" {
            results += right.filter { b in !left.contains { match($0, b) } }.map { pair(nil, $0) }
        }
        return results
    }
}
