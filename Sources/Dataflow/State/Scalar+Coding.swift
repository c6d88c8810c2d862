import Columnar
import Time

extension ByteWriter {
    /// A value with its type: equal values give equal bytes, and only they (floats by their bits).
    mutating func write(_ value: Scalar) {
        switch value {
        case .null: write(byte: 0)
        case .boolean(let value): write(byte: value ? 2 : 1)
        case .int64(let value):
            write(byte: 3)
            write(value)
        case .float64(let value):
            write(byte: 4)
            write(value)
        case .string(let value):
            write(byte: 5)
            write(value)
        case .bytes(let value):
            write(byte: 6)
            write(value)
        case .timestamp(let value):
            write(byte: 7)
            write(value.micros)
        case .list(let values):
            write(byte: 8)
            write(values)
        case .structure(let values):
            write(byte: 9)
            write(values)
        }
    }

    mutating func write(_ values: [Scalar]) {
        write(UInt64(values.count))
        for value in values { write(value) }
    }
}

extension ByteReader {
    mutating func scalar() throws(StoredStateError) -> Scalar {
        switch try byte() {
        case 0: return .null
        case 1: return .boolean(false)
        case 2: return .boolean(true)
        case 3: return .int64(try signed())
        case 4: return .float64(try double())
        case 5: return .string(try string())
        case 6: return .bytes(try data())
        case 7: return .timestamp(Timestamp(micros: try signed()))
        case 8: return .list(try scalars())
        case 9: return .structure(try scalars())
        default: throw StoredStateError.malformed
        }
    }

    mutating func scalars() throws(StoredStateError) -> [Scalar] {
        var values: [Scalar] = []
        for _ in 0..<(try count()) { values.append(try scalar()) }
        return values
    }
}
