import TestSupport
import Testing
import Time

@testable import Run

@Suite struct InstancePoolTests {
    private let start = Timestamp(seconds: 1000)

    private func pool(min: Int = 0, max: Int = 3, concurrency: Int = 2, queue: Int = 2) -> InstancePool {
        InstancePool(
            settings: ScalingSettings(
                minInstances: min, maxInstances: max, concurrency: concurrency, queueLimit: queue,
                idleTimeout: .seconds(60)))
    }

    @Test func keepsTheMinimumFromTheStart() {
        var pool = pool(min: 2)
        #expect(pool.start(at: start) == [.start(1), .start(2)])
        #expect(pool.live == 2)
    }

    @Test func growsOnlyWhenAllAreFull() {
        var pool = pool()
        #expect(pool.arrive(1, at: start) == [.start(1), .dispatch(1, to: 1)])
        #expect(pool.arrive(2, at: start) == [.dispatch(2, to: 1)])
        #expect(pool.arrive(3, at: start) == [.start(2), .dispatch(3, to: 2)])
    }

    @Test func requestsWaitInOrderAndTheLastIsTurnedAway() {
        var pool = pool(max: 1, concurrency: 1)
        _ = pool.arrive(1, at: start)
        #expect(pool.arrive(2, at: start).isEmpty)
        #expect(pool.arrive(3, at: start).isEmpty)
        #expect(pool.arrive(4, at: start) == [.turnAway(4, .queueIsFull)])
        #expect(pool.queued == 2)
        #expect(pool.finish(on: 1, at: start) == [.dispatch(2, to: 1)])
        pool.abandon(3)
        #expect(pool.finish(on: 1, at: start).isEmpty)
        #expect(pool.queued == 0)
    }

    @Test func scalesToZeroAfterIdleTime() {
        var pool = pool()
        _ = pool.arrive(1, at: start)
        _ = pool.finish(on: 1, at: start)
        #expect(pool.nextWake == start + .seconds(60))
        #expect(pool.wake(at: start + .seconds(59)).isEmpty)
        #expect(pool.wake(at: start + .seconds(60)) == [.stop(1)])
        #expect(pool.live == 0)
        #expect(pool.nextWake == nil)
    }

    @Test func aBusyInstanceDrainsBeforeItStops() {
        var pool = pool(min: 2)
        _ = pool.start(at: start)
        _ = pool.arrive(1, at: start)
        #expect(pool.setManual(0, at: start) == [.stop(2)])
        #expect(pool.live == 0)
        #expect(pool.inFlight == 1)
        #expect(pool.finish(on: 1, at: start) == [.stop(1)])
    }

    @Test func aNumberSetByHandIsKeptWhateverTheLoad() {
        var pool = pool(max: 4, concurrency: 1)
        #expect(pool.setManual(9, at: start).count == 4)
        #expect(pool.setManual(1, at: start).count == 3)
        _ = pool.arrive(1, at: start)
        #expect(pool.arrive(2, at: start).isEmpty)
        #expect(pool.nextWake == nil)
        let back = pool.setManual(nil, at: start)
        #expect(back.contains { if case .dispatch(2, _) = $0 { true } else { false } })
    }

    @Test func withNoInstancesByHandNobodyWaits() {
        var pool = pool(max: 1, concurrency: 1)
        _ = pool.arrive(1, at: start)
        #expect(pool.arrive(2, at: start).isEmpty)
        #expect(pool.setManual(0, at: start) == [.turnAway(2, .noInstances)])
        #expect(pool.draining == 1)
        #expect(pool.arrive(3, at: start) == [.turnAway(3, .noInstances)])
        #expect(pool.setManual(nil, at: start).isEmpty)
        #expect(pool.arrive(4, at: start) == [.start(2), .dispatch(4, to: 2)])
    }

    @Test func neverMoreInFlightThanAllowedAndNothingLost() {
        var random = SplitMix64(seed: 5)
        var pool = pool(max: 3, concurrency: 2, queue: 5)
        var now = start
        var running: [UInt64: Int] = [:]
        var turnedAway = 0
        var arrived: UInt64 = 0
        for _ in 0..<5000 {
            now = now + .seconds(Int64.random(in: 0...40, using: &random))
            var actions: [InstancePool.Action] = []
            switch Int.random(in: 0..<4, using: &random) {
            case 0, 1:
                arrived += 1
                actions = pool.arrive(arrived, at: now)
            case 2:
                if let (request, instance) = running.sorted(by: { $0.key < $1.key }).randomElement(using: &random) {
                    running[request] = nil
                    actions = pool.finish(on: instance, at: now)
                }
            default:
                actions = pool.setManual(
                    Bool.random(using: &random) ? nil : Int.random(in: 0...4, using: &random), at: now)
            }
            for action in actions {
                if case .dispatch(let request, let instance) = action { running[request] = instance }
                if case .turnAway = action { turnedAway += 1 }
            }
            #expect(pool.inFlight == running.count)
            #expect(running.values.reduce(into: [:]) { $0[$1, default: 0] += 1 }.values.allSatisfy { $0 <= 2 })
            #expect(pool.live <= 3 && pool.queued <= 5)
        }
        #expect(turnedAway > 0)
    }
}
