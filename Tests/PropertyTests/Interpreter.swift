/// Runs a pipeline an element at a time, by the definitions of Beam's model: an element has a time and windows.
struct Interpreter {
    /// What a pipeline gives.
    struct Outcome: Equatable {
        /// The rows that are written, as text and sorted, by table.
        var tables: [String: [String]] = [:]
        /// Rejected without an error output or with one; a row in several windows counts once for each.
        var rejected = 0
    }

    /// More rows than this in one collection are too many for a test.
    static let limit = 2000

    /// A stretch of event time; nil stands for all of it.
    struct Window: Hashable {
        var start: Int64
        var end: Int64
    }

    private struct Element {
        var fields: [String: Value]
        var time: Int64
        var windows: [Window?]
    }

    // Limits of time as `apache_beam/utils/timestamp.py` and `window.py` have them, in microseconds.
    private static let firstTime: Int64 = -9_223_372_036_854_775_000
    private static let globalEnd: Int64 = 9_223_371_950_454_775_000

    private var elements: [Flow.Port: [Element]] = [:]
    private var windowing: [Flow.Port: Flow.Windowing] = [:]
    /// Where sessions have become one already: what comes out of them is not merged again, as in Beam's Java SDK (its
    /// Python SDK merges anew, with results that depend on when a watermark moves). New times make new sessions.
    private var isMerged: Set<Flow.Port> = []
    /// What never ends.
    private var isEndless: Set<Flow.Port> = []
    /// The names of the fields that rows have.
    private var names: [Flow.Port: [String]] = [:]
    private var rejected = 0

    /// Throws `Misfit` when the pipeline has no meaning.
    static func run(_ flow: Flow) throws -> Outcome {
        var interpreter = Interpreter()
        for node in flow.nodes { try interpreter.run(node, flow) }
        var outcome = Outcome(rejected: interpreter.rejected)
        for (number, end) in flow.ends.enumerated() {
            let rows = interpreter.exploded(interpreter.elements[end] ?? []).map { element in
                var fields = element.fields
                fields[Flow.timeField] = .time(element.time)
                fields[Flow.windowField] = .string(text(element.windows[0]))
                return Value.row(fields.map { Value.Member(name: $0.key, value: $0.value) }).description
            }
            if !rows.isEmpty { outcome.tables["out.t\(number)"] = rows.sorted() }
        }
        return outcome
    }

    private mutating func run(_ node: Flow.Node, _ flow: Flow) throws {
        let inputs = try node.inputs.map { port -> [Element] in
            guard let input = elements[port] else { throw Misfit(description: "no output \(port.text)") }
            return input
        }
        let main = Flow.Port(node: node.name)
        let input = inputs.first ?? []
        let function = node.inputs.first.flatMap { windowing[$0] } ?? .global
        for output in node.outputs {
            elements[output] = []
            windowing[output] = function
            names[output] = output.output == "errors" ? [] : try fieldNames(of: node, flow)
        }
        if node.inputs.contains(where: isEndless.contains) || flow.sources[node.name]?.isEndless == true {
            isEndless.formUnion(node.outputs)
        }
        // An error output says in words what went wrong, which are not compared: it is stripped of them first.
        if flow.ends.contains(where: { $0.output == "errors" && $0.node == node.name }) {
            throw Misfit(description: "errors are written")
        }
        if case .strip = node.operation {
        } else if node.inputs.contains(where: { $0.output == "errors" }) {
            throw Misfit(description: "errors are read")
        }
        switch node.operation {
        case .join where side(of: node) != nil:
            // What is joined with something that ends stays what it was.
            guard let side = side(of: node) else { break }
            windowing[main] = windowing[node.inputs[side]]
            if isMerged.contains(node.inputs[side]) { isMerged.insert(main) }
        case .combine, .join: isMerged.insert(main)
        case .window, .timestamps: break
        default: if node.inputs.contains(where: isMerged.contains) { isMerged.formUnion(node.outputs) }
        }
        if node.handlesErrors, let input = node.inputs.first, isMerged.contains(input) {
            isMerged.insert(Flow.Port(node: node.name, output: "errors"))
        }
        switch node.operation {
        case .source: elements[main] = source(node.name, flow)
        case .map(let append, let drop, let fields):
            try forEach(input, node) { element in
                var result = append ? element.fields.filter { !drop.contains($0.key) } : [:]
                for field in fields { result[field.name] = try field.expression.value(element.fields) }
                return [Self.with(element, result)]
            }
        case .filter(let condition):
            try forEach(input, node) { Python.isTrue(try condition.value($0.fields)) ? [$0] : [] }
        case .explode(let names, let crossProduct):
            try forEach(input, node) { try Self.explode($0, names, crossProduct) }
        case .flatten:
            let all = Set(names[main] ?? [])
            elements[main] = inputs.joined().map { element in
                let missing = all.subtracting(element.fields.keys).map { ($0, Value.null) }
                return Self.with(element, element.fields.merging(missing) { own, _ in own })
            }
        case .partition(let by, let names, let unknown): try partition(input, node, by, names, unknown)
        case .timestamps(let expression):
            try forEach(input, node) { element in
                let time = try Self.time(expression.value(element.fields))
                let windows = Self.windows(function, time)
                return windows.isEmpty ? [] : [Element(fields: element.fields, time: time, windows: windows)]
            }
        case .window(let new):
            windowing[main] = new
            // Every copy of an element is given its windows on its own: the transform looks at the window.
            elements[main] = exploded(input).map { element in
                Element(fields: element.fields, time: element.time, windows: Self.windows(new, element.time))
            }.filter { !$0.windows.isEmpty }
        case .info(let fields):
            elements[main] = exploded(input).map { element in
                Self.with(
                    element, element.fields.merging(fields.map { ($0.name, Self.info($0.text, element)) }) { $1 })
            }
        case .combine(let keys, let aggregates):
            let isMerged = node.inputs.contains(where: isMerged.contains)
            elements[main] = try combine(input, keys, aggregates, merging: isMerged ? .global : function)
        case .join(let type, let key):
            let fields = node.inputs.map { names[$0] ?? [] }
            elements[main] = join(
                type, inputs[0], inputs[1], key, ours: fields[0], theirs: fields[1], main: side(of: node))
        case .strip:
            elements[main] = try input.map { element in
                guard case .row(let members)? = element.fields["element"] else { throw Misfit(description: "strip") }
                return Self.with(
                    element, Dictionary(members.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }))
            }
        }
        for output in node.outputs where (elements[output]?.count ?? 0) > Self.limit {
            throw Misfit(description: "too many rows")
        }
    }

    private func fieldNames(of node: Flow.Node, _ flow: Flow) throws -> [String] {
        let inputs = node.inputs.map { names[$0] ?? [] }
        switch node.operation {
        case .source: return flow.sources[node.name]?.columns.map(\.name) ?? []
        case .map(let append, let drop, let fields):
            return (append ? inputs[0].filter { !drop.contains($0) } : []) + fields.map(\.name)
        case .flatten: return inputs.reduce([]) { all, more in all + more.filter { !all.contains($0) } }
        case .info(let fields): return inputs[0] + fields.map(\.name)
        case .combine(let keys, let aggregates): return keys + aggregates.map(\.name)
        case .join: return inputs[0] + inputs[1].map { Flow.joinedName($0, beside: inputs[0]) }
        case .strip:
            // Those of the rows that were rejected.
            guard let failed = flow.nodes.first(where: { $0.name == node.inputs.first?.node }),
                let input = failed.inputs.first
            else { throw Misfit(description: "strip") }
            return names[input] ?? []
        case .filter, .explode, .partition, .timestamps, .window: return inputs.first ?? []
        }
    }

    private static func with(_ element: Element, _ fields: [String: Value]) -> Element {
        Element(fields: fields, time: element.time, windows: element.windows)
    }

    private func exploded(_ elements: [Element]) -> [Element] {
        elements.flatMap { element in
            element.windows.map { Element(fields: element.fields, time: element.time, windows: [$0]) }
        }
    }

    private func source(_ name: String, _ flow: Flow) -> [Element] {
        guard let source = flow.sources[name] else { return [] }
        return source.rows.enumerated().map { number, row in
            Element(
                fields: Dictionary(zip(source.columns.map(\.name), row), uniquingKeysWith: { $1 }),
                time: source.isEndless ? source.times[number] * 1000 : Self.firstTime, windows: [nil])
        }
    }

    // MARK: Elements one by one

    private mutating func forEach(
        _ input: [Element], _ node: Flow.Node, _ body: (Element) throws -> [Element]
    ) throws {
        for element in input {
            do {
                elements[Flow.Port(node: node.name), default: []] += try body(element)
            } catch is Rejection {
                reject(element, node)
            }
        }
    }

    private mutating func reject(_ element: Element, _ node: Flow.Node) {
        rejected += element.windows.count
        guard node.handlesErrors else { return }
        let row = Value.row(element.fields.map { Value.Member(name: $0.key, value: $0.value) })
        elements[Flow.Port(node: node.name, output: "errors"), default: []]
            .append(Self.with(element, ["element": row]))
    }

    private mutating func partition(
        _ input: [Element], _ node: Flow.Node, _ by: Expression, _ names: [String], _ unknown: String?
    ) throws {
        for element in input {
            do {
                let value = try by.value(element.fields)
                let name = names.first { value == .string($0) } ?? unknown
                guard let name else { throw Rejection("no such output") }
                elements[Flow.Port(node: node.name, output: name), default: []].append(element)
            } catch is Rejection {
                reject(element, node)
            }
        }
    }

    private static func explode(_ element: Element, _ names: [String], _ crossProduct: Bool) throws -> [Element] {
        var lists: [[Value]] = []
        for name in names {
            guard case .list(let list)? = element.fields[name] else { throw Rejection("\(name) is no list") }
            lists.append(list)
        }
        guard crossProduct else {
            return (0..<(lists.map(\.count).max() ?? 0)).map { index in
                var fields = element.fields
                for (name, list) in zip(names, lists) { fields[name] = index < list.count ? list[index] : .null }
                return with(element, fields)
            }
        }
        var results = [element]
        for (name, list) in zip(names, lists) {
            results = results.flatMap { result in
                list.map { with(result, result.fields.merging([name: $0]) { $1 }) }
            }
        }
        return results
    }

    // MARK: Time

    private static func time(_ value: Value) throws(Rejection) -> Int64 {
        switch value {
        case .time(let micros): return micros
        case .integer(let seconds) where seconds.magnitude < 9_200_000_000_000: return seconds * 1_000_000
        case .float(let seconds) where seconds.magnitude < 9.2e12: return Int64((seconds * 1_000_000).rounded())
        default: throw Rejection("not a time")
        }
    }

    /// The windows of a time: every one of the kind that holds it.
    private static func windows(_ function: Flow.Windowing, _ time: Int64) -> [Window?] {
        switch function {
        case .global: return [nil]
        case .sessions(let gap): return [Window(start: time, end: time + gap * 1000)]
        case .fixed(let size, let offset): return windows(.sliding(size: size, period: size, offset: offset), time)
        case .sliding(let size, let period, let offset):
            let (size, period, offset) = (size * 1000, period * 1000, offset * 1000)
            // Starts are `offset + n * period`: the last that is not after the time, and those before it that reach it.
            var number = (time - offset) / period + 1
            while offset + number * period > time { number -= 1 }
            var found: [Window?] = []
            while offset + number * period + size > time {
                found.append(Window(start: offset + number * period, end: offset + number * period + size))
                number -= 1
            }
            return found
        }
    }

    private static func text(_ window: Window?) -> String {
        guard let window else { return "GlobalWindow" }
        let bounds = [window.start, window.end].map { String(Python.text(.float(Double($0) / 1_000_000))) }
        return "[\(bounds[0]), \(bounds[1]))"
    }

    private static func info(_ what: String, _ element: Element) -> Value {
        let window = element.windows[0]
        return switch what {
        case "timestamp": .time(element.time)
        case "window_start": .time(window?.start ?? firstTime)
        case "window_end": .time(window?.end ?? globalEnd)
        case "window_string": .string(text(window))
        default: .string(window == nil ? "GlobalWindow" : "IntervalWindow")
        }
    }

    /// When what comes out of a window happens: in its last millisecond.
    private static func lastTime(of window: Window?) -> Int64 {
        guard let window else { return globalEnd - 1000 }
        return max(window.start, window.end - 1000)
    }

    // MARK: Groups

    private mutating func combine(
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
    private func side(of node: Flow.Node) -> Int? {
        let endless = node.inputs.indices.filter { isEndless.contains(node.inputs[$0]) }
        guard endless.count == 1, windowing[node.inputs[1 - endless[0]]] == .global else { return nil }
        return endless[0]
    }

    private func join(
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

extension Flow {
    /// How a field of the right input is called where the left one has fields of these names.
    static func joinedName(_ name: String, beside names: [String]) -> String {
        var (candidate, number) = (name, 0)
        while names.contains(candidate) {
            candidate = "\(name)\(number)"
            number += 1
        }
        return candidate
    }
}
