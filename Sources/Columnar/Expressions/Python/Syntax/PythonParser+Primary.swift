extension PythonParser {
    /// An atom with its attributes, subscripts and calls.
    mutating func primary() throws(ExpressionError) -> PythonNode {
        var node = try atom()
        while true {
            try checkDepth(node)
            let offset = current.offset
            if skip(".") {
                guard case .name(let name) = current.kind, !Self.keywords.contains(name) else { throw unexpected() }
                node = PythonNode(kind: .attribute(node, name: name, offset: current.offset), offset: node.offset)
                advance()
            } else if skip("(") {
                node = try call(node)
            } else if skip("[") {
                node = try subscripted(node, at: offset)
            } else {
                return node
            }
        }
    }

    private mutating func call(_ callee: PythonNode) throws(ExpressionError) -> PythonNode {
        var arguments: [PythonNode] = []
        var keywords: [PythonKeyword] = []
        while !isAt(")") {
            if isAt("*") || isAt("**") {
                throw ExpressionError("unpacked arguments are not supported", at: current.offset).outside
            }
            let argument = try expression()
            if case .name(let name) = argument.kind, skip("=") {
                keywords.append(PythonKeyword(name: name, value: try expression()))
            } else if keywords.isEmpty {
                arguments.append(argument)
            } else {
                throw ExpressionError("a positional argument follows a keyword argument", at: argument.offset)
            }
            if isAt(word: "for") {
                let isAlone = arguments.count == 1 && keywords.isEmpty
                let generator = PythonNode(kind: .generator(try loop(argument)), offset: argument.offset)
                guard isAlone, isAt(")") else {
                    throw ExpressionError("a generator beside other arguments stands in brackets", at: argument.offset)
                }
                arguments = [generator]
            }
            guard skip(",") else { break }
        }
        try expect(")", after: "the arguments")
        return PythonNode(kind: .call(callee, arguments, keywords: keywords), offset: callee.offset)
    }

    private mutating func subscripted(_ base: PythonNode, at offset: Int) throws(ExpressionError) -> PythonNode {
        let lower = isAt(":") ? nil : try expressionList()
        if let lower, !isAt(":") {
            try expect("]", after: "the index")
            return PythonNode(kind: .subscripted(base, lower), offset: offset)
        }
        try expect(":", after: "the lower bound")
        let upper = isAt(":") || isAt("]") ? nil : try expression()
        let step = skip(":") && !isAt("]") ? try expression() : nil
        try expect("]", after: "the slice")
        return PythonNode(kind: .slice(base, lower: lower, upper: upper, step: step), offset: offset)
    }

    private mutating func atom() throws(ExpressionError) -> PythonNode {
        let token = current
        switch token.kind {
        case .name(let name):
            let kind: PythonNode.Kind
            switch name {
            case "None": kind = .none
            case "True": kind = .boolean(true)
            case "False": kind = .boolean(false)
            case _ where Self.keywords.contains(name): throw unexpected()
            default: kind = .name(name)
            }
            advance()
            return PythonNode(kind: kind, offset: token.offset)
        case .integer(let magnitude):
            guard let magnitude, let value = Int64(exactly: magnitude) else {
                throw ExpressionError("the number does not fit in 64 bits", at: token.offset).outside
            }
            advance()
            return PythonNode(kind: .integer(value), offset: token.offset)
        case .float(let value):
            advance()
            return PythonNode(kind: .float(value), offset: token.offset)
        case .string, .bytes, .formatted: return try strings()
        case .symbol("("): return try bracketed()
        case .symbol("{"): return try braces()
        case .symbol("["):
            advance()
            var elements: [PythonNode] = []
            while !isAt("]") {
                elements.append(try expression())
                if elements.count == 1, isAt(word: "for") {
                    let comprehension = try loop(elements[0])
                    try expect("]", after: "the comprehension")
                    return PythonNode(kind: .comprehension(comprehension), offset: token.offset)
                }
                guard skip(",") else { break }
            }
            try expect("]", after: "the list")
            return PythonNode(kind: .list(elements), offset: token.offset)
        default: throw unexpected()
        }
    }

    private mutating func bracketed() throws(ExpressionError) -> PythonNode {
        let offset = current.offset
        advance()
        if skip(")") { return PythonNode(kind: .tuple([]), offset: offset) }
        let inner = try expressionList()
        if isAt(word: "for") {
            let generator = try loop(inner)
            try expect(")", after: "the generator")
            return PythonNode(kind: .generator(generator), offset: offset)
        }
        try expect(")", after: "the expression in brackets")
        return inner
    }

    /// From `for` on.
    private mutating func loop(_ element: PythonNode) throws(ExpressionError) -> PythonComprehension {
        var loops: [PythonLoop] = []
        while skip(word: "for") {
            let variables = try loopVariables()
            guard skip(word: "in") else { throw unexpected() }
            let iterable = try disjunction()
            var conditions: [PythonNode] = []
            while skip(word: "if") { conditions.append(try disjunction()) }
            loops.append(PythonLoop(variables: variables, iterable: iterable, conditions: conditions))
        }
        return PythonComprehension(element: element, loops: loops)
    }

    private mutating func loopVariables() throws(ExpressionError) -> [String] {
        let isBracketed = skip("(")
        var names: [String] = []
        repeat {
            if isAt("(") || isAt("*") {
                throw ExpressionError("variables inside variables are not supported", at: current.offset).outside
            }
            if !names.isEmpty, isAt(word: "in") { break }
            guard case .name(let name) = current.kind, !Self.keywords.contains(name) else { throw unexpected() }
            names.append(name)
            advance()
        } while skip(",")
        if isBracketed { try expect(")", after: "the variables") }
        return names
    }

    /// `{…}`.
    private mutating func braces() throws(ExpressionError) -> PythonNode {
        let offset = current.offset
        advance()
        var entries: [PythonEntry] = []
        var elements: [PythonNode] = []
        while !isAt("}") {
            if isAt("*") || isAt("**") { throw unexpected() }
            let first = try expression()
            if elements.isEmpty, skip(":") {
                entries.append(PythonEntry(key: first, value: try expression()))
            } else if entries.isEmpty {
                elements.append(first)
            } else {
                throw ExpressionError("a dictionary's key has no value", at: first.offset)
            }
            if isAt(word: "for") {
                throw ExpressionError("dictionaries and sets of a comprehension are not supported", at: offset).outside
            }
            guard skip(",") else { break }
        }
        try expect("}", after: elements.isEmpty ? "the dictionary" : "the set")
        return PythonNode(kind: elements.isEmpty ? .dictionary(entries) : .set(elements), offset: offset)
    }

    /// Strings that stand side by side are one.
    private mutating func strings() throws(ExpressionError) -> PythonNode {
        let offset = current.offset
        var pieces: [FormattedPiece] = []
        var isFormatted = false
        var bytes: [UInt8]?
        var hasText = false
        while true {
            switch current.kind {
            case .string(let text):
                pieces.append(.text(text))
                hasText = true
            case .formatted(let more):
                pieces += more
                isFormatted = true
                hasText = true
            case .bytes(let more): bytes = (bytes ?? []) + more
            default:
                if let bytes {
                    if hasText { throw ExpressionError("bytes and text cannot be joined", at: offset) }
                    return PythonNode(kind: .bytes(bytes), offset: offset)
                }
                return PythonNode(kind: try textKind(pieces, isFormatted), offset: offset)
            }
            advance()
        }
    }

    private func textKind(_ pieces: [FormattedPiece], _ isFormatted: Bool) throws(ExpressionError) -> PythonNode.Kind {
        var parts: [PythonFormatted] = []
        var text = ""
        for piece in pieces {
            switch piece {
            case .text(let more):
                text += more
                parts.append(.text(more))
            case .expression(let range, let conversion, let specification):
                if let conversion, conversion != "s", conversion != "r" {
                    throw ExpressionError("'!\(conversion)' is not supported in an f-string", at: range.upperBound)
                        .outside
                }
                if specification.contains("{") {
                    throw ExpressionError("a computed format is not supported", at: range.upperBound).outside
                }
                let node = try PythonParser.expression(source, range: range)
                parts.append(
                    .value(node, conversion: conversion, specification: specification, offset: range.upperBound))
            }
        }
        return isFormatted ? .formatted(parts) : .string(text)
    }
}
