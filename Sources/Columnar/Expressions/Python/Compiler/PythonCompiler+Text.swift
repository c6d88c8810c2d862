extension PythonCompiler {
    static func methods(of type: DataType) -> Set<String> {
        switch type {
        case .string:
            Set([
                "upper", "lower", "title", "capitalize", "swapcase", "strip", "lstrip", "rstrip", "startswith",
                "endswith", "replace", "removeprefix", "removesuffix", "find", "rfind", "index", "rindex", "count",
                "split", "rsplit", "partition", "rpartition", "join", "zfill", "ljust", "rjust", "center", "encode",
                "format",
            ]).union(TextKind.Kind.allCases.map(\.rawValue))
        case .bytes: ["decode"]
        case .timestamp: ["seconds"]
        case .map: ["get"]
        default: []
        }
    }

    mutating func method(
        _ name: String, _ base: Typed, _ arguments: [PythonNode], _ keywords: [PythonKeyword], _ node: PythonNode,
        _ offset: Int
    ) throws(ExpressionError) -> Typed {
        if let match = base.kernel as? PatternMatch {
            return try patternGroup(name, match, arguments, keywords, node, offset)
        }
        if let moment = base.kernel as? Moment {
            return try method(name, of: moment, arguments, keywords, node, offset)
        }
        if base.type == .null, base.literal == nil {
            return Typed(AlwaysRejected(type: .string, reason: "'NoneType' object has no attribute '\(name)'"))
        }
        guard Self.methods(of: base.type).contains(name) else { throw unknownMethod(name, of: base.type, at: offset) }
        if case .map = base.type {
            try requireArguments(name, arguments, 1...2, keywords, node)
            let fallback = arguments.count > 1 ? try value(arguments[1]) : Typed.literal(.null, .null)
            return try element(of: base, try value(arguments[0]), fallback: fallback, node)
        }
        let text = base.kernel
        if name == "split" || name == "rsplit" { return try split(name, text, arguments, keywords, node) }
        if name == "format" { return try format(base, arguments, keywords, node) }
        if name == "partition" || name == "rpartition" {
            throw ExpressionError(
                "'\(name)' gives a tuple, which is no value that a field can hold", at: offset,
                suggestion: "take one of its three parts: \(name)(…)[0]"
            ).outside
        }
        let kind = TextKind.Kind(rawValue: name)
        switch name {
        case "upper", "lower", "title", "capitalize", "swapcase", "seconds",
            _ where kind != nil:
            try requireArguments(name, arguments, 0...0, keywords, node)
        case "replace": try requireArguments(name, arguments, 2...3, keywords, node)
        case "ljust", "rjust", "center": try requireArguments(name, arguments, 1...2, keywords, node)
        case "strip", "lstrip", "rstrip", "encode", "decode":
            try requireArguments(name, arguments, 0...1, keywords, node)
        default: try requireArguments(name, arguments, 1...1, keywords, node)
        }
        if let kind { return Typed(TextKind(kind: kind, operand: text)) }
        if let function = TextFind.Function(rawValue: name) {
            let pattern = try self.text(arguments[0], "must be str, not")
            return Typed(TextFind(function: function, text: text, pattern: pattern))
        }
        switch name {
        case "swapcase": return Typed(TextMapping(function: .swapcase, method: name, operand: text))
        case "upper": return Typed(TextMapping(function: .upper, method: name, operand: text))
        case "lower": return Typed(TextMapping(function: .lower, method: name, operand: text))
        case "title": return Typed(TextMapping(function: .title, method: name, operand: text))
        case "capitalize": return Typed(TextMapping(function: .capitalize, method: name, operand: text))
        case "strip", "lstrip", "rstrip":
            let characters = try stripped(arguments.first)
            let function = TextMapping.Function.strip(start: name != "rstrip", end: name != "lstrip", characters)
            return Typed(TextMapping(function: function, method: name, operand: text))
        case "seconds": return Typed(TimestampPart(part: .seconds, operand: text))
        case "startswith", "endswith": return try affix(name, text, arguments[0])
        case "zfill", "ljust", "rjust", "center": return try padding(name, text, arguments)
        case "removeprefix", "removesuffix":
            let affix = try self.text(arguments[0], "\(name)() argument must be str, not")
            return Typed(AffixRemoval(isPrefix: name == "removeprefix", text: text, affix: affix))
        case "replace":
            let old = try self.text(arguments[0], "replace() argument 1 must be str, not")
            let new = try self.text(arguments[1], "replace() argument 2 must be str, not")
            let limit = arguments.count > 2 ? try literalInteger(arguments[2], "replace() needs its limit") : -1
            return Typed(TextReplace(text: text, old: old, new: new, limit: limit))
        case "join": return try join(text, arguments[0])
        default:
            if let encoding = arguments.first {
                guard case .string(let name) = encoding.kind, ["utf-8", "utf8"].contains(name.lowercased()) else {
                    throw error("the one encoding is 'utf-8'", encoding).outside
                }
            }
            return Typed(Coding(operand: text, type: name == "decode" ? .string : .bytes))
        }
    }

    /// A kernel of text.
    private mutating func text(_ node: PythonNode, _ complaint: String) throws(ExpressionError) -> any Kernel {
        let value = try value(node)
        guard value.type == .string || (value.type == .null && value.literal == nil) else {
            throw error("\(complaint) \(value.name)", node)
        }
        return value.kernel
    }

    private mutating func literalInteger(_ node: PythonNode, _ complaint: String) throws(ExpressionError) -> Int {
        guard case .int64(let number)? = try value(node).literal else {
            throw error("\(complaint) as a number", node).outside
        }
        return Int(number)
    }

    private mutating func stripped(_ argument: PythonNode?) throws(ExpressionError) -> Set<Unicode.Scalar>? {
        guard let argument else { return nil }
        switch try value(argument).literal {
        case .null: return nil
        case .string(let characters): return Set(characters.unicodeScalars)
        default: throw error("the characters to strip must be spelled out", argument).outside
        }
    }

    private mutating func affix(_ name: String, _ text: any Kernel, _ argument: PythonNode) throws(ExpressionError)
        -> Typed
    {
        let test: TextTest.Test = name == "startswith" ? .starts : .ends
        let complaint = "\(name) first arg must be str or a tuple of str, not"
        guard case .tuple(let elements) = argument.kind else {
            return Typed(TextTest(test: test, text: text, pattern: try self.text(argument, complaint)))
        }
        var result: any Kernel = Constant(.boolean(false), .boolean)
        for element in elements {
            let next = TextTest(test: test, text: text, pattern: try self.text(element, complaint))
            result = Junction(op: .or, left: result, right: next)
        }
        return Typed(result)
    }

    private mutating func padding(
        _ name: String, _ text: any Kernel, _ arguments: [PythonNode]
    ) throws(ExpressionError) -> Typed {
        let width = try value(arguments[0])
        guard width.type.isWhole || (width.type == .null && width.literal == nil) else {
            throw error("'\(width.name)' object cannot be interpreted as an integer", arguments[0])
        }
        var fill: Unicode.Scalar = name == "zfill" ? "0" : " "
        if arguments.count > 1 {
            guard case .string(let text)? = try value(arguments[1]).literal, text.unicodeScalars.count == 1,
                let scalar = text.unicodeScalars.first
            else { throw error("the fill character must be one character that is spelled out", arguments[1]).outside }
            fill = scalar
        }
        return Typed(
            TextPadding(
                side: TextPadding.Side(rawValue: name) ?? .ljust, text: text, width: widened(width, to: .int64),
                fill: fill))
    }

    /// What an index is taken of: also the tuple of a partition.
    mutating func subscriptable(_ node: PythonNode) throws(ExpressionError) -> Typed {
        guard case .call(let callee, let arguments, let keywords) = node.kind,
            case .attribute(let base, let name, _) = callee.kind, name == "partition" || name == "rpartition"
        else { return try value(node) }
        let text = try value(base)
        guard text.type == .string else { return try value(node) }
        try requireArguments(name, arguments, 1...1, keywords, node)
        let separator = try self.text(arguments[0], "must be str, not")
        return Typed(TextPartition(isLast: name == "rpartition", text: text.kernel, separator: separator))
    }

    private mutating func split(
        _ name: String, _ text: any Kernel, _ arguments: [PythonNode], _ keywords: [PythonKeyword], _ node: PythonNode
    ) throws(ExpressionError) -> Typed {
        var separator = arguments.first
        var limit = arguments.count > 1 ? arguments[1] : nil
        for keyword in keywords {
            switch keyword.name {
            case "sep": separator = keyword.value
            case "maxsplit": limit = keyword.value
            default: throw error("\(name)() does not take '\(keyword.name)'", keyword.value)
            }
        }
        try requireArguments(name, arguments, 0...2, [], node)
        var kernel: (any Kernel)?
        if let separator {
            let value = try value(separator)
            guard value.type == .string || value.type == .null else {
                throw error("must be str or None, not \(value.name)", separator)
            }
            kernel = value.type == .null ? nil : value.kernel
        }
        let count = try limit.map { (node) throws(ExpressionError) in
            try literalInteger(node, "\(name)() needs its limit")
        }
        return Typed(TextSplit(text: text, separator: kernel, limit: count ?? -1, fromEnd: name == "rsplit"))
    }

    private mutating func join(_ separator: any Kernel, _ argument: PythonNode) throws(ExpressionError) -> Typed {
        let elements: [PythonNode]
        switch argument.kind {
        case .list(let nodes), .tuple(let nodes): elements = nodes
        default:
            let list: Typed
            if case .generator(let loop) = argument.kind {
                list = Typed(CollectedList(source: try generator(loop)))
            } else {
                list = try value(argument)
            }
            guard case .list(.string) = list.type else {
                let refusal = error("join needs a list of str, not '\(list.name)'", argument)
                throw list.type == .string ? refusal.outside : refusal
            }
            return Typed(ListJoin(separator: separator, list: list.kernel))
        }
        var parts: [any Kernel] = []
        for (index, element) in elements.enumerated() {
            let reason = "sequence item \(index): expected str instance, NoneType found"
            let part = try text(element, "sequence item \(index): expected str instance, found")
            if index > 0 {
                parts.append(Required(operand: separator, reason: "'NoneType' object has no attribute 'join'"))
            }
            parts.append(Required(operand: part, reason: reason))
        }
        return Typed(Joining(parts: parts))
    }

    // MARK: Subscripts

    func element(_ base: Typed, _ index: Typed, _ node: PythonNode) throws(ExpressionError) -> Typed {
        let type: DataType
        var isNullable = false
        switch base.type {
        case .map: return try element(of: base, index, fallback: nil, node)
        case .string: type = .string
        case .bytes: type = .int64
        case .list(let element):
            type = element
            isNullable = true
        case .null where base.literal == nil:
            return Typed(
                AlwaysRejected(type: .null, reason: "'NoneType' object is not subscriptable"), isNullable: true)
        case .structure: throw error("a row's fields are attributes", node, suggestion: "write row.name")
        default: throw error("'\(base.name)' object is not subscriptable", node)
        }
        guard index.type.isWhole || (index.type == .null && index.literal == nil) else {
            throw error("the index must be an integer, not '\(index.name)'", node)
        }
        return Typed(
            Element(sequence: base.kernel, index: widened(index, to: .int64), type: type), isNullable: isNullable)
    }

    mutating func slice(
        _ base: PythonNode, _ lower: PythonNode?, _ upper: PythonNode?, _ step: PythonNode?, _ node: PythonNode
    ) throws(ExpressionError) -> Typed {
        let sequence = try value(base)
        switch sequence.type {
        case .string, .bytes, .list: break
        case .null where sequence.literal == nil:
            return Typed(AlwaysRejected(type: .string, reason: "'NoneType' object is not subscriptable"))
        default: throw error("'\(sequence.name)' object is not subscriptable", node)
        }
        var count = 1
        if let step {
            switch try value(step).literal {
            case .int64(let number) where number != 0: count = Int(number)
            case .int64: throw error("slice step cannot be zero", step)
            case .null: break
            default: throw error("a slice needs its step as a number", step).outside
            }
        }
        return Typed(
            Slice(
                sequence: sequence.kernel, lower: try bound(lower), upper: try bound(upper), step: count,
                type: sequence.type))
    }

    private mutating func bound(_ node: PythonNode?) throws(ExpressionError) -> (any Kernel)? {
        guard let node else { return nil }
        let value = try value(node)
        if value.literal == .null { return nil }
        guard value.type.isWhole || value.type == .null else {
            throw error("slice indices must be integers or None, not '\(value.name)'", node)
        }
        return widened(value, to: .int64)
    }
}
