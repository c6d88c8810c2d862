import Time

/// A service as it is declared, with the field names of Cloud Run's v2 REST resource as far as they apply.
public struct ServiceResource: Sendable, Hashable, Codable {
    /// Short, or `projects/…/locations/…/services/NAME`.
    public var name: String
    /// The application: the name under which the program knows it. Not of Google's resource: there it is an image.
    public var handler: String
    /// How its instances are made.
    public var template: Template?

    /// How instances are made.
    public struct Template: Sendable, Hashable, Codable {
        /// How many instances there may be.
        public var scaling: Scaling?
        /// Requests that one instance takes at once, 1 to 1000; default 80.
        public var maxInstanceRequestConcurrency: Int?
        /// How long a request may take, 1 s to 3600 s; default 300 s.
        public var timeout: Duration?
        /// Environment variables.
        public var env: [Variable]?

        private enum CodingKeys: String, CodingKey { case scaling, maxInstanceRequestConcurrency, timeout, env }

        /// Declares it.
        public init(
            scaling: Scaling? = nil, maxInstanceRequestConcurrency: Int? = nil, timeout: Duration? = nil,
            env: [Variable]? = nil
        ) {
            self.scaling = scaling
            self.maxInstanceRequestConcurrency = maxInstanceRequestConcurrency
            self.timeout = timeout
            self.env = env
        }

        /// Reads it; every field may be absent.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            scaling = try container.decodeIfPresent(Scaling.self, forKey: .scaling)
            maxInstanceRequestConcurrency = try container.decodeIfPresent(
                Int.self, forKey: .maxInstanceRequestConcurrency)
            env = try container.decodeIfPresent([Variable].self, forKey: .env)
            timeout = try container.decodeIfPresent(String.self, forKey: .timeout).map { text in
                guard let value = Duration(text: text) else {
                    throw DecodingError.dataCorruptedError(
                        forKey: .timeout, in: container,
                        debugDescription: "'\(text)' is not a duration; write for example 300s")
                }
                return value
            }
        }

        /// Writes it with the time-out as text.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encodeIfPresent(scaling, forKey: .scaling)
            try container.encodeIfPresent(maxInstanceRequestConcurrency, forKey: .maxInstanceRequestConcurrency)
            try container.encodeIfPresent(timeout.map { "\($0.inSeconds)s" }, forKey: .timeout)
            try container.encodeIfPresent(env, forKey: .env)
        }
    }

    /// How many instances there may be.
    public struct Scaling: Sendable, Hashable, Codable {
        /// 0 to 1000; default 0: scale to zero.
        public var minInstanceCount: Int?
        /// 1 to 1000; default 100.
        public var maxInstanceCount: Int?

        /// Declares it.
        public init(minInstanceCount: Int? = nil, maxInstanceCount: Int? = nil) {
            self.minInstanceCount = minInstanceCount
            self.maxInstanceCount = maxInstanceCount
        }
    }

    /// An environment variable.
    public struct Variable: Sendable, Hashable, Codable {
        /// Its name.
        public var name: String
        /// Its value.
        public var value: String

        /// Declares it.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Declares a service.
    public init(name: String, handler: String, template: Template? = nil) {
        self.name = name
        self.handler = handler
        self.template = template
    }

    /// The name without project and location.
    public var shortName: String { name.split(separator: "/").last.map(String.init) ?? name }
    var minInstances: Int { template?.scaling?.minInstanceCount ?? 0 }
    var maxInstances: Int { template?.scaling?.maxInstanceCount ?? 100 }
    var concurrency: Int { template?.maxInstanceRequestConcurrency ?? 80 }
    var timeout: Duration { template?.timeout ?? .seconds(300) }

    /// What is wrong with the declaration: the field, and what to write. Empty when it can be run.
    public var problems: [(path: String, message: String)] {
        var result: [(String, String)] = []
        func check(_ value: Int, _ range: ClosedRange<Int>, _ path: String) {
            guard !range.contains(value) else { return }
            let field = path.split(separator: ".").last ?? ""
            result.append((path, "\(field) is from \(range.lowerBound) to \(range.upperBound), not \(value)"))
        }
        let letters = shortName.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }
        if !letters || shortName.first?.isLowercase != true || shortName.count > 49 {
            result.append(
                (
                    "name",
                    "'\(shortName)' is not a service's name: lower-case letters, digits and hyphens, a letter first, at most 49"
                ))
        }
        check(minInstances, 0...1000, "template.scaling.minInstanceCount")
        check(maxInstances, 1...1000, "template.scaling.maxInstanceCount")
        check(concurrency, 1...1000, "template.maxInstanceRequestConcurrency")
        if minInstances > maxInstances {
            result.append(
                ("template.scaling", "minInstanceCount \(minInstances) is above maxInstanceCount \(maxInstances)"))
        }
        if timeout < .seconds(1) || timeout > .seconds(3600) {
            result.append(("template.timeout", "timeout is from 1s to 3600s, not \(timeout.inSeconds)s"))
        }
        return result
    }
}
