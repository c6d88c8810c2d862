internal import SwiftProtobuf
internal import Time

extension GTFSFeedMessage {
    /// The feed as one JSON object: protobuf's canonical mapping with the original field names (64-bit integers as
    /// strings, enumerations by name, unset fields absent, extensions left out), led by two fields of our own:
    /// `unique_event_id` and `event_timestamp_unix`, whole seconds since the epoch.
    func eventJSON(id: String, polledAt: Timestamp) throws -> [UInt8] {
        var options = JSONEncodingOptions()
        options.preserveProtoFieldNames = true
        let feed: [UInt8] = try jsonUTF8Bytes(options: options)
        let seconds = polledAt.micros.dividedFloored(by: 1_000_000).quotient
        // The id is made of hexadecimal digits and hyphens: nothing in it needs escaping. The header is required, so
        // that the feed's object is never empty and a comma is always right.
        var json = Array(#"{"unique_event_id":"\#(id)","event_timestamp_unix":\#(seconds),"#.utf8)
        json.reserveCapacity(json.count + feed.count)
        json.append(contentsOf: feed.dropFirst())
        return json
    }
}
