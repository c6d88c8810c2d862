import Telemetry
import Time

/// A family of OpenMetrics: one name, one type, a sample for each set of labels.
///
/// The text form follows OpenMetrics 1.0: counters end in `_total`, a unit is the name's last word.
struct MetricFamily {
    enum Kind: String { case counter, gauge, summary, info, unknown }

    typealias Labels = [(name: String, value: String)]

    let name: String
    let kind: Kind
    let unit: String
    let help: String
    private var lines: [String] = []

    init(_ name: String, _ kind: Kind, unit: String = "", _ help: String) {
        self.init(named: "streamtop_" + name, kind, unit: unit, help)
    }

    /// A family whose name is not of streamtop's making.
    init(named name: String, _ kind: Kind, unit: String = "", _ help: String) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.help = help
    }

    /// Adds a sample; a figure that was never measured adds nothing.
    mutating func add(_ value: Double?, _ labels: Labels = []) {
        guard let value else { return }
        let suffix = kind == .counter ? "_total" : kind == .info ? "_info" : ""
        lines.append("\(name)\(suffix)\(Self.text(labels)) \(Self.text(value))")
    }

    mutating func add(_ value: Int64?, _ labels: Labels = []) { add(value.map(Double.init), labels) }

    mutating func add(_ value: Quantiles?, _ labels: Labels = []) {
        guard let value else { return }
        for (quantile, seconds) in [("0.5", value.p50), ("0.9", value.p90), ("0.99", value.p99), ("1.0", value.max)] {
            lines.append("\(name)\(Self.text(labels + [("quantile", quantile)])) \(Self.text(seconds))")
        }
        lines.append("\(name)_count\(Self.text(labels)) \(value.count)")
        lines.append("\(name)_sum\(Self.text(labels)) \(Self.text(value.sum))")
    }

    /// Adds a distribution of which only the number and the sum are known.
    mutating func add(count: Int64, sum: Int64, _ labels: Labels = []) {
        lines.append("\(name)_count\(Self.text(labels)) \(count)")
        lines.append("\(name)_sum\(Self.text(labels)) \(sum)")
    }

    /// The family's lines; empty when it has no sample.
    var text: String {
        guard !lines.isEmpty else { return "" }
        var text = "# TYPE \(name) \(kind.rawValue)\n"
        if !unit.isEmpty { text += "# UNIT \(name) \(unit)\n" }
        text += "# HELP \(name) \(Self.escaped(help))\n"
        return text + lines.joined(separator: "\n") + "\n"
    }

    private static func text(_ labels: Labels) -> String {
        labels.isEmpty ? "" : "{" + labels.map { "\($0.name)=\"\(escaped($0.value))\"" }.joined(separator: ",") + "}"
    }

    private static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
