public import Columnar
public import MessageFormats

/// A pipeline, compiled: steps in topological order, an edge for every input.
public struct Graph: Sendable {
    /// The pipeline's name: its identity in the warehouse and on the screen.
    public var name: String
    /// The steps; each reads only from those before it.
    public var steps: [Step]

    /// A graph; `Pipeline` checks it.
    public init(name: String, steps: [Step]) {
        self.name = name
        self.steps = steps
    }
}

/// One step of a pipeline, as its author sees it.
public struct Step: Sendable, Identifiable {
    /// The position in `Graph.steps`; inputs come from lower ones.
    public var id: Int
    /// Unique in the graph; nested transforms as `Outer/Inner`. Stable: state is stored under it.
    public var name: String
    /// The transform's Beam type, for people.
    public var transform: String
    /// What it does.
    public var operation: Operation
    /// Where its rows come from: none for a source; several are flattened.
    public var inputs: [Edge]
    /// What the main output carries; empty for a sink.
    public var schema: Schema
    /// Whether rejected rows go to the error output. Without it a rejected row goes to the pipeline's dead letters.
    public var handlesErrors: Bool

    /// A step.
    public init(
        id: Int, name: String, transform: String, operation: Operation, inputs: [Edge], schema: Schema,
        handlesErrors: Bool = false
    ) {
        self.id = id
        self.name = name
        self.transform = transform
        self.operation = operation
        self.inputs = inputs
        self.schema = schema
        self.handlesErrors = handlesErrors
    }
}

/// Where a step's input comes from.
public struct Edge: Sendable, Hashable {
    /// Which of a step's outputs.
    public enum Output: Sendable, Hashable {
        case main
        /// Rows that the step rejected: `element`, `msg`, `stack`, as Beam's `error_handling` names them.
        case errors
    }

    /// The number of the step that is read from.
    public var step: Int
    /// Which of its outputs.
    public var output: Output

    /// An edge from a step's output.
    public init(step: Int, output: Output = .main) {
        self.step = step
        self.output = output
    }
}

/// What a step does.
public enum Operation: Sendable {
    case readMessages(ReadMessages)
    case readFiles(ReadFiles)
    case readRows(ReadRows)
    case create(Batch)
    case map(MapFields)
    /// Keeps the rows for which the boolean expression is true.
    case filter(any ColumnExpression)
    case explode(Explode)
    case lookup(Lookup)
    /// Sets the event time: a timestamp, or seconds since the epoch.
    case assignTimestamps(any ColumnExpression)
    case window(WindowFunction)
    case windowingInfo([WindowingInfoField])
    case flatten
    case combine(Combine)
    /// Takes two inputs: the left one and the right one.
    case join(Join)
    case writeRows(WriteRows)
    case writeMessages(WriteMessages)
    case writeFiles(WriteFiles)
    case log(prefix: String)
    /// An element-wise operation over the rows and what Python gives for them.
    indirect case python(PythonColumns, then: Operation)
    case assertion(Assertion)
}

/// `ReadFromPubSub`.
public struct ReadMessages: Sendable {
    /// How a payload is read.
    public enum Format: Sendable {
        /// A `payload` field with the bytes, or with UTF-8 text.
        case raw, string
        case json(Schema)
        /// By an Avro or a protobuf definition.
        case binary(PayloadDecoder)
    }

    /// Full or short name; exactly one of this and `topic` is set.
    public var subscription: String?
    /// Full or short name of the topic; the subscription is then made by whoever runs the pipeline.
    public var topic: String?
    /// How payloads are read.
    public var format: Format
    /// Attributes that become string fields.
    public var attributes: [String]
    /// A field that gets all attributes, as a map of texts.
    public var attributesMap: String?
    /// A field that gets the publish time.
    public var publishTimeField: String?
    /// Attribute that identifies a message: a second one with the same value is dropped.
    public var idAttribute: String?
    /// Attribute that holds the event time: milliseconds or RFC 3339.
    public var timestampAttribute: String?

    /// What to read, and how.
    public init(
        subscription: String?, topic: String?, format: Format, attributes: [String] = [],
        attributesMap: String? = nil, publishTimeField: String? = nil,
        idAttribute: String? = nil, timestampAttribute: String? = nil
    ) {
        self.subscription = subscription
        self.topic = topic
        self.format = format
        self.attributes = attributes
        self.attributesMap = attributesMap
        self.publishTimeField = publishTimeField
        self.idAttribute = idAttribute
        self.timestampAttribute = timestampAttribute
    }
}

/// `MapToFields`: one expression for each field of the step's schema, in its order.
public struct MapFields: Sendable {
    /// One for each field.
    public var expressions: [any ColumnExpression]

    /// Expressions in the order of the step's schema.
    public init(expressions: [any ColumnExpression]) { self.expressions = expressions }
}

/// `Explode`: a row for each element of the list fields.
public struct Explode: Sendable {
    /// Positions of the list columns.
    public var fields: [Int]
    /// All combinations; otherwise the lists are walked side by side.
    public var crossProduct: Bool

    /// What to explode, and how.
    public init(fields: [Int], crossProduct: Bool) {
        self.fields = fields
        self.crossProduct = crossProduct
    }
}

/// `Enrichment`: columns of a table found by key, appended to the row.
public struct Lookup: Sendable {
    /// `dataset.table`, as in the file, with or without a project.
    public var table: String
    /// The key's fields in the row (positions) and their columns in the table.
    public var keyFields: [Int]
    /// The columns of the table that the key fields are compared with, in their order.
    public var keyColumns: [String]
    /// The columns to read; the step's schema ends with one field for each.
    public var columns: [String]
    /// What happens to a row without a match: rejected, or passed on with nulls.
    public var rejectsUnmatched: Bool

    /// What to look up.
    public init(table: String, keyFields: [Int], keyColumns: [String], columns: [String], rejectsUnmatched: Bool) {
        self.table = table
        self.keyFields = keyFields
        self.keyColumns = keyColumns
        self.columns = columns
        self.rejectsUnmatched = rejectsUnmatched
    }
}

/// How event time is cut. All sizes in microseconds.
public enum WindowFunction: Sendable, Hashable {
    case global
    case fixed(size: Int64, offset: Int64)
    case sliding(size: Int64, period: Int64, offset: Int64)
    case sessions(gap: Int64)
}

/// What `ExtractWindowingInfo` appends as a field; the field's name is in the step's schema.
public enum WindowingInfoField: String, Sendable, CaseIterable {
    case timestamp
    case windowStart = "window_start"
    case windowEnd = "window_end"
    case windowString = "window_string"
    case windowType = "window_type"
    case windowObject = "window_object"
    case paneInfo = "pane_info"
}

/// `Combine`: rows grouped by key and window, folded when the watermark passes the window's end.
///
/// The step's schema is the key fields, then one field for each aggregate.
public struct Combine: Sendable {
    /// One folded value.
    public struct Aggregate: Sendable {
        /// How values are folded, by its name in Beam YAML.
        public enum Function: String, Sendable, CaseIterable {
            case sum, max, min, all, any, mean, count, group, concat
            /// SQL's, which Beam YAML has no name for.
            case countDistinct

            /// Those that Beam YAML has a name for.
            public static var named: [Function] { allCases.filter { $0 != .countDistinct } }
        }

        /// How the values are folded.
        public var function: Function
        /// What is folded, for each row.
        public var value: any ColumnExpression
        /// Whether nulls are passed over, as in SQL; otherwise they are values, or reject the row as in Python.
        public var skipsNulls: Bool

        /// A fold of a value.
        public init(function: Function, value: any ColumnExpression, skipsNulls: Bool = false) {
            self.function = function
            self.value = value
            self.skipsNulls = skipsNulls
        }
    }

    /// What rows are grouped by; none: everything is one group.
    public var keys: [any ColumnExpression]
    /// What is folded for each group.
    public var aggregates: [Aggregate]

    /// Groups and folds.
    public init(keys: [any ColumnExpression], aggregates: [Aggregate]) {
        self.keys = keys
        self.aggregates = aggregates
    }
}

/// `WriteToBigQuery`.
public struct WriteRows: Sendable {
    /// What happens to rows that were in the table before the pipeline's first start.
    public enum WriteDisposition: String, Sendable {
        case append = "WRITE_APPEND", empty = "WRITE_EMPTY", truncate = "WRITE_TRUNCATE"
    }

    /// `dataset.table`, as in the file, with or without a project.
    public var table: String
    /// Whether the table is made when it is absent (`CREATE_IF_NEEDED`).
    public var createsTable: Bool
    /// What happens to rows that were there before.
    public var writeDisposition: WriteDisposition

    /// Where to write.
    public init(table: String, createsTable: Bool, writeDisposition: WriteDisposition) {
        self.table = table
        self.createsTable = createsTable
        self.writeDisposition = writeDisposition
    }
}

/// `WriteToPubSub`: a message for each row.
public struct WriteMessages: Sendable {
    /// How a row becomes a payload.
    public enum Format: Sendable, Hashable {
        /// The payload is the row as a JSON object, without the fields that became attributes.
        case json
        /// The payload is the row's one field that is no attribute: bytes, or text as UTF-8. A null has no payload and
        /// is rejected.
        case raw
        /// By an Avro or a protobuf definition, without the fields that became attributes.
        case binary(PayloadEncoder)
    }

    /// Full or short name.
    public var topic: String
    /// How a row becomes a payload.
    public var format: Format
    /// Fields that become the message's attributes, as text.
    public var attributes: [String]
    /// A field whose entries become attributes, as a map of texts; those of `attributes` come before them.
    public var attributesMap: String?
    /// An attribute that gets a value unique to the message.
    public var idAttribute: String?
    /// An attribute that gets the row's event time, in milliseconds since the epoch.
    public var timestampAttribute: String?

    /// Where to publish, and how.
    public init(
        topic: String, format: Format, attributes: [String] = [], attributesMap: String? = nil,
        idAttribute: String? = nil, timestampAttribute: String? = nil
    ) {
        self.topic = topic
        self.format = format
        self.attributes = attributes
        self.attributesMap = attributesMap
        self.idAttribute = idAttribute
        self.timestampAttribute = timestampAttribute
    }
}

extension Graph {
    /// The columns of the error output of a step that reads rows of `input`: the row, the reason, and where it failed,
    /// as Beam's `error_handling` names them. A reading step has the message's payload as its element.
    public static func errorSchema(for operation: Operation, input: Schema?) -> Schema {
        let element: DataType =
            switch (operation, input) {
            case (.readMessages, _), (.readFiles, _), (_, nil): .bytes
            case (_, let schema?): .structure(schema.fields)
            }
        return Schema([
            Field("element", element, isNullable: false), Field("msg", .string, isNullable: false),
            Field("stack", .string, isNullable: false),
        ])
    }
}
