public import Pipes

/// What a subscriber acknowledges a message by: the message's number and that of its lease. Opaque outside.
public struct AckID: Sendable, Hashable, CustomStringConvertible {
    /// The message's number in its topic.
    public let sequence: UInt64
    let lease: UInt32

    init(sequence: UInt64, lease: UInt32) {
        self.sequence = sequence
        self.lease = lease
    }

    /// Reads an id's text; nil when it is none.
    public init?(_ text: String) {
        let utf8 = Array(text.utf8)
        guard utf8.count == AckID.length else { return nil }
        var words: [UInt64] = []
        for start in [0, 16] {
            var word: UInt64 = 0
            for byte in utf8[start..<start + 16] {
                guard let digit = AckID.digits.firstIndex(of: byte) else { return nil }
                word = word << 4 | UInt64(digit)
            }
            words.append(word)
        }
        let lease = UInt32(truncatingIfNeeded: words[1])
        guard words[1] >> 32 == AckID.check(words[0], lease) else { return nil }
        self.init(sequence: words[0], lease: lease)
    }

    /// The id as text: 32 letters.
    public var description: String {
        var text: [UInt8] = []
        text.reserveCapacity(AckID.length)
        for word in [sequence, AckID.check(sequence, lease) << 32 | UInt64(lease)] {
            for shift in stride(from: 60, through: 0, by: -4) {
                text.append(AckID.digits[Int(word >> UInt64(shift) & 15)])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static let length = 32
    private static let digits = Array("ABCDEFGHJKMNPQRS".utf8)

    /// So that an id of something else is noticed.
    private static func check(_ sequence: UInt64, _ lease: UInt32) -> UInt64 {
        var mixed = (sequence ^ UInt64(lease) << 29) &* 0x9E37_79B9_7F4A_7C15
        mixed ^= mixed >> 31
        return (mixed &* 0xBF58_476D_1CE4_E5B9) >> 32
    }
}

/// A message that was pulled, with the id to acknowledge it by.
public struct ReceivedMessage: Sendable, Hashable {
    /// The id of this delivery.
    public var ackID: AckID
    /// The message.
    public var message: IncomingMessage
}
