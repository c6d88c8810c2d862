public import Pipes

/// A dataset, with the field names of BigQuery's REST resource.
public struct DatasetResource: Sendable, Hashable, Codable {
    /// `datasetReference`: the dataset's name.
    public struct Reference: Sendable, Hashable, Codable {
        /// Any; the warehouse has one project.
        public var projectId: String?
        /// Letters, digits and underscores.
        public var datasetId: String

        /// Makes a reference.
        public init(projectId: String? = nil, datasetId: String) {
            self.projectId = projectId
            self.datasetId = datasetId
        }
    }

    /// The dataset's name.
    public var datasetReference: Reference
    /// Kept, not used: everything is here.
    public var location: String?
    /// For people and tools; no meaning here.
    public var labels: [String: String]
    /// For people.
    public var description: String?

    /// Declares a dataset.
    public init(
        datasetReference: Reference, location: String? = nil, labels: [String: String] = [:], description: String? = nil
    ) {
        self.datasetReference = datasetReference
        self.location = location
        self.labels = labels
        self.description = description
    }

    /// Reads a resource; everything but `datasetReference` may be absent.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        datasetReference = try container.decode(Reference.self, forKey: .datasetReference)
        location = try container.decodeIfPresent(String.self, forKey: .location)
        labels = try container.decodeIfPresent([String: String].self, forKey: .labels) ?? [:]
        description = try container.decodeIfPresent(String.self, forKey: .description)
    }
}

/// A table, with the field names of BigQuery's REST resource.
public struct TableResource: Sendable, Hashable, Codable {
    /// `tableReference`: the table's name.
    public struct Reference: Sendable, Hashable, Codable {
        /// Any; the warehouse has one project.
        public var projectId: String?
        /// The dataset, which must be declared.
        public var datasetId: String
        /// Letters, digits, underscores, dashes and blanks.
        public var tableId: String

        /// Makes a reference.
        public init(projectId: String? = nil, datasetId: String, tableId: String) {
            self.projectId = projectId
            self.datasetId = datasetId
            self.tableId = tableId
        }
    }

    /// The table's name.
    public var tableReference: Reference
    /// The columns.
    public var schema: TableSchema
    /// Where the rows come from, when they come from a file.
    public var externalDataConfiguration: ExternalDataConfiguration?
    /// For people and tools; no meaning here.
    public var labels: [String: String]
    /// For people.
    public var description: String?

    /// Declares a table.
    public init(
        tableReference: Reference, schema: TableSchema, externalDataConfiguration: ExternalDataConfiguration? = nil,
        labels: [String: String] = [:], description: String? = nil
    ) {
        self.tableReference = tableReference
        self.schema = schema
        self.externalDataConfiguration = externalDataConfiguration
        self.labels = labels
        self.description = description
    }

    /// Reads a resource; `tableReference` and `schema` must be there.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        tableReference = try container.decode(Reference.self, forKey: .tableReference)
        schema = try container.decode(TableSchema.self, forKey: .schema)
        externalDataConfiguration = try container.decodeIfPresent(
            ExternalDataConfiguration.self, forKey: .externalDataConfiguration)
        labels = try container.decodeIfPresent([String: String].self, forKey: .labels) ?? [:]
        description = try container.decodeIfPresent(String.self, forKey: .description)
    }

    /// `dataset.table`.
    public var name: TableName { TableName(dataset: tableReference.datasetId, table: tableReference.tableId) }
}

/// The columns of a table.
public struct TableSchema: Sendable, Hashable, Codable {
    /// In order.
    public var fields: [TableField]

    /// Makes a schema.
    public init(fields: [TableField]) { self.fields = fields }

    /// The position of a column; names are compared without case, as BigQuery does.
    func index(of name: String) -> Int? {
        fields.firstIndex { $0.name == name } ?? fields.firstIndex { $0.name.lowercased() == name.lowercased() }
    }
}

/// One column.
public struct TableField: Sendable, Hashable, Codable {
    /// The column's name; names differ by more than case.
    public var name: String
    /// What its values are.
    public var type: ColumnType
    /// NULLABLE unless told otherwise.
    public var mode: ColumnMode
    /// For people.
    public var description: String?
    /// The columns of a RECORD; empty otherwise.
    public var fields: [TableField]

    /// Declares a column.
    public init(
        name: String, type: ColumnType, mode: ColumnMode = .nullable, description: String? = nil,
        fields: [TableField] = []
    ) {
        self.name = name
        self.type = type
        self.mode = mode
        self.description = description
        self.fields = fields
    }

    /// Reads a column; `mode`, `description` and `fields` may be absent.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        type = try container.decode(ColumnType.self, forKey: .type)
        mode = try container.decodeIfPresent(ColumnMode.self, forKey: .mode) ?? .nullable
        description = try container.decodeIfPresent(String.self, forKey: .description)
        fields = try container.decodeIfPresent([TableField].self, forKey: .fields) ?? []
    }
}

/// A table whose rows are those of a file: loaded when the table is declared, and again whenever the file changes.
public struct ExternalDataConfiguration: Sendable, Hashable, Codable {
    /// `csvOptions`.
    public struct CSVOptions: Sendable, Hashable, Codable {
        /// Lines of heading.
        public var skipLeadingRows: Int
        /// One ASCII character.
        public var fieldDelimiter: String

        /// Makes options.
        public init(skipLeadingRows: Int = 0, fieldDelimiter: String = ",") {
            self.skipLeadingRows = skipLeadingRows
            self.fieldDelimiter = fieldDelimiter
        }

        /// Reads options; either may be absent.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            skipLeadingRows = try container.decodeIfPresent(Int.self, forKey: .skipLeadingRows) ?? 0
            fieldDelimiter = try container.decodeIfPresent(String.self, forKey: .fieldDelimiter) ?? ","
        }
    }

    /// `CSV`.
    public var sourceFormat: String
    /// One or more files; a relative path is relative to the workspace.
    public var sourceUris: [String]
    /// How the files are read.
    public var csvOptions: CSVOptions

    /// Makes a configuration.
    public init(sourceFormat: String = "CSV", sourceUris: [String], csvOptions: CSVOptions = CSVOptions()) {
        self.sourceFormat = sourceFormat
        self.sourceUris = sourceUris
        self.csvOptions = csvOptions
    }

    /// Reads a configuration; `csvOptions` may be absent.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        sourceFormat = try container.decode(String.self, forKey: .sourceFormat)
        sourceUris = try container.decode([String].self, forKey: .sourceUris)
        csvOptions = try container.decodeIfPresent(CSVOptions.self, forKey: .csvOptions) ?? CSVOptions()
    }
}
