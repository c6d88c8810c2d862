import Columnar
import Time

/// `ExtractWindowingInfo`: an element's time, window and pane as fields.
struct WindowingInfoStep: ElementStep {
    let fields: [WindowingInfoField]
    let schema: Schema
    /// Whether the rows come out of a `Combine`: they are a window's only pane, and on time.
    let isCombined: Bool

    func process(_ batch: Batch, failures: inout RowFailures) -> Batch {
        let batch = batch.compacted()
        let added = zip(fields, schema.fields.suffix(fields.count)).map { column($0, $1.type, batch) }
        return batch.replacingColumns(batch.columns + added, schema: schema)
    }

    private func column(_ field: WindowingInfoField, _ type: DataType, _ batch: Batch) -> Column {
        switch field {
        case .timestamp:
            return .timestamp(FixedColumn(values: batch.eventTimes.map(beamTime)))
        case .windowStart: return windowBounds(batch, \.start)
        case .windowEnd: return windowBounds(batch, \.end)
        case .windowString: return strings(batch) { $0.description }
        case .windowType: return strings(batch) { $0 == .global ? "GlobalWindow" : "IntervalWindow" }
        case .windowObject:
            guard case .structure(let bounds) = type, bounds.count == 2 else {
                return strings(batch) { $0.description }
            }
            return .structure(
                StructColumn(
                    fields: bounds, children: [windowBounds(batch, \.start), windowBounds(batch, \.end)],
                    count: batch.count))
        case .paneInfo:
            return .repeating(
                .structure([
                    // Beam's Python runner never says of a pane on time that it is the last.
                    .boolean(true), .boolean(!isCombined), .string(isCombined ? "ON_TIME" : "UNKNOWN"), .int64(0),
                    .int64(0),
                ]), type, count: batch.count)
        }
    }

    private func windowBounds(_ batch: Batch, _ bound: KeyPath<Window, Int64>) -> Column {
        .timestamp(FixedColumn(values: (0..<batch.count).map { batch.windows[$0][keyPath: bound] }))
    }

    private func strings(_ batch: Batch, _ text: (Window) -> String) -> Column {
        .string(BytesColumn((0..<batch.count).map { Array(text(batch.windows[$0]).utf8) }))
    }

    /// An element without a time (`Create`) has Beam's smallest one.
    private func beamTime(_ micros: Int64) -> Int64 {
        micros <= Timestamp.distantPast.micros ? Window.global.start : micros
    }
}

extension Window: CustomStringConvertible {
    /// As Beam's Python SDK writes windows: `[1.5, 20.0)` in seconds, or `GlobalWindow`.
    var description: String {
        self == .global
            ? "GlobalWindow" : "[\(Timestamp(micros: start).seconds), \(Timestamp(micros: end).seconds))"
    }
}
