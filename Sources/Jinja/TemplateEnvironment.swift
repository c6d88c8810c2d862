/// Renders templates as Jinja 3.1 does with `StrictUndefined` and its other settings as they come: no escaping, no
/// trimming of blocks, no extensions, one line end at the end of a template left out.
///
/// Differences, all on the side of refusal: whole numbers have 64 bits, `escape` and `safe` give plain text, attributes
/// that begin with `_` are not there, and time, text and nesting have limits.
public struct TemplateEnvironment: Sendable {
    private let loader: any TemplateLoader
    private let clock: TemplateClock?

    /// - Parameters:
    ///   - loader: what templates can include.
    ///   - clock: gives templates Python's module `datetime`, as Beam does; nil: there is none.
    public init(loader: any TemplateLoader = TemplateCollection([:]), clock: TemplateClock? = nil) {
        self.loader = loader
        self.clock = clock
    }

    /// The text that a template gives.
    public func render(_ template: TemplateText, variables: [TemplateValue.Entry] = []) throws(TemplateError)
        -> RenderedTemplate
    {
        let source = SourceText(template.text, file: template.file, firstLine: template.firstLine)
        do {
            var values: [String: Value] = [:]
            if let clock { values["datetime"] = .object(DatetimeModule(clock)) }
            for entry in variables { values[entry.key] = entry.value.running }
            let interpreter = Interpreter(loader: loader)
            return try interpreter.render(source, variables: values)
        } catch let failure as Failure {
            throw TemplateError(failure, in: source)
        } catch {
            throw TemplateError(Failure(.runtime, "\(error)"), in: source)
        }
    }
}

/// The time for templates.
public struct TemplateClock: Sendable {
    /// Microseconds since 1970 in UTC.
    public var now: @Sendable () -> Int64
    /// How many seconds local time is ahead of UTC at a moment, given in seconds since 1970.
    public var offset: @Sendable (Int64) -> Int

    /// A clock.
    public init(now: @escaping @Sendable () -> Int64, offset: @escaping @Sendable (Int64) -> Int = { _ in 0 }) {
        self.now = now
        self.offset = offset
    }
}
