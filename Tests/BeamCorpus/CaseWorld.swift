import Columnar
import Foundation
import Pipes
import Synchronization
import Time

/// What a case says is outside the pipeline: the messages of a subscription (`# messages: […]`) and the tables of a
/// warehouse (`# tables: {"dataset.table": […]}`).
struct CaseWorld {
    /// As `record.py` reads it.
    private struct Message: Decodable {
        var data: String?
        /// Base64.
        var bytes: Data?
        var attributes: [String: String]?
        /// Seconds since the epoch.
        var publish: Double?
    }

    let messages: [IncomingMessage]
    /// By `dataset.table`.
    let tables: [String: StructColumn]

    init(_ given: Case) throws {
        let decoder = JSONDecoder()
        let messages = try given.header("messages").map { try decoder.decode([Message].self, from: Data($0.utf8)) }
        self.messages = (messages ?? []).enumerated().map { index, message in
            IncomingMessage(
                sequence: UInt64(index), data: message.bytes.map(Array.init) ?? Array((message.data ?? "").utf8),
                attributes: message.attributes ?? [:],
                publishTime: Timestamp(micros: Int64((message.publish ?? 0) * 1_000_000)))
        }
        let tables = try given.header("tables").map {
            try decoder.decode([String: [[String: RecordedValue]]].self, from: Data($0.utf8))
        }
        self.tables = (tables ?? [:]).mapValues(Self.table)
    }

    /// The tables' columns, each nullable as in BigQuery.
    var schemas: [String: Schema] { tables.mapValues { Schema($0.fields) } }

    private static func table(_ rows: [[String: RecordedValue]]) -> StructColumn {
        let names = Set(rows.flatMap(\.keys)).sorted()
        let fields = names.map { name in Field(name, rows.compactMap { $0[name]?.type }.first ?? .string) }
        let columns = fields.map { field in Column(field.type, rows.map { $0[field.name]?.scalar ?? .null }) }
        return StructColumn(fields: fields, children: columns, count: rows.count)
    }
}

extension RecordedValue {
    /// The type of a column that holds it; nil for null, and for what tables of cases have not.
    fileprivate var type: DataType? {
        switch self {
        case .boolean: .boolean
        case .integer: .int64
        case .float: .float64
        case .string: .string
        case .bytes: .bytes
        case .timestamp: .timestamp
        case .null, .list, .row: nil
        }
    }

    fileprivate var scalar: Scalar {
        switch self {
        case .boolean(let value): .boolean(value)
        case .integer(let value): .int64(value)
        case .float(let value): .float64(value)
        case .string(let value): .string(value)
        case .bytes(let value): .bytes(value)
        case .timestamp(let value): .timestamp(Timestamp(micros: value))
        case .null, .list, .row: .null
        }
    }
}

/// A subscription that has the messages of a case and gets no others.
final class CaseSubscription: MessageSource {
    private struct State {
        var acknowledged = SequenceSet()
        var next = 0
        var isGivenUp = false
        var finished: [CheckedContinuation<Void, Never>] = []
    }

    private let messages: [IncomingMessage]
    private let state = Mutex(State())
    /// Never gives anything: who waits for more messages waits until it is cancelled.
    private let silence = AsyncStream<Void>.makeStream()

    init(_ messages: [IncomingMessage]) { self.messages = messages }

    /// Nobody will acknowledge the rest.
    func giveUp() {
        let finished = state.withLock { state in
            state.isGivenUp = true
            defer { state.finished = [] }
            return state.finished
        }
        for continuation in finished { continuation.resume() }
    }

    /// Returns when all messages are acknowledged, or never will be.
    func waitUntilAcknowledged() async {
        await withCheckedContinuation { continuation in
            let isDone = state.withLock { state in
                let isDone = state.isGivenUp || state.acknowledged.count >= messages.count
                if !isDone { state.finished.append(continuation) }
                return isDone
            }
            if isDone { continuation.resume() }
        }
    }

    func pull(limit: Int) async throws -> [IncomingMessage] {
        state.withLock { state in
            let pulled = messages[state.next..<min(messages.count, state.next + limit)]
            state.next += pulled.count
            return Array(pulled)
        }
    }

    func waitForMessages() async throws {
        guard state.withLock({ $0.next == messages.count }) else { return }
        for await _ in silence.stream {}
        try Task.checkCancellation()
    }

    func acknowledge(_ sequences: SequenceSet) async throws {
        let finished = state.withLock { state in
            state.acknowledged.formUnion(sequences)
            guard state.acknowledged.count >= messages.count else { return [CheckedContinuation<Void, Never>]() }
            defer { state.finished = [] }
            return state.finished
        }
        for continuation in finished { continuation.resume() }
    }

    func resume(committed: SequenceSet) async throws {}

    func backlog() async -> Backlog {
        let waiting = messages.filter { message in state.withLock { !$0.acknowledged.contains(message.sequence) } }
        return Backlog(
            messages: waiting.count, bytes: waiting.reduce(0) { $0 + $1.data.count },
            oldestPublishTime: waiting.map(\.publishTime).min())
    }

    func oldestUnacknowledged(timestampAttribute: String?) async -> Timestamp? {
        messages.filter { message in state.withLock { !$0.acknowledged.contains(message.sequence) } }.map { message in
            timestampAttribute.flatMap { message.attributes[$0] }.flatMap(TimestampAttribute.parse)
                ?? message.publishTime
        }.min()
    }
}

/// Topics of a case; keeps what is published.
final class CaseTopics: MessagePublisher {
    private let published = Mutex<[String: [OutgoingMessage]]>([:])

    /// The messages of each topic, as recordings have them.
    var tables: [String: [RecordedValue]] {
        published.withLock { published in
            Dictionary(
                published.map { topic, messages in
                    (
                        "topic \(topic.split(separator: "/").last ?? "")",
                        messages.map { message in
                            .row([
                                // As `record.py` has it: JSON is text.
                                "data": message.data.first == UInt8(ascii: "{")
                                    ? .string(String(decoding: message.data, as: UTF8.self)) : .bytes(message.data),
                                "attributes": .row(message.attributes.mapValues { .string($0) }),
                            ])
                        }
                    )
                }
            ) { $0 + $1 }
        }
    }

    func publish(_ messages: [OutgoingMessage], to topic: String) async throws -> [UInt64] {
        published.withLock { published in
            let first = published[topic]?.count ?? 0
            published[topic, default: []] += messages
            return messages.indices.map { UInt64(first + $0) }
        }
    }
}

/// The tables of a case, to read and to look up in.
struct CaseWarehouse: RowSource, RowLookup {
    struct Unknown: Error, CustomStringConvertible { var description: String }

    let tables: [String: StructColumn]

    private func table(_ name: TableName) throws -> StructColumn {
        guard let table = tables[name.description] else { throw Unknown(description: "there is no table \(name)") }
        return table
    }

    private func column(_ name: String, of table: StructColumn) throws -> Column {
        guard let index = table.fields.firstIndex(where: { $0.name == name }) else {
            throw Unknown(description: "there is no column \(name)")
        }
        return table.children[index]
    }

    // MARK: Reading

    func begin(_ scan: RowScan) async throws -> [UInt8] {
        guard case .table(let name, condition: nil) = scan.source else {
            throw Unknown(description: "the warehouse of a case knows no SQL")
        }
        _ = try table(name)
        return [0]
    }

    func rows(_ scan: RowScan, at position: [UInt8], limit: Int) async throws -> ScannedRows {
        guard case .table(let name, _) = scan.source else { throw Unknown(description: "there is no table") }
        let table = try table(name)
        let batch = Batch(
            schema: scan.schema, columns: try scan.schema.names.map { try column($0, of: table) }, count: table.count,
            eventTimes: [Int64](repeating: Int64.min, count: table.count))
        return ScannedRows(batch: batch, next: nil)
    }

    // MARK: Looking up

    func schema(of table: TableName) async throws -> Schema { Schema(try self.table(table).fields) }

    func lookUp(
        _ keys: [Column], keyColumns: [String], columns: [String], in table: TableName
    ) async throws -> LookupResult {
        let table = try self.table(table)
        let compared = try keyColumns.map { try column($0, of: table) }
        let wanted = try columns.map { try column($0, of: table) }
        var found: [Int?] = []
        for row in 0..<(keys.first?.count ?? 0) {
            found.append(
                (0..<table.count).first { candidate in
                    zip(keys, compared).allSatisfy { $0[row] != .null && $0[row] == $1[candidate] }
                })
        }
        return LookupResult(
            columns: wanted.map { column in Column(column.type, found.map { $0.map { column[$0] } ?? .null }) },
            found: Bitmap(found.map { $0 != nil }))
    }

    func version(of table: TableName) async -> UInt64 { 1 }
}
