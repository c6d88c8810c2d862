import Columnar
import Dataflow

/// `WindowInto`: puts rows in windows.
enum WindowIntoTransform {
    static func compile(_ context: TransformContext) -> CompiledTransform? {
        let findings = context.findings
        guard let value = context.spec.windowing ?? context.config["windowing"] else {
            findings.error(
                "WindowInto needs 'windowing'", at: context.spec.place,
                suggestion: "write 'windowing: {type: fixed, size: 30s}'")
            return nil
        }
        guard let function = WindowingSpec.read(mapOrText: value, findings), var rows = context.input else {
            return nil
        }
        rows.windowing = function
        return CompiledTransform(operation: .window(function), rows: rows)
    }
}

/// `ExtractWindowingInfo`: a row's time and window as fields.
enum WindowingInfoTransform {
    private static let pane = DataType.structure([
        Field("is_first", .boolean, isNullable: false), Field("is_last", .boolean, isNullable: false),
        Field("timing", .string, isNullable: false), Field("index", .int64, isNullable: false),
        Field("nonspeculative_index", .int64, isNullable: false),
    ])

    static func compile(_ context: TransformContext) -> CompiledTransform? {
        context.warnIfSchemaIsLost("ExtractWindowingInfo finds none")
        guard let wanted = wanted(context) else { return nil }
        guard var rows = context.input else { return nil }
        var kinds: [WindowingInfoField] = []
        for (name, kind, place) in wanted {
            if rows.schema.index(of: name) != nil {
                context.findings.error(
                    "the row has a field '\(name)' already", at: place,
                    suggestion: "choose another: 'fields: {other: \(kind.rawValue)}'")
                return nil
            }
            kinds.append(kind)
            rows.schema.fields.append(field(name, kind))
        }
        return CompiledTransform(operation: .windowingInfo(kinds), rows: rows)
    }

    private static func wanted(_ context: TransformContext) -> [(name: String, kind: WindowingInfoField, place: Place)]?
    {
        guard let value = context.config["fields"] else {
            return [WindowingInfoField.timestamp, .windowStart, .windowEnd].map {
                ($0.rawValue, $0, context.spec.place)
            }
        }
        let pairs: [(name: String, kind: String, place: Place)]
        if let list = value.list {
            pairs = list.compactMap { value in value.text.map { ($0, $0, value.place) } }
        } else if let entries = value.entries {
            pairs = entries.compactMap { key, _, value in value.text.map { (key, $0, value.place) } }
        } else {
            context.findings.error("'fields' is a list, or a map of new names and what they hold", at: value.place)
            return nil
        }
        let known = WindowingInfoField.allCases.map(\.rawValue).filter { $0 != "window_object" }
        var result: [(String, WindowingInfoField, Place)] = []
        for (name, kind, place) in pairs {
            if kind == "window_object" {
                context.findings.error(
                    "'window_object' is a Python object, which no field can hold", at: place,
                    suggestion: "use window_start and window_end")
            } else if let kind = WindowingInfoField(rawValue: kind) {
                result.append((name, kind, place))
            } else {
                context.findings.unknown(
                    "'\(kind)' is not known of a window", kind, among: known, called: "parameters", at: place)
            }
        }
        return result.count == pairs.count ? result : nil
    }

    private static func field(_ name: String, _ kind: WindowingInfoField) -> Field {
        switch kind {
        case .timestamp, .windowEnd: Field(name, .timestamp, isNullable: false)
        case .windowStart: Field(name, .timestamp)
        case .windowString, .windowType, .windowObject: Field(name, .string, isNullable: false)
        case .paneInfo: Field(name, pane, isNullable: false)
        }
    }
}
