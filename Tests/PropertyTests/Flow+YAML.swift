extension Flow {
    /// The fields that are added to what is written: a row's time and window.
    static let timeField = "event_time"
    static let windowField = "event_window"

    /// The pipeline as a file.
    var yaml: String {
        var lines = isStreaming ? ["options: {streaming: true}"] : []
        lines += ["pipeline:", "  transforms:"]
        for node in nodes { lines += text(node) }
        for (number, end) in ends.enumerated() {
            lines += [
                "    - {type: ExtractWindowingInfo, name: Info\(number), input: \(end.text),"
                    + " config: {fields: {\(Self.timeField): timestamp, \(Self.windowField): window_string}}}",
                "    - {type: WriteToBigQuery, name: Write\(number), input: Info\(number),"
                    + " config: {table: out.t\(number)}}",
            ]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func text(_ node: Node) -> [String] {
        let (type, config) = parts(node)
        var lines = ["    - type: \(type)", "      name: \(node.name)"]
        switch node.inputs.count {
        case 0: break
        case 1: lines.append("      input: \(node.inputs[0].text)")
        default:
            if case .join = node.operation {
                lines.append("      input: {left: \(node.inputs[0].text), right: \(node.inputs[1].text)}")
            } else {
                lines.append("      input: [\(node.inputs.map(\.text).joined(separator: ", "))]")
            }
        }
        if case .window(let windowing) = node.operation { lines.append("      windowing: \(windowing.yaml)") }
        if !config.isEmpty || node.handlesErrors {
            lines.append("      config:")
            lines += config.map { "        " + $0 }
            if node.handlesErrors { lines.append("        error_handling: {output: errors}") }
        }
        return lines
    }

    private func parts(_ node: Node) -> (type: String, config: [String]) {
        func quoted(_ expression: Expression) -> String { Value.quoted(expression.python.unicodeScalars) }
        func list(_ names: [String]) -> String { "[\(names.joined(separator: ", "))]" }
        let python = "language: python"
        switch node.operation {
        case .source: return source(node.name)
        case .map(let append, let drop, let fields):
            var config = [python]
            if append { config.append("append: true") }
            if !drop.isEmpty { config.append("drop: \(list(drop))") }
            config.append("fields:")
            return ("MapToFields", config + fields.map { "  \($0.name): \(quoted($0.expression))" })
        case .filter(let condition): return ("Filter", [python, "keep: \(quoted(condition))"])
        case .explode(let fields, let crossProduct):
            return ("Explode", ["fields: \(list(fields))", "cross_product: \(crossProduct)"])
        case .flatten: return ("Flatten", [])
        case .partition(let by, let outputs, let unknown):
            let config = [python, "by: \(quoted(by))", "outputs: \(list(outputs))"]
            return ("Partition", config + (unknown.map { ["unknown_output: \($0)"] } ?? []))
        case .timestamps(let time): return ("AssignTimestamps", [python, "timestamp: \(quoted(time))"])
        case .window: return ("WindowInto", [])
        case .info(let fields):
            return ("ExtractWindowingInfo", ["fields:"] + fields.map { "  \($0.name): \($0.text)" })
        case .combine(let keys, let aggregates):
            return (
                "Combine",
                ["group_by: \(list(keys))", "language: python", "combine:"]
                    + aggregates.map { "  \($0.name): {value: \(quoted($0.value)), fn: \($0.function)}" }
            )
        case .join(let type, let key) where node.isWrittenAsSQL:
            let kind = type == "outer" ? "FULL" : type.uppercased()
            return (
                "Sql",
                [
                    "query: SELECT * FROM `left` \(kind) JOIN `right` ON `left`.`\(key.name)` = `right`.`\(key.text)`"
                ]
            )
        case .join(let type, let key):
            return (
                "Join",
                ["type: \(type)", "equalities: [{left: \(key.name), right: \(key.text)}]"]
            )
        case .strip: return ("StripErrorMetadata", [])
        }
    }

    private func source(_ name: String) -> (type: String, config: [String]) {
        guard let source = sources[name] else { return ("Create", ["elements: []"]) }
        if source.isEndless {
            return (
                "ReadFromPubSub",
                [
                    "subscription: \(name)", "format: JSON", "timestamp_attribute: time", "id_attribute: id",
                    "schema:", "  type: object", "  properties:",
                ] + source.columns.map { "    \($0.name): \($0.kind.schema)" }
            )
        }
        return (
            "Create",
            ["elements:"]
                + source.rows.map { row in
                    "  - {" + zip(source.columns, row).map { "\($0.name): \($1.json)" }.joined(separator: ", ") + "}"
                }
        )
    }
}

extension Flow.Node {
    /// Half of the joins are: both forms give the same.
    fileprivate var isWrittenAsSQL: Bool { name.utf8.reduce(0) { $0 &+ Int($1) } % 2 == 0 }
}

extension Kind {
    /// As a JSON schema.
    fileprivate var schema: String {
        switch self {
        case .boolean: "{type: boolean}"
        case .integer: "{type: integer}"
        case .float: "{type: number}"
        case .text: "{type: string}"
        case .time: "{type: string}"
        case .list(let element), .bag(let element): "{type: array, items: \(element.schema)}"
        case .row(let members):
            "{type: object, properties: {\(members.map { "\($0.name): \($0.kind.schema)" }.joined(separator: ", "))}}"
        }
    }
}
