import Columnar
import Pipes
import Time

extension WritePlan {
    /// The live rows that the table would refuse, by their positions among the live rows.
    ///
    /// - Parameter limit: stop after that many.
    func rejections(in batch: Batch, limit: Int = .max) -> RowFailures {
        var failures = RowFailures()
        for item in items {
            let column = batch.columns[item.source]
            if item.field.mode == .required, let validity = column.validity, !validity.isAllSet {
                batch.forEachLive { position, row in
                    guard failures.reasons.count < limit, !validity[row] else { return }
                    failures.report(
                        position, "\(table): column '\(item.field.name)' is REQUIRED, but the value is null")
                }
            }
            switch (column, item.conversion) {
            case (.string(let texts), .textToTimestamp):
                batch.forEachLive { position, row in
                    guard failures.reasons.count < limit, !column.isNull(row) else { return }
                    let text = String(decoding: texts[row], as: UTF8.self)
                    guard TimestampText.parse(text) == nil else { return }
                    failures.report(
                        position, "\(table): column '\(item.field.name)' is TIMESTAMP, and '\(text)' is none")
                }
            case (.timestamp(let times), .asIs):
                let range = TimestampText.range.lowerBound.micros...TimestampText.range.upperBound.micros
                if times.values.allSatisfy({ range.contains($0) }) { break }
                batch.forEachLive { position, row in
                    guard failures.reasons.count < limit, !column.isNull(row), !range.contains(times.values[row])
                    else { return }
                    failures.report(
                        position,
                        "\(table): column '\(item.field.name)' is TIMESTAMP, and \(times.values[row]) µs is outside the years 1 to 9999"
                    )
                }
            case (.float64(let numbers), .asIs) where item.field.mode == .required:
                batch.forEachLive { position, row in
                    guard failures.reasons.count < limit, !column.isNull(row), numbers.values[row].isNaN else { return }
                    failures.report(
                        position,
                        "\(table): column '\(item.field.name)' is REQUIRED, and not-a-number is stored as null")
                }
            default: break
            }
        }
        return failures
    }
}

extension Batch {
    /// Calls `body` with each live row's position among the live rows and its row in the columns.
    func forEachLive(_ body: (_ position: Int, _ row: Int) throws -> Void) rethrows {
        if let selection {
            for (position, row) in selection.enumerated() { try body(position, Int(row)) }
        } else {
            for row in 0..<count { try body(row, row) }
        }
    }
}
