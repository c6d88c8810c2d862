/// What was measured: numbers by name.
struct Figures {
    private var lines: [(name: String, value: Double)] = []

    mutating func add(_ name: String, _ value: Double) { lines.append((name, value)) }

    mutating func add(_ name: String, _ value: Int) { add(name, Double(value)) }

    mutating func add(_ name: String, _ value: Duration) { add(name, value.seconds) }

    /// The median and the 99th percentile of `times`, in seconds.
    mutating func add(_ name: String, percentilesOf times: [Duration]) {
        let sorted = times.sorted()
        guard let last = sorted.last else { return }
        add("\(name)_p50", sorted[sorted.count / 2])
        add("\(name)_p99", sorted[min(sorted.count * 99 / 100, sorted.count - 1)])
        add("\(name)_max", last)
    }

    func write() {
        for (name, value) in lines { print("\(name)\t\(value)") }
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

/// How long `body` takes.
func elapsed(_ body: () async throws -> Void) async rethrows -> Duration {
    let clock = ContinuousClock()
    let start = clock.now
    try await body()
    return clock.now - start
}

/// How long `body` takes, by the median of `count` times.
func median(of count: Int, _ body: () async throws -> Void) async rethrows -> Duration {
    var times: [Duration] = []
    for _ in 0..<count { times.append(try await elapsed(body)) }
    times.sort()
    return times[count / 2]
}
