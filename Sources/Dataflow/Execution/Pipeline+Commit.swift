import Columnar
import Logging
import Pipes
import Synchronization
import Telemetry
import Time

extension Pipeline {
    /// Publishes, commits, acknowledges: in this order, each until it succeeds.
    func commit(_ epoch: inout Epoch) async throws {
        try await publish(&epoch)
        for index in readers.indices {
            if let sequences = epoch.sequences[readers[index].step] {
                readers[index].unacknowledged.formUnion(sequences)
            }
        }
        try synchronizeFiles()
        let commit = EpochCommit(
            pipeline: name, epoch: self.epoch + 1, positions: positions(), state: takeStateChanges(), rows: epoch.rows)
        var isRetry = false
        try await persevere {
            // An attempt that failed may have gone through all the same.
            if isRetry, let last = try await environment.sink.lastEpoch(of: name), last.epoch >= commit.epoch { return }
            isRetry = true
            try await environment.sink.commit(commit)
        }
        self.epoch = commit.epoch
        let now = environment.clock.now
        epochDuration.record(now - epoch.began)
        for (time, count) in epoch.publishTimes { freshness.record(now - time, count: count) }
        uncommitted -= epoch.messageCount
        try await acknowledge()
    }

    /// Before the commit that says how long the files are. What goes wrong with files ends the pipeline: the epoch is
    /// done again by the next start.
    private func synchronizeFiles() throws {
        guard environment.sink.keepsEpochs else { return }
        for index in fileWriters.indices { try fileWriters[index].synchronize() }
    }

    /// At the end of the input the files get their names.
    func finishFiles() async throws {
        guard fileWriters.contains(where: { !$0.isFinished }) else { return }
        for index in fileWriters.indices { try fileWriters[index].finish(isDurable: environment.sink.keepsEpochs) }
        var epoch = Epoch(began: environment.clock.now)
        try await commit(&epoch)
    }

    /// What is acknowledged need not be in the next epoch's position.
    private func acknowledge() async throws {
        for index in readers.indices where !readers[index].unacknowledged.isEmpty {
            let (source, sequences) = (readers[index].source, readers[index].unacknowledged)
            try await persevere { try await source.acknowledge(sequences) }
            readers[index].unacknowledged = SequenceSet()
        }
    }

    private func publish(_ epoch: inout Epoch) async throws {
        if let publisher = environment.publisher {
            // In runs of one topic, each once.
            while let first = epoch.messages.first {
                let run = epoch.messages.prefix { $0.topic == first.topic }.map(\.message)
                _ = try await persevere { try await publisher.publish(run, to: first.topic) }
                epoch.messages.removeFirst(run.count)
            }
            if let topic = environment.deadLetterTopic, !epoch.deadLetters.isEmpty {
                let letters = epoch.deadLetters
                _ = try await persevere { try await publisher.publish(letters, to: topic) }
                epoch.deadLetters = []
                return
            }
        }
        if let last = epoch.deadLetters.last {
            environment.logger.warning(
                """
                pipeline '\(name)' has no dead-letter topic: rejected elements are dropped, \(epoch.deadLetters.count) now, \
                the last by step '\(last.attributes["streamtop-step"] ?? "")': \(last.attributes["streamtop-error"] ?? "")
                """)
            epoch.deadLetters = []
        }
    }

    private func positions() -> [String: [UInt8]] {
        var positions: [String: [UInt8]] = [:]
        for reader in readers {
            var position = SourcePosition(watermark: reader.watermark)
            position.committed = reader.unacknowledged
            positions[plan.nodes[reader.step].step.name] = position.encoded()
        }
        for reader in fileReaders {
            positions[plan.nodes[reader.step].step.name] = reader.position.encoded()
        }
        for reader in rowReaders { positions[plan.nodes[reader.step].step.name] = reader.encoded() }
        for writer in fileWriters { positions[plan.nodes[writer.step].step.name] = writer.encoded() }
        for create in plan.creates {
            var position = SourcePosition(watermark: SourceWatermark(basis: .publishTime))
            position.isExhausted = exhaustedCreates.contains(create)
            positions[plan.nodes[create].step.name] = position.encoded()
        }
        return positions
    }

    private func takeStateChanges() -> [StateKey: [UInt8]?] {
        var state: [StateKey: [UInt8]?] = [:]
        // Where nothing is kept, nothing is encoded.
        guard environment.sink.keepsEpochs else { return state }
        for (step, groups) in keyGroups {
            let name = plan.nodes[step].step.name
            for group in groups {
                let changes = group.table.withLock { $0.takeChanges() }
                state.reserveCapacity(state.count + changes.count)
                for (key, value) in changes {
                    state[StateName.window.key(name, key)] = .some(value)
                }
            }
        }
        for step in joins.keys {
            let name = plan.nodes[step].step.name
            for (key, value) in joins[step]?.takeChanges() ?? [] {
                state[StateName.joined.key(name, key)] = .some(value)
            }
        }
        for index in readers.indices where readers[index].seen != nil {
            let name = plan.nodes[readers[index].step].step.name
            for (key, value) in readers[index].seen?.takeChanges() ?? [:] {
                state[StateName.identifier.key(name, key)] = .some(value)
            }
        }
        for step in changedCounts {
            state[StateName.counts.key(plan.nodes[step].step.name)] = .some(counts[step].encoded())
        }
        changedCounts = []
        return state
    }
}
