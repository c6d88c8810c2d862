import Spelling

/// Something that is wrong in the declaration of a dataset or table.
public struct DeclarationProblem: Sendable, Hashable, CustomStringConvertible {
    /// The field, from the resource's root: `schema.fields[2].type`.
    public var path: String
    /// What is wrong and what to write instead.
    public var message: String

    init(_ path: String, _ message: String) {
        self.path = path
        self.message = message
    }

    /// `path: message`.
    public var description: String { "\(path): \(message)" }
}

extension DatasetResource {
    /// Everything that is wrong with the declaration; empty when it can be stored.
    public var problems: [DeclarationProblem] {
        let id = datasetReference.datasetId
        guard
            id.isEmpty || id.utf8.count > 1024
                || !id.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
        else { return [] }
        return [
            DeclarationProblem(
                "datasetReference.datasetId",
                "'\(id)' is not a dataset's name: 1 to 1024 letters, digits and underscores")
        ]
    }
}

extension TableResource {
    /// Everything that is wrong with the declaration; empty when it can be stored.
    public var problems: [DeclarationProblem] {
        var problems = DatasetResource(datasetReference: .init(datasetId: tableReference.datasetId)).problems.map {
            DeclarationProblem("tableReference.datasetId", $0.message)
        }
        let id = tableReference.tableId
        if id.isEmpty || id.utf8.count > 1024 || !id.allSatisfy({ $0.isLetter || $0.isNumber || "_- ".contains($0) }) {
            problems.append(
                DeclarationProblem(
                    "tableReference.tableId",
                    "'\(id)' is not a table's name: 1 to 1024 bytes of letters, digits, underscores, dashes and blanks")
            )
        }
        problems += Self.problems(in: schema.fields, at: "schema.fields")
        if let external = externalDataConfiguration {
            problems += external.problems
            for (index, field) in schema.fields.enumerated() where field.type == .record || field.mode == .repeated {
                problems.append(
                    DeclarationProblem(
                        "schema.fields[\(index)]", "'\(field.name)': a CSV file has no RECORD and no REPEATED columns"))
            }
        }
        return problems
    }

    private static func problems(in fields: [TableField], at path: String) -> [DeclarationProblem] {
        if fields.isEmpty { return [DeclarationProblem(path, "a table and a RECORD have at least one field")] }
        var problems: [DeclarationProblem] = []
        var seen: Set<String> = []
        for (index, field) in fields.enumerated() {
            let here = "\(path)[\(index)]"
            if !isColumnName(field.name) {
                problems.append(
                    DeclarationProblem(
                        "\(here).name",
                        "'\(field.name)' is not a column's name: letters, digits and underscores, no digit first, at most 300"
                    ))
            }
            if !seen.insert(field.name.lowercased()).inserted {
                problems.append(
                    DeclarationProblem("\(here).name", "there are two columns '\(field.name)' (case does not count)"))
            }
            if field.type == .record {
                problems += Self.problems(in: field.fields, at: "\(here).fields")
            } else if !field.fields.isEmpty {
                problems.append(
                    DeclarationProblem(
                        "\(here).fields", "only a RECORD has fields; '\(field.name)' is \(field.type.rawValue)"))
            }
        }
        return problems
    }

    private static func isColumnName(_ name: String) -> Bool {
        guard let first = name.first, name.count <= 300, first.isLetter || first == "_" else { return false }
        return name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    }
}

extension ExternalDataConfiguration {
    fileprivate var problems: [DeclarationProblem] {
        var problems: [DeclarationProblem] = []
        let path = "externalDataConfiguration"
        if sourceFormat != "CSV" {
            problems.append(
                DeclarationProblem(
                    "\(path).sourceFormat",
                    "'\(sourceFormat)' is not supported; use CSV\(Spelling.hint(for: sourceFormat, in: ["CSV"]))"))
        }
        if sourceUris.isEmpty { problems.append(DeclarationProblem("\(path).sourceUris", "name at least one file")) }
        for (index, uri) in sourceUris.enumerated() {
            if let scheme = uri.firstRange(of: "://").map({ uri[..<$0.lowerBound] }), scheme != "file" {
                problems.append(
                    DeclarationProblem(
                        "\(path).sourceUris[\(index)]", "'\(uri)': only files on this machine can be read; give a path")
                )
            } else if uri.contains("*") {
                problems.append(
                    DeclarationProblem(
                        "\(path).sourceUris[\(index)]", "'\(uri)': name each file; wildcards are not supported"))
            }
        }
        if csvOptions.skipLeadingRows < 0 {
            problems.append(
                DeclarationProblem("\(path).csvOptions.skipLeadingRows", "0 or more, not \(csvOptions.skipLeadingRows)")
            )
        }
        let delimiter = csvOptions.fieldDelimiter.utf8
        if delimiter.count != 1 || ["\"", "\n", "\r"].contains(csvOptions.fieldDelimiter) {
            problems.append(
                DeclarationProblem(
                    "\(path).csvOptions.fieldDelimiter", "one ASCII character, not '\(csvOptions.fieldDelimiter)'"))
        }
        return problems
    }
}
