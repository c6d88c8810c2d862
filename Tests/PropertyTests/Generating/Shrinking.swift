extension Trial {
    /// A smaller trial that fails in the same way: steps, rows, fields and parts of expressions are left out for as
    /// long as that is so.
    func shrunk(attempts: Int = 400) async -> Trial {
        guard let kind = await verdict().kind else { return self }
        var best = self
        // The course that fails is enough.
        let failing = courses.filter { kind.hasPrefix($0.name + ":") }
        if !failing.isEmpty { best.courses = failing }
        var left = attempts
        var hasChanged = true
        while hasChanged, left > 0 {
            hasChanged = false
            for candidate in best.flow.smaller {
                guard left > 0 else { break }
                left -= 1
                let trial = Trial(flow: candidate, courses: best.courses)
                if await trial.verdict().kind == kind {
                    best = trial
                    hasChanged = true
                    break
                }
            }
        }
        return best
    }
}

extension Flow {
    /// Pipelines with a little less, the greatest steps first.
    fileprivate var smaller: [Flow] {
        withoutNodes + withoutRows + withSmallerOperations + withoutColumns
    }

    private var withoutNodes: [Flow] {
        nodes.indices.reversed().compactMap { index in
            let node = nodes[index]
            var flow = self
            flow.nodes.remove(at: index)
            let isRead = nodes.contains { $0.inputs.contains { $0.node == node.name } }
            if isRead {
                guard let input = node.inputs.first else { return nil }
                for place in flow.nodes.indices {
                    flow.nodes[place].inputs = flow.nodes[place].inputs.map { $0.node == node.name ? input : $0 }
                }
            } else if node.inputs.isEmpty {
                guard sources.count > 1 else { return nil }
                flow.sources[node.name] = nil
            }
            return flow
        }
    }

    private var withoutRows: [Flow] {
        sources.keys.sorted().flatMap { name -> [Flow] in
            guard let source = sources[name], source.rows.count > 1 else { return [] }
            // The first row stays: it shows the types, and the earliest time.
            let parts = source.rows.count > 8 ? 4 : source.rows.count - 1
            return (0..<parts).map { part in
                let count = source.rows.count - 1
                let range = 1 + count * part / parts..<1 + count * (part + 1) / parts
                var flow = self
                flow.sources[name]?.rows.removeSubrange(range)
                if source.isEndless { flow.sources[name]?.times.removeSubrange(range) }
                return flow
            }
        }
    }

    private var withSmallerOperations: [Flow] {
        nodes.indices.flatMap { index -> [Flow] in
            nodes[index].smaller.map { node in
                var flow = self
                flow.nodes[index] = node
                return flow
            }
        }
    }

    private var withoutColumns: [Flow] {
        sources.keys.sorted().flatMap { name -> [Flow] in
            guard let source = sources[name], source.columns.count > 1 else { return [] }
            return source.columns.indices.map { column in
                var flow = self
                flow.sources[name]?.columns.remove(at: column)
                flow.sources[name]?.rows = source.rows.map { row in
                    var row = row
                    row.remove(at: column)
                    return row
                }
                return flow
            }
        }
    }
}

extension Flow.Node {
    fileprivate var smaller: [Flow.Node] {
        var result = operation.smaller.map { operation in
            var node = self
            node.operation = operation
            return node
        }
        if handlesErrors {
            var node = self
            node.handlesErrors = false
            result.append(node)
        }
        return result
    }
}

extension Flow.Operation {
    fileprivate var smaller: [Flow.Operation] {
        switch self {
        case .map(let append, let drop, let fields):
            let fewer = fields.indices.map { index in
                var rest = fields
                rest.remove(at: index)
                return Flow.Operation.map(append: append, drop: drop, fields: rest)
            }
            let simpler = fields.indices.flatMap { index in
                fields[index].expression.parts.map { part in
                    var rest = fields
                    rest[index].expression = part
                    return Flow.Operation.map(append: append, drop: drop, fields: rest)
                }
            }
            return (fields.count > 1 ? fewer : [])
                + (drop.isEmpty ? [] : [.map(append: append, drop: [], fields: fields)])
                + simpler
        case .filter(let condition): return condition.parts.map { .filter($0) }
        case .timestamps(let time): return time.parts.map { .timestamps($0) }
        case .partition(let by, let outputs, let unknown):
            return by.parts.map { .partition($0, outputs: outputs, unknown: unknown) }
        case .combine(let keys, let aggregates):
            let fewer = aggregates.indices.map { index in
                var rest = aggregates
                rest.remove(at: index)
                return Flow.Operation.combine(keys: keys, rest)
            }
            let simpler = aggregates.indices.flatMap { index in
                aggregates[index].value.parts.map { part in
                    var rest = aggregates
                    rest[index].value = part
                    return Flow.Operation.combine(keys: keys, rest)
                }
            }
            return (aggregates.count > 1 ? fewer : [])
                + keys.indices.map { index in .combine(keys: keys.filter { $0 != keys[index] }, aggregates) } + simpler
        case .info(let fields):
            return fields.count > 1 ? fields.map { .info([$0]) } : []
        case .source, .explode, .flatten, .window, .join, .strip: return []
        }
    }
}

extension Expression {
    /// What it is made of, and itself with a part replaced by one of that part's parts.
    fileprivate var parts: [Expression] {
        let children = children
        return children
            + children.indices.flatMap { index in
                children[index].parts.map { part in
                    var changed = children
                    changed[index] = part
                    return with(changed)
                }
            }
    }

    private var children: [Expression] {
        switch self {
        case .field, .variable, .literal, .comprehension: []
        case .arithmetic(_, let a, let b), .both(let a, let b), .either(let a, let b), .index(let a, let b),
            .contains(let a, let b, _):
            [a, b]
        case .negative(let a), .isNone(let a, _), .not(let a), .slice(let a, _, _): [a]
        case .comparison(let first, let links): [first] + links.map(\.operand)
        case .choice(let test, let yes, let no): [test, yes, no]
        case .call(_, let arguments), .list(let arguments): arguments
        case .method(let base, _, let arguments): [base] + arguments
        case .format(let pieces): pieces.compactMap { if case .value(let value) = $0 { value } else { nil } }
        }
    }

    private func with(_ children: [Expression]) -> Expression {
        switch self {
        case .field, .variable, .literal, .comprehension: return self
        case .arithmetic(let symbol, _, _): return .arithmetic(symbol, children[0], children[1])
        case .both: return .both(children[0], children[1])
        case .either: return .either(children[0], children[1])
        case .index: return .index(children[0], children[1])
        case .contains(_, _, let negated): return .contains(children[0], in: children[1], negated: negated)
        case .negative: return .negative(children[0])
        case .isNone(_, let negated): return .isNone(children[0], negated: negated)
        case .not: return .not(children[0])
        case .slice(_, let from, let to): return .slice(children[0], from, to)
        case .comparison(_, let links):
            return .comparison(
                children[0], zip(links, children.dropFirst()).map { Link(symbol: $0.symbol, operand: $1) })
        case .choice: return .choice(test: children[0], yes: children[1], no: children[2])
        case .call(let name, _): return .call(name, children)
        case .list: return .list(children)
        case .method(_, let name, _): return .method(children[0], name, Array(children.dropFirst()))
        case .format(let pieces):
            var values = children[...]
            return .format(
                pieces.map { piece in
                    if case .value = piece, let value = values.popFirst() { return .value(value) }
                    return piece
                })
        }
    }
}
