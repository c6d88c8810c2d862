import Columnar
import Dataflow
import MessageFormats

/// `ReadFromPubSub`: messages become rows.
enum ReadFromPubSubTransform {
    static func compile(_ context: TransformContext) -> CompiledTransform? {
        let config = context.config
        let findings = context.findings
        let subscription = config.text("subscription")
        let topic = config.text("topic")
        let name: (subscription: String?, topic: String?)
        switch (subscription, topic) {
        case (let subscription?, nil):
            name = (
                ResourceName.check(
                    subscription.text, .subscription, among: context.environment.subscriptions, at: subscription.place,
                    findings),
                nil
            )
        case (nil, let topic?):
            name = (
                nil,
                ResourceName.check(topic.text, .topic, among: context.environment.topics, at: topic.place, findings)
            )
        case (_?, let topic?):
            findings.error("ReadFromPubSub reads a subscription or a topic, not both", at: topic.place)
            name = (nil, nil)
        case (nil, nil):
            if !config.has("subscription"), !config.has("topic") {
                findings.error("ReadFromPubSub needs a 'subscription' or a 'topic'", at: context.spec.place)
            }
            name = (nil, nil)
        }
        guard let (format, payload) = format(config, findings) else { return nil }
        let attributes = config.texts("attributes") ?? []
        let map = config.text("attributes_map")
        let publishTime = config.text("publish_time_field")
        var fields = payload.fields
        let added =
            attributes.map { (Field($0.text, .string, isNullable: false), $0.place) }
            + (map.map { [(Field($0.text, .map(.string), isNullable: false), $0.place)] } ?? [])
            + (publishTime.map { [(Field($0.text, .timestamp), $0.place)] } ?? [])
        for (field, place) in added {
            if fields.contains(where: { $0.name == field.name }) {
                findings.error("the row has a field '\(field.name)' already", at: place)
            }
            fields.append(field)
        }
        guard name.subscription != nil || name.topic != nil else { return nil }
        let read = ReadMessages(
            subscription: name.subscription, topic: name.topic, format: format, attributes: attributes.map(\.text),
            attributesMap: map?.text, publishTimeField: publishTime?.text,
            idAttribute: config.text("id_attribute")?.text,
            timestampAttribute: config.text("timestamp_attribute")?.text)
        return CompiledTransform(
            operation: .readMessages(read), rows: Rows(schema: Schema(fields), isUnbounded: true))
    }

    private static func format(_ config: MapReader, _ findings: Findings) -> (ReadMessages.Format, Schema)? {
        guard let (text, place) = config.requiredText("format") else { return nil }
        // Beam reads the format's name in capitals.
        switch text.uppercased() {
        case "RAW", "STRING":
            if let schema = config.place(ofKey: "schema") {
                findings.error("the format \(text.uppercased()) takes no schema", at: schema)
                return nil
            }
            let isRaw = text.uppercased() == "RAW"
            return (isRaw ? .raw : .string, Schema([Field("payload", isRaw ? .bytes : .string, isNullable: false)]))
        case "JSON":
            guard let value = config.required("schema"), let schema = JSONSchema(findings: findings).schema(value)
            else {
                return nil
            }
            return (.json(schema), schema)
        case "AVRO", "PROTO":
            let definition = MessageDefinition(findings: findings)
            guard let value = config.required("schema"),
                let format = text.uppercased() == "AVRO" ? definition.avro(value) : definition.proto(value),
                let decoder = definition.attempt(
                    value, { () throws(SchemaProblem) in try PayloadDecoder(format) })
            else { return nil }
            if case .proto = format { findings.warnOfProto(at: place) }
            return (.binary(decoder), decoder.schema)
        default:
            findings.unknown(
                "'\(text)' is not a format", text, among: ["AVRO", "JSON", "PROTO", "RAW", "STRING"],
                called: "formats", at: place)
        }
        return nil
    }
}

/// `WriteToPubSub`: rows become messages.
enum WriteToPubSubTransform {
    static func compile(_ context: TransformContext) -> CompiledTransform? {
        let config = context.config
        let findings = context.findings
        context.warnIfSchemaIsLost("WriteToPubSub cannot write")
        let topic = config.requiredText("topic").flatMap {
            ResourceName.check($0.text, .topic, among: context.environment.topics, at: $0.place, findings)
        }
        let map = config.text("attributes_map")
        let attributes = config.texts("attributes") ?? []
        let format = format(config, findings)
        guard let rows = context.input else { return nil }
        var isRight = true
        for (name, place) in attributes {
            guard let index = context.index(ofField: name, at: place) else {
                isRight = false
                continue
            }
            if rows.schema.fields[index].type != .string {
                findings.error(
                    "the attribute '\(name)' is \(rows.schema.fields[index].type); attributes are text", at: place,
                    suggestion: "convert it with str(…) in MapToFields")
                isRight = false
            }
        }
        if let (name, place) = map {
            if let index = context.index(ofField: name, at: place) {
                if rows.schema.fields[index].type != .map(.string) {
                    findings.error(
                        "'attributes_map' is a map of texts, but '\(name)' is \(rows.schema.fields[index].type)",
                        at: place)
                    isRight = false
                }
            } else {
                isRight = false
            }
        }
        let payload = rows.schema.fields.filter { field in
            field.name != map?.text && !attributes.contains { $0.text == field.name }
        }
        guard isRight, let written = format?(payload), let topic, check(payload, written, context) else { return nil }
        let write = WriteMessages(
            topic: topic, format: written, attributes: attributes.map(\.text),
            attributesMap: map?.text, idAttribute: config.text("id_attribute")?.text,
            timestampAttribute: config.text("timestamp_attribute")?.text)
        return CompiledTransform(operation: .writeMessages(write), rows: rows)
    }

    /// The format, once the fields of the payload are known.
    private static func format(
        _ config: MapReader, _ findings: Findings
    ) -> (([Field]) -> WriteMessages.Format?)? {
        guard let (text, place) = config.requiredText("format") else { return nil }
        switch text.uppercased() {
        case "RAW":
            if let schema = config.place(ofKey: "schema") {
                findings.error("the format RAW takes no schema", at: schema)
                return nil
            }
            return { _ in .raw }
        case "STRING":
            findings.warning(
                "Apache Beam writes no format STRING", at: place, suggestion: "write RAW, which takes text too")
            return { _ in .raw }
        case "JSON": return { _ in .json }
        case "AVRO":
            let definition = MessageDefinition(findings: findings)
            guard let value = config["schema"] else {
                return { fields in
                    (try? PayloadEncoder(.avro(AvroSchema(row: fields)), fields)).map { .binary($0) }
                }
            }
            return definition.avro(value).map { encoder($0, value, definition) }
        case "PROTO":
            let definition = MessageDefinition(findings: findings)
            guard let value = config.required("schema"), let format = definition.proto(value) else { return nil }
            findings.warnOfProto(at: place)
            return encoder(format, value, definition)
        default:
            findings.unknown(
                "'\(text)' is not a format", text, among: ["AVRO", "JSON", "PROTO", "RAW"], called: "formats",
                at: place)
        }
        return nil
    }

    private static func encoder(
        _ format: MessageFormat, _ value: Value, _ definition: MessageDefinition
    ) -> ([Field]) -> WriteMessages.Format? {
        { fields in
            definition.attempt(value) { () throws(SchemaProblem) in .binary(try PayloadEncoder(format, fields)) }
        }
    }

    /// Whether the fields that are left for the payload can be written so.
    private static func check(_ payload: [Field], _ format: WriteMessages.Format, _ context: TransformContext) -> Bool {
        let place = context.config["format"]?.place ?? context.spec.place
        switch format {
        case .raw:
            guard payload.count == 1, let field = payload.first else {
                context.findings.error(
                    "RAW writes one field, but there are \(payload.map(\.name).joined(separator: ", "))", at: place,
                    suggestion: "keep one with MapToFields, or make the others attributes")
                return false
            }
            guard field.type == .bytes || field.type == .string else {
                context.findings.error("RAW writes bytes or text, but '\(field.name)' is \(field.type)", at: place)
                return false
            }
        case .json:
            for field in payload where field.type.containsBytes {
                context.findings.warning(
                    "Apache Beam cannot write bytes ('\(field.name)') as JSON", at: place,
                    suggestion: "write them alone as RAW, with the other fields as attributes")
            }
        case .binary: break
        }
        return true
    }
}

extension Findings {
    /// Beam 2.77 (`yaml_io.py`) has another notion of PROTO.
    fileprivate func warnOfProto(at place: Place) {
        warning(
            "Apache Beam's Python takes a JSON schema for PROTO, and rows in Beam's own coding, not protobuf",
            at: place,
            suggestion: "AVRO and JSON are the same there")
    }
}

extension DataType {
    /// Whether there are bytes in it, however deep.
    fileprivate var containsBytes: Bool {
        switch self {
        case .bytes: true
        case .list(let element): element.containsBytes
        case .structure(let fields): fields.contains { $0.type.containsBytes }
        default: false
        }
    }
}
