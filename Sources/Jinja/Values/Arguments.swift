import Spelling

/// What a function is called with.
struct Arguments {
    var positional: [Value] = []
    var keyword: [(name: String, value: Value)] = []

    /// The values of a function's parameters, in their order; nil for those that are not given.
    ///
    /// - Parameters:
    ///   - function: its name, for people.
    ///   - names: the parameters.
    ///   - required: how many of them must be given.
    func bound(_ function: String, _ names: [String], required: Int = 0) throws -> Parameters {
        guard positional.count <= names.count else {
            throw Failure(
                .runtime,
                "\(function) takes at most \(names.count) argument\(names.count == 1 ? "" : "s"), not \(positional.count)"
            )
        }
        var values: [Value?] = positional + Array(repeating: nil, count: names.count - positional.count)
        for (name, value) in keyword {
            guard let index = names.firstIndex(of: name) else {
                throw Failure(
                    .runtime, "\(function) has no parameter '\(name)'",
                    suggestion: Spelling.nearest(to: name, in: names).map { "did you mean '\($0)'?" })
            }
            guard values[index] == nil else {
                throw Failure(.runtime, "\(function) got two values for '\(name)'")
            }
            values[index] = value
        }
        for index in 0..<required where values[index] == nil {
            throw Failure(.runtime, "\(function) needs '\(names[index])'")
        }
        return Parameters(function: function, names: names, values: values)
    }

    /// Fails when there are any.
    func none(_ function: String) throws { _ = try bound(function, []) }
}

/// A function's parameters with their values.
struct Parameters {
    let function: String
    let names: [String]
    private let values: [Value?]

    init(function: String, names: [String], values: [Value?]) {
        self.function = function
        self.names = names
        self.values = values
    }

    subscript(index: Int) -> Value? { values[index] }

    /// A parameter that is required.
    func value(_ index: Int) throws -> Value {
        guard let value = values[index] else { throw Failure(.runtime, "\(function) needs '\(names[index])'") }
        return value
    }

    func flag(_ index: Int, default value: Bool = false) throws -> Bool { try values[index]?.isTrue() ?? value }

    func integer(_ index: Int, default value: Int) throws -> Int { try optionalInteger(index) ?? value }

    func optionalInteger(_ index: Int) throws -> Int? {
        switch values[index] {
        case nil, .some(.none): nil
        case .integer(let number)?: number
        case .boolean(let flag)?: flag ? 1 : 0
        case .undefined(let undefined)?: throw undefined.failure
        case let other?: throw wrongType(index, "a whole number", other)
        }
    }

    func text(_ index: Int, default value: String) throws -> String { try optionalText(index) ?? value }

    func optionalText(_ index: Int) throws -> String? {
        switch values[index] {
        case nil, .some(.none): nil
        case .string(let text)?: text
        case .undefined(let undefined)?: throw undefined.failure
        case let other?: throw wrongType(index, "text", other)
        }
    }

    func text(_ index: Int) throws -> String {
        guard let text = try optionalText(index) else { throw wrongType(index, "text", .none) }
        return text
    }

    private func wrongType(_ index: Int, _ expected: String, _ value: Value) -> Failure {
        Failure(.runtime, "'\(names[index])' of \(function) is \(expected), not \(value.typeName)")
    }
}
