internal import SwiftProtobuf

extension GTFSFeedMessage {
    /// What a city's whole network fits into many times over; more is a mistake or an attack.
    static let sizeLimit = 64 << 20

    /// Decodes a feed's answer.
    ///
    /// Unknown fields and extensions (New York's among them) are kept as bytes. Refused is what protobuf refuses
    /// (`malformed`), what lacks a field that the format requires (`incomplete`), and what is `empty` or `tooLarge`.
    /// An answer that was cut off exactly between two entities cannot be told from a shorter one; everywhere else a cut
    /// is noticed.
    init(feed bytes: [UInt8]) throws(FeedError) {
        guard !bytes.isEmpty else {
            throw FeedError(.empty, "the feed's answer is empty; a GTFS-realtime message has at least a header")
        }
        guard bytes.count <= Self.sizeLimit else {
            let limit = Self.sizeLimit >> 20
            throw FeedError(.tooLarge, "the feed's answer has \(bytes.count) bytes; at most \(limit) MiB are taken")
        }
        do {
            try self.init(serializedBytes: bytes)
        } catch BinaryDecodingError.missingRequiredFields {
            throw FeedError(
                .incomplete, "the feed's answer lacks a field that GTFS-realtime requires; it may have been cut off")
        } catch {
            let size = "\(bytes.count) bytes"
            throw FeedError(
                .malformed, "the feed's answer (\(size)) is not a GTFS-realtime message, or was cut off: \(error)")
        }
        guard !header.gtfsRealtimeVersion.isEmpty else {
            throw FeedError(.incomplete, "the feed's header names no gtfs_realtime_version")
        }
        // Milliseconds of it must still be a number that others can read.
        guard header.timestamp < UInt64(Int64.max) / 2_000_000 else {
            throw FeedError(
                .malformed, "the feed's header has the timestamp \(header.timestamp), which is no time in seconds")
        }
    }
}
