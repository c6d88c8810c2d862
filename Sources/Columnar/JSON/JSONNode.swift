/// One place of the schema while documents are decoded into it: its column and, for an object, its keys.
///
/// Nodes lie in one block, children side by side, and hold nothing that is reference-counted.
struct JSONNode {
    enum Kind: UInt8 { case null, boolean, int64, float64, string, bytes, timestamp, list, object, map }

    let kind: Kind
    let isNullable: Bool
    var column: GrowingColumn
    /// Children in the block of nodes.
    var firstChild = 0
    var childCount = 0
    /// The keys that objects of this place have: the fields first, in order, then others that were seen.
    var keys: UnsafeMutablePointer<JSONKey>?
    var keyCount = 0
    /// The key that an object began with last time.
    var firstKey = 0

    /// How many keys that are not fields are remembered, to know them again without reading them.
    static let strangerLimit = 32

    init(_ type: DataType, isNullable: Bool) {
        self.isNullable = isNullable
        switch type {
        case .null: (kind, column) = (.null, GrowingColumn(.none))
        case .boolean: (kind, column) = (.boolean, GrowingColumn(.bits))
        case .int64: (kind, column) = (.int64, GrowingColumn(.words))
        case .float64: (kind, column) = (.float64, GrowingColumn(.words))
        case .string: (kind, column) = (.string, GrowingColumn(.bytes))
        case .bytes: (kind, column) = (.bytes, GrowingColumn(.bytes))
        case .timestamp: (kind, column) = (.timestamp, GrowingColumn(.words))
        case .list: (kind, column) = (.list, GrowingColumn(.lists))
        case .map: (kind, column) = (.map, GrowingColumn(.lists))
        case .structure: (kind, column) = (.object, GrowingColumn(.none))
        }
    }

    mutating func setKeys(_ names: [String]) {
        let keys = UnsafeMutablePointer<JSONKey>.allocate(capacity: names.count + JSONNode.strangerLimit)
        for (index, name) in names.enumerated() {
            (keys + index).initialize(to: JSONKey(Array(name.utf8), target: index, next: index + 1))
        }
        self.keys = keys
        keyCount = names.count
    }

    /// Remembers a key that is no field; its index, or -1 when there is no more room.
    mutating func remember(_ start: BytePointer, _ length: Int) -> Int {
        guard keyCount < childCount + JSONNode.strangerLimit, length <= 256, let keys else { return -1 }
        let name = Array(UnsafeBufferPointer(start: start, count: length))
        (keys + keyCount).initialize(to: JSONKey(name, target: -1, next: keyCount + 1))
        keyCount += 1
        return keyCount - 1
    }

    func release() {
        column.release()
        for index in 0..<keyCount { keys?[index].bytes.deallocate() }
        keys?.deallocate()
    }

    /// What the person calls the type of this place.
    var expected: String {
        switch kind {
        case .null: "null"
        case .boolean: "boolean"
        case .int64: "integer"
        case .float64: "number"
        case .string: "string"
        case .bytes: "base64 string"
        case .timestamp: "RFC 3339 timestamp string"
        case .list: "array"
        case .object, .map: "object"
        }
    }
}

/// A key as it stands in JSON text, with the quote that ends it, ready to be compared in one step.
struct JSONKey {
    /// The name and a closing quote.
    let bytes: UnsafeMutablePointer<UInt8>
    /// Length of the name.
    let length: Int
    /// The first eight of `bytes`, and which of them count.
    private let head: UInt64
    private let mask: UInt64
    /// The child that it names; -1: none.
    let target: Int
    /// The key that followed it last time: records repeat their order.
    var next: Int
    /// A name that can't stand in JSON text as it is never matches text: such keys are read and compared unescaped.
    private let isPlain: Bool

    init(_ name: [UInt8], target: Int, next: Int) {
        length = name.count
        bytes = .allocate(capacity: name.count + 8)
        bytes.initialize(repeating: 0, count: name.count + 8)
        for (index, byte) in name.enumerated() { bytes[index] = byte }
        bytes[name.count] = 0x22
        head = UInt64(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self))
        mask = name.count >= 7 ? .max : (1 << UInt64((name.count + 1) * 8)) - 1
        self.target = target
        self.next = next
        isPlain = !name.contains { $0 == 0x22 || $0 == 0x5C || $0 < 0x20 }
    }

    /// Whether the text from `position` on is this key and its closing quote.
    @inline(__always)
    func matches(_ position: BytePointer, _ end: BytePointer) -> Bool {
        guard end - position >= max(8, length &+ 1) else { return matchesSlowly(position, end) }
        let text = UInt64(littleEndian: UnsafeRawPointer(position).loadUnaligned(as: UInt64.self))
        if (text ^ head) & mask != 0 || !isPlain { return false }
        if length < 8 { return true }
        // The last eight bytes, which overlap the first; then what lies between them.
        let tail = length &- 7
        let left = UnsafeRawPointer(position + tail).loadUnaligned(as: UInt64.self)
        let right = UnsafeRawPointer(bytes + tail).loadUnaligned(as: UInt64.self)
        if left != right { return false }
        var offset = 8
        while offset < tail {
            let left = UnsafeRawPointer(position + offset).loadUnaligned(as: UInt64.self)
            let right = UnsafeRawPointer(bytes + offset).loadUnaligned(as: UInt64.self)
            if left != right { return false }
            offset &+= 8
        }
        return true
    }

    @inline(never)
    private func matchesSlowly(_ position: BytePointer, _ end: BytePointer) -> Bool {
        isPlain && end - position >= length + 1 && isSame(position, length + 1)
    }

    private func isSame(_ position: BytePointer, _ count: Int) -> Bool {
        for index in 0..<count where position[index] != bytes[index] { return false }
        return true
    }

    /// Whether this is the name that `text` spells.
    func isNamed(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.count == length, let start = text.baseAddress else { return text.count == length }
        return isSame(start, length)
    }
}
