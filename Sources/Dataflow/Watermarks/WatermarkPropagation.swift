import Time

extension Plan {
    /// The output watermark of every step: the minimum of its input watermark and what it still holds.
    ///
    /// - Parameters:
    ///   - sources: the watermarks of the steps without input.
    ///   - hold: the earliest event time that a step may still give of what it keeps; nil when it keeps nothing.
    func outputWatermarks(sources: [Int: Timestamp], hold: (Int) -> Timestamp?) -> [Timestamp] {
        var outputs: [Timestamp] = []
        for node in nodes {
            let input = inputWatermark(of: node, outputs: outputs, sources: sources)
            outputs.append(hold(node.step.id).map { min(input, $0) } ?? input)
        }
        return outputs
    }

    /// The watermarks of sources that will give no more.
    var endOfTime: [Int: Timestamp] {
        Dictionary(uniqueKeysWithValues: (reads + fileReads + rowReads + creates).map { ($0, .distantFuture) })
    }

    /// A step's input watermark, given the output watermarks of the steps before it.
    func inputWatermark(of node: Node, outputs: [Timestamp], sources: [Int: Timestamp]) -> Timestamp {
        node.step.inputs.map { outputs[$0.step] }.min() ?? sources[node.step.id] ?? .distantPast
    }

    /// The reading steps and `Combine` steps that a step's input watermark depends on.
    func upstream(of step: Int) -> (reads: [Int], combines: [Int]) {
        var isUpstream = [Bool](repeating: false, count: nodes.count)
        isUpstream[step] = true
        for position in stride(from: step, through: 0, by: -1) where isUpstream[position] {
            for edge in nodes[position].step.inputs { isUpstream[edge.step] = true }
        }
        return (reads.filter { isUpstream[$0] }, combines.filter { isUpstream[$0] && $0 != step })
    }

    /// When a quiet pipeline has to look up from its rest: the next time that its watermarks close a window.
    ///
    /// - Parameters:
    ///   - earliestEnds: the earliest end of an open window, by `Combine` step that has one.
    ///   - sources: the reading steps' watermarks.
    ///   - now: the present; the answer is after it.
    /// - Returns: nil when no window can close without a message.
    func nextClosing(
        earliestEnds: [Int: Int64], sources: [Int: SourceWatermark], now: Timestamp
    ) -> Timestamp? {
        var next: Timestamp?
        for (step, end) in earliestEnds {
            let upstream = upstream(of: step)
            // A window further up that holds this one back closes first, and then we look again.
            if upstream.combines.contains(where: { earliestEnds[$0].map { $0 - 1 < end } ?? false }) { continue }
            // The global window's end never comes.
            if end > Timestamp.distantFuture.micros { continue }
            var due = Timestamp.distantPast
            for read in upstream.reads {
                guard let source = sources[read],
                    let time = source.wasClear
                        // Held by messages that cannot be pulled now: nobody will tell when they are done.
                        ? source.time(reaching: Timestamp(micros: end)) : now + Self.heldSourceInterval
                else {
                    due = .distantFuture
                    break
                }
                due = max(due, time)
            }
            if due < .distantFuture { next = min(next ?? due, due) }
        }
        return next.map { max($0, now + .milliseconds(1)) }
    }

    /// How often a source is looked at that holds messages back from us.
    static let heldSourceInterval: Duration = .seconds(1)
}
