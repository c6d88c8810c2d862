import GRDB
import Pipes
import Spelling
import Synchronization
import Time

extension WarehouseStore {
    /// Makes the declared datasets and tables that are missing, and brings the others up to date; loads external tables.
    ///
    /// A table may get new NULLABLE or REPEATED columns at its end, and a REQUIRED column may become NULLABLE, as in
    /// BigQuery. Any other change of a table that exists is refused. Tables that are no longer declared stay.
    ///
    /// - Throws: `WarehouseError` for the first thing that is wrong, and then nothing has changed, except that external
    ///   tables are loaded one by one after the others were made.
    public func declare(datasets: [DatasetResource], tables: [TableResource]) async throws {
        let problems =
            datasets.flatMap { dataset in
                dataset.problems.map { "dataset '\(dataset.datasetReference.datasetId)': \($0)" }
            } + tables.flatMap { table in table.problems.map { "table \(table.name): \($0)" } }
        if let first = problems.first { throw WarehouseError(.invalidDeclaration, first) }

        let known = state.withLock { $0.tables }
        let names = state.withLock { $0.datasets }.union(datasets.map(\.datasetReference.datasetId))
        for table in tables {
            try Self.check(table, against: known, datasets: names)
        }
        let entries = try await transaction { db -> [TableEntry] in
            for dataset in datasets { try Catalogue.store(dataset, db) }
            return try tables.map { table -> TableEntry in
                if var entry = known[table.name] {
                    if entry.schema != table.schema || entry.external != table.externalDataConfiguration {
                        try Catalogue.update(&entry, to: table.schema, table.externalDataConfiguration, db)
                    }
                    return entry
                }
                return try Catalogue.create(table.name, table.schema, table.externalDataConfiguration, db)
            }
        } committed: { [self] entries in
            state.withLock { state in
                state.datasets.formUnion(datasets.map(\.datasetReference.datasetId))
                state.plans = [:]
                for entry in entries {
                    // The counts in memory may be newer than the copy that the declaration was checked against.
                    state.tables[entry.name, default: entry].schema = entry.schema
                    state.tables[entry.name, default: entry].external = entry.external
                }
            }
        }
        for entry in entries where entry.external != nil { try await refresh(entry) }
    }

    /// Makes a table that a pipeline asks for.
    func create(_ table: TableResource) async throws {
        if let problem = table.problems.first {
            throw WarehouseError(.invalidDeclaration, "table \(table.name): \(problem)")
        }
        let dataset = table.tableReference.datasetId
        var datasets = state.withLock { $0.datasets }
        let isNew = !datasets.contains(dataset)
        if isNew, options.createsDatasets { datasets.insert(dataset) }
        try Self.check(table, against: state.withLock { $0.tables }, datasets: datasets)
        try await transaction { [self] db -> TableEntry in
            // Two pipelines may want the same table at the same time.
            if let other = state.withLock({ $0.tables[table.name] }) { return other }
            if isNew { try Catalogue.store(DatasetResource(datasetReference: .init(datasetId: dataset)), db) }
            return try Catalogue.create(table.name, table.schema, nil, db)
        } committed: { [self] entry in
            state.withLock { state in
                state.datasets.insert(dataset)
                state.tables[entry.name] = entry
            }
        }
    }

    private static func check(
        _ table: TableResource, against known: [TableName: TableEntry], datasets: Set<String>
    ) throws {
        let dataset = table.tableReference.datasetId
        guard datasets.contains(dataset) else {
            throw WarehouseError(
                .notFound,
                "table \(table.name): there is no dataset '\(dataset)'\(Spelling.hint(for: dataset, in: datasets))",
                remedy: "declare the dataset in the workspace")
        }
        guard let entry = known[table.name] else {
            // SQLite's names have no case, BigQuery's have.
            if let other = known.keys.first(where: {
                $0.description.lowercased() == table.name.description.lowercased()
            }) {
                throw WarehouseError(
                    .invalidDeclaration,
                    "table \(table.name): there is a table \(other), and names must differ by more than case",
                    remedy: "choose another name")
            }
            return
        }
        if (entry.external == nil) != (table.externalDataConfiguration == nil) {
            let (was, wants) =
                entry.external == nil ? ("rows of its own", "a file's") : ("a file's rows", "rows of its own")
            throw WarehouseError(
                .schemaMismatch, "table \(table.name) has \(was), and the declaration wants \(wants)",
                remedy: "declare it under another name")
        }
        let old = entry.schema.fields
        for (index, field) in old.enumerated() {
            guard index < table.schema.fields.count, table.schema.fields[index].name == field.name else {
                throw WarehouseError(
                    .schemaMismatch,
                    "table \(table.name): column \(index + 1) is '\(field.name)', and the declaration has "
                        + (index < table.schema.fields.count ? "'\(table.schema.fields[index].name)'" : "none"),
                    remedy: "new columns go to the end; a table with other columns needs another name")
            }
            let new = table.schema.fields[index]
            let isSame = new.type == field.type && (new.mode == .repeated) == (field.mode == .repeated)
            if !isSame || (new.mode == .required && field.mode == .nullable) {
                throw WarehouseError(
                    .schemaMismatch,
                    "table \(table.name): column '\(field.name)' is \(field.mode.rawValue) \(field.type.rawValue), and the "
                        + "declaration has \(new.mode.rawValue) \(new.type.rawValue)",
                    remedy: "declare the column as it is, or the table under another name")
            }
        }
        for field in table.schema.fields.dropFirst(old.count) where field.mode == .required && entry.rows > 0 {
            throw WarehouseError(
                .schemaMismatch,
                "table \(table.name): the new column '\(field.name)' is REQUIRED, and there are rows without it",
                remedy: "make it NULLABLE")
        }
    }
}
