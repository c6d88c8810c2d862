import Columnar

/// The name of an entry of a join's state: what an epoch has added to one input's rows of a window.
///
/// The entries of a part are a log: rows that came, and numbers of rows that have found partners. They are written once,
/// read in their order, and go together.
struct JoinEntry: Hashable {
    var window: Window
    var side: Join.Side
    /// From 0, ascending.
    var number: Int

    func encoded() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(window.start)
        writer.write(window.end)
        writer.write(byte: UInt8(side.rawValue))
        writer.write(UInt64(number))
        return writer.bytes
    }

    init(window: Window, side: Join.Side, number: Int) {
        self.window = window
        self.side = side
        self.number = number
    }

    init(decoding bytes: [UInt8]) throws(StoredStateError) {
        var reader = ByteReader(bytes)
        window = Window(start: try reader.signed(), end: try reader.signed())
        guard let side = Join.Side(rawValue: Int(try reader.byte())) else { throw StoredStateError.malformed }
        self.side = side
        number = Int(truncatingIfNeeded: try reader.unsigned())
        guard reader.isAtEnd else { throw StoredStateError.malformed }
    }
}

extension JoinTable {
    /// What kind of entry it is: its first byte.
    private enum Kind: UInt8 { case rows = 0, matches = 1 }

    /// What has changed since this was last asked; a nil value deletes.
    mutating func takeChanges() -> [(key: [UInt8], value: [UInt8]?)] {
        // Deletions first: a window may have come back.
        var changes: [(key: [UInt8], value: [UInt8]?)] = deleted.map { ($0, nil) }
        deleted = []
        for window in windows.keys {
            for side in Join.Side.allCases {
                guard let part = windows[window]?[side.rawValue],
                    !part.unsaved.isEmpty || !part.unsavedMatches.isEmpty
                else { continue }
                var values: [[UInt8]] = []
                if !part.unsaved.isEmpty { values.append([Kind.rows.rawValue] + encoded(part.unsaved, side)) }
                if !part.unsavedMatches.isEmpty {
                    var writer = ByteWriter()
                    writer.write(byte: Kind.matches.rawValue)
                    writer.write(UInt64(part.unsavedMatches.count))
                    for row in part.unsavedMatches { writer.write(UInt64(row)) }
                    values.append(writer.bytes)
                }
                for (offset, value) in values.enumerated() {
                    let entry = JoinEntry(window: window, side: side, number: part.entries + offset)
                    changes.append((entry.encoded(), value))
                }
                windows[window]?[side.rawValue]?.entries += values.count
                windows[window]?[side.rawValue]?.unsaved = []
                windows[window]?[side.rawValue]?.unsavedMatches = []
            }
        }
        return changes
    }

    /// Rows as one batch: the key's columns, then what is stored.
    private func encoded(_ rows: [JoinRows], _ side: Join.Side) -> [UInt8] {
        let schema = storedSchema(side)
        return Batch.concatenating(
            rows.map { part in
                Batch(
                    schema: schema, columns: part.keys + part.columns, count: part.count,
                    eventTimes: [Int64](repeating: part.window.maxTimestamp, count: part.count), windows: part.windows)
            }
        ).serialized()
    }

    private func storedSchema(_ side: Join.Side) -> Schema {
        let keys = step.keyTypes.enumerated().map { Field("key \($0)", $1) }
        return Schema(keys + step.storedSchemas[side.rawValue].fields)
    }

    /// Puts back what was stored, in any order.
    mutating func restore(_ stored: [(key: [UInt8], value: [UInt8])]) throws(StoredStateError) {
        var entries: [(entry: JoinEntry, value: [UInt8])] = []
        for (key, value) in stored { entries.append((try JoinEntry(decoding: key), value)) }
        entries.sort { $0.entry.number < $1.entry.number }
        for (entry, value) in entries {
            var part =
                windows[entry.window]?[entry.side.rawValue] ?? Part(rows: JoinSide(keyTypes: step.keyTypes))
            windows[entry.window, default: [nil, nil]][entry.side.rawValue] = nil
            guard entry.number == part.entries else { throw StoredStateError.malformed }
            part.entries += 1
            try restore(entry, value, &part)
            windows[entry.window, default: [nil, nil]][entry.side.rawValue] = part
        }
    }

    private func restore(_ entry: JoinEntry, _ value: [UInt8], _ part: inout Part) throws(StoredStateError) {
        switch value.first.flatMap(Kind.init) {
        case .rows:
            guard let batch = try? Batch(serialized: value.dropFirst()),
                batch.columns.map(\.type) == storedSchema(entry.side).fields.map(\.type)
            else { throw StoredStateError.malformed }
            part.rows.insert(
                JoinRows(
                    window: entry.window, keys: Array(batch.columns.prefix(step.keyTypes.count)),
                    columns: Array(batch.columns.dropFirst(step.keyTypes.count)), count: batch.count,
                    windows: batch.windows))
            if step.join.preserves(entry.side) {
                part.matched.append(contentsOf: repeatElement(false, count: batch.count))
            }
        case .matches:
            var reader = ByteReader(Array(value.dropFirst()))
            for _ in 0..<(try reader.count()) {
                let row = try reader.unsigned()
                guard row < UInt64(part.matched.count) else { throw StoredStateError.malformed }
                part.matched[Int(row)] = true
            }
        case nil: throw StoredStateError.malformed
        }
    }
}
