import SwiftProtobuf
import TestSupport
import Testing
import Time

@testable import SubwayApps

@Suite struct FeedDecodingTests {
    @Test(
        .enabled(if: Recordings.isPresent),
        arguments: [(1, 268, 134, 77, 2447), (2, 268, 134, 77, 2436), (3, 266, 133, 76, 2430), (4, 266, 133, 76, 2429)])
    func recordingsHaveTheCountsThatTheirReadmeNames(
        poll: Int, entities: Int, vehicles: Int, withStatus: Int, stopTimes: Int
    ) throws {
        let feed = try GTFSFeedMessage(feed: Recordings.poll(poll))
        #expect(feed.header.timestamp == 1_772_239_225 + UInt64(poll - 1) * 15)
        #expect(feed.entity.count == entities)
        let seen = feed.entity.filter(\.hasVehicle)
        #expect(seen.count == vehicles)
        #expect(seen.filter(\.vehicle.hasCurrentStatus).count == withStatus)
        #expect(seen.allSatisfy { !$0.vehicle.hasPosition })
        #expect(feed.entity.reduce(0) { $0 + $1.tripUpdate.stopTimeUpdate.count } == stopTimes)
    }

    @Test(.enabled(if: Recordings.isPresent)) func theAgencysExtensionBytesAreKept() throws {
        let bytes = try Recordings.poll(1)
        let feed = try GTFSFeedMessage(feed: bytes)
        #expect(feed.entity.filter(\.hasVehicle).allSatisfy { !$0.vehicle.trip.unknownFields.data.isEmpty })
        let again: [UInt8] = try feed.serializedBytes()
        #expect(again.count == bytes.count)
        #expect(try GTFSFeedMessage(feed: again) == feed)
    }

    @Test func nothingAtAllIsRefusedAsEmpty() {
        #expect(throws: FeedError.self) { try GTFSFeedMessage(feed: []) }
        #expect(code { try GTFSFeedMessage(feed: []) } == .empty)
    }

    @Test func aMessageWithoutAHeaderIsIncomplete() throws {
        // One entity, field 2, with the id "x" and nothing else.
        #expect(code { try GTFSFeedMessage(feed: [0x12, 3, 0x0a, 1, 0x78]) } == .incomplete)
        // A header without a version, and one with an empty version.
        #expect(code { try GTFSFeedMessage(feed: [0x0a, 2, 0x18, 5]) } == .incomplete)
        #expect(code { try GTFSFeedMessage(feed: [0x0a, 2, 0x0a, 0]) } == .incomplete)
    }

    @Test func aTimestampThatIsNoTimeIsRefused() throws {
        var feed = GTFSFeedMessage()
        feed.header.gtfsRealtimeVersion = "2.0"
        feed.header.timestamp = .max
        let bytes: [UInt8] = try feed.serializedBytes()
        #expect(code { try GTFSFeedMessage(feed: bytes) } == .malformed)
    }

    @Test func moreThanTheLimitIsRefusedUnread() {
        let bytes = [UInt8](repeating: 0, count: GTFSFeedMessage.sizeLimit + 1)
        #expect(code { try GTFSFeedMessage(feed: bytes) } == .tooLarge)
    }

    @Test func aCutIsNoticedUnlessItFallsBetweenTwoEntities() throws {
        var feed = try GTFSFeedMessage(feed: SubwaySimulation().feed(at: Timestamp(seconds: 1_772_239_225)))
        feed.entity = Array(feed.entity.suffix(20))
        let whole: [UInt8] = try feed.serializedBytes()
        let boundaries = topLevelBoundaries(of: whole)
        #expect(boundaries.count == feed.entity.count + 1)
        for cut in 0..<whole.count {
            if let decoded = try? GTFSFeedMessage(feed: Array(whole[..<cut])) {
                #expect(boundaries.contains(cut), "cut at \(cut)")
                #expect(decoded.entity == Array(feed.entity.prefix(decoded.entity.count)))
            }
        }
        for cut in boundaries where cut > 0 {
            #expect(throws: FeedError.self) { try GTFSFeedMessage(feed: Array(whole[..<(cut - 1)])) }
        }
    }

    @Test func randomBytesAreNoFeed() {
        var random = SplitMix64(seed: 1)
        for _ in 0..<300 {
            let bytes = (0..<Int(random.next() % 4000 + 1)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            #expect(throws: FeedError.self) { try GTFSFeedMessage(feed: bytes) }
        }
    }

    @Test func damageInsideAFeedGivesAnErrorOrAFeedButNeverACrash() throws {
        let whole = try SubwaySimulation().feed(at: Timestamp(seconds: 1_772_239_225))
        var random = SplitMix64(seed: 7)
        var refused = 0
        for _ in 0..<100 {
            var bytes = whole
            for _ in 0..<8 {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            do {
                let feed = try GTFSFeedMessage(feed: bytes)
                _ = try feed.eventJSON(id: "x", polledAt: Timestamp(seconds: 0))
            } catch is FeedError {
                refused += 1
            }
        }
        #expect(refused > 20)
    }

    private func code(_ body: () throws -> GTFSFeedMessage) -> FeedError.Code? {
        do {
            _ = try body()
            return nil
        } catch {
            return (error as? FeedError)?.code
        }
    }

    /// The offsets after each top-level field: all of these are length-delimited with numbers below 16.
    private func topLevelBoundaries(of bytes: [UInt8]) -> Set<Int> {
        var boundaries: Set<Int> = []
        var position = 0
        while position < bytes.count {
            position += 1
            var (length, shift) = (0, 0)
            while bytes[position] & 0x80 != 0 {
                length |= Int(bytes[position] & 0x7f) << shift
                shift += 7
                position += 1
            }
            length |= Int(bytes[position]) << shift
            position += 1 + length
            boundaries.insert(position)
        }
        return boundaries
    }
}
