import Foundation
import Testing

/// Random pipelines give what an interpreter of single rows gives, however they are run.
///
/// `PROPERTY_SEED=7 swift test --filter PropertyTests` runs one seed, and prints its pipeline;
/// `PROPERTY_CASES=1000` runs so many instead of the few that a build has time for, from `PROPERTY_FIRST` on.
@Suite("Random pipelines") struct PropertyTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let seed = environment["PROPERTY_SEED"].flatMap { Int($0) }

    /// The seeds of a run.
    static let seeds: [Int] = {
        if let seed { return [seed] }
        let first = environment["PROPERTY_FIRST"].flatMap { Int($0) } ?? 0
        if let count = environment["PROPERTY_CASES"].flatMap({ Int($0) }) { return Array(first..<first + count) }
        // The last had a global window closed before all of its rows had come.
        return Array(first..<first + 60) + [1217]
    }()

    @Test("over what ends give what a row at a time gives", arguments: seeds)
    func bounded(seed: Int) async { await check(seed, isStreaming: false) }

    @Test("over messages give what a row at a time gives", arguments: seeds)
    func streaming(seed: Int) async { await check(seed, isStreaming: true) }

    @Test("have rows to compare, and every kind of step", arguments: [false, true])
    func meaningful(isStreaming: Bool) {
        var outcomes: [String: Int] = [:]
        for seed in 0..<300 {
            let flow = FlowGenerator.flow(UInt64(seed), isStreaming: isStreaming)
            do {
                let outcome = try Interpreter.run(flow)
                let rows = outcome.tables.values.reduce(0) { $0 + $1.count }
                outcomes[rows == 0 ? "empty" : "rows", default: 0] += 1
                if outcome.rejected > 0 { outcomes["rejected", default: 0] += 1 }
                for node in flow.nodes { outcomes[node.operation.word, default: 0] += 1 }
            } catch {
                outcomes["misfit: \(error)", default: 0] += 1
            }
        }
        if Self.seed != nil { print(outcomes) }
        #expect(outcomes["rows", default: 0] > 250, "\(outcomes)")
        #expect(outcomes["rejected", default: 0] > 100, "\(outcomes)")
        let words = [
            "map", "filter", "explode", "flatten", "partition", "timestamps", "window", "info", "combine", "join",
            "strip",
        ]
        for word in words { #expect(outcomes[word, default: 0] > 10, "\(word)") }
    }

    private func check(_ seed: Int, isStreaming: Bool) async {
        let flow = FlowGenerator.flow(UInt64(seed), isStreaming: isStreaming)
        let trial = Trial(flow: flow, courses: Course.random(UInt64(seed)))
        if Self.seed != nil { print(flow.yaml) }
        guard case .wrong(_, let text) = await trial.verdict() else { return }
        let small = await trial.shrunk()
        var shown = text
        if case .wrong(_, let text) = await small.verdict() { shown = text }
        Issue.record(
            """
            PROPERTY_SEED=\(seed), \(isStreaming ? "messages" : "bounded")
            \(shown)
            \(small.flow.yaml)\(small.flow.messages)
            """)
    }
}

extension Flow {
    /// What is published, for people.
    fileprivate var messages: String {
        sources.filter(\.value.isEndless).sorted { $0.key < $1.key }.map { name, source in
            zip(source.times, source.rows).map { "\(name) \($0): \($1.map(\.json).joined(separator: ", "))\n" }.joined()
        }.joined()
    }
}

extension Flow.Operation {
    fileprivate var word: String { String("\(self)".prefix { $0 != "(" }) }
}
