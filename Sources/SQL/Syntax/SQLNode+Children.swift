extension SQLNode {
    /// The expressions inside.
    var children: [SQLNode] {
        switch kind {
        case .literal, .field, .countRows: []
        case .unary(_, let a), .isNull(let a, _), .isTruth(let a, _, _), .cast(let a, _), .extract(_, let a): [a]
        case .binary(_, let a, let b): [a, b]
        case .inList(let a, let list, _): [a] + list
        case .between(let a, let b, let c, _): [a, b, c]
        case .like(let a, let b, let escape, _): [a, b] + (escape.map { [$0] } ?? [])
        case .choice(let branches, let otherwise):
            branches.flatMap { [$0.condition, $0.value] } + (otherwise.map { [$0] } ?? [])
        case .call(_, let arguments, _): arguments
        }
    }

    /// The same with other expressions inside, in the order of `children`.
    func replacing(_ children: [SQLNode]) -> SQLNode {
        var node = self
        var rest = children[...]
        func next() -> SQLNode { rest.removeFirst() }
        switch kind {
        case .literal, .field, .countRows: break
        case .unary(let symbol, _): node.kind = .unary(symbol, next())
        case .isNull(_, let isNegated): node.kind = .isNull(next(), isNegated: isNegated)
        case .isTruth(_, let truth, let isNegated): node.kind = .isTruth(next(), truth, isNegated: isNegated)
        case .cast(_, let type): node.kind = .cast(next(), type)
        case .extract(let unit, _): node.kind = .extract(unit, next())
        case .binary(let symbol, _, _): node.kind = .binary(symbol, next(), next())
        case .inList(_, _, let isNegated): node.kind = .inList(next(), Array(rest), isNegated: isNegated)
        case .between(_, _, _, let isNegated): node.kind = .between(next(), next(), next(), isNegated: isNegated)
        case .like(_, _, let escape, let isNegated):
            node.kind = .like(next(), next(), escape: escape == nil ? nil : next(), isNegated: isNegated)
        case .choice(let branches, let otherwise):
            let replaced = branches.map { _ in (condition: next(), value: next()) }
            node.kind = .choice(replaced, otherwise: otherwise == nil ? nil : next())
        case .call(let name, let arguments, let isDistinct):
            node.kind = .call(name, arguments.map { _ in next() }, isDistinct: isDistinct)
        }
        return node
    }
}
