/// A duration of Beam YAML's windowing: `30`, `30s`, `1.5m`; units ms, s, m, h, d.
struct BeamDuration {
    var micros: Int64
    /// Whether it was given in days, which Beam 2.77 takes for 12 hours.
    var isInDays: Bool

    /// Microseconds in a unit. Beam's `yaml_provider.py` counts `d` as 60 * 60 * 12 seconds; a day has 24 hours here.
    private static let units: [String: Double] = ["ms": 1e3, "": 1e6, "s": 1e6, "m": 6e7, "h": 3.6e9, "d": 8.64e10]

    /// Nil when the text is no duration.
    init?(_ text: String) {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "-" || $0 == "+") }
        let unit = String(text[number.endIndex...]).filter { $0 != " " }
        guard let value = Double(number), value.isFinite, let scale = Self.units[unit], abs(value * scale) < 4e18 else {
            return nil
        }
        micros = Int64((value * scale).rounded())
        isInDays = unit == "d"
    }
}
