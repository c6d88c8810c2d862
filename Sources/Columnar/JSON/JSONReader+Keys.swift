extension JSONReader {
    /// A key that is not the one expected: finds it among the known ones or reads it. `start` is behind the opening
    /// quote; what follows is behind the closing one.
    @inline(never)
    mutating func otherKey(
        _ index: Int, _ start: BytePointer, _ previous: inout Int, _ guess: inout Int, _ target: inout Int
    ) -> BytePointer? {
        let node = nodes + index
        var found = -1
        if let keys = node.pointee.keys {
            for candidate in 0..<node.pointee.keyCount where keys[candidate].matches(start, end) {
                found = candidate
                break
            }
        }
        var behind = start
        if found >= 0, let keys = node.pointee.keys {
            target = keys[found].target
            behind = start + keys[found].length + 1
        } else {
            guard let next = skipString(start) else { return nil }
            behind = next
            let text = UnsafeBufferPointer(start: start, count: next - 1 - start)
            if text.contains(0x5C) {
                guard let unescaped = unescape(start) else { return nil }
                target = node.pointee.target(named: unescaped)
            } else {
                target = -1
                found = node.pointee.remember(start, text.count)
            }
        }
        // Next time, expect it here.
        if found >= 0 {
            if previous < 0 { node.pointee.firstKey = found } else { node.pointee.keys?[previous].next = found }
        }
        previous = found
        guess = found >= 0 ? node.pointee.keys?[found].next ?? -1 : -1
        return behind
    }
}

extension JSONNode {
    /// The child that is called `name`; -1: none.
    func target(named name: UnsafeBufferPointer<UInt8>) -> Int {
        guard let keys else { return -1 }
        return (0..<childCount).first { keys[$0].isNamed(name) } ?? -1
    }

    /// The name of a child, for messages.
    func name(ofKey target: Int) -> UnsafeBufferPointer<UInt8> {
        guard let keys else { return UnsafeBufferPointer(start: nil, count: 0) }
        return UnsafeBufferPointer(start: keys[target].bytes, count: keys[target].length)
    }
}
