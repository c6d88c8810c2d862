import TestSupport

/// Steps that take elements one by one, and those that change times and windows.
extension FlowGenerator {
    mutating func addStep() {
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

    mutating func expression(_ kind: Kind, _ place: Place, depth: Int? = nil) -> Expression {
        var generator = ExpressionGenerator(place.columns, random)
        defer { random = generator.random }
        return generator.expression(kind, depth: depth ?? random.number(1...3))
    }

    @discardableResult
    mutating func add(
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

    mutating func newName(_ prefix: String = "f") -> String {
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

    mutating func windowing() -> Flow.Windowing {
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

    mutating func addWindow(_ place: Place) {
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
}
