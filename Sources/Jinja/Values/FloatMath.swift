import Foundation

/// The functions of floats that the standard library lacks.
enum FloatMath {
    static func power(_ a: Double, _ b: Double) -> Double { pow(a, b) }

    /// `printf` with one float.
    static func formatted(_ format: String, _ number: Double) -> String { String(format: format, number) }

    /// Python's `round(number, digits)`: half to even, of the number as it is exactly.
    static func rounded(_ number: Double, digits: Int) -> Double {
        if !number.isFinite || digits > 22 { return number }
        if digits >= 0 { return Double(String(format: "%.\(digits)f", number)) ?? number }
        let unit = pow(10, Double(-digits))
        return (number / unit).rounded(.toNearestOrEven) * unit
    }
}
