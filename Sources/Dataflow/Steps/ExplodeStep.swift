import Columnar

/// `Explode`: a row for each element of the list fields.
///
/// As in Beam (`apache_beam/yaml/yaml_mapping.py`): with `cross_product` all combinations, so that an empty list gives no
/// rows; otherwise the lists are walked side by side and the shorter ones give nulls. A null list is an error, as
/// Python's iteration over `None` is.
struct ExplodeStep: ElementStep {
    let fields: [Int]
    let crossProduct: Bool
    let schema: Schema
    let names: [String]

    func process(_ batch: Batch, failures: inout RowFailures) -> Batch {
        // The source row of every result row, and for each field the position of its element; negative: null.
        var rows: [Int32] = []
        var elements = fields.map { _ in [Int32]() }
        let lists = fields.map { batch.columns[$0] }
        for (position, row) in batch.liveRows.enumerated() {
            if let missing = lists.firstIndex(where: { $0.isNull(Int(row)) }) {
                failures.report(position, "'\(names[missing])' is null; Explode needs a list")
                continue
            }
            let ranges = lists.map { $0.elements(of: Int(row)) }
            if crossProduct {
                appendProduct(of: ranges, row: row, rows: &rows, elements: &elements)
            } else {
                appendZip(of: ranges, row: row, rows: &rows, elements: &elements)
            }
        }
        let columns = batch.columns.indices.map { index -> Column in
            guard let field = fields.firstIndex(of: index) else { return batch.columns[index].take(rows) }
            guard case .list(let list) = batch.columns[index] else { return .null(count: rows.count) }
            return list.element.take(elements[field])
        }
        return Batch(
            schema: schema, columns: columns, count: rows.count, eventTimes: rows.map { batch.eventTimes[Int($0)] },
            windows: batch.windows.take(rows))
    }

    private func appendProduct(of ranges: [Range<Int32>], row: Int32, rows: inout [Int32], elements: inout [[Int32]]) {
        if ranges.count == 1, let range = ranges.first {
            rows.append(contentsOf: repeatElement(row, count: range.count))
            elements[0].append(contentsOf: range)
            return
        }
        let total = ranges.reduce(1) { $0 * $1.count }
        rows.append(contentsOf: repeatElement(row, count: total))
        // The last field turns fastest.
        var repeats = total
        for (field, range) in ranges.enumerated() where total > 0 {
            repeats /= range.count
            for position in 0..<total {
                elements[field].append(range.lowerBound + Int32(position / repeats % range.count))
            }
        }
    }

    private func appendZip(of ranges: [Range<Int32>], row: Int32, rows: inout [Int32], elements: inout [[Int32]]) {
        let total = ranges.map(\.count).max() ?? 0
        rows.append(contentsOf: repeatElement(row, count: total))
        for (field, range) in ranges.enumerated() {
            elements[field].append(contentsOf: range)
            elements[field].append(contentsOf: repeatElement(-1, count: total - range.count))
        }
    }
}

extension Column {
    /// Where the elements of list `row` are.
    fileprivate func elements(of row: Int) -> Range<Int32> {
        if case .list(let list) = self { list.offsets[row]..<list.offsets[row + 1] } else { 0..<0 }
    }
}
