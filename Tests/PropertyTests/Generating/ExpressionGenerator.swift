import TestSupport

/// Writes expressions of a wanted type over the fields of a row.
struct ExpressionGenerator {
    var random: SplitMix64
    let columns: [Column]
    /// The variables of comprehensions around.
    private var variables: [(name: String, kind: Kind)] = []
    /// Python 3.11 takes no quotes in f-strings.
    private var isInFormat = false

    init(_ columns: [Column], _ random: SplitMix64) {
        self.columns = columns
        self.random = random
    }

    /// What texts are made of: letters that change their length with their case, marks, more than one plane.
    static let texts = ["", "a", "b", "ab", "Ü", "ß", "é", "e\u{301}", "🚇", "日本", " a ", "a,b,,c", "12", "-7", "x'\\y"]

    mutating func expression(_ kind: Kind, depth: Int) -> Expression {
        let leaf = leaf(kind)
        if depth <= 0 || random.once(in: 5) { return leaf ?? literal(kind) }
        if random.once(in: 9) {
            return .choice(
                test: test(depth: depth - 1), yes: expression(kind, depth: depth - 1),
                no: random.once(in: 3) ? .literal(.null) : expression(kind, depth: depth - 1))
        }
        switch kind {
        case .integer: return integer(depth - 1)
        case .float: return float(depth - 1)
        case .boolean: return boolean(depth - 1)
        case .text: return text(depth - 1)
        case .list(let element): return list(element, depth - 1)
        case .time, .bag, .row: return leaf ?? literal(kind)
        }
    }

    /// A field, a field of a field, or a variable of the kind; nil when there is none.
    private mutating func leaf(_ kind: Kind) -> Expression? {
        var found: [Expression] = variables.filter { $0.kind == kind }.map { .variable($0.name) }
        for column in columns {
            if column.kind == kind { found.append(.field([column.name])) }
            if case .row(let members) = column.kind {
                found += members.filter { $0.kind == kind }.map { .field([column.name, $0.name]) }
            }
        }
        return found.isEmpty ? nil : random.one(of: found)
    }

    private mutating func literal(_ kind: Kind) -> Expression {
        switch kind {
        case .integer: .literal(.integer(random.one(of: [0, 1, 2, 3, 7, -1, -5, 100, 1 << 33])))
        case .float: .literal(.float(random.one(of: [0.5, 2.25, 0.0, 1e20, 0.1])))
        case .boolean: .literal(.boolean(random.once(in: 2)))
        case .text: .literal(.string(isInFormat ? "" : random.one(of: Self.texts)))
        case .list(let element): .list((0...random.number(0...2)).map { _ in literal(element) })
        case .time, .bag, .row: .literal(.null)
        }
    }

    /// An operand that is not spelled out where there is a field: what can be computed beforehand is another subject.
    private mutating func operand(_ kind: Kind, _ depth: Int) -> Expression {
        if depth <= 0, let leaf = leaf(kind) { return leaf }
        return expression(kind, depth: depth)
    }

    /// What an `if` asks: anything has a truth.
    private mutating func test(depth: Int) -> Expression {
        expression(random.one(of: [.boolean, .boolean, .boolean, .integer, .text, .list(.integer)]), depth: depth)
    }

    private mutating func integer(_ depth: Int) -> Expression {
        switch random.number(0...13) {
        case 0...4:
            let symbol = random.one(of: ["+", "-", "*", "//", "%"])
            return .arithmetic(symbol, operand(.integer, depth), number(depth))
        case 5: return .arithmetic("**", operand(.integer, depth), .literal(.integer(random.one(of: [0, 1, 2, 3, 5]))))
        case 6:
            return random.once(in: 2) ? .negative(operand(.integer, depth)) : .call("abs", [operand(.integer, depth)])
        case 7: return .call("len", [operand(random.one(of: [.text, .list(.integer), .list(.text)]), depth)])
        case 8: return .call("int", [operand(random.one(of: [.text, .boolean, .float, .integer]), depth)])
        case 9: return .call("round", [operand(.float, depth)])
        case 10:
            return .call(random.one(of: ["min", "max"]), [operand(.integer, depth), operand(.integer, depth)])
        case 11: return .index(operand(.list(.integer), depth), operand(.integer, 0))
        case 12: return .call("sum", [operand(.list(.integer), depth)])
        default:
            return .method(operand(.text, depth), random.one(of: ["find", "count"]), [needle()])
        }
    }

    /// A second operand: not zero when it is spelled out.
    private mutating func number(_ depth: Int) -> Expression {
        random.once(in: 3) ? .literal(.integer(random.one(of: [2, 3, 10, -3]))) : operand(.integer, depth)
    }

    private mutating func float(_ depth: Int) -> Expression {
        switch random.number(0...6) {
        case 0...1:
            return .arithmetic(
                random.one(of: ["+", "-", "*", "/", "//", "%"]), operand(.float, depth), operand(.float, depth))
        case 2: return .arithmetic("/", operand(.integer, depth), number(depth))
        case 3:
            return .arithmetic(random.one(of: ["+", "-", "*", "/"]), operand(.integer, depth), operand(.float, depth))
        case 4: return .call("float", [operand(random.one(of: [.integer, .boolean, .float]), depth)])
        case 5: return .call(random.one(of: ["min", "max"]), [operand(.float, depth), operand(.float, depth)])
        default: return random.once(in: 2) ? .negative(operand(.float, depth)) : .call("abs", [operand(.float, depth)])
        }
    }

    private mutating func boolean(_ depth: Int) -> Expression {
        switch random.number(0...9) {
        case 0...2: return comparison(depth)
        case 3: return .isNone(operand(random.one(of: columns.map(\.kind)), 0), negated: random.once(in: 2))
        case 4: return .not(test(depth: depth))
        case 5: return .both(operand(.boolean, depth), operand(.boolean, depth))
        case 6: return .either(operand(.boolean, depth), operand(.boolean, depth))
        case 7:
            return .contains(
                operand(.integer, depth), in: operand(.list(.integer), depth), negated: random.once(in: 3))
        case 8: return .contains(operand(.text, depth), in: operand(.text, depth), negated: random.once(in: 3))
        default:
            return .method(operand(.text, depth), random.one(of: ["startswith", "endswith"]), [operand(.text, depth)])
        }
    }

    private mutating func comparison(_ depth: Int) -> Expression {
        let symbols = ["<", "<=", ">", ">=", "==", "!="]
        let kind = random.one(of: [Kind.integer, .integer, .float, .text, .boolean])
        let first = operand(kind, depth)
        let links = (0..<(random.once(in: 4) ? 2 : 1)).map { _ -> Expression.Link in
            // Whole numbers meet floats.
            let other = kind == .float && random.once(in: 2) ? .integer : kind
            return Expression.Link(
                symbol: random.one(of: kind == .boolean ? ["==", "!="] : symbols), operand: operand(other, depth))
        }
        return .comparison(first, links)
    }

    private mutating func needle() -> Expression {
        .literal(.string(isInFormat ? "" : random.one(of: ["a", ",", "é", "🚇", "ab"])))
    }

    private mutating func text(_ depth: Int) -> Expression {
        switch random.number(0...9) {
        case 0: return .arithmetic("+", operand(.text, depth), operand(.text, depth))
        case 1: return .arithmetic("*", operand(.text, depth), .literal(.integer(random.one(of: [0, 1, 2, 3]))))
        case 2: return .method(operand(.text, depth), random.one(of: ["upper", "lower", "strip"]), [])
        case 3: return .slice(operand(.text, depth), bound(), bound())
        case 4: return .index(operand(.text, depth), operand(.integer, 0))
        case 5: return .call("str", [operand(random.one(of: [.integer, .float, .boolean, .text]), depth)])
        case 6 where !isInFormat:
            return .method(operand(.text, depth), "replace", [needle(), literal(.text)])
        case 7 where !isInFormat:
            return .method(.literal(.string(random.one(of: ["-", "", "日"]))), "join", [operand(.list(.text), depth)])
        case 8: return .index(operand(.list(.text), depth), .literal(.integer(random.one(of: [0, -1, 1]))))
        default:
            if isInFormat { return operand(.text, depth) }
            isInFormat = true
            defer { isInFormat = false }
            return .format([
                .text(random.one(of: ["", "a=", "ü: "])),
                .value(field(random.one(of: [.integer, .float, .text, .boolean]), depth)), .text("/"),
                .value(field(random.one(of: [.integer, .text]), 0)),
            ])
        }
    }

    /// What may stand in an f-string.
    private mutating func field(_ kind: Kind, _ depth: Int) -> Expression {
        leaf(kind) ?? .literal(.integer(5))
    }

    private mutating func bound() -> Int? { random.one(of: [nil, 0, 1, 2, -1, -2, 50]) }

    private mutating func list(_ element: Kind, _ depth: Int) -> Expression {
        switch random.number(0...5) {
        case 0: return .arithmetic("+", operand(.list(element), depth), operand(.list(element), depth))
        case 1: return .slice(operand(.list(element), depth), bound(), bound())
        case 2 where element == .integer || element == .text: return .call("sorted", [operand(.list(element), depth)])
        case 3 where element == .text: return .method(operand(.text, depth), "split", [needle()])
        case 4: return .list((0...random.number(0...2)).map { _ in operand(element, depth) })
        default:
            let source = random.one(of: [Kind.integer, .text])
            let list = operand(.list(source), 0)
            let name = "x\(variables.count)"
            variables.append((name, source))
            defer { variables.removeLast() }
            let condition = random.once(in: 2) ? expression(.boolean, depth: min(depth, 1)) : nil
            return .comprehension(
                body: expression(element, depth: min(depth, 1)), variable: name, of: list, condition: condition)
        }
    }
}
