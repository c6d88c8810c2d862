import Columnar
import Pipes
import Synchronization
import Time

/// `Enrichment`: appends columns of a table that are found by key.
///
/// Only distinct keys are looked up, and what was found is kept until the table changes.
struct LookupStep: ElementStep {
    let lookup: Lookup
    let table: TableName
    let source: any RowLookup
    let schema: Schema
    /// The key fields, for messages.
    let names: [String]
    let cache = LookupCache()

    func process(_ batch: Batch, failures: inout RowFailures) async throws -> Batch {
        if batch.liveCount == 0 { return batch.compacted().replacingColumns(emptyColumns(batch), schema: schema) }
        let keys = lookup.keyFields.map { index in
            batch.selection.map { batch.columns[index].take($0) } ?? batch.columns[index]
        }
        let grouping = RowGrouping(keys, count: batch.liveCount)
        let encoded = grouping.keys(keys)
        let distinct = (0..<encoded.count).map { Array(encoded[$0]) }
        let version = await source.version(of: table)
        let missing = cache.missing(distinct, version: version)
        if !missing.isEmpty {
            let rows = missing.map { grouping.firstRows[$0] }
            let result = try await source.lookUp(
                keys.map { $0.take(rows) }, keyColumns: lookup.keyColumns, columns: lookup.columns, in: table)
            cache.insert(missing.map { distinct[$0] }, result, version: version)
        }
        // Another worker's batch may have emptied the cache in between.
        guard let (columns, places) = cache.find(distinct, version: version) else {
            return try await process(batch, failures: &failures)
        }
        let placeOfRow = grouping.groupOfRow.map { places[Int($0)] }
        if lookup.rejectsUnmatched {
            for (row, place) in placeOfRow.enumerated() where place < 0 {
                failures.report(row, unmatched(keys, row))
            }
        }
        let kept = batch.compacted()
        return kept.replacingColumns(kept.columns + columns.map { $0.take(placeOfRow) }, schema: schema)
            .withoutRows(failures)
    }

    private func emptyColumns(_ batch: Batch) -> [Column] {
        batch.compacted().columns + schema.fields.suffix(lookup.columns.count).map { .nulls($0.type, count: 0) }
    }

    private func unmatched(_ keys: [Column], _ row: Int) -> String {
        let values = zip(names, keys).map { "\($0) = \($1[row].readable)" }
        return "\(table) has no row with \(values.joined(separator: ", "))"
    }
}

/// What look-ups have found in one version of a table.
final class LookupCache: Sendable {
    /// Beyond this many keys the cache starts anew.
    static let capacity = 100_000

    private struct State {
        var version: UInt64?
        /// Where a key's row is in `columns`; -1: there is none.
        var places: [[UInt8]: Int32] = [:]
        var columns: [Column] = []
        var count: Int32 = 0
    }

    private let state = Mutex(State())

    /// The positions of the keys that are not known yet.
    func missing(_ keys: [[UInt8]], version: UInt64) -> [Int] {
        state.withLock { state in
            if state.version != version || state.places.count + keys.count > Self.capacity {
                state = State(version: version)
            }
            return keys.indices.filter { state.places[keys[$0]] == nil }
        }
    }

    func insert(_ keys: [[UInt8]], _ result: LookupResult, version: UInt64) {
        state.withLock { state in
            guard state.version == version else { return }
            for (row, key) in keys.enumerated() {
                state.places[key] = result.found[row] ? state.count + Int32(row) : -1
            }
            state.columns =
                state.columns.isEmpty
                ? result.columns : zip(state.columns, result.columns).map { Column.concatenating([$0, $1]) }
            state.count += Int32(keys.count)
        }
    }

    /// The columns and where each key is in them; nil when a key is unknown.
    func find(_ keys: [[UInt8]], version: UInt64) -> (columns: [Column], places: [Int32])? {
        state.withLock { state in
            guard state.version == version else { return nil }
            var places: [Int32] = []
            for key in keys {
                guard let place = state.places[key] else { return nil }
                places.append(place)
            }
            return (state.columns, places)
        }
    }
}

extension Scalar {
    /// For a message to a person.
    fileprivate var readable: String {
        switch self {
        case .null: "null"
        case .boolean(let value): "\(value)"
        case .int64(let value): "\(value)"
        case .float64(let value): "\(value)"
        case .string(let value): "'\(value)'"
        case .bytes(let value): "\(value.count) bytes"
        case .timestamp(let value): value.rfc3339
        case .list(let values): "a list of \(values.count)"
        case .structure: "a row"
        }
    }
}
