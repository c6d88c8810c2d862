import Columnar
import Pipes

/// A step that reads a warehouse's rows at work: what it reads, and how far it is.
struct RowReader: Sendable {
    /// How many rows are read at once.
    static let pieceRows = 8192
    /// What a row counts for in the room that an epoch has.
    static let rowBytes = 256

    let step: Int
    let scan: RowScan
    /// Where the next rows are; nil at the end.
    private(set) var position: [UInt8]?

    private static let version: UInt8 = 1

    init(step: Int, scan: RowScan, position: [UInt8]?) {
        self.step = step
        self.scan = scan
        self.position = position
    }

    var isExhausted: Bool { position == nil }

    mutating func advance(to next: [UInt8]?) { position = next }

    /// The position as it is stored with an epoch.
    func encoded() -> [UInt8] { [Self.version, position == nil ? 1 : 0] + (position ?? []) }

    /// Goes on from a stored position.
    init(step: Int, scan: RowScan, decoding bytes: [UInt8]) throws(StoredStateError) {
        guard bytes.count >= 2, bytes[0] == Self.version, bytes[1] <= 1 else { throw StoredStateError.malformed }
        self.init(step: step, scan: scan, position: bytes[1] == 1 ? nil : Array(bytes[2...]))
    }
}

extension Pipeline {
    /// The steps that read a warehouse, where the last epoch left them. Throws when one cannot be read.
    func restoreRowReaders(_ last: CommittedEpoch?) async throws {
        rowReaders = []
        for position in plan.rowReads {
            guard case .readRows(let scan, let source) = plan.nodes[position].work else { continue }
            if let stored = last?.positions[plan.nodes[position].step.name] {
                rowReaders.append(try RowReader(step: position, scan: scan, decoding: stored))
            } else {
                rowReaders.append(RowReader(step: position, scan: scan, position: try await source.begin(scan)))
            }
        }
    }

    /// A piece of each table that is read.
    func scanRows(_ epoch: inout Epoch) async throws -> [(step: Int, batch: Batch)] {
        var pieces: [(step: Int, batch: Batch)] = []
        for index in rowReaders.indices {
            let reader = rowReaders[index]
            guard let position = reader.position, case .readRows(_, let source) = plan.nodes[reader.step].work else {
                continue
            }
            let rows = try await persevere {
                try await source.rows(reader.scan, at: position, limit: RowReader.pieceRows)
            }
            rowReaders[index].advance(to: rows.next)
            epoch.cover(fileBytes: rows.batch.count * RowReader.rowBytes)
            counts[reader.step].elementsOut += Int64(rows.batch.count)
            changedCounts.insert(reader.step)
            if rows.batch.count > 0 { pieces.append((reader.step, rows.batch)) }
        }
        return pieces
    }
}
