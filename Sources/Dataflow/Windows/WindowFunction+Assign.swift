import Columnar
import Time

extension WindowFunction {
    /// The windows of an element at `time`, by Beam's formulas (`apache_beam/transforms/window.py`): the latest first;
    /// none where sliding windows leave gaps. A session starts as `[time, time + gap)` and is merged later.
    func windows(at time: Int64) -> [Window] {
        switch self {
        case .global: return [.global]
        case .fixed(let size, let offset):
            let start = latestStart(at: time, period: size, offset: offset)
            return [Window(start: start, end: start &+ size)]
        case .sliding(let size, let period, let offset):
            let latest = latestStart(at: time, period: period, offset: offset)
            return stride(from: latest, to: time &- size, by: -Int(period)).map { Window(start: $0, end: $0 &+ size) }
        case .sessions(let gap): return [Window(start: time, end: time &+ gap)]
        }
    }

    /// The same rows, each in the windows of its event time; a row in several windows stands once in each.
    func assign(to batch: Batch) -> Batch {
        var result = batch
        switch self {
        case .global:
            result.windows = .global
            return result
        case .fixed(let size, let offset):
            let starts = batch.eventTimes.map { latestStart(at: $0, period: size, offset: offset) }
            result.windows = .intervals(starts: starts, ends: starts.map { $0 &+ size })
            return result
        case .sessions(let gap):
            result.windows = .intervals(starts: batch.eventTimes, ends: batch.eventTimes.map { $0 &+ gap })
            return result
        case .sliding:
            var rows: [Int32] = []
            var starts: [Int64] = []
            var ends: [Int64] = []
            for row in batch.liveRows {
                for window in windows(at: batch.eventTimes[Int(row)]) {
                    rows.append(row)
                    starts.append(window.start)
                    ends.append(window.end)
                }
            }
            result = batch.taking(rows)
            result.windows = .intervals(starts: starts, ends: ends)
            return result
        }
    }

    /// Of rows that stand once in each of their windows, one each: what a step works on that gives elements new windows.
    func firstCopies(of batch: Batch) -> Batch {
        guard case .sliding = self, case .intervals(let starts, _) = batch.windows else { return batch }
        var result = batch
        result.selection = batch.liveRows.filter { row in
            windows(at: batch.eventTimes[Int(row)]).first.map { $0.start == starts[Int(row)] } ?? true
        }
        return result
    }

    private func latestStart(at time: Int64, period: Int64, offset: Int64) -> Int64 {
        time &- (time &- offset).dividedFloored(by: period).remainder
    }
}

extension Batch {
    /// The positions of the live rows, ascending.
    var liveRows: [Int32] { selection ?? Array(0..<Int32(count)) }
}
