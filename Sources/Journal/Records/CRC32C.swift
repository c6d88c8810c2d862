/// The Castagnoli checksum (RFC 3720, appendix B.4), eight bytes a step by eight tables ("slicing by 8").
enum CRC32C {
    /// The checksum of `bytes`; `seed` is the checksum of what came before.
    static func checksum(_ bytes: UnsafeRawBufferPointer, seed: UInt32 = 0) -> UInt32 {
        tables.withUnsafeBufferPointer { table in
            var crc = ~seed
            var offset = 0
            let count = bytes.count
            while offset &+ 8 <= count {
                let low = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) ^ crc
                let high = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset &+ 4, as: UInt32.self))
                crc =
                    table[1792 &+ Int(low & 0xFF)] ^ table[1536 &+ Int((low >> 8) & 0xFF)]
                    ^ table[1280 &+ Int((low >> 16) & 0xFF)] ^ table[1024 &+ Int(low >> 24)]
                    ^ table[768 &+ Int(high & 0xFF)] ^ table[512 &+ Int((high >> 8) & 0xFF)]
                    ^ table[256 &+ Int((high >> 16) & 0xFF)] ^ table[Int(high >> 24)]
                offset &+= 8
            }
            while offset < count {
                crc = table[Int((crc ^ UInt32(bytes[offset])) & 0xFF)] ^ (crc >> 8)
                offset &+= 1
            }
            return ~crc
        }
    }

    /// Table `n` (256 entries from `256 * n`) advances a byte's contribution by `n` further bytes.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for index in 0..<256 {
            var crc = UInt32(index)
            for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0x82F6_3B78 : crc >> 1 }
            tables[index] = crc
        }
        for index in 256..<8 * 256 {
            let before = tables[index - 256]
            tables[index] = (before >> 8) ^ tables[Int(before & 0xFF)]
        }
        return tables
    }()
}
