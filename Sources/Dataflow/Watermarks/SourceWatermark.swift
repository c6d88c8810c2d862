import Time

/// How far a reading step has come in event time.
///
/// **Invariant.** A watermark `W` of a step promises that the step will give no more elements with an event time before
/// `W`; an element that breaks the promise is late. Watermarks never go back. A step's input watermark is the minimum of
/// its inputs' output watermarks; its output watermark is the minimum of its input watermark and what it still holds.
/// All of it hangs on the sources, of which there are two kinds:
///
/// - Event time is the **publish time**: `W` is the publish time of the oldest unacknowledged message; without one, now.
///   This is a proof, not a guess: a message that is published later has a later publish time.
/// - Event time is an **attribute**: the publisher's word, in no particular order. `W` is an estimate: the minimum of
///   the attribute over all unacknowledged messages and over everything received in the last minute of the clock. When
///   nothing has been received for longer than that and nothing is unacknowledged, `W` goes on with the clock from its
///   last estimate: an idle source keeps its lag, so that a replay of old recordings is not declared late. A source
///   that has never had a message promises nothing (`distantPast`). `W` never passes the clock, whatever publishers say
///   of the future: one wrong attribute must not make everything after it late for good.
///
/// The value at a time does not depend on how often it was asked for in between: with nothing unacknowledged the
/// estimate only rises, so the last of a quiet stretch is its highest.
struct SourceWatermark: Sendable, Hashable {
    enum Basis: Sendable, Hashable { case publishTime, attribute }

    /// For how long a received event time keeps the estimate down.
    static let memory: Duration = .seconds(60)

    /// Receipts within this much are kept as one, which lives as long as the youngest.
    static let grain: Duration = .seconds(1)

    struct Receipt: Sendable, Hashable {
        var first: Timestamp
        var last: Timestamp
        var minimum: Timestamp
    }

    let basis: Basis
    /// The last estimate; `distantPast` before there is one.
    private(set) var value = Timestamp.distantPast
    /// By time; the last is kept for as long as no newer one comes.
    private(set) var receipts: [Receipt] = []
    /// Whether everything was acknowledged at the last look: from then on the source was quiet.
    private(set) var wasClear = false

    init(basis: Basis) { self.basis = basis }

    /// As it was stored.
    init(basis: Basis, value: Timestamp, receipts: [Receipt]) {
        self.basis = basis
        self.value = value
        self.receipts = receipts
    }

    /// Notes the smallest event time of messages that came in together.
    mutating func receive(_ minimum: Timestamp, at now: Timestamp) {
        guard basis == .attribute else { return }
        if let last = receipts.last, now < last.first + Self.grain {
            let index = receipts.count - 1
            receipts[index].last = max(last.last, now)
            receipts[index].minimum = min(last.minimum, minimum)
        } else {
            receipts.append(Receipt(first: now, last: now, minimum: minimum))
        }
    }

    /// Goes on after a restart, when the source has been told what is done.
    ///
    /// If all that is unacknowledged was published after the last receipt, the source was quiet in between, as it was for
    /// the process that has ended: what was late to that one is late now.
    mutating func resume(oldestPublishTime: Timestamp?) {
        guard let last = receipts.last else { return }
        wasClear = oldestPublishTime.map { $0 > last.last } ?? true
    }

    /// Takes a look at the source.
    ///
    /// - Parameters:
    ///   - now: read before the source was asked, so that a message published since can't be missed.
    ///   - oldestUnacknowledged: the smallest event time among the unacknowledged messages.
    ///   - oldestPublishTime: the smallest publish time among them: until then the source was quiet.
    mutating func observe(now: Timestamp, oldestUnacknowledged: Timestamp?, oldestPublishTime: Timestamp?) {
        switch basis {
        case .publishTime: raise(to: oldestUnacknowledged ?? now)
        case .attribute:
            if wasClear { raise(to: quietEstimate(at: min(now, oldestPublishTime ?? now))) }
            if let oldest = oldestUnacknowledged {
                raise(to: min(oldest, recentMinimum(at: now) ?? oldest, now))
            } else {
                raise(to: quietEstimate(at: now))
            }
            if let last = receipts.last { receipts = receipts.dropLast().filter { isRecent($0, at: now) } + [last] }
        }
        wasClear = oldestUnacknowledged == nil
    }

    /// When the watermark gets to `target` if no message comes; nil if it never does.
    func time(reaching target: Timestamp) -> Timestamp? {
        if value >= target { return .distantPast }
        switch basis {
        case .publishTime: return target
        case .attribute:
            guard let last = receipts.last else { return nil }
            if last.minimum < target { return max(target, last.last + Self.memory + (target - last.minimum)) }
            return max(target, receipts.filter { $0.minimum < target }.map { $0.last + Self.memory }.max() ?? target)
        }
    }

    /// The estimate at `time` when nothing is unacknowledged.
    private func quietEstimate(at time: Timestamp) -> Timestamp {
        guard let last = receipts.last else { return .distantPast }
        return min(time, recentMinimum(at: time) ?? last.minimum + (time - (last.last + Self.memory)))
    }

    private func recentMinimum(at time: Timestamp) -> Timestamp? {
        receipts.lazy.filter { isRecent($0, at: time) }.map(\.minimum).min()
    }

    private func isRecent(_ receipt: Receipt, at time: Timestamp) -> Bool { time < receipt.last + Self.memory }

    private mutating func raise(to estimate: Timestamp) { value = max(value, estimate) }
}
