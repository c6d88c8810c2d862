import NIOCore
import Synchronization

/// The connections that are open.
final class Connections: Sendable {
    private struct State {
        var table: ConnectionTable
        var open: [Int: Connection] = [:]
        var numbers: [ObjectIdentifier: Int] = [:]
        var last = 0
    }

    private let state: Mutex<State>
    private let unreadBytes: Int

    init(limits: ServerLimits) {
        state = Mutex(State(table: ConnectionTable(limit: limits.connections)))
        unreadBytes = limits.unreadBytesPerConnection
    }

    /// Gives a new connection a place, for which another may have to go; nil when there is none.
    func take(for channel: any Channel) -> Connection? {
        let (connection, evicted) = state.withLock { state -> (Connection?, Connection?) in
            state.last += 1
            let admission = state.table.admit(state.last)
            guard admission != .refused else { return (nil, nil) }
            let connection = Connection(state.last, channel, self, unreadBytes: unreadBytes)
            state.open[state.last] = connection
            state.numbers[ObjectIdentifier(channel)] = state.last
            guard case .evicting(let victim) = admission else { return (connection, nil) }
            return (connection, state.open[victim])
        }
        evicted?.close()
        guard let connection else { return nil }
        channel.closeFuture.whenComplete { _ in
            self.state.withLock { state in
                state.table.remove(connection.number)
                state.open[connection.number] = nil
                state.numbers[ObjectIdentifier(channel)] = nil
            }
            connection.unread.close()
        }
        return connection
    }

    /// The connection that a gRPC call came by.
    func connection(of call: any Channel) -> Connection? {
        guard let parent = call.parent else { return nil }
        return state.withLock { state in state.numbers[ObjectIdentifier(parent)].flatMap { state.open[$0] } }
    }

    fileprivate func begin(_ number: Int) { state.withLock { $0.table.begin(number) } }

    fileprivate func end(_ number: Int) { state.withLock { $0.table.end(number) } }
}

/// One connection that has a place.
final class Connection: Sendable {
    fileprivate let number: Int
    fileprivate let channel: any Channel
    private let connections: Connections
    /// Of all its calls.
    let unread: UnreadAnswers

    fileprivate init(_ number: Int, _ channel: any Channel, _ connections: Connections, unreadBytes: Int) {
        self.number = number
        self.channel = channel
        self.connections = connections
        unread = UnreadAnswers(limit: unreadBytes)
    }

    /// A request is there: until it ends, the connection keeps its place.
    func begin() { connections.begin(number) }

    /// A request has ended.
    func end() { connections.end(number) }

    /// Its socket takes nothing at present.
    var isClogged: Bool { !channel.isWritable }

    func close() { channel.close(promise: nil) }
}
