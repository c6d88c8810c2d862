/// Joins that are wrong.
enum BadJoins {
    private static func join(_ config: String, input: String = "{a: A, b: B}", more: String = "") -> String {
        """
        pipeline:
          transforms:
            - {type: Create, name: A, config: {elements: [{id: 1, name: x}]}}
            - {type: Create, name: B, config: {elements: [{key: 1, label: y}]}}
            - {type: Create, name: C, config: {elements: [{key: 1, label: y}]}}
            - {type: Join, input: \(input), config: \(config)\(more)}
            - {type: LogForTesting, input: Join}
        """
    }

    static let all: [BadPipeline] = [
        BadPipeline(
            "Join of one input", join("{equalities: id}", input: "A"),
            ["p.yaml:6:14: Join needs inputs with names; write 'input: {left: A, right: B}'"]),
        BadPipeline(
            "Join with one name", join("{equalities: id}", input: "{a: A}"),
            ["p.yaml:6:14: Join needs two inputs or more, with names; write 'input: {left: A, right: B}'"]),
        BadPipeline(
            "Join without equalities", join("{}"), ["p.yaml:6:14: Join needs 'equalities'"]),
        BadPipeline(
            "Join of unknown inputs and fields", join("{equalities: [{a: id, c: key}, {a: nme, b: key}]}"),
            [
                "p.yaml:6:71: Join has no input 'c'; inputs are a, b",
                "p.yaml:6:84: 'a' has no field 'nme'; did you mean 'name'? fields are id, name",
            ]),
        BadPipeline(
            "Join on one field", join("{equalities: [{a: id}]}"),
            [
                "p.yaml:6:63: an equality names a field of two inputs or more; write 'equalities: [{a: field, b: field}]'"
            ]),
        BadPipeline(
            "Join of types that differ", join("{equalities: [{a: id, b: label}]}"),
            ["p.yaml:6:74: 'a.id' is integer, but 'b.label' is string; make them one type with MapToFields"]),
        BadPipeline(
            "Join that leaves an input out",
            join("{equalities: [{a: id, c: key}, {b: key, c: key}]}", input: "{a: A, b: B, c: C}"),
            [
                "p.yaml:6:68: no equality joins 'b' with the inputs before it (a); inputs are joined in their order: add an equality, or change the order"
            ]),
        BadPipeline(
            "Join of another type", join("{type: full, equalities: [{a: id, b: key}]}"),
            ["p.yaml:6:56: 'type' is one of inner, left, outer, right, not 'full'"]),
        BadPipeline(
            "Join with an unknown outer input", join("{type: {outer: [d]}, equalities: [{a: id, b: key}]}"),
            ["p.yaml:6:65: Join has no input 'd'; inputs are a, b"]),
        BadPipeline(
            "Join with a field twice", join("{equalities: [{a: id, b: key}], fields: {a: [id], b: {id: key}}}"),
            ["p.yaml:6:107: the output has a field 'id' already; give it another name: '{other: key}'"]),
        BadPipeline(
            "Join of endless inputs without windows",
            """
            pipeline:
              transforms:
                - {type: ReadFromPubSub, name: A, config: {subscription: projects/p/subscriptions/orders, format: RAW}}
                - {type: ReadFromPubSub, name: B, config: {subscription: projects/p/subscriptions/orders, format: RAW}}
                - {type: Create, name: C, config: {elements: [{payload: x}]}}
                - {type: MapToFields, name: S, input: A, config: {language: python, fields: {payload: "payload.decode()"}}}
                - {type: Join, name: J, input: {a: A, b: B}, config: {equalities: payload, fields: {a: [payload], b: []}}}
                - {type: Join, name: K, input: {s: S, c: C}, config: {type: right, equalities: payload, fields: {c: []}}}
                - {type: LogForTesting, name: L, input: J}
                - {type: LogForTesting, name: M, input: K}
            """,
            [
                "p.yaml:7:14: 'a' and 'b' never end, so they have to be joined in windows; write 'windowing: {type: fixed, size: 60s}' on the Join",
                "p.yaml:8:65: whether a row of 'c' finds a partner is never known, because 's' never ends; write 'type: inner' or 'type: left', or join in windows",
            ]),
    ]
}
