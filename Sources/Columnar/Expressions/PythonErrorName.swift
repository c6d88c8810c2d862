/// The kind of error that Python raises where an expression rejects a row.
public enum PythonErrorName {
    /// Endings and parts of the messages by the error that they belong to; the first that fits counts.
    private static let parts: [(part: String, name: String)] = [
        ("by zero", "ZeroDivisionError"), ("float modulo", "ZeroDivisionError"),
        ("cannot be raised to a negative power", "ZeroDivisionError"), ("index out of range", "IndexError"),
        ("has no attribute", "AttributeError"), ("math range error", "OverflowError"),
        ("cannot convert float infinity to integer", "OverflowError"), ("does not fit in 64 bits", "OverflowError"),
        ("invalid literal for int()", "ValueError"), ("could not convert string to float", "ValueError"),
        ("math domain error", "ValueError"), ("empty separator", "ValueError"),
        ("substring not found", "ValueError"), ("cannot convert float NaN to integer", "ValueError"),
        ("is empty", "ValueError"), ("empty sequence", "ValueError"),
        ("Could not parse RFC 3339 string", "ValueError"), ("unsupported operand type", "TypeError"),
        ("not supported between instances", "TypeError"), ("is not iterable", "TypeError"),
        ("is not subscriptable", "TypeError"), ("has no len()", "TypeError"), ("expected str instance", "TypeError"),
        ("argument must be", "TypeError"), ("must be real number", "TypeError"), ("must be str", "TypeError"),
    ]

    /// The error as `repr` writes it, which is the `msg` of Beam's `error_handling`: `ValueError('…')`. A reason that
    /// Python would not give, or that names its error already, stays as it is.
    public static func representation(of reason: String) -> String {
        guard reason.firstMatch(of: /^[A-Za-z_.]+(Error|Exception)\b/) == nil,
            let name = parts.first(where: { reason.contains($0.part) })?.name
        else { return reason }
        return "\(name)(\(PythonText.quoted(reason)))"
    }
}
