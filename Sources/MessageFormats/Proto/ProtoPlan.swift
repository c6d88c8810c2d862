import Columnar

/// A protobuf message as a row's values are read and written by it: names resolved, messages within messages.
struct ProtoPlan: Sendable, Hashable {
    indirect enum Value: Sendable, Hashable {
        case integer(Integer)
        case double, float, bool, string, bytes
        case enumeration(name: String, symbols: [ProtoDefinition.EnumValue])
        case message(ProtoPlan)
    }

    /// Whole numbers by how they are written (protobuf encoding guide, "More Integer Types").
    enum Integer: String, Sendable {
        case int32, int64, uint32, uint64, sint32, sint64, fixed32, fixed64, sfixed32, sfixed64
    }

    struct Member: Sendable, Hashable {
        var name: String
        var number: Int
        var label: ProtoDefinition.MessageField.Label
        var value: Value
        /// Members with the same number are in one `oneof`.
        var oneof: Int?
        /// A map on the wire is repeated entries of a key and a value.
        var isMap = false
    }

    let members: [Member]
    /// Positions in `members` by the fields' numbers.
    let positions: [Int: Int]
    /// Positions of the members of each `oneof`.
    let oneofs: [[Int]]
    /// Whether repeated numbers are written packed.
    let isProto3: Bool
    private let name: String

    init(_ definition: ProtoDefinition) throws(SchemaProblem) {
        var planner = ProtoPlanner(definition: definition)
        self = try planner.plan(definition.root)
    }

    fileprivate init(_ name: String, _ members: [Member], _ oneofs: [[Int]], isProto3: Bool) {
        self.name = name
        self.members = members
        self.oneofs = oneofs
        self.isProto3 = isProto3
        positions = Dictionary(uniqueKeysWithValues: members.enumerated().map { ($1.number, $0) })
    }

    /// The fields of a row.
    var rowFields: [Field] { members.map { Field($0.name, $0.type, isNullable: $0.isNullable) } }
}

extension ProtoPlan.Member {
    /// The type of its values in a row.
    var type: DataType {
        if isMap, case .message(let entry) = value { return .map(entry.members[1].value.type) }
        return label == .repeated ? .list(value.type) : value.type
    }

    /// Whether null may stand in it.
    var isNullable: Bool {
        switch label {
        case .optional: true
        case .required, .repeated: false
        case .singular: if case .message = value { true } else { false }
        }
    }
}

extension ProtoPlan.Value {
    var type: DataType {
        switch self {
        case .integer: .int64
        case .double, .float: .float64
        case .bool: .boolean
        case .string, .enumeration: .string
        case .bytes: .bytes
        case .message(let plan): .structure(plan.rowFields)
        }
    }

    /// The wire type (protobuf encoding guide, "Message Structure").
    var wire: Int {
        switch self {
        case .integer(let kind): ProtoMessage.wire(of: kind.rawValue)
        case .double: 1
        case .float: 5
        case .bool, .enumeration: 0
        case .string, .bytes, .message: 2
        }
    }
}

private struct ProtoPlanner {
    let definition: ProtoDefinition
    /// The messages that the planner is in.
    private var open: [String] = []
    private var columns = 0

    init(definition: ProtoDefinition) { self.definition = definition }

    mutating func plan(_ name: String) throws(SchemaProblem) -> ProtoPlan {
        guard !open.contains(name) else {
            throw SchemaProblem("the message '\(name)' holds itself, which a row cannot")
        }
        guard open.count < maximumDepth else { throw SchemaProblem("messages are nested too deeply") }
        open.append(name)
        defer { open.removeLast() }
        var members: [ProtoPlan.Member] = []
        var oneofs: [(name: String, positions: [Int])] = []
        for field in definition.messages[name] ?? [] {
            columns += 1
            guard columns <= maximumColumns else {
                throw SchemaProblem("a row of the definition has more than \(maximumColumns) columns")
            }
            do {
                var member = ProtoPlan.Member(
                    name: field.name, number: field.number, label: field.label, value: try value(field.kind))
                if case .map = field.kind { member.isMap = true }
                if let oneof = field.oneof {
                    let index = oneofs.firstIndex { $0.name == oneof } ?? oneofs.count
                    if index == oneofs.count { oneofs.append((oneof, [])) }
                    oneofs[index].positions.append(members.count)
                    member.oneof = index
                }
                members.append(member)
            } catch {
                throw error.prefixed("field '\(field.name)' of '\(name)': ")
            }
        }
        return ProtoPlan(name, members, oneofs.map(\.positions), isProto3: definition.isProto3)
    }

    private mutating func value(_ kind: ProtoDefinition.Kind) throws(SchemaProblem) -> ProtoPlan.Value {
        switch kind {
        case .scalar("double"): return .double
        case .scalar("float"): return .float
        case .scalar("bool"): return .bool
        case .scalar("string"): return .string
        case .scalar("bytes"): return .bytes
        case .scalar(let name):
            guard let integer = ProtoPlan.Integer(rawValue: name) else {
                throw SchemaProblem("there is no type '\(name)'")
            }
            return .integer(integer)
        case .message(let name): return .message(try plan(name))
        case .enumeration(let name):
            return .enumeration(name: name, symbols: definition.enumerations[name] ?? [])
        case .map(let key, let value):
            guard key == "string" else { throw SchemaProblem("a map with keys of type \(key) has no place in a row") }
            let members = [
                ProtoPlan.Member(name: "key", number: 1, label: .singular, value: .string),
                ProtoPlan.Member(name: "value", number: 2, label: .singular, value: try self.value(value)),
            ]
            // Entries are written with their key and their value, whatever these are.
            return .message(ProtoPlan("entry", members, [], isProto3: false))
        }
    }
}
