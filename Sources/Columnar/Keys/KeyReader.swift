/// Reads the values of one column back out of keys.
final class KeyReader {
    private let type: DataType
    private var column: GrowingColumn
    private let children: [KeyReader]

    init(_ type: DataType) {
        self.type = type
        switch type {
        case .null: (column, children) = (GrowingColumn(.none), [])
        case .boolean: (column, children) = (GrowingColumn(.bits), [])
        case .int64, .float64, .timestamp: (column, children) = (GrowingColumn(.words), [])
        case .string, .bytes: (column, children) = (GrowingColumn(.bytes), [])
        case .list(let element): (column, children) = (GrowingColumn(.lists), [KeyReader(element)])
        case .map(let value):
            (column, children) = (GrowingColumn(.lists), [KeyReader(.structure(DataType.entryFields(value)))])
        case .structure(let fields): (column, children) = (GrowingColumn(.none), fields.map { KeyReader($0.type) })
        }
    }

    deinit { column.release() }

    /// Reads the value at `position`; the position behind it, or nil where there is none.
    func read(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
        guard start < bytes.count else { return nil }
        if bytes[start] == 0 {
            appendNull()
            return start + 1
        }
        guard bytes[start] == 1 else { return nil }
        let position = start + 1
        switch type {
        case .null: return nil
        case .boolean:
            guard position < bytes.count, bytes[position] <= 1 else { return nil }
            column.append(bit: bytes[position] == 1)
            return position + 1
        case .int64, .timestamp:
            guard let word = word(bytes, position) else { return nil }
            column.append(word: word ^ 1 << 63)
            return position + 8
        case .float64:
            guard let word = word(bytes, position) else { return nil }
            let bits = word >> 63 == 1 ? word ^ 1 << 63 : ~word
            guard Double(bitPattern: bits).keyBits == bits else { return nil }
            column.append(word: bits)
            return position + 8
        case .string, .bytes: return text(bytes, position)
        case .list, .map: return list(bytes, position)
        case .structure:
            var next = position
            for child in children {
                guard let behind = child.read(bytes, next) else { return nil }
                next = behind
            }
            column.appendRow()
            return next
        }
    }

    private func word(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int) -> UInt64? {
        guard bytes.count - position >= 8 else { return nil }
        return UInt64(bigEndian: UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: position, as: UInt64.self))
    }

    private func text(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        var position = start
        var pieceStart = start
        while position < bytes.count {
            if bytes[position] != 0 {
                position += 1
                continue
            }
            guard position + 1 < bytes.count, bytes[position + 1] == 0xFF || bytes[position + 1] == 1 else {
                return nil
            }
            let isEscaped = bytes[position + 1] == 0xFF
            guard column.append(piece: base + pieceStart, count: position - pieceStart + (isEscaped ? 1 : 0)) else {
                return nil
            }
            if !isEscaped {
                column.closeText()
                return position + 2
            }
            position += 2
            pieceStart = position
        }
        return nil
    }

    private func list(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
        var position = start
        while position < bytes.count {
            if bytes[position] == 0 {
                guard let element = children.first, element.column.count <= Int(Int32.max) else { return nil }
                column.close(end: element.column.count)
                return position + 1
            }
            guard bytes[position] == 1, let behind = children.first?.read(bytes, position + 1) else { return nil }
            position = behind
        }
        return nil
    }

    private func appendNull() {
        column.appendNull()
        if case .structure = type { for child in children { child.appendNull() } }
    }

    /// What has been read.
    func finished(_ type: DataType) -> Column {
        column.finished(type) { index, type in children[index].finished(type) }
    }
}
