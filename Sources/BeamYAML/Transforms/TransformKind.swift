import Columnar
import Dataflow

/// A transform that pipelines may use: its parameters, and how it is compiled.
struct TransformKind: Sendable {
    enum Inputs: Sendable {
        case none, one, many
        /// Each by its name.
        case named
        /// One, or several by their names.
        case tables
    }

    var parameters: [String]
    var inputs: Inputs
    var hasOutput = true
    /// Reads the parameters and makes a step of them; nil when something is wrong, and said.
    var compile: @Sendable (TransformContext) -> CompiledTransform?

    /// Whether Beam has `error_handling` for it.
    var handlesErrors: Bool { parameters.contains("error_handling") }

    /// Every transform, by its type.
    static let known: [String: TransformKind] = [
        "AssertEqual": .init(
            parameters: ["elements"], inputs: .one, hasOutput: false, compile: AssertEqualTransform.compile),
        "AssignTimestamps": .init(
            parameters: ["timestamp", "language", "error_handling"], inputs: .one,
            compile: AssignTimestampsTransform.compile),
        "Combine": .init(
            parameters: ["group_by", "combine", "language"], inputs: .one, compile: CombineTransform.compile),
        "Create": .init(parameters: ["elements", "reshuffle"], inputs: .none, compile: CreateTransform.compile),
        "Enrichment": .init(
            parameters: ["enrichment_handler", "handler_config", "timeout"], inputs: .one,
            compile: EnrichmentTransform.compile),
        "Explode": .init(
            parameters: ["fields", "cross_product", "error_handling"], inputs: .one, compile: ExplodeTransform.compile),
        "ExtractWindowingInfo": .init(parameters: ["fields"], inputs: .one, compile: WindowingInfoTransform.compile),
        "Filter": .init(
            parameters: ["keep", "language", "error_handling"], inputs: .one, compile: FilterTransform.compile),
        "Flatten": .init(parameters: [], inputs: .many, compile: FlattenTransform.compile),
        "Join": .init(
            parameters: ["type", "equalities", "fields"], inputs: .named, compile: JoinTransform.compile),
        "LogForTesting": .init(
            parameters: ["level", "prefix", "error_handling"], inputs: .one, compile: LogTransform.compile),
        "MapToFields": .init(
            parameters: ["fields", "append", "drop", "language", "error_handling"], inputs: .one,
            compile: MapToFieldsTransform.compile),
        "Partition": .init(
            parameters: ["by", "outputs", "unknown_output", "language", "error_handling"], inputs: .one,
            compile: PartitionTransform.compile),
        "ReadFromBigQuery": .init(
            parameters: ["table", "query", "row_restriction", "fields", "schema"], inputs: .none,
            compile: ReadFromBigQueryTransform.compile),
        "ReadFromCsv": .init(
            parameters: ["path", "delimiter", "comment", "filename_column"], inputs: .none,
            compile: ReadFilesTransform.csv),
        "ReadFromJson": .init(parameters: ["path"], inputs: .none, compile: ReadFilesTransform.json),
        "ReadFromPubSub": .init(
            parameters: [
                "topic", "subscription", "format", "schema", "attributes", "attributes_map", "id_attribute",
                "timestamp_attribute", "publish_time_field", "error_handling",
            ], inputs: .none, compile: ReadFromPubSubTransform.compile),
        "ReadFromText": .init(parameters: ["path"], inputs: .none, compile: ReadFilesTransform.text),
        "Reshuffle": .init(
            parameters: ["num_buckets"], inputs: .one, compile: ReshuffleTransform.compile),
        "StripErrorMetadata": .init(
            parameters: [], inputs: .one, compile: StripErrorMetadataTransform.compile),
        "ValidateWithSchema": .init(
            parameters: ["schema", "error_handling"], inputs: .one, compile: ValidateWithSchemaTransform.compile),
        "Sql": .init(parameters: ["query"], inputs: .tables, compile: SqlTransform.compile),
        "WindowInto": .init(parameters: ["windowing"], inputs: .one, compile: WindowIntoTransform.compile),
        "WriteToBigQuery": .init(
            parameters: ["table", "create_disposition", "write_disposition", "error_handling", "num_streams"],
            inputs: .one,
            hasOutput: false, compile: WriteToBigQueryTransform.compile),
        "WriteToCsv": .init(
            parameters: ["path", "delimiter"], inputs: .one, hasOutput: false, compile: WriteFilesTransform.csv),
        "WriteToJson": .init(
            parameters: ["path"], inputs: .one, hasOutput: false, compile: WriteFilesTransform.json),
        "WriteToPubSub": .init(
            parameters: [
                "topic", "format", "schema", "attributes", "attributes_map", "id_attribute", "timestamp_attribute",
                "error_handling",
            ], inputs: .one, hasOutput: false, compile: WriteToPubSubTransform.compile),
        "WriteToText": .init(
            parameters: ["path"], inputs: .one, hasOutput: false, compile: WriteFilesTransform.text),
    ]

    /// Transforms of Beam YAML 2.77 that are not here: of its own providers, `standard_providers.yaml` and
    /// `standard_io.yaml`.
    private static let elsewhere: Set<String> = [
        "AnomalyDetection", "DicomSearch", "IcebergAddFiles", "MLTransform", "MatchAll", "PyTransform",
        "ReadFromAvro", "ReadFromBigTable", "ReadFromDebezium", "ReadFromDelta", "ReadFromDeltaCDC",
        "ReadFromFirestore", "ReadFromIbmMQ", "ReadFromIceberg", "ReadFromIcebergCDC", "ReadFromJdbc", "ReadFromJms",
        "ReadFromKafka", "ReadFromKinesis", "ReadFromMongoDB", "ReadFromMySql", "ReadFromOracle", "ReadFromParquet",
        "ReadFromPostgres", "ReadFromPubSubLite", "ReadFromSnowflake", "ReadFromSpanner", "ReadFromSpannerCDC",
        "ReadFromSqlServer", "ReadFromTFRecord", "RunInference", "WriteToAvro", "WriteToBigTable",
        "WriteToDatadog", "WriteToFirestore", "WriteToIbmMQ", "WriteToIceberg", "WriteToJdbc", "WriteToJms",
        "WriteToKafka", "WriteToKinesis", "WriteToMongoDB", "WriteToMySql", "WriteToOracle", "WriteToParquet",
        "WriteToPostgres", "WriteToPubSubLite", "WriteToSnowflake", "WriteToSpanner", "WriteToSqlServer",
        "WriteToTFRecord",
    ]

    /// What to do instead of what is not here.
    private static let remedies: [String: String] = [
        "PyTransform":
            "it needs Beam itself; write the function as the 'callable' of MapToFields or Filter, in 'language: python'",
        "ReadFromAvro": "convert the files with DuckDB, and read them with ReadFromJson",
        "ReadFromParquet": "convert the files with DuckDB, and read them with ReadFromJson",
        "WriteToAvro": "use WriteToJson, and convert the files with DuckDB",
        "WriteToParquet": "use WriteToJson, and convert the files with DuckDB",
    ]

    /// Complains about a type that is not known.
    static func refuse(_ spec: TransformSpec, _ findings: Findings) {
        let names = known.keys.sorted()
        if elsewhere.contains(spec.type) {
            findings.error(
                "Apache Beam's transform '\(spec.type)' is not supported", at: spec.place,
                suggestion: remedies[spec.type] ?? "transforms are \(names.joined(separator: ", "))")
            return
        }
        let all = names + ["chain", "composite"]
        let near = Findings.suggestion(for: spec.type, among: all)
        findings.error(
            "'\(spec.type)' is not a transform", at: spec.place,
            suggestion: near ?? "transforms are \(names.joined(separator: ", "))")
    }
}

/// What a transform makes of its inputs.
struct CompiledTransform {
    var operation: Operation
    /// What is known of its output, or for a sink of its input.
    var rows: Rows
    /// Joins of the first inputs, one after the other, before the operation takes what comes of them and the last.
    var links: [JoinLink] = []
    /// Steps between the input and the operation, which reads the last of them.
    var before: [InnerStep] = []
    /// The input that the operation reads where there is nothing before it; nil: all of them.
    var reads: Int?
    /// The outputs by name, where there is no main one.
    var branches: [Branch] = []
}

/// Everything that a transform needs to be compiled.
struct TransformContext {
    let spec: TransformSpec
    /// The step's name.
    let name: String
    let config: MapReader
    /// Nil for an input that is not known because of an error before it.
    let inputs: [Rows?]
    /// What the file calls them; `input` where it gives no names.
    var inputNames: [String] = []
    let environment: CompileEnvironment
    let options: PipelineOptions
    let source: SourceText
    let findings: Findings
    /// What of the transform runs in CPython.
    let python = PythonCode()

    /// The rows of the one input.
    var input: Rows? { inputs.first ?? nil }

    /// Warns that Beam knows no fields of the input, which the transform needs there.
    func warnIfSchemaIsLost(_ what: String, of rows: Rows? = nil, at place: Place? = nil) {
        guard let enrichment = (rows ?? input)?.schemaLostBy else { return }
        findings.warning(
            "Apache Beam knows no fields after Enrichment ('\(enrichment)'), so \(what) there", at: place ?? spec.place,
            suggestion: "make the fields with MapToFields and callables first: 'lambda row: …'")
    }

    /// The position of a field, or a complaint.
    func index(ofField name: String, at place: Place) -> Int? {
        guard let schema = input?.schema else { return nil }
        if let index = schema.index(of: name) { return index }
        findings.unknown("unknown field '\(name)'", name, among: schema.names, called: "fields", at: place)
        return nil
    }
}
