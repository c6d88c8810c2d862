import GRPCCore
import Pipes
import PubSub
import Time

extension StreamingPull {
    /// Hands out messages for as long as the stream lives: the next ones when the client has read those before.
    func deliver(
        _ stream: OpenStream, _ reader: SubscriptionReader, _ writer: RPCWriter<Delivery>, _ output: CallOutput?
    ) async throws {
        while true {
            _ = try await stream.waitForRoom(clock)
            try await reader.waitForMessages()
            try await output?.waitForRoom(StreamingPullSession.answer.bytes)
            let messages = try pull(for: stream, reader)
            guard !messages.isEmpty else {
                output?.release()
                continue
            }
            let answer = Delivery(
                messages: messages, countsAttempts: reader.declaration.deadLetterPolicy != nil,
                rest: properties(of: reader))
            do {
                try await write(answer, to: writer, of: reader.declaration.name)
                try await output?.waitUntilWritten()
            } catch {
                // Nobody has these: they need not wait for the end of their leases.
                reader.takeBack(messages.map(\.ackID))
                throw error
            }
        }
    }

    /// What there is room for now; meanwhile both may have changed.
    private func pull(for stream: OpenStream, _ reader: SubscriptionReader) throws -> [ReceivedMessage] {
        let (room, ackDeadline) = stream.withSession { ($0.room(at: clock.now), $0.ackDeadline) }
        guard room != .none else { return [] }
        let deadline = clock.now + ackDeadline
        // Under exactly-once delivery a client confirms every answer: it must be told of each id that has become
        // stale meanwhile, with the process that leased it, say.
        let limit = reader.declaration.enableExactlyOnceDelivery ? APIError.maximumFailures : .max
        let messages = try reader.pull(
            limit: min(room.messages, limit), byteLimit: room.bytes, ackDeadline: ackDeadline)
        stream.withSession { session in
            for received in messages {
                session.send(received.message.sequence, bytes: received.message.data.count, until: deadline)
            }
        }
        return messages
    }

    /// Returns when the call has taken the answer; throws when it does not for too long.
    private func write(_ answer: Delivery, to writer: RPCWriter<Delivery>, of subscription: String) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await writer.write(answer) }
            group.addTask {
                try await lifetimes.sleep(for: writeTime)
                throw APIError(
                    .resourceExhausted,
                    "\(subscription): the client has read nothing of this stream for \(writeTime). Its messages are "
                        + "handed out anew; open another stream, and read it.")
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}
