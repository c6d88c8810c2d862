/// Steps that take elements one by one.
extension Interpreter {
    mutating func forEach(
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

    mutating func partition(
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

    static func explode(_ element: Element, _ names: [String], _ crossProduct: Bool) throws -> [Element] {
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
}
