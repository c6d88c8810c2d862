import Columnar

extension WindowTable {
    /// How much of a step's state may be in memory, and where the rest goes.
    struct Spill: Sendable {
        /// The step's name, for people.
        var step = ""
        /// Bytes for one key group.
        var share = Int.max
        /// Bytes beyond which state that must stay in memory stops the pipeline.
        var bound = Int.max
        /// It is looked after the memory at counts that do not depend on how rows are batched.
        var rowsBetweenChecks = 1024
        var file: SpillFile?
    }

    /// Keeps what is in memory below the limit.
    mutating func keepWithinLimits() {
        let memory = memory
        guard memory > spill.share else { return }
        if mergesSessions {
            if memory > spill.bound {
                problem =
                    "step '\(spill.step)': open sessions take \(memory * KeyGroup.count) bytes, more than "
                    + "maxMemoryBytes allows (\(spill.bound * KeyGroup.count)); sessions stay in memory, because a row "
                    + "may still join two of them. Shorten the gap or raise the limit"
            }
            return
        }
        guard let file = spill.file else { return }
        do {
            // Those that end first; half of all, so that it is not done again at once.
            for end in slotsByEnd.keys.sorted() {
                try spill(end, to: file)
                if self.memory <= spill.share / 2 { break }
            }
            generation &+= 1
            compact()
        } catch {
            problem =
                "step '\(spill.step)': open windows take \(memory * KeyGroup.count) bytes, more than maxStateBytes allows "
                + "(\(spill.share * KeyGroup.count)), and cannot go to a file: \(error). Make room in spillFolder, name "
                + "another folder there, or raise the limit"
        }
    }

    /// Writes the windows that end at `end` to the file, and forgets them but for what the store has to know.
    private mutating func spill(_ end: Int64, to file: SpillFile) throws {
        guard let slots = slotsByEnd.removeValue(forKey: end) else { return }
        var writer = ByteWriter()
        for slot in slots { write(slot, into: &writer) }
        let segment: SpillFile.Segment
        do {
            segment = try file.append(writer.bytes)
        } catch {
            slotsByEnd[end] = slots
            throw error
        }
        spilled[end, default: []].append(segment)
        for slot in slots { drop(slot) }
    }

    /// An entry as it stands in the file: its name and size in the store, and its value.
    private func write(_ slot: Int32, into writer: inout ByteWriter) {
        let value = storedValue(slot)
        let entry = entries[Int(slot)]
        let name = storedKey(slot)
        // Changed, it will be stored with the next commit.
        let size = !keepsChanges ? 0 : entry.isChanged ? name.count + value.count : Int(entry.storedBytes)
        writer.write(UInt64(size))
        writer.write(name)
        writer.write(value)
    }

    /// Forgets an entry that has been written; what the store has of it stays.
    private mutating func drop(_ slot: Int32) {
        if entries[Int(slot)].isChanged {
            let (key, value) = (storedKey(slot), storedValue(slot))
            parting.append((key, value))
            storedBytes += key.count + value.count - Int(entries[Int(slot)].storedBytes)
        }
        entries[Int(slot)].storedBytes = 0
        forget(slot)
        count += 1
    }

    /// Brings back the windows that end at `end`, to be closed: first what was written first, last what is in memory.
    mutating func readBack(_ end: Int64) {
        guard let file = spill.file, let segments = spilled.removeValue(forKey: end) else { return }
        var parts: [[UInt8]] = []
        do {
            for segment in segments { parts.append(try file.read(segment)) }
            var latest = ByteWriter()
            for slot in slotsByEnd.removeValue(forKey: end) ?? [] {
                write(slot, into: &latest)
                drop(slot)
            }
            parts.append(latest.bytes)
            for part in parts {
                var reader = ByteReader(part)
                while !reader.isAtEnd { try readBack(from: &reader) }
            }
        } catch {
            problem = "step '\(spill.step)': state that was put into a file cannot be read back: \(error)"
        }
    }

    private mutating func readBack(from reader: inout ByteReader) throws(StoredStateError) {
        let size = Int(truncatingIfNeeded: try reader.unsigned())
        let storedName = try reader.data()
        let value = try reader.data()
        let name = try StoredName(decoding: storedName)
        count -= 1
        let before = count
        let slot: Int32 = name.key.bytes.withUnsafeBufferPointer { self.slot($0, name.key.word, name.window) }
        if count > before {
            try decode(value, into: slot)
        } else {
            try merge(value, into: slot)
        }
        // The window closes now: nothing of it is to stay in the store.
        if size > 0 {
            parting.append((storedName, nil))
            storedBytes -= size
        }
    }
}
