import Foundation
import PubSub
import SwiftProtobuf

/// `google.pubsub.v1.SchemaService`.
struct SchemaMethods: Sendable {
    let broker: Broker

    private static let service = APIService(name: "google.pubsub.v1.SchemaService")

    var all: [APIMethod] { changing + reading + validating }

    private var changing: [APIMethod] {
        let service = SchemaMethods.service
        return [
            service.unary(
                "CreateSchema",
                [
                    RestBinding(
                        .post, "{projects/*}/schemas", path: { $0.parent = $1 },
                        query: ["schemaId": { $0.schemaID = $1 }]
                    ) { bytes, request in request.schema = try RestJSON.message(bytes) }
                ]
            ) { (request: PBCreateSchemaRequest) in
                var schema = request.schema
                let prefix = try FullName.prefix(ofProject: request.parent)
                schema.name = "\(prefix)schemas/\(request.schemaID)"
                guard !request.schemaID.isEmpty else {
                    throw APIError.invalidArgument("\(request.parent): a new schema needs a name. Set schema_id.")
                }
                return PBSchema(try await broker.createSchema(try PubSubSchema(schema)))
            },
            service.unary(
                "CommitSchema", [.whole(.post, "{projects/*/schemas/*}:commit") { $0.name = $1 }]
            ) { (request: PBCommitSchemaRequest) in
                try FullName.check(request.name, in: .schemas)
                var schema = request.schema
                schema.name = request.name
                return PBSchema(try await broker.commitSchema(try PubSubSchema(schema)))
            },
            service.unary(
                "RollbackSchema", [.whole(.post, "{projects/*/schemas/*}:rollback") { $0.name = $1 }]
            ) { (request: PBRollbackSchemaRequest) in
                try FullName.check(request.name, in: .schemas)
                return PBSchema(try await broker.rollbackSchema(request.name, toRevision: request.revisionID))
            },
            service.unary(
                "DeleteSchemaRevision",
                [
                    RestBinding(
                        .delete, "{projects/*/schemas/*}:deleteRevision", path: { $0.name = $1 },
                        query: ["revisionId": { $0.revisionID = $1 }])
                ]
            ) { (request: PBDeleteSchemaRevisionRequest) in
                try FullName.check(request.name, in: .schemas)
                // The revision stood in a field of its own once.
                let name = request.revisionID.isEmpty ? request.name : "\(request.name)@\(request.revisionID)"
                return PBSchema(try await broker.deleteSchemaRevision(name))
            },
            service.unary(
                "DeleteSchema", [RestBinding(.delete, "{projects/*/schemas/*}", path: { $0.name = $1 })]
            ) { (request: PBDeleteSchemaRequest) in
                try FullName.check(request.name, in: .schemas)
                try await broker.deleteSchema(request.name)
                return Google_Protobuf_Empty()
            },
        ]
    }

    private var reading: [APIMethod] {
        let service = SchemaMethods.service
        return [
            service.unary(
                "GetSchema",
                [
                    RestBinding(
                        .get, "{projects/*/schemas/*}", path: { $0.name = $1 },
                        query: ["view": { $0.view = try PBSchemaView(parameter: $1) }])
                ]
            ) { (request: PBGetSchemaRequest) in
                try FullName.check(request.name, in: .schemas)
                return PBSchema(try broker.schema(request.name), view: request.view, standard: .full)
            },
            service.unary(
                "ListSchemas",
                [
                    RestBinding(
                        .get, "{projects/*}/schemas", path: { $0.parent = $1 },
                        query: PBListSchemasRequest.pageQuery.merging([
                            "view": { $0.view = try PBSchemaView(parameter: $1) }
                        ]) { $1 })
                ], list),
            service.unary(
                "ListSchemaRevisions",
                [
                    RestBinding(
                        .get, "{projects/*/schemas/*}:listRevisions", path: { $0.name = $1 },
                        query: PBListSchemaRevisionsRequest.pageQuery.merging([
                            "view": { $0.view = try PBSchemaView(parameter: $1) }
                        ]) { $1 })
                ], listRevisions),
        ]
    }

    private var validating: [APIMethod] {
        let service = SchemaMethods.service
        return [
            service.unary(
                "ValidateSchema", [.whole(.post, "{projects/*}/schemas:validate") { $0.parent = $1 }]
            ) { (request: PBValidateSchemaRequest) in
                try broker.validateSchema(try PubSubSchema(request.schema))
                return PBValidateSchemaResponse()
            },
            service.unary(
                "ValidateMessage", [.whole(.post, "{projects/*}/schemas:validateMessage") { $0.parent = $1 }]
            ) { (request: PBValidateMessageRequest) in
                let schema =
                    switch request.schemaSpec {
                    case .name(let name): try named(name)
                    case .schema(let schema): try PubSubSchema(schema)
                    case nil: throw APIError.invalidArgument("\(request.parent): set name or schema.")
                    }
                try broker.validateMessage(
                    [UInt8](request.message), encoding: try SchemaSettings.Encoding(request.encoding, of: schema.name),
                    under: schema)
                return PBValidateMessageResponse()
            },
        ]
    }

    private func named(_ name: String) throws -> PubSubSchema {
        try FullName.check(name, in: .schemas)
        return try broker.schema(name)
    }

    private func list(_ request: PBListSchemasRequest) throws -> PBListSchemasResponse {
        let prefix = try FullName.prefix(ofProject: request.parent)
        let page = try Page(
            of: broker.schemas.filter { $0.name.hasPrefix(prefix) }, size: request.pageSize,
            token: request.pageToken, name: \.name)
        var response = PBListSchemasResponse()
        response.schemas = page.elements.map { PBSchema($0, view: request.view, standard: .basic) }
        response.nextPageToken = page.nextToken
        return response
    }

    /// The newest first: their places in that order are what pages go by.
    private func listRevisions(_ request: PBListSchemaRevisionsRequest) throws -> PBListSchemaRevisionsResponse {
        try FullName.check(request.name, in: .schemas)
        let revisions = try broker.schemaRevisions(request.name)
        let width = String(revisions.count).count
        let places = revisions.enumerated().map { index, schema in
            (place: String(repeating: "0", count: width - String(index).count) + String(index), schema: schema)
        }
        let page = try Page(of: places, size: request.pageSize, token: request.pageToken, name: \.place)
        var response = PBListSchemaRevisionsResponse()
        response.schemas = page.elements.map { PBSchema($0.schema, view: request.view, standard: .basic) }
        response.nextPageToken = page.nextToken
        return response
    }
}

extension PubSubSchema {
    init(_ wire: PBSchema) throws(APIError) {
        try Unsupported.check(wire)
        let language: Language
        switch wire.type {
        case .avro: language = .avro
        case .protocolBuffer: language = .protocolBuffer
        default:
            throw .invalidArgument("\(wire.name): a schema's type is AVRO or PROTOCOL_BUFFER.")
        }
        self.init(name: wire.name, type: language, definition: wire.definition)
    }
}

extension PBSchema {
    /// What clients are told of a revision; without a view as `standard` says, with or without its definition.
    init(_ schema: PubSubSchema, view: PBSchemaView = .full, standard: PBSchemaView = .full) {
        self.init()
        name = schema.name
        switch schema.type {
        case .avro: type = .avro
        case .protocolBuffer: type = .protocolBuffer
        }
        if (view == .unspecified ? standard : view) == .full { definition = schema.definition }
        revisionID = schema.revisionID
        revisionCreateTime = Google_Protobuf_Timestamp(schema.revisionCreateTime)
    }
}

extension PBSchemaView {
    /// Reads a query parameter: a name, or its number.
    init(parameter: String) throws {
        switch parameter {
        case "SCHEMA_VIEW_UNSPECIFIED", "0": self = .unspecified
        case "BASIC", "1": self = .basic
        case "FULL", "2": self = .full
        default: throw APIError.invalidArgument("Invalid value for view: '\(parameter)'; write BASIC or FULL.")
        }
    }
}

extension SchemaSettings.Encoding {
    init(_ wire: PBEncoding, of resource: String) throws(APIError) {
        switch wire {
        case .json: self = .json
        case .binary: self = .binary
        default: throw .invalidArgument("\(resource): the encoding of messages is JSON or BINARY.")
        }
    }
}

extension SchemaSettings {
    init(_ wire: PBSchemaSettings, of resource: String) throws {
        if wire.schema != SchemaSettings.deletedSchema { try FullName.check(wire.schema, in: .schemas) }
        self.init(
            schema: wire.schema, encoding: try Encoding(wire.encoding, of: resource),
            firstRevisionID: wire.firstRevisionID, lastRevisionID: wire.lastRevisionID)
    }
}

extension PBSchemaSettings {
    init(_ settings: SchemaSettings) {
        self.init()
        schema = settings.schema
        switch settings.encoding {
        case .json: encoding = .json
        case .binary: encoding = .binary
        }
        firstRevisionID = settings.firstRevisionID
        lastRevisionID = settings.lastRevisionID
    }
}
