import Columnar
import Dispatch
import Foundation
import Pipes
import Synchronization

/// One process that runs Python: asked one thing at a time, from a thread of its own, so that no task's thread waits.
final class Worker: Sendable {
    /// How a request ended that has no answer.
    enum Failure: Error {
        /// The process is gone.
        case ended(String)
        /// The process answered, with an error that no row is at fault for.
        case refused(String)
    }

    private let child: ChildProcess
    private let queue: DispatchQueue
    private let loaded = Mutex<[[PythonCall]: Int]>([:])

    init(_ installation: PythonInstallation) throws(PythonError) {
        child = try ChildProcess(installation.executable, ["-u", "-c", PythonWorkerSource.program])
        queue = DispatchQueue(label: "streamtop.python.\(child.pid)")
    }

    /// The process, for whoever wants to look at it.
    var pid: Int32 { child.pid }

    /// Ends the process at once; a request under way throws `Failure.ended`.
    func kill() { child.kill() }

    func load(_ calls: [PythonCall]) async throws {
        try await onThread { worker in _ = try worker.loadIfNeeded(calls) }
    }

    func evaluate(_ calls: [PythonCall], over rows: StructColumn) async throws -> PythonValues {
        try await onThread { worker in
            let id = try worker.loadIfNeeded(calls)
            let answer = try worker.exchange(
                WorkerRequest(op: "run", id: id, calls: nil), Column.structure(rows).serialized())
            return try worker.values(answer.header, answer.body, rows: rows.count)
        }
    }

    private func onThread<Answer: Sendable>(
        _ body: @escaping @Sendable (Worker) throws -> Answer
    ) async throws -> Answer {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                queue.async { continuation.resume(with: Result { try body(self) }) }
            }
        } onCancel: {
            kill()
        }
    }

    private func loadIfNeeded(_ calls: [PythonCall]) throws -> Int {
        if let id = loaded.withLock({ $0[calls] }) { return id }
        let id = loaded.withLock { $0.count }
        _ = try exchange(WorkerRequest(op: "load", id: id, calls: calls.map(WorkerRequest.Call.init)), [])
        loaded.withLock { $0[calls] = id }
        return id
    }

    private func exchange(
        _ request: WorkerRequest, _ body: [UInt8]
    ) throws -> (header: WorkerAnswer, body: [UInt8]) {
        let header = Array(try JSONEncoder().encode(request))
        do {
            try child.write(Self.number(header.count) + Self.number(body.count) + header)
            try child.write(body)
            let lengths = try child.read(8)
            let answer = try child.read(Self.number(lengths[0..<4]))
            let rest = try child.read(Self.number(lengths[4..<8]))
            let decoded = try JSONDecoder().decode(WorkerAnswer.self, from: Data(answer))
            if let error = decoded.error { throw Failure.refused(error) }
            return (decoded, rest)
        } catch is ChildProcess.Gone {
            let end = child.end() ?? "it has ended"
            throw Failure.ended(end + (child.complaint.map { ", after writing: \(Self.lastLine(of: $0))" } ?? ""))
        }
    }

    private func values(_ answer: WorkerAnswer, _ body: [UInt8], rows: Int) throws -> PythonValues {
        var columns: [Column] = []
        var start = 0
        for length in answer.lengths ?? [] {
            guard length >= 0, length <= body.count - start else { throw Failure.ended("its answer is cut short") }
            let column = try Column(serialized: body[start..<start + length])
            guard column.count == rows else { throw Failure.ended("it answered \(column.count) rows for \(rows)") }
            columns.append(column)
            start += length
        }
        var failures = RowFailures()
        for failure in answer.failures ?? [] {
            failures.report(failure.row, failure.reason, trace: failure.trace)
        }
        return PythonValues(columns: columns, failures: failures)
    }

    private static func lastLine(of text: String) -> String {
        text.split(whereSeparator: \.isNewline).last.map(String.init) ?? text
    }

    private static func number(_ value: Int) -> [UInt8] {
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: value).littleEndian, Array.init)
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
