import TestSupport

/// Sources and their rows.
extension FlowGenerator {
    static let columns = [
        Column(name: "k", kind: .text), Column(name: "n", kind: .integer), Column(name: "m", kind: .integer),
        Column(name: "x", kind: .float), Column(name: "b", kind: .boolean), Column(name: "l", kind: .list(.integer)),
        Column(name: "s", kind: .list(.text)),
        Column(
            name: "r",
            kind: .row([Column(name: "a", kind: .integer), Column(name: "t", kind: .text)])),
    ]

    /// Whole numbers near which something overflows, or has no float of its own.
    private static let edges: [Int64] = [
        .max, .min, .max - 1, .min + 1, 9_007_199_254_740_992, 9_007_199_254_740_993, 2_147_483_648, 3_037_000_500,
    ]

    mutating func addSource(_ name: String, ends: Bool = false) {
        let isEndless = isStreaming && !ends
        var columns = Self.columns.filter { $0.name == "n" || !random.once(in: 4) }
        columns.append(Column(name: "at", kind: .integer))
        var source = Flow.Source(columns: columns, rows: [], isEndless: isEndless)
        // Some are worth more than one worker.
        let count = random.once(in: 8) ? 1 : random.number(random.once(in: 15) ? 150...300 : 2...40)
        for number in 0..<count {
            // The first row is whole: it shows the types.
            var row = columns.dropLast().map { value($0.kind, mayBeNull: number > 0) }
            // The first time is the earliest, so that nothing is late.
            let second = number == 0 ? 0 : Int64(random.number(0...200))
            source.times.append(second * 1000)
            row.append(.integer(second))
            source.rows.append(row)
        }
        sources[name] = source
        nodes.append(Flow.Node(name: name, inputs: [], operation: .source))
        var place = Place(port: Flow.Port(node: name), columns: columns, isTimed: isEndless, isEndless: isEndless)
        if !isEndless, !random.once(in: 4) {
            nodes.append(
                Flow.Node(name: "\(name)Time", inputs: [place.port], operation: .timestamps(.field(["at"]))))
            place = Place(port: Flow.Port(node: "\(name)Time"), columns: columns, isTimed: true)
        }
        places.append(place)
    }

    mutating func value(_ kind: Kind, mayBeNull: Bool) -> Value {
        if mayBeNull, random.once(in: 7) { return .null }
        switch kind {
        case .boolean: return .boolean(random.once(in: 2))
        case .integer:
            if random.once(in: 6) {
                return .integer(random.one(of: Self.edges))
            }
            return .integer(Int64(random.number(-9...20)))
        case .float:
            // JSON has no numbers for these.
            if !isStreaming, mayBeNull, random.once(in: 8) {
                return .float(random.one(of: [.nan, .infinity, -.infinity]))
            }
            return .float(
                random.one(of: [0.0, 0.5, -0.5, 1.5, 2.5, 0.1, -3.75, 1e16, 1e-7, 1e300, 9007199254740993.0]))
        case .text: return .string(random.one(of: ExpressionGenerator.texts))
        case .list(let element):
            let count = mayBeNull ? random.number(0...3) : 2
            return .list((0..<count).map { _ in value(element, mayBeNull: false) })
        case .row(let members):
            return .row(members.map { Value.Member(name: $0.name, value: value($0.kind, mayBeNull: mayBeNull)) })
        case .time, .bag: return .null
        }
    }
}
