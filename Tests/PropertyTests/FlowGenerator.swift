import TestSupport

/// Makes random pipelines that are right: every expression fits the fields that it meets.
struct FlowGenerator {
    /// An output that may be read, and what is known of it.
    private struct Place {
        var port: Flow.Port
        var columns: [Column]
        var windowing = Flow.Windowing.global
        /// Whether rows have a time of their own.
        var isTimed: Bool
        /// Whether rows come out of windows: then their times may not be changed where late rows could come of it.
        var isCombined = false
        /// Whether a row stands in one window only, so that its copies were told apart.
        var isSingle = true
        /// Whether sessions have become one.
        var isMerged = false
        /// Whether rows never end.
        var isEndless = false
    }

    private var random: SplitMix64
    private let isStreaming: Bool
    private let hasJoins: Bool
    private var nodes: [Flow.Node] = []
    private var sources: [String: Flow.Source] = [:]
    private var places: [Place] = []
    private var read: Set<Flow.Port> = []
    private var fieldNumber = 0

    private init(_ random: SplitMix64, isStreaming: Bool, hasJoins: Bool) {
        self.random = random
        self.isStreaming = isStreaming
        self.hasJoins = hasJoins
    }

    /// The pipeline of a seed.
    static func flow(_ seed: UInt64, isStreaming: Bool, hasJoins: Bool = true) -> Flow {
        var generator = FlowGenerator(SplitMix64(seed: seed), isStreaming: isStreaming, hasJoins: hasJoins)
        generator.addSource("Source")
        if generator.random.once(in: 2) { generator.addSource("Second", ends: generator.random.once(in: 3)) }
        let steps = generator.random.once(in: 8) ? 8...14 : 1...7
        for _ in 0..<generator.random.number(steps) { generator.addStep() }
        return Flow(nodes: generator.nodes, sources: generator.sources)
    }

    // MARK: Rows

    private static let columns = [
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

    private mutating func addSource(_ name: String, ends: Bool = false) {
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

    private mutating func value(_ kind: Kind, mayBeNull: Bool) -> Value {
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

    // MARK: Steps

    private mutating func addStep() {
        let open = places.filter { !read.contains($0.port) }
        let place = random.one(of: open.isEmpty || random.once(in: 4) ? places : open)
        switch random.number(0...16) {
        case 0...2: addMap(place)
        case 3...4: addFilter(place)
        case 5: addExplode(place)
        case 6: addFlatten(place)
        case 7: addPartition(place)
        case 8: addTimestamps(place)
        case 9...11: addWindow(place)
        case 12: addInfo(place)
        case 13...14: addJoin(place)
        default: addCombine(place)
        }
    }

    private mutating func expression(_ kind: Kind, _ place: Place, depth: Int? = nil) -> Expression {
        var generator = ExpressionGenerator(place.columns, random)
        defer { random = generator.random }
        return generator.expression(kind, depth: depth ?? random.number(1...3))
    }

    @discardableResult
    private mutating func add(
        _ operation: Flow.Operation, _ inputs: [Place], errors: Bool = false, _ change: (inout Place) -> Void = { _ in }
    ) -> Flow.Node {
        let node = Flow.Node(
            name: "Step\(nodes.count)", inputs: inputs.map(\.port), operation: operation, handlesErrors: errors)
        nodes.append(node)
        for input in inputs { read.insert(input.port) }
        var place = inputs[0]
        place.isTimed = inputs.allSatisfy(\.isTimed)
        place.isCombined = inputs.contains(where: \.isCombined)
        place.isSingle = inputs.allSatisfy(\.isSingle)
        place.isMerged = inputs.contains(where: \.isMerged)
        place.isEndless = inputs.contains(where: \.isEndless)
        if errors {
            let strip = Flow.Node(
                name: "\(node.name)Strip", inputs: [Flow.Port(node: node.name, output: "errors")], operation: .strip)
            nodes.append(strip)
            var rejected = place
            rejected.port = Flow.Port(node: strip.name)
            places.append(rejected)
        }
        place.port = Flow.Port(node: node.name)
        change(&place)
        if case .partition = operation { return node }
        places.append(place)
        return node
    }

    private mutating func newName(_ prefix: String = "f") -> String {
        fieldNumber += 1
        return "\(prefix)\(fieldNumber)"
    }

    private static let kinds: [Kind] = [
        .integer, .integer, .float, .boolean, .text, .text, .list(.integer), .list(.text),
    ]

    private mutating func addMap(_ place: Place) {
        var columns: [Column] = []
        var fields: [Flow.NamedExpression] = []
        for _ in 0..<random.number(1...3) {
            let column = Column(name: newName(), kind: random.one(of: Self.kinds))
            columns.append(column)
            fields.append(Flow.NamedExpression(name: column.name, expression: expression(column.kind, place)))
        }
        let append = !random.once(in: 3)
        var drop: [String] = []
        if append {
            drop = place.columns.map(\.name).filter { _ in random.once(in: 6) }
        } else {
            // Some go on as they are.
            for column in place.columns where !random.once(in: 3) {
                columns.append(column)
                fields.append(Flow.NamedExpression(name: column.name, expression: .field([column.name])))
            }
        }
        let kept = append ? place.columns.filter { !drop.contains($0.name) } : []
        add(.map(append: append, drop: drop, fields: fields), [place], errors: random.once(in: 2)) {
            $0.columns = kept + columns
        }
    }

    private mutating func addFilter(_ place: Place) {
        let kind = random.one(of: [Kind.boolean, .boolean, .boolean, .integer, .text])
        add(.filter(expression(kind, place)), [place], errors: random.once(in: 2))
    }

    private mutating func addExplode(_ place: Place) {
        let lists = place.columns.filter { if case .list = $0.kind { true } else { false } }
        let bags = place.columns.filter { if case .bag = $0.kind { true } else { false } }
        guard !lists.isEmpty || !bags.isEmpty else { return addMap(place) }
        var chosen =
            bags.isEmpty || (!lists.isEmpty && random.once(in: 2)) ? [random.one(of: lists)] : [random.one(of: bags)]
        let isOrdered = chosen.allSatisfy { if case .list = $0.kind { true } else { false } }
        if isOrdered, lists.count > 1, random.once(in: 2) { chosen = Array(lists.shuffled(using: &random).prefix(2)) }
        let names = chosen.map(\.name)
        add(
            .explode(names, crossProduct: !isOrdered || random.once(in: 2)), [place], errors: random.once(in: 2)
        ) { place in
            for index in place.columns.indices where names.contains(place.columns[index].name) {
                switch place.columns[index].kind {
                case .list(let element), .bag(let element): place.columns[index].kind = element
                default: break
                }
            }
        }
    }

    private mutating func addFlatten(_ place: Place) {
        let others = places.filter { other in
            other.port != place.port && other.windowing == place.windowing && other.isSingle == place.isSingle
                && other.isMerged == place.isMerged
                && other.isTimed == place.isTimed
                && other.columns.allSatisfy { column in
                    place.columns.allSatisfy { $0.name != column.name || $0.kind == column.kind }
                }
        }
        guard !others.isEmpty else { return addPartition(place) }
        let other = random.one(of: others)
        let new = other.columns.filter { column in !place.columns.contains { $0.name == column.name } }
        add(.flatten, [place, other]) { $0.columns += new }
    }

    private mutating func addPartition(_ place: Place) {
        let texts = ExpressionGenerator.texts.prefix(4).dropFirst()
        let by: Expression =
            random.once(in: 2)
            ? expression(.text, place)
            : .choice(
                test: expression(.boolean, place), yes: .literal(.string(random.one(of: Array(texts)))),
                no: .literal(.string(random.one(of: Array(texts) + ["z"]))))
        let unknown = random.once(in: 3) ? "rest" : nil
        let node = add(
            .partition(by, outputs: Array(texts), unknown: unknown), [place], errors: random.once(in: 2))
        for port in node.outputs where port.output != "errors" {
            var branch = place
            branch.port = port
            places.append(branch)
        }
    }

    private mutating func addTimestamps(_ place: Place) {
        let later = Expression.arithmetic("%", expression(.integer, place, depth: 1), .literal(.integer(50)))
        let time: Expression
        if isStreaming {
            // Never before the time of the message: what its source promises holds.
            guard !place.isCombined, place.columns.contains(where: { $0.name == "at" }) else { return addFilter(place) }
            time = .arithmetic("+", .field(["at"]), later)
        } else {
            switch random.number(0...3) {
            case 0: time = expression(.integer, place, depth: 0)
            case 1: time = .arithmetic("/", later, .literal(.integer(8)))
            case 2: time = .arithmetic("+", later, .literal(.integer(-25)))
            default: time = later
            }
        }
        add(.timestamps(time), [place], errors: random.once(in: 2)) { place in
            place.isTimed = true
            place.isSingle = false
            place.isMerged = false
        }
    }

    private mutating func windowing() -> Flow.Windowing {
        // What has the same windows can be joined and flattened.
        let known = Set(places.map(\.windowing)).subtracting([.global]).sorted { "\($0)" < "\($1)" }
        if !known.isEmpty, random.once(in: 2) { return random.one(of: known) }
        let size = Int64(random.number(2...60)) * (random.once(in: 4) ? 333 : 1000)
        let other = Int64(random.number(3...40)) * (random.once(in: 4) ? 250 : 1000)
        switch random.number(0...7) {
        case 0: return .global
        case 1...2: return .fixed(size: size, offset: random.once(in: 2) ? 0 : other % size)
        case 3...4:
            // No more than ten windows for a row.
            return .sliding(size: size, period: max(other, size / 6), offset: random.once(in: 2) ? 0 : 700)
        default: return .sessions(gap: other)
        }
    }

    private mutating func addWindow(_ place: Place) {
        // What has no time is in windows at the beginning of time, of which there is nothing to learn.
        guard place.isTimed else { return addTimestamps(place) }
        let new = windowing()
        add(.window(new), [place]) { place in
            place.windowing = new
            place.isSingle = false
            place.isMerged = false
        }
    }

    private mutating func addInfo(_ place: Place) {
        let known = ["timestamp", "window_start", "window_end", "window_string", "window_type"]
        let fields = (0..<random.number(1...2)).map { _ in
            Flow.NamedText(name: newName("w"), text: random.one(of: known))
        }
        add(.info(fields), [place]) { place in
            place.columns += fields.map {
                Column(name: $0.name, kind: ["window_string", "window_type"].contains($0.text) ? .text : .time)
            }
            place.isSingle = true
        }
    }

    // MARK: Groups

    private mutating func addCombine(_ given: Place) {
        var place = given
        if place.isEndless, place.windowing == .global {
            addWindow(place)
            guard let windowed = places.last, windowed.windowing != .global else { return }
            place = windowed
        }
        let possible = place.columns.filter { column in
            switch column.kind {
            case .integer, .text, .boolean, .time, .row: true
            case .list(let element): element != .float
            // Which zero a computed one is, is not said.
            case .float: column.name == "x"
            case .bag: false
            }
        }
        let keys = Array(possible.shuffled(using: &random).prefix(random.number(0...2)))
        var columns = keys
        var aggregates: [Flow.Aggregate] = []
        for _ in 0..<random.number(1...3) {
            let (aggregate, kind) = aggregate(place)
            aggregates.append(aggregate)
            columns.append(Column(name: aggregate.name, kind: kind))
        }
        add(.combine(keys: keys.map(\.name), aggregates), [place]) { place in
            place.columns = columns
            place.isCombined = true
            place.isSingle = true
            place.isMerged = true
        }
    }

    /// Functions of floats get values for which the order does not matter: Beam adds in any order, too.
    private mutating func aggregate(_ place: Place) -> (Flow.Aggregate, Kind) {
        let function = random.one(of: ["sum", "sum", "max", "min", "all", "any", "mean", "count", "group", "concat"])
        let exact = Expression.arithmetic(
            "/", .arithmetic("%", expression(.integer, place, depth: 1), .literal(.integer(1000))),
            .literal(.integer(8)))
        let name = newName()
        switch function {
        case "sum", "mean":
            if random.once(in: 3) { return (.init(name: name, function: function, value: exact), .float) }
            let kind: Kind = function == "mean" ? .float : .integer
            return (.init(name: name, function: function, value: expression(.integer, place, depth: 1)), kind)
        case "max", "min":
            let kind = random.one(of: [Kind.integer, .text, .float, .boolean])
            let value = expression(kind, place, depth: 1)
            if kind == .float {
                return (
                    .init(
                        name: name, function: function,
                        value: .choice(
                            test: .comparison(value, [.init(symbol: "==", operand: value)]), yes: value,
                            no: .literal(.float(0.5)))),
                    kind
                )
            }
            return (.init(name: name, function: function, value: value), kind)
        case "all", "any":
            let kind = random.one(of: [Kind.boolean, .integer, .text])
            return (.init(name: name, function: function, value: expression(kind, place, depth: 1)), .boolean)
        case "count":
            let value = Expression.field([random.one(of: place.columns).name])
            return (.init(name: name, function: function, value: value), .integer)
        case "group":
            let kind = random.one(of: [Kind.integer, .text, .float, .boolean, .list(.integer)])
            return (
                .init(name: newName(bagPrefix), function: function, value: expression(kind, place, depth: 1)),
                .bag(kind)
            )
        default:
            let kind = random.one(of: [Kind.integer, .text])
            return (
                .init(name: newName(bagPrefix), function: function, value: expression(.list(kind), place, depth: 1)),
                .bag(kind)
            )
        }
    }

    private mutating func addJoin(_ place: Place) {
        var choices: [(other: Place, key: Flow.NamedText, types: [String], main: Place?)] = []
        for other in places where other.port != place.port {
            guard let (types, main) = joins(place, other) else { continue }
            for column in place.columns where [.integer, .text].contains(column.kind) {
                for match in other.columns where match.kind == column.kind {
                    choices.append((other, Flow.NamedText(name: column.name, text: match.name), types, main))
                }
            }
        }
        guard hasJoins, !choices.isEmpty else { return addCombine(place) }
        let (other, key, types, main) = random.one(of: choices)
        let names = place.columns.map(\.name)
        let columns = other.columns.map {
            Column(name: Flow.joinedName($0.name, beside: names), kind: $0.kind)
        }
        guard Set(columns.map(\.name)).count == columns.count else { return addCombine(place) }
        add(.join(random.one(of: types), key: key), [place, other]) { place in
            place.columns += columns
            if let main {
                (place.windowing, place.isTimed) = (main.windowing, main.isTimed)
                (place.isCombined, place.isSingle, place.isMerged) = (main.isCombined, main.isSingle, main.isMerged)
            } else {
                (place.isCombined, place.isSingle, place.isMerged) = (true, true, true)
            }
        }
    }

    /// How two collections can be joined, and whose times and windows stay; nil: not at all.
    private func joins(_ left: Place, _ right: Place) -> (types: [String], main: Place?)? {
        if left.isEndless != right.isEndless, (left.isEndless ? right : left).windowing == .global {
            return (["inner", left.isEndless ? "left" : "right"], left.isEndless ? left : right)
        }
        if case .sessions = left.windowing { return nil }
        guard left.windowing == right.windowing, !left.isEndless || left.windowing != .global else { return nil }
        return (["inner", "left", "right", "outer"], nil)
    }
}
