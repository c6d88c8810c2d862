import GRPCCore
import GRPCNIOTransportCore
import GRPCProtobuf
import SwiftProtobuf

/// One method of a service: how it is entered with gRPC, and the REST routes that lead to it.
struct APIMethod: Sendable {
    let descriptor: MethodDescriptor
    let register: @Sendable (inout RPCRouter<FrontDoor.Transport>, Calls) -> Void
    let routes: [RestRoute]
}

/// A service by its full name, for making its methods.
struct APIService: Sendable {
    let name: String

    /// A method that takes one message and answers with one.
    func unary<Query: Message & Sendable, Answer: Message & Sendable>(
        _ method: String, _ bindings: [RestBinding<Query>],
        _ call: @escaping @Sendable (Query) async throws -> Answer
    ) -> APIMethod {
        unary(
            method, bindings, decoder: ProtobufDeserializer<Query>(), encoder: ProtobufSerializer<Answer>(),
            call: call, respond: call)
    }

    /// The same with the messages' own codecs; `respond` is the call as REST makes it. A call that `waits` ends when
    /// the client takes it back.
    func unary<Query: Message & Sendable, Wire: Sendable, Reply: Sendable, Answer: Message & Sendable>(
        _ method: String, _ bindings: [RestBinding<Query>], waits: Bool = false,
        decoder: some MessageDeserializer<Wire>,
        encoder: some MessageSerializer<Reply>, call: @escaping @Sendable (Wire) async throws -> Reply,
        respond: @escaping @Sendable (Query) async throws -> Answer
    ) -> APIMethod {
        let descriptor = MethodDescriptor(fullyQualifiedService: name, method: method, type: .unary)
        return APIMethod(
            descriptor: descriptor,
            register: { router, calls in
                router.registerHandler(forMethod: descriptor, deserializer: decoder, serializer: encoder) {
                    request, context in
                    do {
                        let output = calls[request.metadata]
                        let request = try await ServerRequest(stream: request)
                        let reply = try await CallOutput.$current.withValue(output) {
                            waits
                                ? try await whileWanted(context) { try await call(request.message) }
                                : try await call(request.message)
                        }
                        return StreamingServerResponse(single: ServerResponse(message: reply))
                    } catch {
                        throw APIError(error)
                    }
                }
            },
            routes: bindings.map { binding in
                RestRoute(verb: binding.verb, template: binding.template) { request in
                    try await respond(binding.message(request)).restBody(request)
                }
            })
    }
}

/// Runs `body`, and cancels it when the client takes the call back or its time is up.
func whileWanted<Result: Sendable>(
    _ context: ServerContext, _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    let task = Task { try await body() }
    return try await withTaskCancellationHandler {
        try await withRPCCancellationHandler {
            try await task.value
        } onCancelRPC: {
            task.cancel()
        }
    } onCancel: {
        task.cancel()
    }
}
