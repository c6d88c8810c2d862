public import Time

/// The live feed of the demonstration: `SubwaySimulation` at the clock's time.
public struct FeedSimulator: FeedSource {
    private let simulation: SubwaySimulation
    private let clock: any WallClock

    /// A feed of `simulation` at the time that `clock` shows.
    public init(simulation: SubwaySimulation = SubwaySimulation(), clock: any WallClock) {
        self.simulation = simulation
        self.clock = clock
    }

    /// The feed now. A repeated poll gets the feed of its own time: trains do not wait.
    public func answer(toPoll key: String?) async throws -> FeedAnswer {
        .feed(try simulation.feed(at: clock.now))
    }
}
