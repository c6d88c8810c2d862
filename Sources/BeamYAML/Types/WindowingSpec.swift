import Dataflow
import Yams

/// Reads `windowing`: `{type: fixed, size: 30s}`.
enum WindowingSpec {
    /// What each type takes; those without `?` it needs.
    private static let parameters: [String: [String]] = [
        "global": [], "fixed": ["size", "offset?"], "sliding": ["size", "period", "offset?"], "sessions": ["gap"],
    ]

    /// `WindowInto` also takes a text that holds the map, as JSON or YAML. What is wrong in it is told where it begins.
    static func read(mapOrText value: Value, _ findings: Findings) -> WindowFunction? {
        guard let text = value.text, let node = try? compose(yaml: text), node.mapping != nil else {
            return read(value, findings)
        }
        let inner = Findings(file: findings.file)
        let function = read(Value(node: node), inner)
        for diagnostic in inner.diagnostics {
            switch diagnostic.severity {
            case .error: findings.error(diagnostic.message, at: value.place, suggestion: diagnostic.suggestion)
            default: findings.warning(diagnostic.message, at: value.place, suggestion: diagnostic.suggestion)
            }
        }
        return function
    }

    static func read(_ value: Value, _ findings: Findings) -> WindowFunction? {
        guard value.entries != nil else {
            findings.error("'windowing' is a map with 'type', not \(value.kind)", at: value.place)
            return nil
        }
        let reader = MapReader(value, of: "windowing", at: value.place, findings)
        let types = ["global", "fixed", "sliding", "sessions"]
        guard reader.required("type") != nil, let type = reader.choice("type", of: types), let known = parameters[type]
        else {
            return nil
        }
        let names = known.map { $0.replacing("?", with: "") }
        let owner = MapReader(value, of: "'\(type)' windowing", at: value.place, findings)
        owner.allow(["type"] + names)
        var durations: [String: Int64] = [:]
        for (name, spelled) in zip(names, known) {
            guard let value = spelled.hasSuffix("?") ? owner[name] : owner.required(name) else {
                if spelled.hasSuffix("?") { continue } else { return nil }
            }
            guard let micros = duration(value, name, findings) else { return nil }
            durations[name] = micros
        }
        let offset = durations["offset"] ?? 0
        switch type {
        case "fixed":
            guard let size = durations["size"] else { return nil }
            return .fixed(size: size, offset: offset.floorModulo(size))
        case "sliding":
            guard let size = durations["size"], let period = durations["period"] else { return nil }
            if size % period != 0, size < period {
                findings.warning(
                    "windows of 'size' shorter than their 'period' leave gaps: what falls between is dropped",
                    at: value.place)
            }
            return .sliding(size: size, period: period, offset: offset.floorModulo(period))
        case "sessions": return durations["gap"].map { .sessions(gap: $0) }
        default: return .global
        }
    }

    private static func duration(_ value: Value, _ name: String, _ findings: Findings) -> Int64? {
        guard let text = value.text, let duration = BeamDuration(text) else {
            findings.error(
                "'\(name)' is a duration, not '\(value.text ?? value.kind)'", at: value.place,
                suggestion: "write a number and a unit: 500ms, 30s, 5m, 1h, 1d")
            return nil
        }
        if duration.isInDays {
            findings.warning(
                "a day is 24 hours here, but Apache Beam 2.77 takes 'd' for 12 hours", at: value.place,
                suggestion: "write hours: '\(duration.micros / 3_600_000_000)h'")
        }
        if name != "offset", duration.micros <= 0 {
            findings.error("'\(name)' is more than zero", at: value.place)
            return nil
        }
        return duration.micros
    }
}

extension Int64 {
    /// The remainder that is not negative, of a positive divisor.
    fileprivate func floorModulo(_ divisor: Int64) -> Int64 {
        let remainder = self % divisor
        return remainder < 0 ? remainder + divisor : remainder
    }
}
