import Foundation
import Logging
import Pipes
import Run
import Synchronization
import Time

/// A target that answers what it is told and remembers what it was asked.
final class FakeHTTP: HTTPTarget {
    private let answer: @Sendable (HTTPRequest) throws -> HTTPResponse
    private let seen = Mutex<[HTTPRequest]>([])

    var requests: [HTTPRequest] { seen.withLock { $0 } }

    init(_ answer: @escaping @Sendable (HTTPRequest) throws -> HTTPResponse) { self.answer = answer }

    func send(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPResponse {
        seen.withLock { $0.append(request) }
        return try answer(request)
    }
}

/// A broker that keeps what is published, or refuses it.
final class FakePublisher: MessagePublisher {
    struct Refusal: Error {}

    private let published = Mutex<[(topic: String, message: OutgoingMessage)]>([])
    private let refuses: Bool

    var messages: [(topic: String, message: OutgoingMessage)] { published.withLock { $0 } }

    init(refuses: Bool = false) { self.refuses = refuses }

    func publish(_ messages: [OutgoingMessage], to topic: String) async throws -> [UInt64] {
        if refuses { throw Refusal() }
        return published.withLock { all in
            all += messages.map { (topic, $0) }
            return messages.indices.map { UInt64(all.count - messages.count + $0) }
        }
    }
}

/// A queue whose names deduplicate.
final class FakeTasks: TaskCreator {
    private let created = Mutex<[(queue: String, task: NewTask)]>([])

    var all: [(queue: String, task: NewTask)] { created.withLock { $0 } }

    func createTask(_ task: NewTask, in queue: String) async throws -> String? {
        created.withLock { all in
            if let name = task.name, all.contains(where: { $0.task.name == name && $0.queue == queue }) { return nil }
            all.append((queue, task))
            return task.name ?? "made-up-\(all.count)"
        }
    }
}

/// A folder that goes away with its owner.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "subway-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(filePath: path).appending(path: name))
    }
}
