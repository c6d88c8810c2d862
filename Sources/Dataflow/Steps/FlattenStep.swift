import Columnar

/// `Flatten`: passes batches on; fields that stand in another order are put in the schema's.
struct FlattenStep: ElementStep {
    let schema: Schema

    func process(_ batch: Batch, failures: inout RowFailures) -> Batch {
        if batch.schema.names == schema.names { return batch }
        var result = batch
        result.columns = schema.fields.map { field in
            batch[field.name] ?? .nulls(field.type, count: batch.count)
        }
        result.schema = schema
        return result
    }
}
