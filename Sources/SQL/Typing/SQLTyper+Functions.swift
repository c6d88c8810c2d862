import Columnar

extension SQLTyper {
    /// What a scalar function takes and gives.
    private struct Signature {
        enum Result { case type(DataType), sameAsFirst, common }

        var parameters: [DataType]
        /// How many of the parameters may be left out.
        var optional = 0
        var result: Result
        /// The engine's name for it.
        var name: String
        /// Takes any number of the last parameter.
        var isVariadic = false
    }

    private static let signatures: [String: Signature] = {
        func text(_ name: String, _ engine: String) -> (String, Signature) {
            (name, Signature(parameters: [.string], result: .type(.string), name: engine))
        }
        func float(_ name: String, _ engine: String) -> (String, Signature) {
            (name, Signature(parameters: [.float64], result: .type(.float64), name: engine))
        }
        // The second parameter: what is taken off.
        func trim(_ engine: String) -> Signature {
            Signature(parameters: [.string, .string], optional: 1, result: .type(.string), name: engine)
        }
        let length = Signature(parameters: [.string], result: .type(.int64), name: "length")
        let part = Signature(
            parameters: [.string, .int64, .int64], optional: 1, result: .type(.string), name: "st_substring")
        let test = [DataType.string, .string]
        return Dictionary(uniqueKeysWithValues: [
            text("UPPER", "st_upper"), text("LOWER", "st_lower"), text("REVERSE", "st_reverse"),
            ("TRIM", trim("trim")), ("LTRIM", trim("ltrim")), ("RTRIM", trim("rtrim")),
            ("CHAR_LENGTH", length), ("CHARACTER_LENGTH", length), ("LENGTH", length),
            ("SUBSTRING", part), ("SUBSTR", part),
            ("REPLACE", Signature(parameters: [.string, .string, .string], result: .type(.string), name: "replace")),
            ("STRPOS", Signature(parameters: test, result: .type(.int64), name: "instr")),
            ("STARTS_WITH", Signature(parameters: test, result: .type(.boolean), name: "st_starts")),
            ("ENDS_WITH", Signature(parameters: test, result: .type(.boolean), name: "st_ends")),
            ("CONCAT", Signature(parameters: [.string], result: .type(.string), name: "st_concat", isVariadic: true)),
            ("ABS", Signature(parameters: [.float64], result: .sameAsFirst, name: "abs")),
            ("SIGN", Signature(parameters: [.float64], result: .sameAsFirst, name: "st_sign")),
            ("MOD", Signature(parameters: [.float64, .float64], result: .common, name: "st_remainder")),
            (
                "ROUND",
                Signature(parameters: [.float64, .int64], optional: 1, result: .sameAsFirst, name: "st_round")
            ),
            ("FLOOR", Signature(parameters: [.float64], result: .sameAsFirst, name: "st_floor")),
            ("CEIL", Signature(parameters: [.float64], result: .sameAsFirst, name: "st_ceil")),
            ("CEILING", Signature(parameters: [.float64], result: .sameAsFirst, name: "st_ceil")),
            float("SQRT", "st_sqrt"), float("EXP", "st_exp"), float("LN", "st_ln"), float("LOG10", "st_log10"),
            (
                "POWER",
                Signature(parameters: [.float64, .float64], result: .type(.float64), name: "st_power")
            ),
        ])
    }()

    /// Those whose arguments share a type.
    private static let choosing = ["COALESCE", "GREATEST", "IFNULL", "LEAST", "NULLIF"]

    mutating func call(_ name: String, _ arguments: [SQLNode], _ node: SQLNode) throws(ExpressionError) -> TypedSQL {
        if SQLTyper.choosing.contains(name) { return try choose(name, arguments, node) }
        guard let signature = SQLTyper.signatures[name] else {
            let known = SQLTyper.signatures.keys + SQLTyper.choosing
            throw ExpressionError(
                "the function \(name) is not supported", at: node.offset,
                suggestion: "write this part in 'language: python'", unknown: .init(name: name, known: known.sorted()))
        }
        let parameters = signature.parameters
        let range = parameters.count - signature.optional...(signature.isVariadic ? 100 : parameters.count)
        guard range.contains(arguments.count) else {
            throw ExpressionError(
                "\(name) takes \(range.lowerBound)\(range.count > 1 ? " to \(range.upperBound)" : "") "
                    + "argument\(range.upperBound == 1 ? "" : "s"), not \(arguments.count)", at: node.offset)
        }
        var values: [TypedSQL] = []
        for (index, argument) in arguments.enumerated() {
            let wanted = parameters[min(index, parameters.count - 1)]
            let value = wanted == .string ? try text(argument, name) : try number(argument)
            if wanted == .int64, value.type == .float64 {
                throw mismatch("\(name) takes a whole number here", value.type, argument)
            }
            values.append(value)
        }
        let isNullable = values.contains(where: \.isNullable)
        let type: DataType
        switch signature.result {
        case .type(let result): type = result
        case .sameAsFirst: type = values[0].type
        case .common: type = try commonType(values, "the arguments of \(name)", node)
        }
        let isFloat: Bool
        if case .type(.float64) = signature.result { isFloat = true } else { isFloat = type == .float64 }
        let texts = values.enumerated().map { index, value in
            isFloat && parameters[min(index, parameters.count - 1)] == .float64
                ? SQLTyper.widened(value, to: .float64).text : value.text
        }
        return TypedSQL("\(signature.name)(\(texts.joined(separator: ", ")))", type, isNullable: isNullable)
    }

    private mutating func choose(
        _ name: String, _ arguments: [SQLNode], _ node: SQLNode
    ) throws(ExpressionError) -> TypedSQL {
        let fixed = ["IFNULL", "NULLIF"].contains(name) ? 2 : nil
        guard arguments.count == fixed ?? arguments.count, arguments.count >= 2 else {
            throw ExpressionError(
                "\(name) takes \(fixed == nil ? "two arguments or more" : "two arguments"), not \(arguments.count)",
                at: node.offset)
        }
        var values: [TypedSQL] = []
        for argument in arguments { values.append(try type(argument)) }
        let type = try commonType(values, "the arguments of \(name)", node)
        let texts = values.map { SQLTyper.widened($0, to: type).text }.joined(separator: ", ")
        switch name {
        case "NULLIF": return TypedSQL("nullif(\(texts))", type, isNullable: true)
        case "GREATEST": return TypedSQL("max(\(texts))", type, isNullable: values.contains(where: \.isNullable))
        case "LEAST": return TypedSQL("min(\(texts))", type, isNullable: values.contains(where: \.isNullable))
        default: return TypedSQL("coalesce(\(texts))", type, isNullable: values.allSatisfy(\.isNullable))
        }
    }
}
