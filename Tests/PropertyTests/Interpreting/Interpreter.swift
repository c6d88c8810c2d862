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

    struct Element {
        var fields: [String: Value]
        var time: Int64
        var windows: [Window?]
    }

    // Limits of time as `apache_beam/utils/timestamp.py` and `window.py` have them, in microseconds.
    static let firstTime: Int64 = -9_223_372_036_854_775_000
    static let globalEnd: Int64 = 9_223_371_950_454_775_000

    var elements: [Flow.Port: [Element]] = [:]
    var windowing: [Flow.Port: Flow.Windowing] = [:]
    /// Where sessions have become one already: what comes out of them is not merged again, as in Beam's Java SDK (its
    /// Python SDK merges anew, with results that depend on when a watermark moves). New times make new sessions.
    private var isMerged: Set<Flow.Port> = []
    /// What never ends.
    var isEndless: Set<Flow.Port> = []
    /// The names of the fields that rows have.
    var names: [Flow.Port: [String]] = [:]
    var rejected = 0

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

    static func with(_ element: Element, _ fields: [String: Value]) -> Element {
        Element(fields: fields, time: element.time, windows: element.windows)
    }

    func exploded(_ elements: [Element]) -> [Element] {
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
