public import Columnar

/// A Python function over rows, as whoever runs it needs it.
public struct PythonFunction: Sendable, Hashable, Codable {
    /// How Beam YAML writes code.
    public enum Form: String, Sendable, Hashable, Codable {
        /// `expression:`: the fields of the row are variables.
        case expression
        /// `callable:`: a lambda, a definition with what it imports, or the dotted name of a function.
        case callable
        /// `path:` and `name:`: the whole file; `name` says which function of it.
        case file
    }

    /// How the source is to be read.
    public var form: Form
    /// The whole source.
    public var source: String
    /// The function's name, for `file`.
    public var name: String?
    /// Where the source stands, for tracebacks: `pipelines/subway.yaml:14`.
    public var origin: String
    /// The fields of the row that the function needs: an expression's variables in the order of its parameters, or the
    /// attributes that a callable reads; nil: the whole row.
    public var fields: [String]?
    /// Fields of the row that are no attributes of it where they are null: what Enrichment did not find.
    public var absentFields: [String] = []

    /// A function from its source.
    public init(form: Form, source: String, name: String? = nil, origin: String, fields: [String]? = nil) {
        self.form = form
        self.source = source
        self.name = name
        self.origin = origin
        self.fields = fields
    }
}

/// What a Python function's values become.
public struct PythonResult: Sendable, Hashable {
    /// The values' type; a value of another type rejects the row.
    public var type: DataType
    /// Whether `None` is a value; otherwise it rejects the row.
    public var isNullable: Bool
    /// Whether the value itself is not wanted, only whether it counts as true: `type` is boolean then.
    public var isPredicate: Bool

    /// Values of `type`.
    public init(_ type: DataType, isNullable: Bool = true, isPredicate: Bool = false) {
        self.type = type
        self.isNullable = isNullable
        self.isPredicate = isPredicate
    }

    /// Whether the value counts as true.
    public static let truth = PythonResult(.boolean, isNullable: false, isPredicate: true)
}

/// A function with what its values become.
public struct PythonCall: Sendable, Hashable {
    /// What is called for each row.
    public var function: PythonFunction
    /// What its values become.
    public var result: PythonResult

    /// A call for each row.
    public init(_ function: PythonFunction, _ result: PythonResult) {
        self.function = function
        self.result = result
    }
}

/// What Python made of the rows of a batch.
public struct PythonValues: Sendable {
    /// A column for each call, a value for each row; null where the row failed.
    public var columns: [Column]
    /// The rows on which a call raised an exception, with its traceback.
    public var failures: RowFailures

    /// Columns and the rows that failed.
    public init(columns: [Column], failures: RowFailures) {
        self.columns = columns
        self.failures = failures
    }
}

/// Runs Python functions over batches: CPython, in processes of its own.
public protocol PythonRunner: Sendable {
    /// Imports what the functions import, so that what is missing is found before the first row. Throws in words for the
    /// author.
    func load(_ calls: [PythonCall]) async throws

    /// Calls each function once for each row of `rows`. Throws when no row is at fault: there is no Python, or a function
    /// cannot be loaded.
    func evaluate(_ calls: [PythonCall], over rows: StructColumn) async throws -> PythonValues
}

/// What a look at the source of a Python function tells.
public struct PythonSignature: Sendable, Hashable {
    /// The type of the values, where the source says it: an annotation, or an expression that can only give one.
    public var type: DataType?
    /// Whether the values may be `None`; true unless the source says otherwise.
    public var isNullable: Bool
    /// The fields that the function reads; nil: it may read any.
    public var fields: [String]?

    /// What is known of a function.
    public init(type: DataType?, isNullable: Bool = true, fields: [String]?) {
        self.type = type
        self.isNullable = isNullable
        self.fields = fields
    }
}

/// What is wrong with the source of a Python function, and where.
public struct PythonSourceError: Error, Sendable, Hashable {
    /// What is wrong.
    public var message: String
    /// Where in the source, in Unicode scalars from its start; nil: nowhere in it.
    public var offset: Int?
    /// What to do about it.
    public var suggestion: String?
    /// A name that is not known, and those that could stand in its place.
    public var unknownName: String?

    /// A complaint about a source.
    public init(_ message: String, offset: Int? = nil, suggestion: String? = nil, unknownName: String? = nil) {
        self.message = message
        self.offset = offset
        self.suggestion = suggestion
        self.unknownName = unknownName
    }
}

/// Reads Python functions before they run.
public protocol PythonChecker: Sendable {
    /// Compiles the source without running any of it. Throws what is wrong with it, or that there is no Python.
    func check(_ function: PythonFunction, over schema: Schema) throws(PythonSourceError) -> PythonSignature
}
