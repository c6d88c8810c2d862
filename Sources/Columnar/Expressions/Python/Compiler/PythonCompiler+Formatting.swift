/// Texts with values in them: f-strings, `%` and `str.format`.
extension PythonCompiler {
    /// What writes a value as text.
    typealias Writer = @Sendable (any Kernel) -> any Kernel

    // MARK: f-strings

    mutating func formatted(_ parts: [PythonFormatted]) throws(ExpressionError) -> Typed {
        var kernels: [any Kernel] = []
        for part in parts {
            switch part {
            case .text(let text): kernels.append(Constant(.string(text), .string))
            case .value(let node, let conversion, let specification, let offset):
                let given = try operand(node)
                if conversion == nil, let moment = given.kernel as? Moment {
                    kernels.append(try text(of: moment, specification, offset))
                    continue
                }
                let value = try plain(given, node)
                let write = try field(value, conversion, specification, node, offset)
                kernels.append(write(value.kernel))
            }
        }
        return Typed(Joining(parts: kernels))
    }

    /// A value between braces.
    private func field(
        _ value: Typed, _ conversion: Unicode.Scalar?, _ specification: String, _ node: PythonNode, _ offset: Int
    ) throws(ExpressionError) -> Writer {
        guard let conversion else { return try formatting(value, specification, node, offset) }
        let write = try written(value, conversion: conversion, node)
        guard !specification.isEmpty else { return write }
        let format = try formatting(Typed(Constant(.string(""), .string)), specification, node, offset)
        return { (operand: any Kernel) in format(write(operand)) }
    }

    /// `str(x)` or `repr(x)`.
    func written(
        _ value: Typed, conversion: Unicode.Scalar, _ node: PythonNode
    ) throws(ExpressionError) -> Writer {
        try requireText(of: value.type, node)
        switch value.type {
        case .list, .bytes: return { (operand: any Kernel) in Representation(operand: operand) }
        case _ where conversion == "r": return { (operand: any Kernel) in Representation(operand: operand) }
        default: return { (operand: any Kernel) in TextConversion(operand: operand) }
        }
    }

    private func requireText(of type: DataType, _ node: PythonNode) throws(ExpressionError) {
        switch type {
        case .map, .structure: throw error("text of a \(type.pythonName) is not supported", node).outside
        case .list(let element): try requireText(of: element, node)
        default: break
        }
    }

    /// `format(x, text)`.
    func formatting(
        _ value: Typed, _ text: String, _ node: PythonNode, _ offset: Int
    ) throws(ExpressionError) -> Writer {
        guard !text.isEmpty else { return try written(value, conversion: "s", node) }
        guard let specification = FormatSpecification(text) else {
            throw ExpressionError("'\(text)' is no format specification that is supported", at: offset).outside
        }
        let type = value.type == .boolean ? DataType.int64 : value.type
        guard specification.fits(type) || type == .null else {
            throw ExpressionError("the format '\(text)' does not fit '\(value.name)'", at: offset)
        }
        return { (operand: any Kernel) in
            let widened: any Kernel = operand.type == type ? operand : Widening(operand: operand, type: type)
            return Formatting(operand: widened, specification: specification)
        }
    }

    // MARK: %

    mutating func percent(
        _ left: PythonNode, _ right: PythonNode, _ node: PythonNode
    ) throws(ExpressionError) -> Typed {
        guard case .string(let source) = left.kind else {
            throw error("the text before '%' must be spelled out", node, suggestion: "write an f-string").outside
        }
        let pieces = try PercentFormat.parse(source, at: left.offset)
        var nodes = [right]
        if case .tuple(let elements) = right.kind { nodes = elements }
        let wanted = pieces.count { if case .value = $0 { true } else { false } }
        if nodes.count < wanted { throw error("not enough arguments for format string", node) }
        if nodes.count > wanted { throw error("not all arguments converted during string formatting", node) }
        var operands: [any Kernel] = []
        var parts: [TextTemplate.Part] = []
        for piece in pieces {
            switch piece {
            case .text(let text): parts.append(.text(text))
            case .value(let letter, let specification):
                let argument = nodes[operands.count]
                let value = try value(argument)
                parts.append(.value(operands.count, try converted(value, letter, specification, argument)))
                operands.append(value.kernel)
            }
        }
        return Typed(TextTemplate(operands: operands, parts: parts))
    }

    /// A value as a conversion of `%` writes it.
    private func converted(
        _ value: Typed, _ letter: Character, _ specification: FormatSpecification, _ node: PythonNode
    ) throws(ExpressionError) -> Writer {
        if letter == "s" || letter == "r" {
            let write = try written(value, conversion: letter == "s" ? "s" : "r", node)
            return { (operand: any Kernel) in Formatting(operand: write(operand), specification: specification) }
        }
        let isFloating = "eEfFgG".contains(letter)
        let needsInteger = "xXo".contains(letter)
        func reason(_ name: String) -> String {
            if isFloating { return "must be real number, not \(name)" }
            return "%\(letter) format: \(needsInteger ? "an integer" : "a real number") is required, not \(name)"
        }
        let none = reason("NoneType")
        if value.type == .null, value.literal == nil {
            return { (_: any Kernel) in AlwaysRejected(type: .string, reason: none) }
        }
        guard value.type.isNumber, !needsInteger || value.type.isWhole else { throw error(reason(value.name), node) }
        let type: DataType = isFloating ? .float64 : .int64
        let isFraction = value.type == .float64
        return { (operand: any Kernel) in
            var number: any Kernel = Required(operand: operand, reason: none)
            if isFraction, !isFloating {
                number = WholeNumber(function: .trunc, operand: number)
            } else if number.type != type {
                number = Widening(operand: number, type: type)
            }
            return Formatting(operand: number, specification: specification)
        }
    }

    // MARK: str.format

    mutating func format(
        _ base: Typed, _ arguments: [PythonNode], _ keywords: [PythonKeyword], _ node: PythonNode
    ) throws(ExpressionError) -> Typed {
        guard case .string(let source)? = base.literal else {
            throw error("the text before 'format' must be spelled out", node, suggestion: "write an f-string").outside
        }
        let nodes = arguments + keywords.map(\.value)
        var values: [Typed] = []
        for node in nodes { values.append(try value(node)) }
        var parts: [TextTemplate.Part] = []
        for piece in try BraceFormat.parse(source, at: node.offset) {
            switch piece {
            case .text(let text): parts.append(.text(text))
            case .value(let name, let conversion, let specification):
                var index = Int(name)
                if let number = index, number >= arguments.count {
                    throw error("Replacement index \(number) out of range for positional args tuple", node)
                }
                if index == nil {
                    index = keywords.firstIndex { $0.name == name }.map { $0 + arguments.count }
                }
                guard let index else {
                    throw error(
                        "format() is given no '\(name)'", node, unknown: .init(name: name, known: keywords.map(\.name)))
                }
                let write = try field(values[index], conversion, specification, nodes[index], node.offset)
                parts.append(.value(index, write))
            }
        }
        return Typed(TextTemplate(operands: values.map(\.kernel), parts: parts))
    }
}

extension PythonNode {
    /// Whether it is text that is spelled out, in an f-string or without.
    var isText: Bool {
        switch kind {
        case .string, .formatted: true
        default: false
        }
    }
}
