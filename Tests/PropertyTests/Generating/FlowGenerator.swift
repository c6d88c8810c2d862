import TestSupport

/// Makes random pipelines that are right: every expression fits the fields that it meets.
struct FlowGenerator {
    /// An output that may be read, and what is known of it.
    struct Place {
        var port: Flow.Port
        var columns: [Column]
        var windowing = Flow.Windowing.global
        /// Whether rows have a time of their own.
        var isTimed: Bool
        /// Whether rows come out of windows: then their times may not be changed where late rows could come of it.
        var isCombined = false
        /// Whether a row stands in one window only, so that its copies were told apart.
        var isSingle = true
        /// Whether sessions have become one.
        var isMerged = false
        /// Whether rows never end.
        var isEndless = false
    }

    var random: SplitMix64
    let isStreaming: Bool
    let hasJoins: Bool
    var nodes: [Flow.Node] = []
    var sources: [String: Flow.Source] = [:]
    var places: [Place] = []
    var read: Set<Flow.Port> = []
    var fieldNumber = 0

    private init(_ random: SplitMix64, isStreaming: Bool, hasJoins: Bool) {
        self.random = random
        self.isStreaming = isStreaming
        self.hasJoins = hasJoins
    }

    /// The pipeline of a seed.
    static func flow(_ seed: UInt64, isStreaming: Bool, hasJoins: Bool = true) -> Flow {
        var generator = FlowGenerator(SplitMix64(seed: seed), isStreaming: isStreaming, hasJoins: hasJoins)
        generator.addSource("Source")
        if generator.random.once(in: 2) { generator.addSource("Second", ends: generator.random.once(in: 3)) }
        let steps = generator.random.once(in: 8) ? 8...14 : 1...7
        for _ in 0..<generator.random.number(steps) { generator.addStep() }
        return Flow(nodes: generator.nodes, sources: generator.sources)
    }
}
