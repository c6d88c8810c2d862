import Columnar
import Dataflow

/// The inputs of a `Join`, all known.
struct JoinInputs {
    let names: [String]
    let rows: [Rows]

    /// The input that never ends and whose rows keep their times and windows: the others end and have no windows.
    var main: Int? {
        let endless = rows.indices.filter { rows[$0].isUnbounded }
        guard endless.count == 1, rows.indices.allSatisfy({ $0 == endless[0] || rows[$0].windowing == .global }) else {
            return nil
        }
        return endless[0]
    }

    /// Nil where an input is not known; the reason has been told then.
    init?(_ context: TransformContext) {
        names = context.inputNames
        rows = context.inputs.compactMap { $0 }
        guard names.count > 1 else {
            context.findings.error(
                "Join needs two inputs or more, with names", at: context.spec.place,
                suggestion: "write 'input: {left: A, right: B}'")
            return nil
        }
        guard rows.count == names.count else { return nil }
    }

    /// A field of an input, or a complaint.
    func field(_ name: String, of input: Int, at place: Place, _ findings: Findings) -> Int? {
        if let index = rows[input].schema.index(of: name) { return index }
        findings.unknown(
            "'\(names[input])' has no field '\(name)'", name, among: rows[input].schema.names, called: "fields",
            at: place)
        return nil
    }

    /// The number of an input, or a complaint.
    func input(_ name: String, at place: Place, _ findings: Findings) -> Int? {
        if let index = names.firstIndex(of: name) { return index }
        findings.unknown("Join has no input '\(name)'", name, among: names, called: "inputs", at: place)
        return nil
    }

    /// Whether no row has to wait for the end of an input that has none.
    func fit(_ kinds: [Join.Kind], _ context: TransformContext) -> Bool {
        guard let main else { return true }
        for (number, kind) in kinds.enumerated() {
            // The rows of the inputs so far never end once the endless one is among them.
            let isRightEndless = number + 1 == main
            let isLeftEndless = main <= number
            guard isRightEndless || isLeftEndless else { continue }
            if kind == .full || kind == (isLeftEndless ? .right : .left) {
                context.findings.error(
                    "whether a row of '\(names[isLeftEndless ? number + 1 : number])' finds a partner is never known, "
                        + "because '\(names[main])' never ends",
                    at: context.config["type"]?.place ?? context.spec.place,
                    suggestion: "write 'type: inner' or 'type: \(isLeftEndless ? "left" : "right")', or join in windows"
                )
                return false
            }
        }
        return true
    }
}

/// `type` of a `Join`.
enum JoinKinds {
    private static let words = ["inner", "left", "outer", "right"]

    /// For each input but the first, how it is joined with those before it.
    static func read(_ inputs: JoinInputs, _ context: TransformContext) -> [Join.Kind]? {
        let findings = context.findings
        guard let value = context.config["type"] else { return inputs.names.dropFirst().map { _ in .inner } }
        var outer: Set<Int> = []
        if value.entries != nil {
            let reader = MapReader(value, of: "'type'", at: value.place, findings)
            reader.allow(["outer"])
            guard reader.required("outer") != nil, let names = reader.texts("outer") else { return nil }
            for (name, place) in names {
                guard let input = inputs.input(name, at: place, findings) else { return nil }
                outer.insert(input)
            }
            if outer.isEmpty {
                findings.error("'outer' names no input", at: value.place, suggestion: "write 'type: inner'")
                return nil
            }
        } else {
            guard let word = context.config.choice("type", of: words) else { return nil }
            guard word == "outer" else {
                return inputs.names.dropFirst().map { _ in Join.Kind(rawValue: word) ?? .inner }
            }
            outer = Set(inputs.names.indices)
        }
        // As Beam decides: by the input before it, not by all that came before.
        return inputs.names.indices.dropFirst().map { number in
            switch (outer.contains(number - 1), outer.contains(number)) {
            case (true, true): .full
            case (true, false): .left
            case (false, true): .right
            case (false, false): .inner
            }
        }
    }
}

/// `equalities` of a `Join`.
enum JoinConditions {
    /// A field of an input that is equal to one of an input before it.
    struct Equality {
        var earlier: (input: Int, field: Int)
        var field: Int
        /// What both are compared as.
        var type: DataType
    }

    private typealias Operand = (input: Int, field: Int, place: Place)

    /// For each input but the first, what it is joined on.
    static func read(_ inputs: JoinInputs, _ context: TransformContext) -> [[Equality]]? {
        let findings = context.findings
        guard let value = context.config.required("equalities"), let sets = sets(value, inputs, findings) else {
            return nil
        }
        var result = [[Equality]](repeating: [], count: inputs.names.count - 1)
        var isRight = true
        for operands in sets {
            for other in operands.dropFirst() {
                // Each with the first, where the later input of the two is joined.
                let (earlier, later) =
                    operands[0].input < other.input ? (operands[0], other) : (other, operands[0])
                let fields = [earlier, later].map { inputs.rows[$0.input].schema.fields[$0.field] }
                guard let type = common(fields[0].type, fields[1].type) else {
                    findings.error(
                        "'\(inputs.names[earlier.input]).\(fields[0].name)' is \(fields[0].type), but "
                            + "'\(inputs.names[later.input]).\(fields[1].name)' is \(fields[1].type)",
                        at: other.place, suggestion: "make them one type with MapToFields")
                    isRight = false
                    continue
                }
                result[later.input - 1].append(
                    Equality(earlier: (earlier.input, earlier.field), field: later.field, type: type))
            }
        }
        for (number, equalities) in result.enumerated() where isRight && equalities.isEmpty {
            findings.error(
                "no equality joins '\(inputs.names[number + 1])' with the inputs before it "
                    + "(\(inputs.names[...number].joined(separator: ", ")))",
                at: value.place, suggestion: "inputs are joined in their order: add an equality, or change the order")
            isRight = false
        }
        return isRight ? result : nil
    }

    private static func sets(_ value: Value, _ inputs: JoinInputs, _ findings: Findings) -> [[Operand]]? {
        if let name = value.text {
            let operands = inputs.names.indices.compactMap { input in
                inputs.field(name, of: input, at: value.place, findings).map { (input, $0, value.place) }
            }
            return operands.count == inputs.names.count ? [operands] : nil
        }
        guard let list = value.list else {
            findings.error(
                "'equalities' is a field that all inputs have, or a list of maps, not \(value.kind)", at: value.place,
                suggestion: example(inputs))
            return nil
        }
        var sets: [[Operand]] = []
        for item in list {
            guard let entries = item.entries else {
                findings.error(
                    "an equality is a map of inputs and their fields, not \(item.kind)", at: item.place,
                    suggestion: example(inputs))
                continue
            }
            guard entries.count > 1 else {
                findings.error(
                    "an equality names a field of two inputs or more", at: item.place, suggestion: example(inputs))
                continue
            }
            let operands = entries.compactMap { key, place, value -> Operand? in
                guard let input = inputs.input(key, at: place, findings) else { return nil }
                guard let name = value.text else {
                    findings.error("the field of '\(key)' is a name, not \(value.kind)", at: value.place)
                    return nil
                }
                return inputs.field(name, of: input, at: value.place, findings).map { (input, $0, value.place) }
            }
            if operands.count == entries.count { sets.append(operands) }
        }
        if list.isEmpty {
            findings.error("'equalities' is empty", at: value.place, suggestion: example(inputs))
            return nil
        }
        return sets.count == list.count ? sets : nil
    }

    private static func example(_ inputs: JoinInputs) -> String {
        "write 'equalities: [{\(inputs.names[0]): field, \(inputs.names[1]): field}]'"
    }

    /// What values of two types are compared as; nil where they are not.
    private static func common(_ a: DataType, _ b: DataType) -> DataType? {
        if a == b || b == .null { return a }
        if a == .null { return b }
        return Set([a, b]) == [.int64, .float64] ? .float64 : nil
    }
}

/// `fields` of a `Join`.
enum JoinFields {
    /// A field of the output.
    struct Field {
        var name: String
        var input: Int
        /// Its position in that input.
        var field: Int
    }

    /// First what is named, in the order in which it is, then everything of the other inputs.
    static func read(_ inputs: JoinInputs, _ context: TransformContext) -> [Field]? {
        let findings = context.findings
        var fields: [Field] = []
        var named: Set<Int> = []
        var isRight = true
        if let value = context.config["fields"] {
            guard let entries = value.entries else {
                findings.error(
                    "'fields' is a map of inputs and the fields that are wanted of them, not \(value.kind)",
                    at: value.place, suggestion: "write 'fields: {\(inputs.names[0]): [field]}'")
                return nil
            }
            for (key, place, value) in entries {
                guard let input = inputs.input(key, at: place, findings) else {
                    isRight = false
                    continue
                }
                if value.text == "*" {
                    findings.warning(
                        "Apache Beam 2.77 does not read '*' here", at: value.place,
                        suggestion: "leave '\(key)' out: all fields of an input that is not named come out")
                    continue
                }
                named.insert(input)
                for (name, source, place) in wanted(value, findings) ?? [] {
                    guard let field = inputs.field(source, of: input, at: place, findings) else {
                        isRight = false
                        continue
                    }
                    if fields.contains(where: { $0.name == name }) {
                        findings.error(
                            "the output has a field '\(name)' already", at: place,
                            suggestion: "give it another name: '{other: \(source)}'")
                        isRight = false
                    }
                    fields.append(Field(name: name, input: input, field: field))
                }
                if wanted(value, nil) == nil { isRight = false }
            }
        }
        guard isRight else { return nil }
        for input in inputs.names.indices where !named.contains(input) {
            for (index, field) in inputs.rows[input].schema.fields.enumerated() {
                let name = unused(field.name, fields.map(\.name))
                if name != field.name {
                    findings.warning(
                        "the output has a field '\(field.name)' already, so that of '\(inputs.names[input])' is called "
                            + "'\(name)', as in Beam's SQL",
                        at: context.spec.place,
                        suggestion: "choose with 'fields: {\(inputs.names[input]): {other: \(field.name)}}'")
                }
                fields.append(Field(name: name, input: input, field: index))
            }
        }
        return fields
    }

    /// The names and the fields that they stand for; nil for anything else.
    private static func wanted(_ value: Value, _ findings: Findings?) -> [(name: String, source: String, place: Place)]?
    {
        if let list = value.list {
            let names = list.compactMap { value in value.text.map { ($0, $0, value.place) } }
            if names.count == list.count { return names }
        } else if let entries = value.entries {
            let names = entries.compactMap { key, _, value in value.text.map { (key, $0, value.place) } }
            if names.count == entries.count { return names }
        }
        findings?.error(
            "the fields of an input are a list, or a map of new names and fields", at: value.place)
        return nil
    }

    /// The name with the first number from 0 on that makes it a new one.
    private static func unused(_ name: String, _ taken: [String]) -> String {
        var (candidate, number) = (name, 0)
        while taken.contains(candidate) {
            candidate = "\(name)\(number)"
            number += 1
        }
        return candidate
    }
}
