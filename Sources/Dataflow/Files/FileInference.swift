public import Columnar

/// Finds the fields of files that say nothing of types themselves.
///
/// Of an input up to 4 MiB every row is looked at, of a larger one the first MiB of its first file: a row that does not
/// fit what was found there is rejected when it is read.
public struct FileInference: Sendable {
    static let wholeLimit: Int64 = 4 << 20
    static let sampleBytes: Int64 = 1 << 20

    /// Why there is no schema: no file, one that cannot be read, no header, values without a common type.
    public struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
        /// What is wrong and where.
        public var description: String
    }

    private let read: ReadFiles

    /// Of the files that `read` means.
    public init(_ read: ReadFiles) { self.read = read }

    /// The fields of the rows.
    public func schema() throws(Problem) -> Schema {
        let files = FileCalls.expand(read.pattern)
        if files.isEmpty { throw Problem(description: "no file matches '\(read.pattern)'") }
        if case .text = read.format { return Schema([Field("line", .string, isNullable: false)]) }
        let total = files.reduce(0) { $0 + (FileCalls.size($1) ?? 0) }
        let isWhole = total <= Self.wholeLimit
        do {
            return switch read.format {
            case .csv(let dialect): try csv(isWhole ? files : [files[0]], isWhole, dialect)
            default: try json(isWhole ? files : [files[0]], isWhole)
            }
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem(description: String(describing: error))
        }
    }

    private func json(_ files: [String], _ isWhole: Bool) throws -> Schema {
        var inference = JSONTypeInference()
        for file in files {
            do {
                try inference.add(try rows(file, isWhole))
            } catch let conflict as JSONTypeInference.Conflict {
                throw Problem(description: "in '\(file)' \(conflict)")
            }
        }
        return inference.schema
    }

    private func csv(_ files: [String], _ isWhole: Bool, _ dialect: CSVDialect) throws -> Schema {
        var fields: [Field] = []
        for file in files {
            let found: CSVDecodeResult
            do {
                found = try CSVBatchDecoder(.inferringTypes, dialect: dialect).decode(try rows(file, isWhole))
            } catch let error as CSVError {
                throw Problem(description: "'\(file)', \(error)")
            }
            for field in found.schema.fields {
                if let index = fields.firstIndex(where: { $0.name == field.name }) {
                    fields[index].type = Self.united(fields[index].type, field.type)
                } else {
                    fields.append(field)
                }
            }
        }
        return Schema(fields.map { Field($0.name, $0.type == .null ? .string : $0.type) })
    }

    /// Everything in a CSV file is text, so there is always a type for both.
    private static func united(_ a: DataType, _ b: DataType) -> DataType {
        switch (a, b) {
        case _ where a == b: a
        case (.null, _): b
        case (_, .null): a
        case (.int64, .float64), (.float64, .int64): .float64
        default: .string
        }
    }

    private func rows(_ path: String, _ isWhole: Bool) throws -> [UInt8] {
        let size = FileCalls.size(path) ?? 0
        let handle = try FileCalls.Handle(path, FileCalls.reading)
        var count = isWhole ? size : min(size, Self.sampleBytes)
        while true {
            let bytes = try handle.read(at: 0, count: Int(count))
            if count >= size { return bytes }
            let whole = FileCutter(format: read.format).wholeRows(bytes)
            if whole > 0 { return Array(bytes[..<whole]) }
            count = min(size, count * 4)
        }
    }
}
