/// BigQuery's views of the catalogue, as far as the warehouse has what they show.
enum InformationSchema: String, CaseIterable {
    case tables = "TABLES"
    case columns = "COLUMNS"
    case schemata = "SCHEMATA"

    /// The view as a query in parentheses; of one dataset, or of all when it is empty.
    func sql(dataset: String) -> String {
        let filter = dataset.isEmpty ? "" : " WHERE dataset = \(dataset.literalSQL)"
        return switch self {
        case .tables:
            "(SELECT dataset AS table_schema, name AS table_name, "
                + "CASE WHEN external IS NULL THEN 'BASE TABLE' ELSE 'EXTERNAL' END AS table_type, "
                + "rows AS row_count, bytes AS size_bytes FROM _tables\(filter))"
        case .columns:
            "(SELECT dataset AS table_schema, _tables.name AS table_name, fields.value ->> 'name' AS column_name, "
                + "fields.key + 1 AS ordinal_position, "
                + "CASE fields.value ->> 'mode' WHEN 'REQUIRED' THEN 'NO' ELSE 'YES' END AS is_nullable, "
                + "CASE fields.value ->> 'mode' WHEN 'REPEATED' THEN 'ARRAY<' || (fields.value ->> 'type') || '>' "
                + "ELSE fields.value ->> 'type' END AS data_type "
                + "FROM _tables, json_each(_tables.fields) AS fields\(filter))"
        case .schemata:
            "(SELECT name AS schema_name FROM _datasets\(dataset.isEmpty ? "" : " WHERE name = \(dataset.literalSQL)"))"
        }
    }
}
