import Pipes
import Time

/// What a reading step needs to go on after a restart; stored with every epoch.
struct SourcePosition: Sendable, Hashable {
    /// Messages whose effects are committed, but which are not yet known to be acknowledged on disk.
    var committed = SequenceSet()
    /// A source of the pipeline's own (`Create`) that has given everything.
    var isExhausted = false
    var watermark: SourceWatermark

    private static let version: UInt8 = 1

    func encoded() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(byte: Self.version)
        writer.write(byte: isExhausted ? 1 : 0)
        writer.write(UInt64(committed.ranges.count))
        var previous: UInt64 = 0
        for range in committed.ranges {
            writer.write(range.lowerBound - previous)
            writer.write(range.upperBound - range.lowerBound)
            previous = range.upperBound
        }
        writer.write(watermark.value.micros)
        writer.write(UInt64(watermark.receipts.count))
        for receipt in watermark.receipts {
            writer.write(receipt.first.micros)
            writer.write(receipt.last.micros)
            writer.write(receipt.minimum.micros)
        }
        return writer.bytes
    }

    init(watermark: SourceWatermark) { self.watermark = watermark }

    init(decoding bytes: [UInt8], basis: SourceWatermark.Basis) throws(StoredStateError) {
        var reader = ByteReader(bytes)
        guard try reader.byte() == Self.version else { throw StoredStateError.malformed }
        isExhausted = try reader.byte() == 1
        var previous: UInt64 = 0
        for _ in 0..<(try reader.count()) {
            let (lower, overflow) = previous.addingReportingOverflow(try reader.unsigned())
            let (upper, overflow2) = lower.addingReportingOverflow(try reader.unsigned())
            guard !overflow, !overflow2 else { throw StoredStateError.malformed }
            committed.insert(lower..<upper)
            previous = upper
        }
        let value = Timestamp(micros: try reader.signed())
        var receipts: [SourceWatermark.Receipt] = []
        for _ in 0..<(try reader.count()) {
            receipts.append(
                SourceWatermark.Receipt(
                    first: Timestamp(micros: try reader.signed()), last: Timestamp(micros: try reader.signed()),
                    minimum: Timestamp(micros: try reader.signed())))
        }
        watermark = SourceWatermark(basis: basis, value: value, receipts: receipts)
    }
}
