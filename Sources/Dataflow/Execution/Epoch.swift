import Columnar
import Pipes
import Time

/// What has come together since the last commit.
struct Epoch: Sendable {
    /// When its first element came.
    let began: Timestamp
    var rows: [TableRows] = []
    var messages: [(topic: String, message: OutgoingMessage)] = []
    var deadLetters: [OutgoingMessage] = []
    /// The messages that it covers, by reading step.
    var sequences: [Int: SequenceSet] = [:]
    /// When they were published, in runs.
    private(set) var publishTimes: [(time: Timestamp, count: Int)] = []
    private(set) var messageCount = 0
    private(set) var bytes = 0
    /// Whether state has changed beside what messages did: a window has closed, a source has ended.
    var hasStateChanges = false

    init(began: Timestamp) { self.began = began }

    /// Whether there is anything to commit.
    var isEmpty: Bool {
        messageCount == 0 && !hasStateChanges && rows.isEmpty && messages.isEmpty && deadLetters.isEmpty
    }

    /// Whether it holds as many rows for the sink as it should.
    func isFull(rows limit: Int) -> Bool {
        rows.reduce(messages.count) { $0 + $1.batch.liveCount } >= limit
    }

    /// Takes in a piece of a file.
    mutating func cover(fileBytes: Int) {
        bytes += fileBytes
        hasStateChanges = true
    }

    /// Takes in messages that `step` has pulled.
    mutating func cover(_ pulled: [IncomingMessage], step: Int) {
        // In runs; by index, which copies no message.
        var covered = sequences[step] ?? SequenceSet()
        var run: Range<UInt64> = 0..<0
        for index in pulled.indices {
            let sequence = pulled[index].sequence
            if sequence == run.upperBound, !run.isEmpty {
                run = run.lowerBound..<sequence + 1
            } else {
                covered.insert(run)
                run = sequence..<sequence + 1
            }
            bytes += pulled[index].data.count
            let publishTime = pulled[index].publishTime
            if let last = publishTimes.last, last.time == publishTime {
                publishTimes[publishTimes.count - 1].count += 1
            } else {
                publishTimes.append((publishTime, 1))
            }
        }
        covered.insert(run)
        sequences[step] = covered
        messageCount += pulled.count
    }
}
