import Columnar

/// What a JSON schema demands of a value: the words of the specification (<https://json-schema.org/>) that concern
/// rows. Messages are those of Python's `jsonschema`, which Beam validates with.
struct SchemaRule: Sendable {
    /// `array`, `boolean`, `integer`, `number`, `object` or `string`.
    var type: String
    var properties: [(name: String, rule: SchemaRule)] = []
    var required: [String] = []
    var allowsOthers = true
    /// Of an array's elements; one at most.
    var items: [SchemaRule] = []
    var allowed: [ComparedValue]?
    var bounds: [Bound] = []
    var pattern: Pattern?

    /// A limit of a number, or of a length.
    struct Bound: Sendable {
        enum Word: String, CaseIterable {
            case minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, minLength, maxLength, minItems
            case maxItems
        }

        var word: Word
        var limit: Double
        /// As it stands in the file.
        var text: String
    }

    /// A regular expression, found anywhere in a text.
    struct Pattern: Sendable {
        var text: String
        var expression: CompiledExpression
    }

    /// What the rows' own types rule out, as Beam does when it builds the pipeline.
    func allows(_ type: DataType, at place: Place, _ what: String, _ findings: Findings) -> Bool {
        guard let name = Self.name(of: type) else { return true }
        guard name == self.type else {
            findings.error("\(what) is \(type), but the schema says '\(self.type)'", at: place)
            return false
        }
        switch type {
        case .list(let element):
            return items.allSatisfy { $0.allows(element, at: place, "an element of \(what)", findings) }
        case .structure(let fields):
            let names = fields.map(\.name)
            var isRight = true
            for name in required where !names.contains(name) {
                findings.unknown(
                    "the schema requires '\(name)', which \(what) has not", name, among: names, called: "fields",
                    at: place)
                isRight = false
            }
            for field in fields {
                if let rule = properties.first(where: { $0.name == field.name })?.rule {
                    isRight = rule.allows(field.type, at: place, "'\(field.name)'", findings) && isRight
                } else if !allowsOthers {
                    findings.error("the schema does not allow the field '\(field.name)'", at: place)
                    isRight = false
                }
            }
            return isRight
        default: return true
        }
    }

    private static func name(of type: DataType) -> String? {
        switch type {
        case .boolean: "boolean"
        case .int64: "integer"
        case .float64: "number"
        case .string, .bytes: "string"
        case .list: "array"
        case .structure, .map: "object"
        case .null, .timestamp: nil
        }
    }

    /// What is wrong with a value; nil when nothing is. A null is none of any type, but a row's nulls count as absent.
    func problem(_ value: Scalar, _ type: DataType, at path: String) -> String? {
        func told(_ text: String) -> String { path.isEmpty ? text : "\(path): \(text)" }
        let compared = ComparedValue(value, type)
        if value == .null { return told("None is not of type '\(self.type)'") }
        if let allowed, !allowed.contains(where: { $0.key == compared.key }) {
            let list = allowed.map(\.shown).joined(separator: ", ")
            return told("\(compared.shown) is not one of [\(list)]")
        }
        for bound in bounds {
            if let problem = bound.problem(compared) { return told(problem) }
        }
        switch (value, type) {
        case (.structure(let members), .structure(let fields)):
            for name in required {
                guard let index = fields.firstIndex(where: { $0.name == name }), members[index] != .null else {
                    return told("'\(name)' is a required property")
                }
            }
            for (field, member) in zip(fields, members) where member != .null {
                guard let rule = properties.first(where: { $0.name == field.name })?.rule else { continue }
                let inner = path.isEmpty ? field.name : "\(path).\(field.name)"
                if let problem = rule.problem(member, field.type, at: inner) { return problem }
            }
        case (.list(let elements), .list(let element)):
            guard let rule = items.first else { break }
            for (index, member) in elements.enumerated() {
                if let problem = rule.problem(member, element, at: "\(path)[\(index)]") { return problem }
            }
        case (.string, _):
            if let pattern, !pattern.matches(value) {
                return told("\(compared.shown) does not match '\(pattern.text)'")
            }
        default: break
        }
        return nil
    }
}

extension SchemaRule.Pattern {
    /// Whether it is found in a text.
    fileprivate func matches(_ text: Scalar) -> Bool {
        var failures = RowFailures()
        let batch = Batch(Schema([Field("value", .string, isNullable: false)]), rows: [[text]])
        return expression.evaluate(batch, failures: &failures)[0] == .boolean(true)
    }
}

extension SchemaRule.Bound {
    /// What is wrong with a value of the kind that the word is about.
    fileprivate func problem(_ value: ComparedValue) -> String? {
        let number: Double
        switch (word, value) {
        case (.minLength, .text(let text)), (.maxLength, .text(let text)):
            number = Double(text.unicodeScalars.count)
        case (.minItems, .list(let elements)), (.maxItems, .list(let elements)): number = Double(elements.count)
        case (.minLength, _), (.maxLength, _), (.minItems, _), (.maxItems, _): return nil
        case (_, .integer(let whole)): number = Double(whole)
        case (_, .float(let float)): number = float
        default: return nil
        }
        let shown = value.shown
        return switch word {
        case .minimum: number < limit ? "\(shown) is less than the minimum of \(text)" : nil
        case .maximum: number > limit ? "\(shown) is greater than the maximum of \(text)" : nil
        case .exclusiveMinimum:
            number <= limit ? "\(shown) is less than or equal to the minimum of \(text)" : nil
        case .exclusiveMaximum:
            number >= limit ? "\(shown) is greater than or equal to the maximum of \(text)" : nil
        case .multipleOf:
            (number / limit).rounded() * limit != number ? "\(shown) is not a multiple of \(text)" : nil
        case .minLength, .minItems: number < limit ? "\(shown) is too short" : nil
        case .maxLength, .maxItems: number > limit ? "\(shown) is too long" : nil
        }
    }
}
