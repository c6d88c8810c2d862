import Time

/// Turns text columns into typed ones.
struct CSVConversion {
    private let names: [String]
    private let texts: [BytesColumn]
    private let nullTexts: [[UInt8]]
    private var fields: [Field] = []
    private var columns: [Column] = []
    /// Rows that a column rejects, with the column and what is wrong; the first column to object counts.
    private var rejected: [Int: (column: String, problem: String)] = [:]

    init(names: [String], texts: [BytesColumn], nullTexts: Set<String>) {
        self.names = names
        self.nullTexts = nullTexts.map { Array($0.utf8) }
        self.texts = texts
    }

    /// Every column as it is.
    mutating func keepStrings() {
        fields = names.map { Field($0, .string) }
        columns = texts.map { .string($0) }
    }

    /// Every column as the first type that all of its texts fit.
    mutating func inferTypes() {
        for (name, text) in zip(names, texts) {
            let text = withNullTexts(text)
            let column = CSVConversion.inferred(text)
            fields.append(Field(name, column.type))
            columns.append(column)
        }
    }

    /// The fields of `schema`. Throws where it does not fit the file.
    mutating func convert(to schema: Schema, byName: Bool) throws(CSVError) {
        for (index, field) in schema.fields.enumerated() {
            switch field.type {
            case .list, .map, .structure:
                throw CSVError(
                    problem: "column '\(field.name)' of type \(field.type): CSV has no nested values", line: 1)
            default: break
            }
            let position = byName ? names.firstIndex(of: field.name) : names.indices.contains(index) ? index : nil
            guard let position else {
                guard field.isNullable || texts.isEmpty else {
                    throw CSVError(
                        problem: "no column '\(field.name)'; there are \(names.joined(separator: ", "))", line: 1)
                }
                columns.append(.nulls(field.type, count: texts.first?.count ?? 0))
                continue
            }
            let text = withNullTexts(texts[position])
            columns.append(CSVConversion.converted(text, field.type) { row in reject(row, field, text) })
            if !field.isNullable, let validity = text.validity {
                for row in validity.inverted().setIndices {
                    rejected[Int(row)] = rejected[Int(row)] ?? (field.name, "expected \(field.type), found nothing")
                }
            }
        }
        fields = schema.fields
    }

    private mutating func reject(_ row: Int, _ field: Field, _ text: BytesColumn) {
        guard rejected[row] == nil else { return }
        let shown = String(decoding: text[row].prefix(40), as: UTF8.self) + (text[row].count > 40 ? "…" : "")
        rejected[row] = (field.name, "expected \(field.type), found '\(shown)'")
    }

    private func withNullTexts(_ text: BytesColumn) -> BytesColumn {
        guard !nullTexts.isEmpty else { return text }
        var result = text
        let valid = Bitmap(count: text.count) { row in !nullTexts.contains { $0.elementsEqual(text[row]) } }
        result.validity = result.validity?.intersection(valid) ?? valid
        return result
    }

    /// The rows that nobody rejects, with the failures of both stages in the file's order.
    func result(_ records: [CSVReader.Record], _ failures: [CSVDecodeFailure]) -> CSVDecodeResult {
        let late = rejected.map { row, reason in
            CSVDecodeFailure(
                line: records[row].line, column: reason.column, problem: reason.problem, range: records[row].range)
        }
        let kept = Bitmap(count: records.count) { rejected[$0] == nil }
        let lines = records.indices.lazy.filter { kept[$0] }.map { Int32(truncatingIfNeeded: records[$0].line) }
        return CSVDecodeResult(
            schema: Schema(fields), columns: columns.map { $0.filter(kept) }, count: records.count - rejected.count,
            lines: Array(lines), failures: (failures + late).sorted { $0.range.lowerBound < $1.range.lowerBound })
    }

    // MARK: Types

    private static func inferred(_ text: BytesColumn) -> Column {
        // A column of nothing says nothing: it stays text.
        if text.validity?.isAllClear == true || text.count == 0 { return .string(text) }
        for type in [DataType.int64, .float64, .boolean] {
            var isFitting = true
            if type == .float64, hasLongInteger(text) { continue }
            let column = converted(text, type, stopsAtFirst: true) { _ in isFitting = false }
            if isFitting { return column }
        }
        return .string(text)
    }

    /// Whether one of the texts is digits alone and does not fit 64 bits: as a double it would lose some.
    private static func hasLongInteger(_ text: BytesColumn) -> Bool {
        (0..<text.count).contains { row in
            let digits = text[row].drop { $0 == 0x2B || $0 == 0x2D }
            return digits.count >= 19 && digits.allSatisfy { isDigit($0) }
                && Int64(String(decoding: text[row], as: UTF8.self)) == nil
        }
    }

    /// The texts as values of `type`; a text that is none becomes null and is reported.
    private static func converted(
        _ text: BytesColumn, _ type: DataType, stopsAtFirst: Bool = false, reject: (Int) -> Void
    ) -> Column {
        if case .string = type { return .string(text) }
        if case .null = type {
            for row in 0..<text.count where text.validity?[row] ?? true { reject(row) }
            return .null(count: text.count)
        }
        var column = GrowingColumn(type == .boolean ? .bits : type == .bytes ? .bytes : .words)
        defer { column.release() }
        text.bytes.withUnsafeBufferPointer { bytes in
            for row in 0..<text.count {
                if let validity = text.validity, !validity[row] {
                    column.appendNull()
                    continue
                }
                let value = UnsafeBufferPointer(rebasing: bytes[Int(text.offsets[row])..<Int(text.offsets[row + 1])])
                guard append(value, type, to: &column) else {
                    column.appendNull()
                    reject(row)
                    if stopsAtFirst { return }
                    continue
                }
            }
        }
        return column.finished(type) { _, type in .null(count: 0) }
    }

    private static func append(_ text: UnsafeBufferPointer<UInt8>, _ type: DataType, to column: inout GrowingColumn)
        -> Bool
    {
        let text = CSVText.trimmed(text)
        switch type {
        case .int64:
            guard let value = CSVText.integer(text) else { return false }
            column.append(word: UInt64(bitPattern: value))
        case .float64:
            guard let value = CSVText.double(text) else { return false }
            column.append(word: value.bitPattern)
        case .boolean:
            guard let value = CSVText.boolean(text) else { return false }
            column.append(bit: value)
        case .timestamp:
            guard let value = CSVText.timestamp(text) else { return false }
            column.append(word: UInt64(bitPattern: value))
        case .bytes:
            guard let target = column.room(text.count), let length = Base64.decode(text, into: target) else {
                return false
            }
            column.advanceText(length)
            column.closeText()
        case .null, .string, .list, .map, .structure: return false
        }
        return true
    }
}
