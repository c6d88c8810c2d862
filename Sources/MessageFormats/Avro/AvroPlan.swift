import Columnar

/// An Avro type as a row's values are read and written by it: names resolved, records within records.
indirect enum AvroPlan: Sendable, Hashable {
    case null, boolean, int, long, float, double, bytes, string
    case timestamp(unit: Int64)
    case fixed(size: Int)
    case enumeration(name: String, symbols: [String])
    case list(AvroPlan)
    case map(AvroPlan)
    case record([Member])
    /// A union of null and a type; which of the two branches null is.
    case nullable(AvroPlan, nullBranch: Int64)
    /// A union of one type.
    case single(AvroPlan)

    struct Member: Sendable, Hashable {
        var name: String
        var plan: AvroPlan
    }

    /// The plan of a definition, and the fields of its rows.
    static func root(of schema: AvroSchema) throws(SchemaProblem) -> (plan: AvroPlan, schema: Schema) {
        var planner = AvroPlanner(schema: schema)
        let plan = try planner.plan(schema.root)
        guard case .structure(let fields) = plan.type else {
            throw SchemaProblem("the Avro definition is not a record")
        }
        return (plan, Schema(fields))
    }

    /// The type of its values in a row.
    var type: DataType {
        switch self {
        case .null: .null
        case .boolean: .boolean
        case .int, .long: .int64
        case .float, .double: .float64
        case .bytes, .fixed: .bytes
        case .string, .enumeration: .string
        case .timestamp: .timestamp
        case .list(let element): .list(element.type)
        case .map(let value): .map(value.type)
        case .record(let members):
            .structure(members.map { Field($0.name, $0.plan.type, isNullable: $0.plan.isNullable) })
        case .nullable(let plan, _), .single(let plan): plan.type
        }
    }

    /// Whether null may stand in it.
    var isNullable: Bool {
        switch self {
        case .null, .nullable: true
        case .single(let plan): plan.isNullable
        default: false
        }
    }
}

private struct AvroPlanner {
    let schema: AvroSchema
    /// The records that the planner is in.
    private var open: [String] = []
    private var columns = 0
    private var depth = 0

    init(schema: AvroSchema) { self.schema = schema }

    mutating func plan(_ kind: AvroSchema.Kind) throws(SchemaProblem) -> AvroPlan {
        depth += 1
        defer { depth -= 1 }
        guard depth < maximumDepth else { throw SchemaProblem("the Avro definition is nested too deeply") }
        columns += 1
        guard columns <= maximumColumns else {
            throw SchemaProblem("a row of the Avro definition has more than \(maximumColumns) columns")
        }
        switch kind {
        case .null: return .null
        case .boolean: return .boolean
        case .int: return .int
        case .long: return .long
        case .float: return .float
        case .double: return .double
        case .bytes: return .bytes
        case .string: return .string
        case .timestamp(let unit): return .timestamp(unit: unit)
        case .fixed(_, let size): return .fixed(size: size)
        case .enumeration(let name, let symbols): return .enumeration(name: name, symbols: symbols)
        case .array(let element): return .list(try plan(element))
        case .map(let value): return .map(try plan(value))
        case .union(let branches): return try union(branches)
        case .record(let name):
            guard !open.contains(name) else {
                throw SchemaProblem("the record '\(name)' holds itself, which a row cannot")
            }
            open.append(name)
            defer { open.removeLast() }
            var members: [AvroPlan.Member] = []
            for field in schema.records[name] ?? [] {
                do {
                    members.append(.init(name: field.name, plan: try plan(field.kind)))
                } catch {
                    throw error.prefixed("field '\(field.name)' of '\(name)': ")
                }
            }
            return .record(members)
        }
    }

    private mutating func union(_ branches: [AvroSchema.Kind]) throws(SchemaProblem) -> AvroPlan {
        if branches.count == 1 { return .single(try plan(branches[0])) }
        if branches.count == 2, let null = branches.firstIndex(of: .null) {
            return .nullable(try plan(branches[1 - null]), nullBranch: Int64(null))
        }
        throw SchemaProblem(
            "a union of \(branches.map(\.name).joined(separator: ", ")) has no place in a row; "
                + "a union is of null and one type")
    }
}
