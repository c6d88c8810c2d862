/// The buffers of one column while a decoder writes it: plain memory that the decoder owns and releases.
///
/// Lists and structs keep only their own part (offsets, count, validity); their children are growing columns of their
/// owner's. There is no validity bitmap until the first null.
struct GrowingColumn {
    enum Layout: UInt8 {
        /// Nothing but a count: nulls and structs.
        case none
        case bits
        /// 64-bit values.
        case words
        /// Offsets and text.
        case bytes
        /// Offsets alone.
        case lists
    }

    let layout: Layout
    private(set) var count = 0
    private var capacity = 0
    /// Values, bits, or `capacity + 1` offsets.
    private var storage: UnsafeMutableRawPointer?
    private var validity: UnsafeMutablePointer<UInt64>?
    private var text: UnsafeMutablePointer<UInt8>?
    private(set) var textCount = 0
    private var textCapacity = 0

    init(_ layout: Layout) {
        self.layout = layout
        grow()
        if layout == .bytes { _ = growText(0) }
    }

    /// Frees the memory; the column must not be used again.
    func release() {
        storage?.deallocate()
        validity?.deallocate()
        text?.deallocate()
    }

    // MARK: Writing

    @inline(__always)
    mutating func append(word: UInt64) {
        if count == capacity { grow() }
        storage.unsafelyUnwrapped.storeBytes(of: word, toByteOffset: count &<< 3, as: UInt64.self)
        count &+= 1
    }

    @inline(__always)
    mutating func append(bit: Bool) {
        if count == capacity { grow() }
        let words = storage.unsafelyUnwrapped.assumingMemoryBound(to: UInt64.self)
        let mask: UInt64 = 1 &<< UInt64(truncatingIfNeeded: count & 63)
        if bit { words[count &>> 6] |= mask } else { words[count &>> 6] &= ~mask }
        count &+= 1
    }

    /// A value of text in one piece; false when the column would pass 2 GiB.
    @inline(__always)
    mutating func append(text start: BytePointer, count length: Int) -> Bool {
        guard append(piece: start, count: length) else { return false }
        closeText()
        return true
    }

    /// A part of the value that `closeText` ends; false when the column would pass 2 GiB.
    @inline(__always)
    mutating func append(piece start: BytePointer, count length: Int) -> Bool {
        guard let target = room(length) else { return false }
        target.update(from: start, count: length)
        textCount &+= length
        return true
    }

    /// Space for `length` bytes more of the value that `closeText` ends, to be made part of it by `advanceText`.
    @inline(__always)
    mutating func room(_ length: Int) -> UnsafeMutablePointer<UInt8>? {
        if textCapacity &- textCount < length, !growText(length) { return nil }
        return text.unsafelyUnwrapped + textCount
    }

    @inline(__always)
    mutating func advanceText(_ length: Int) { textCount &+= length }

    @inline(__always)
    mutating func closeText() { close(end: textCount) }

    /// Ends a list whose elements end at `end` of the child.
    @inline(__always)
    mutating func close(end: Int) {
        if count == capacity { grow() }
        let offsets = storage.unsafelyUnwrapped.assumingMemoryBound(to: Int32.self)
        offsets[count &+ 1] = Int32(truncatingIfNeeded: end)
        count &+= 1
    }

    /// A struct, whose children have their values already.
    @inline(__always)
    mutating func appendRow() {
        if count == capacity { grow() }
        count &+= 1
    }

    /// A null; a struct's children need theirs too.
    mutating func appendNull() {
        if count == capacity { grow() }
        let words = validity ?? startValidity()
        words[count &>> 6] &= ~(1 &<< UInt64(truncatingIfNeeded: count & 63))
        switch layout {
        case .none: count &+= 1
        case .bits: append(bit: false)
        case .words: append(word: 0)
        case .bytes: closeText()
        case .lists: close(end: Int(end(of: count)))
        }
    }

    /// Where value `index - 1` of a column with offsets ends: `end(of: 0)` is 0.
    @inline(__always)
    func end(of index: Int) -> Int32 {
        storage.unsafelyUnwrapped.assumingMemoryBound(to: Int32.self)[index]
    }

    /// Forgets all values from `newCount` on, and text that no value owns yet.
    mutating func truncate(to newCount: Int) {
        if let validity {
            for index in newCount..<max(count, newCount) {
                validity[index &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: index & 63)
            }
        }
        count = min(count, newCount)
        if layout == .bytes { textCount = Int(end(of: count)) }
    }

    // MARK: Growing

    @inline(never)
    private mutating func grow() {
        let larger = max(64, capacity * 2)
        switch layout {
        case .none: break
        case .bits:
            let bits = moved(storage, used: capacity >> 3, to: larger >> 3)
            (bits + (capacity >> 3)).initializeMemory(as: UInt8.self, repeating: 0, count: (larger - capacity) >> 3)
            storage = bits
        case .words: storage = moved(storage, used: capacity << 3, to: larger << 3)
        case .bytes, .lists:
            storage = moved(storage, used: capacity == 0 ? 0 : (capacity + 1) << 2, to: (larger + 1) << 2)
            if capacity == 0 { storage.unsafelyUnwrapped.storeBytes(of: 0, as: Int32.self) }
        }
        if let old = validity {
            validity = newValidity(larger, keeping: old, capacity >> 6)
        }
        capacity = larger
    }

    private mutating func startValidity() -> UnsafeMutablePointer<UInt64> {
        let words = newValidity(capacity, keeping: nil, 0)
        validity = words
        return words
    }

    private func newValidity(
        _ capacity: Int, keeping old: UnsafeMutablePointer<UInt64>?, _ used: Int
    ) -> UnsafeMutablePointer<UInt64> {
        let words = UnsafeMutablePointer<UInt64>.allocate(capacity: capacity >> 6)
        words.initialize(repeating: .max, count: capacity >> 6)
        if let old {
            words.update(from: old, count: used)
            old.deallocate()
        }
        return words
    }

    @inline(never)
    private mutating func growText(_ length: Int) -> Bool {
        let needed = textCount + length
        guard needed <= Int(Int32.max) else { return false }
        let larger = min(max(256, textCapacity * 2, needed), Int(Int32.max))
        text = moved(text.map(UnsafeMutableRawPointer.init), used: textCount, to: larger)
            .assumingMemoryBound(to: UInt8.self)
        textCapacity = larger
        return true
    }

    private func moved(_ old: UnsafeMutableRawPointer?, used: Int, to size: Int) -> UnsafeMutableRawPointer {
        let new = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        if let old {
            new.copyMemory(from: old, byteCount: used)
            old.deallocate()
        }
        return new
    }

    // MARK: Reading back

    /// The column of `type` that has been written; `child` gives those below, by position.
    func finished(_ type: DataType, _ child: (Int, DataType) -> Column) -> Column {
        switch type {
        case .null: return .null(count: count)
        case .boolean: return .boolean(BooleanColumn(values: bitmap, validity: validityBitmap))
        case .int64: return .int64(FixedColumn(values: values(as: Int64.self), validity: validityBitmap))
        case .float64: return .float64(FixedColumn(values: values(as: Double.self), validity: validityBitmap))
        case .timestamp: return .timestamp(FixedColumn(values: values(as: Int64.self), validity: validityBitmap))
        case .string: return .string(bytesColumn)
        case .bytes: return .bytes(bytesColumn)
        case .list(let element):
            return .list(ListColumn(offsets: offsets, element: child(0, element), validity: validityBitmap))
        case .map(let value):
            guard case .list(let entries) = finished(.entries(of: value), child) else { return .null(count: count) }
            return .map(MapColumn(sorting: entries))
        case .structure(let fields):
            return .structure(
                StructColumn(
                    fields: fields, children: fields.indices.map { child($0, fields[$0].type) }, count: count,
                    validity: validityBitmap))
        }
    }

    /// The values as an array.
    private func values<Value: BitwiseCopyable>(as type: Value.Type) -> [Value] {
        copied(storage.unsafelyUnwrapped.assumingMemoryBound(to: Value.self), count)
    }

    private var bitmap: Bitmap {
        Bitmap(
            words: copied(storage.unsafelyUnwrapped.assumingMemoryBound(to: UInt64.self), (count + 63) >> 6),
            count: count)
    }

    private var offsets: [Int32] { copied(storage.unsafelyUnwrapped.assumingMemoryBound(to: Int32.self), count + 1) }

    /// The values of a text column.
    private var bytesColumn: BytesColumn {
        let bytes = text.map { copied($0, Int(end(of: count))) } ?? []
        return BytesColumn(offsets: offsets, bytes: bytes, validity: validityBitmap)
    }

    /// Nil when all values are valid.
    private var validityBitmap: Bitmap? {
        guard let validity else { return nil }
        let result = Bitmap(words: copied(validity, (count + 63) >> 6), count: count)
        return result.isAllSet ? nil : result
    }

    private func copied<Value: BitwiseCopyable>(_ source: UnsafePointer<Value>, _ count: Int) -> [Value] {
        [Value](unsafeUninitializedCapacity: count) { target, initialized in
            if count > 0 { target.baseAddress.unsafelyUnwrapped.update(from: source, count: count) }
            initialized = count
        }
    }

    private func copied<Value: BitwiseCopyable>(_ source: UnsafeMutablePointer<Value>, _ count: Int) -> [Value] {
        copied(UnsafePointer(source), count)
    }
}
