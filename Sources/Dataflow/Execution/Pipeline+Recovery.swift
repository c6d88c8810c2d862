import Columnar
import Logging
import Pipes
import Synchronization
import Time

extension Pipeline {
    /// Makes the tables ready, and goes back to where the last committed epoch left off.
    func recover() async throws {
        let last = try await environment.sink.lastEpoch(of: name)
        try await prepareTables(isFirstStart: last == nil)
        epoch = last?.epoch ?? 0
        counts = [StepCounts](repeating: StepCounts(), count: plan.nodes.count)
        changedCounts = []
        uncommitted = 0
        watermarks = [:]
        shownWatermarks = [:]
        do {
            try restore(last)
            try await restoreRowReaders(last)
        } catch let error as StoredStateError {
            throw PipelineError(
                .unreadableState,
                "pipeline '\(name)': \(error). Rename the pipeline to begin anew, or use the version that wrote it")
        }
        for index in readers.indices {
            try await readers[index].source.resume(committed: readers[index].unacknowledged)
            readers[index].unacknowledged = SequenceSet()
            let backlog = await readers[index].source.backlog()
            readers[index].watermark.resume(oldestPublishTime: backlog.oldestPublishTime)
        }
        let outputs = plan.outputWatermarks(sources: sourceWatermarks(of: readers), hold: hold)
        for step in plan.combines {
            watermarks[step] = plan.nodes[step].step.inputs.map { outputs[$0.step] }.min()
        }
        environment.logger.info("pipeline '\(name)' starts after epoch \(epoch)")
    }

    private func prepareTables(isFirstStart: Bool) async throws {
        for node in plan.nodes {
            guard case .writeRows(let write) = node.work, case .writeRows(let config) = node.step.operation else {
                continue
            }
            for edge in node.step.inputs {
                let input = plan.nodes[edge.step]
                let schema = edge.output == .main ? input.step.schema : input.errorSchema
                try await environment.sink.prepare(write.table, for: schema, creating: config.createsTable)
            }
            guard isFirstStart else { continue }
            switch config.writeDisposition {
            case .append: break
            case .truncate: try await environment.sink.truncate(write.table)
            case .empty:
                guard try await environment.sink.isEmpty(write.table) == true else {
                    throw PipelineError(
                        .unavailable,
                        "step '\(node.step.name)': WRITE_EMPTY needs a table without rows, and \(write.table) has some; "
                            + "empty it, or use WRITE_APPEND or WRITE_TRUNCATE")
                }
            }
        }
    }

    private func restoreFiles(_ last: CommittedEpoch?) throws {
        fileReaders = []
        fileWriters = []
        for position in plan.fileReads {
            guard case .readFiles(let step) = plan.nodes[position].work else { continue }
            let stored = last?.positions[plan.nodes[position].step.name]
            fileReaders.append(
                try FileReader(
                    step: position, read: step.read, position: try stored.map { try FilePosition(decoding: $0) }))
        }
        for position in plan.fileWrites {
            guard case .writeFiles(let step) = plan.nodes[position].work else { continue }
            var writer = FileWriter(step: position, step)
            if let stored = last?.positions[plan.nodes[position].step.name] {
                try writer.restore(stored)
            } else {
                try writer.clear()
            }
            fileWriters.append(writer)
        }
    }

    private func restore(_ last: CommittedEpoch?) throws {
        exhaustedCreates = []
        keyGroups = [:]
        joins = [:]
        unsettled = Unsettled()
        fault = nil
        for position in plan.joins {
            guard case .join(let join) = plan.nodes[position].work else { continue }
            joins[position] = JoinTable(join, keepsChanges: environment.sink.keepsEpochs)
        }
        try restoreReaders(last)
        try restoreFiles(last)
        for position in plan.creates {
            guard let bytes = last?.positions[plan.nodes[position].step.name] else { continue }
            if try SourcePosition(decoding: bytes, basis: .publishTime).isExhausted {
                exhaustedCreates.insert(position)
            }
        }
        var tables = emptyTables()
        try restoreState(try storedState(last), &tables)
        for (step, parts) in tables { keyGroups[step] = parts.map { KeyGroup($0) } }
    }

    private func restoreReaders(_ last: CommittedEpoch?) throws {
        readers = []
        for position in plan.reads {
            guard case .read(let step) = plan.nodes[position].work else { continue }
            let basis: SourceWatermark.Basis = step.read.timestampAttribute == nil ? .publishTime : .attribute
            var stored = SourcePosition(watermark: SourceWatermark(basis: basis))
            if let bytes = last?.positions[plan.nodes[position].step.name] {
                stored = try SourcePosition(decoding: bytes, basis: basis)
            }
            readers.append(
                Reader(
                    step: position, read: step.read, source: try environment.source(step.read),
                    watermark: stored.watermark, unacknowledged: stored.committed))
        }
    }

    /// A table for each key group of each Combine.
    private func emptyTables() -> [Int: [WindowTable]] {
        var tables: [Int: [WindowTable]] = [:]
        for position in plan.combines {
            guard case .combine(let combine) = plan.nodes[position].work else { continue }
            let spill = WindowTable.Spill(
                step: plan.nodes[position].step.name, share: settings.maxStateBytes / KeyGroup.count,
                bound: settings.maxMemoryBytes / KeyGroup.count,
                rowsBetweenChecks: settings.rowsBetweenStateChecks, file: SpillFile(folder: settings.spillFolder))
            tables[position] = (0..<KeyGroup.count).map { _ in
                combine.makeTable(keepsChanges: environment.sink.keepsEpochs, spill: spill)
            }
        }
        return tables
    }

    /// The state of an epoch by what it belongs to; of each, by the position of the step.
    private struct StoredState {
        /// By key group.
        var windows: [Int: [[(name: WindowTable.StoredName, key: [UInt8], value: [UInt8])]]] = [:]
        var identifiers: [Int: [(key: [UInt8], value: [UInt8])]] = [:]
        var joined: [Int: [(key: [UInt8], value: [UInt8])]] = [:]
    }

    /// Sorts the epoch's state, and takes the counts out of it.
    private func storedState(_ last: CommittedEpoch?) throws -> StoredState {
        let steps = Dictionary(uniqueKeysWithValues: plan.nodes.map { ($0.step.name, $0.step.id) })
        var stored = StoredState()
        var unknown: Set<String> = []
        for (key, value) in last?.state ?? [:] {
            guard let step = steps[key.step], let (name, rest) = key.parts else {
                unknown.insert(key.step)
                continue
            }
            switch name {
            case .counts: counts[step] = try StepCounts(decoding: value)
            case .identifier: stored.identifiers[step, default: []].append((rest, value))
            case .joined: stored.joined[step, default: []].append((rest, value))
            case .window:
                let name = try WindowTable.StoredName(decoding: rest)
                stored.windows[step, default: Array(repeating: [], count: KeyGroup.count)][name.keyGroup]
                    .append((name, rest, value))
            }
        }
        for step in unknown.sorted() {
            environment.logger.warning(
                "pipeline '\(name)' has state of a step '\(step)' that it no longer has; it is left alone")
        }
        return stored
    }

    private func restoreState(_ stored: StoredState, _ tables: inout [Int: [WindowTable]]) throws {
        for (step, groups) in stored.windows {
            for (number, entries) in groups.enumerated() where !entries.isEmpty {
                try tables[step]?[number].restore(entries)
            }
        }
        for (step, entries) in stored.joined { try joins[step]?.restore(entries) }
        for index in readers.indices {
            guard let entries = stored.identifiers[readers[index].step], readers[index].read.idAttribute != nil else {
                continue
            }
            var seen = SeenIdentifiers()
            try seen.restore(entries)
            readers[index].seen = seen
        }
    }
}
