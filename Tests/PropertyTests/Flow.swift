/// A pipeline as the generator makes it: what is written as Beam YAML, and what the naive interpreter runs.
struct Flow: Sendable {
    /// A step of the pipeline.
    struct Node: Sendable {
        var name: String
        var inputs: [Port]
        var operation: Operation
        /// Whether rejected rows go to the output `errors`.
        var handlesErrors = false
    }

    /// An output of a node; nil: the main one.
    struct Port: Hashable, Sendable {
        var node: String
        var output: String?

        var text: String { output.map { "\(node).\($0)" } ?? node }
    }

    enum Operation: Sendable {
        case source
        case map(append: Bool, drop: [String], fields: [NamedExpression])
        case filter(Expression)
        case explode([String], crossProduct: Bool)
        case flatten
        case partition(Expression, outputs: [String], unknown: String?)
        case timestamps(Expression)
        case window(Windowing)
        /// New names, and what they get.
        case info([NamedText])
        case combine(keys: [String], [Aggregate])
        case join(String, key: NamedText)
        case strip
    }

    struct NamedExpression: Sendable {
        var name: String
        var expression: Expression
    }

    struct NamedText: Sendable {
        var name: String
        var text: String
    }

    struct Aggregate: Sendable {
        var name: String
        var function: String
        var value: Expression
    }

    /// Sizes in milliseconds.
    enum Windowing: Hashable, Sendable {
        case global
        case fixed(size: Int64, offset: Int64)
        case sliding(size: Int64, period: Int64, offset: Int64)
        case sessions(gap: Int64)
    }

    /// The rows of a source.
    struct Source: Sendable {
        var columns: [Column]
        var rows: [[Value]]
        /// Whether it is a subscription.
        var isEndless: Bool
        /// By row of a subscription, in milliseconds since the epoch.
        var times: [Int64] = []
    }

    var nodes: [Node]
    /// By the name of the node.
    var sources: [String: Source]

    /// Whether a source is a subscription.
    var isStreaming: Bool { sources.values.contains(where: \.isEndless) }

    /// The outputs that nobody reads, in the order of the nodes: they are written.
    var ends: [Port] {
        let read = Set(nodes.flatMap(\.inputs))
        return nodes.flatMap(\.outputs).filter { !read.contains($0) }
    }
}

extension Flow.Node {
    /// Its outputs.
    var outputs: [Flow.Port] {
        var names: [String?] = [nil]
        if case .partition(_, let outputs, let unknown) = operation { names = outputs + (unknown.map { [$0] } ?? []) }
        if handlesErrors { names.append("errors") }
        return names.map { Flow.Port(node: name, output: $0) }
    }
}

extension Flow.Windowing {
    var yaml: String {
        switch self {
        case .global: "{type: global}"
        case .fixed(let size, let offset): "{type: fixed, size: \(size)ms, offset: \(offset)ms}"
        case .sliding(let size, let period, let offset):
            "{type: sliding, size: \(size)ms, period: \(period)ms, offset: \(offset)ms}"
        case .sessions(let gap): "{type: sessions, gap: \(gap)ms}"
        }
    }
}
