import Columnar
import TestSupport
import Time

/// Random types and values for differential tests.
enum RandomColumns {
    static let names = ["a", "id", "auction", "vehicle_timestamp", "x y", "ü", "current_stop_sequence_number"]

    static func type(depth: Int = 2, using generator: inout SplitMix64) -> DataType {
        switch Int.random(in: 0..<(depth > 0 ? 9 : 6), using: &generator) {
        case 0: .boolean
        case 1: .int64
        case 2: .float64
        case 3: .string
        case 4: .bytes
        case 5: .timestamp
        case 6: .null
        case 7: .list(type(depth: depth - 1, using: &generator))
        default: .structure(fields(depth: depth - 1, using: &generator))
        }
    }

    static func fields(depth: Int, using generator: inout SplitMix64) -> [Field] {
        let count = Int.random(in: 0...4, using: &generator)
        return names.shuffled(using: &generator).prefix(count).map { Field($0, type(depth: depth, using: &generator)) }
    }

    static func scalar(_ type: DataType, nulls: Double = 0.2, using generator: inout SplitMix64) -> Scalar {
        if Double.random(in: 0..<1, using: &generator) < nulls { return .null }
        switch type {
        case .null: return .null
        case .boolean: return .boolean(Bool.random(using: &generator))
        case .int64: return .int64(int64(using: &generator))
        case .float64: return .float64(double(using: &generator))
        case .string: return .string(string(using: &generator))
        case .bytes:
            return .bytes(
                (0..<Int.random(in: 0...9, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) }
            )
        case .timestamp:
            return .timestamp(
                Timestamp(
                    micros: Int64.random(in: -62_135_596_800_000_000...253_402_300_799_999_999, using: &generator)))
        case .list(let element):
            return .list(
                (0..<Int.random(in: 0...3, using: &generator)).map { _ in
                    scalar(element, nulls: nulls, using: &generator)
                })
        case .map(let value):
            return .list(
                names.sorted().prefix(Int.random(in: 0...3, using: &generator)).map {
                    .structure([.string($0), scalar(value, nulls: nulls, using: &generator)])
                })
        case .structure(let fields):
            return .structure(fields.map { scalar($0.type, nulls: nulls, using: &generator) })
        }
    }

    static func int64(using generator: inout SplitMix64) -> Int64 {
        let interesting: [Int64] = [0, 1, -1, 255, 256, .max, .min, 1 << 53, -(1 << 31)]
        return Bool.random(using: &generator)
            ? interesting.randomElement(using: &generator) ?? 0
            : Int64(truncatingIfNeeded: generator.next()) >> Int64.random(in: 0...60, using: &generator)
    }

    static func double(using generator: inout SplitMix64) -> Double {
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: return Double(Int.random(in: -1000...1000, using: &generator)) / 8
        case 1:
            return [0, -0.0, 1e22, 1e-7, Double.leastNonzeroMagnitude, 1.7976931348623157e308, 0.1].randomElement(
                using: &generator) ?? 0
        case 2: return Double.random(in: -180...180, using: &generator)
        default:
            let value = Double(bitPattern: generator.next())
            return value.isFinite ? value : 1
        }
    }

    static func string(using generator: inout SplitMix64) -> String {
        let alphabet: [Character] = [
            "a", "b", "z", " ", "\"", "\\", "/", "\n", "\u{0}", "\u{1f}", "é", "漢", "🚇", "\u{7f}", ",",
        ]
        let length = [0, 1, 3, 7, 8, 15, 16, 17, 40].randomElement(using: &generator) ?? 0
        let plain = Bool.random(using: &generator)
        return String(
            (0..<length).map { _ in
                (plain ? alphabet[0...2].randomElement(using: &generator) : alphabet.randomElement(using: &generator))
                    ?? "a"
            })
    }

    static func scalars(_ type: DataType, count: Int, nulls: Double = 0.2, using generator: inout SplitMix64)
        -> [Scalar]
    {
        (0..<count).map { _ in scalar(type, nulls: nulls, using: &generator) }
    }
}

extension Column {
    /// Every value, nulls included.
    var scalars: [Scalar] { (0..<count).map { self[$0] } }
}
