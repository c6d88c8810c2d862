import Columnar

/// Rows on their way into a `Combine`: keyed, grouped within the batch, and sorted by key group.
///
/// Made in parallel, a batch each; then each key group's owner takes its part from all of them in their order. What
/// happens to a key does not depend on who makes or takes it.
struct KeyedBatch: Sendable {
    /// Rows of one key and window.
    struct Group: Sendable {
        var key: StoredKey
        var window: Window
    }

    /// The aggregates' values, one for each row that went in.
    var values: [Column]
    /// Rows that take part, those of a key group together, in their order.
    var rows: [Int32] = []
    /// The group of each of `rows`.
    var groupOfRow: [Int32] = []
    var groups: [Group] = []
    /// Where each key group's rows are in `rows`, and its groups in `groups`: 65 positions.
    var rowOffsets: [Int32]
    var groupOffsets: [Int32]

    /// - Parameters:
    ///   - values: for each aggregate, a value a row.
    ///   - groups: in the order of their first row.
    ///   - groupOfRow: for each row its position in `groups`; negative: the row takes no part.
    init(values: [Column], groups: [Group], groupOfRow: [Int32]) {
        self.values = values
        let live = groupOfRow.indices.filter { groupOfRow[$0] >= 0 }
        var isUsed = [Bool](repeating: false, count: groups.count)
        for row in live { isUsed[Int(groupOfRow[row])] = true }
        let used = groups.indices.filter { isUsed[$0] }
        var keyGroups = [Int](repeating: 0, count: groups.count)
        for group in used { keyGroups[group] = KeyGroup.number(of: groups[group].key) }

        groupOffsets = Self.offsets(used.map { keyGroups[$0] })
        var nextGroup = groupOffsets
        var places = [Int32](repeating: 0, count: groups.count)
        var order = used
        for group in used {
            places[group] = nextGroup[keyGroups[group]]
            order[Int(places[group])] = group
            nextGroup[keyGroups[group]] += 1
        }
        self.groups = order.map { groups[$0] }

        rowOffsets = Self.offsets(live.map { keyGroups[Int(groupOfRow[$0])] })
        var nextRow = rowOffsets
        rows = [Int32](repeating: 0, count: live.count)
        self.groupOfRow = [Int32](repeating: 0, count: live.count)
        for row in live {
            let group = Int(groupOfRow[row])
            let place = Int(nextRow[keyGroups[group]])
            rows[place] = Int32(row)
            self.groupOfRow[place] = places[group]
            nextRow[keyGroups[group]] += 1
        }
    }

    /// Where each number's run starts when they are sorted.
    private static func offsets(_ numbers: [Int]) -> [Int32] {
        var offsets = [Int32](repeating: 0, count: KeyGroup.count + 1)
        for number in numbers { offsets[number + 1] += 1 }
        for index in 1...KeyGroup.count { offsets[index] += offsets[index - 1] }
        return offsets
    }
}
