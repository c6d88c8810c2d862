/// Names that are referred to, and those that something is assigned to.
extension Parser {
    mutating func dottedName() throws -> String {
        var name = try expectName()
        while skipSign(".") { name += "." + (try expectName()) }
        return name
    }

    func checkFilter(_ name: String, _ place: SourcePlace) throws {
        if conditionals == 0, !Filters.names.contains(name) { throw Filters.unknown(name).at(place) }
    }

    mutating func assignableName() throws -> String {
        let place = place
        let name = try expectName()
        try Self.checkAssignable(name, place)
        return name
    }

    private static func checkAssignable(_ name: String, _ place: SourcePlace) throws {
        if ["true", "True", "false", "False", "none", "None"].contains(name) {
            throw Failure(.syntax, "nothing can be assigned to '\(name)'", place: place)
        }
        if let first = name.unicodeScalars.first, !(first == "_" || first.properties.isXIDStart) {
            throw Failure(.syntax, "'\(name)' is not a name", place: place)
        }
    }

    /// What stands before `=` or `in`.
    mutating func target(endingAt end: String? = nil, hasNamespace: Bool = false) throws -> Target {
        var targets: [Target] = []
        var isTuple = false
        while true {
            if !targets.isEmpty { try expectSign(",") }
            if isTupleEnd(end) { break }
            targets.append(try oneTarget(hasNamespace))
            guard isSign(",") else { break }
            isTuple = true
        }
        if isTuple { return .tuple(targets) }
        guard let only = targets.first else { throw unexpected("a name") }
        return only
    }

    private mutating func oneTarget(_ hasNamespace: Bool) throws -> Target {
        let place = place
        if skipSign("(") {
            let target = try self.target(hasNamespace: hasNamespace)
            try expectSign(")")
            return target
        }
        let name = try assignableName()
        guard hasNamespace, skipSign(".") else { return .name(name) }
        return .attribute(namespace: name, name: try expectName(), place)
    }
}
