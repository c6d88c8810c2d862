import TestSupport

/// Combines and joins.
extension FlowGenerator {
    mutating func addCombine(_ given: Place) {
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

    mutating func addJoin(_ place: Place) {
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
