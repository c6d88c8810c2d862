/// What operators stand between: literals, names, and what is in brackets.
extension Parser {
    mutating func primary() throws -> Expression {
        let place = place
        func constant(_ value: Value) -> Expression { Expression(place: place, kind: .constant(value)) }
        switch token.kind {
        case .name(let name):
            advance()
            switch name {
            case "true", "True": return constant(.boolean(true))
            case "false", "False": return constant(.boolean(false))
            case "none", "None": return constant(.none)
            default:
                if let last = usedNames.indices.last { usedNames[last].insert(name) }
                return Expression(place: place, kind: .name(name))
            }
        case .string:
            var text = ""
            while case .string(let part) = token.kind {
                text += part
                advance()
            }
            return constant(.string(text))
        case .integer(let number):
            advance()
            return constant(.integer(number))
        case .float(let number):
            advance()
            return constant(.float(number))
        case .sign("("):
            advance()
            let result = try tuple(inParentheses: true)
            try expectSign(")")
            return result
        case .sign("["):
            advance()
            return Expression(place: place, kind: .list(try items(until: "]") { try $0.expression() }))
        case .sign("{"):
            advance()
            let entries = try items(until: "}") { parser in
                let key = try parser.expression()
                try parser.expectSign(":")
                return (key: key, value: try parser.expression())
            }
            return Expression(place: place, kind: .dictionary(entries))
        default: throw unexpected("an expression")
        }
    }

    mutating func items<Item>(until end: String, _ item: (inout Parser) throws -> Item) throws -> [Item] {
        var items: [Item] = []
        while !isSign(end) {
            if !items.isEmpty {
                try expectSign(",")
                if isSign(end) { break }
            }
            items.append(try item(&self))
        }
        try expectSign(end)
        return items
    }
}
