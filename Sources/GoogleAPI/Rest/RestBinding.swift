import Foundation
import SwiftProtobuf

/// How an HTTP request becomes the request message of a method (`google.api.http`, "Transcoding").
struct RestBinding<Query: Message & Sendable>: Sendable {
    typealias Setter = @Sendable (inout Query, String) throws -> Void
    typealias Body = @Sendable ([UInt8], inout Query) throws -> Void

    let verb: RestVerb
    let template: PathTemplate
    /// What the path's variable sets.
    let path: Setter
    /// What query parameters set, by their JSON names.
    let query: [String: Setter]
    /// What the body sets; nil: it must be empty.
    let body: Body?

    init(
        _ verb: RestVerb, _ template: PathTemplate, path: @escaping Setter, query: [String: Setter] = [:],
        body: Body? = nil
    ) {
        self.verb = verb
        self.template = template
        self.path = path
        self.query = query
        self.body = body
    }

    /// A body that is the whole message; path and parameters overwrite it.
    static func whole(_ verb: RestVerb, _ template: PathTemplate, path: @escaping Setter) -> RestBinding {
        RestBinding(verb, template, path: path, query: [:]) { bytes, query in
            query = try RestJSON.message(bytes)
        }
    }

    /// The message of a request; throws INVALID_ARGUMENT with what cannot be read.
    func message(_ request: RestRequest) throws -> Query {
        var message = Query()
        if let body {
            try body(request.body, &message)
        } else if !request.body.allSatisfy({
            $0 <= UInt8(ascii: " ") || $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "}")
        }) {
            throw APIError.invalidArgument("\(verb.rawValue) \(request.path): this method takes no body.")
        }
        for (name, value) in request.query {
            if name.hasPrefix("$") || RestRequest.systemParameters.contains(name) { continue }
            guard let set = query[name] ?? query[RestJSON.camelCase(name)] else {
                throw APIError.invalidArgument(
                    "Invalid query parameter: '\(name)' is no field of the request (\(verb.rawValue) \(request.path)).")
            }
            try set(&message, value)
        }
        try path(&message, request.variable)
        return message
    }
}

/// What is done to a resource.
enum RestVerb: String, Sendable, Hashable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
}

/// The JSON of messages.
enum RestJSON {
    /// A message from a body; an empty body is an empty message.
    static func message<M: Message>(_ bytes: [UInt8], of type: M.Type = M.self) throws -> M {
        if bytes.isEmpty { return M() }
        do {
            do {
                return try M(jsonUTF8Bytes: bytes)
            } catch JSONDecodingError.malformedFieldMask {
                return try M(jsonUTF8Bytes: camelCasedMask(bytes))
            }
        } catch let error as JSONDecodingError {
            throw APIError.invalidArgument("Invalid JSON payload received. \(describe(error))")
        }
    }

    /// The same with an update mask in camel case: Google's services take `ack_deadline_seconds`, too, which the
    /// canonical JSON of field masks does not have.
    private static func camelCasedMask(_ bytes: [UInt8]) throws -> [UInt8] {
        guard var object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] else {
            throw JSONDecodingError.malformedFieldMask
        }
        for name in ["updateMask", "update_mask"] {
            if let mask = object[name] as? String { object[name] = camelCase(mask) }
        }
        return try Array(JSONSerialization.data(withJSONObject: object))
    }

    private static func describe(_ error: JSONDecodingError) -> String {
        switch error {
        case .unknownField(let name): "Unknown name \"\(name)\": Cannot find field."
        case .unrecognizedEnumValue: "A value is none of its enumeration."
        case .truncated: "Unexpected end of input."
        default: "It is no JSON of the request message (\(error))."
        }
    }

    /// `page_size` as `pageSize`.
    static func camelCase(_ name: String) -> String {
        var result = ""
        var raises = false
        for letter in name {
            if letter == "_" {
                raises = true
            } else {
                result += raises ? letter.uppercased() : String(letter)
                raises = false
            }
        }
        return result
    }
}

extension Message {
    /// As the body of an answer.
    func restBody(_ request: RestRequest) throws -> [UInt8] {
        var options = JSONEncodingOptions()
        options.alwaysPrintEnumsAsInts = request.wantsEnumNumbers
        return try jsonUTF8Bytes(options: options)
    }
}
