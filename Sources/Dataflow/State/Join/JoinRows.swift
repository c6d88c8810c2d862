import Columnar

/// Rows of one input of a join on their way into its state: those of one window whose keys have no null.
struct JoinRows: Sendable {
    var window: Window
    var keys: [Column]
    /// What is stored of them (`JoinStep.storedSchemas`).
    var columns: [Column]
    var count: Int
    /// In merging windows each row's own.
    var windows: WindowColumn = .global
}

/// Rows of one input of a join, stored as they came, with an index of their keys.
///
/// The columns lie in a few segments, each at least twice as long as the next: a batch is appended without copying what
/// is there, and every row is copied a logarithmic number of times in all.
struct JoinSide: Sendable {
    private struct Segment: Sendable {
        var columns: [Column]
        var first: Int
        var count: Int
        var bytes: Int
    }

    /// Pairs of a probing row and a stored one, in the probing rows' order.
    struct Matches: Sendable {
        var probing: [Int32] = []
        var stored: [Int32] = []
    }

    /// Segments beyond this are not made longer: a column has less than 2 GiB.
    private static let segmentBytes = 256 << 20
    /// What the index takes for a row, about.
    private static let indexBytes = 40

    private var segments: [Segment] = []
    private var index: GroupIndex
    /// By key: the first and the last of its rows.
    private var first: [Int32] = []
    private var last: [Int32] = []
    /// By row: the next one of its key, or -1.
    private var next: [Int32] = []
    /// Bytes of columns and index, about.
    private(set) var bytes = 0

    init(keyTypes: [DataType]) { index = GroupIndex(types: keyTypes) }

    /// How many rows there are. They are numbered in the order in which they came.
    var count: Int { next.count }

    mutating func insert(_ rows: JoinRows) {
        let groups = index.insert(rows.keys, count: rows.count)
        let start = count
        next.append(contentsOf: repeatElement(-1, count: rows.count))
        for (offset, group) in groups.enumerated() {
            let row = Int32(truncatingIfNeeded: start + offset)
            if Int(group) == first.count {
                first.append(row)
                last.append(row)
            } else {
                next[Int(last[Int(group)])] = row
                last[Int(group)] = row
            }
        }
        let columnBytes = rows.columns.reduce(0) { $0 + $1.storedBytes }
        bytes += columnBytes + rows.count * Self.indexBytes
        segments.append(Segment(columns: rows.columns, first: start, count: rows.count, bytes: columnBytes))
        merge { $0.count <= $1.count * 2 }
    }

    /// Puts all rows together: done when no more will come.
    mutating func seal() { merge { _, _ in true } }

    private mutating func merge(where isDue: (Segment, Segment) -> Bool) {
        while segments.count > 1 {
            let (a, b) = (segments[segments.count - 2], segments[segments.count - 1])
            guard a.bytes + b.bytes <= Self.segmentBytes, isDue(a, b) else { return }
            segments.removeLast(2)
            segments.append(
                Segment(
                    columns: zip(a.columns, b.columns).map { Column.concatenating([$0, $1]) }, first: a.first,
                    count: a.count + b.count, bytes: a.bytes + b.bytes))
        }
    }

    /// The stored rows of each of `count` keys. A key with a null has none, because none is stored.
    func matches(of keys: [Column], count rows: Int) -> Matches {
        let groups = index.find(keys, count: rows)
        var probing: [Int32] = []
        var stored: [Int32] = []
        probing.reserveCapacity(rows)
        stored.reserveCapacity(rows)
        let isUnique = first.count == count
        groups.withUnsafeBufferPointer { groups in
            for row in 0..<groups.count where groups[row] >= 0 {
                var match = first[Int(groups[row])]
                probing.append(Int32(truncatingIfNeeded: row))
                stored.append(match)
                if isUnique { continue }
                match = next[Int(match)]
                while match >= 0 {
                    probing.append(Int32(truncatingIfNeeded: row))
                    stored.append(match)
                    match = next[Int(match)]
                }
            }
        }
        return Matches(probing: probing, stored: stored)
    }

    /// The columns of the rows at `rows`; nulls for a negative number.
    func take(_ rows: [Int32]) -> [Column] {
        guard segments.count > 1 else { return (segments.first?.columns ?? []).map { $0.take(rows) } }
        // Segment by segment, and then back into the order that was asked for.
        var local = [[Int32]](repeating: [], count: segments.count)
        var places = [(segment: Int, position: Int32)]()
        places.reserveCapacity(rows.count)
        for row in rows {
            let segment = max(0, (segments.firstIndex { $0.first > Int(row) } ?? segments.count) - 1)
            places.append((segment, Int32(local[segment].count)))
            local[segment].append(row < 0 ? -1 : row - Int32(segments[segment].first))
        }
        var offsets: [Int32] = []
        var offset: Int32 = 0
        for part in local {
            offsets.append(offset)
            offset += Int32(part.count)
        }
        let order = places.map { offsets[$0.segment] + $0.position }
        return segments[0].columns.indices.map { column in
            Column.concatenating(zip(segments, local).map { $0.columns[column].take($1) }).take(order)
        }
    }
}

extension Column {
    /// Bytes of the values, about.
    var storedBytes: Int {
        switch self {
        case .null: 0
        case .boolean(let column): column.values.count / 4
        case .int64(let column), .timestamp(let column): column.values.count * 8
        case .float64(let column): column.values.count * 8
        case .string(let column), .bytes(let column): column.bytes.count + column.offsets.count * 4
        case .list(let column): column.offsets.count * 4 + column.element.storedBytes
        case .map(let column): Column.list(column.entries).storedBytes
        case .structure(let column): column.children.reduce(0) { $0 + $1.storedBytes }
        }
    }
}
