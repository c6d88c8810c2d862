/// Reads documents in one pass over their bytes into the columns of its nodes. The functions take the position where a
/// value starts and give the one behind it, or nil after having noted what is wrong.
struct JSONReader: ~Copyable {
    /// The schema's places; the first is the row itself.
    let nodes: UnsafeMutablePointer<JSONNode>
    private let nodeCount: Int
    /// Where the text that is being read ends.
    var end: BytePointer
    /// Whether a newline ends a document, instead of being space.
    let isLines: Bool
    /// For each level of a value that is being skipped whether it is an object.
    let isObject: UnsafeMutablePointer<Bool>
    /// Text that needed unescaping before it could be read.
    var scratch = GrowingColumn(.bytes)

    private var problem = ""
    private var problemPosition: BytePointer
    /// Innermost first.
    private var path: [String] = []
    private var documents: [Int32] = []
    private var failures: [JSONDecodeFailure] = []

    init(_ schema: Schema, isLines: Bool) {
        var types: [Field] = [Field("$", .structure(schema.fields), isNullable: false)]
        var children: [Range<Int>] = []
        var next = 0
        while next < types.count {
            let first = types.count
            switch types[next].type {
            case .list(let element): types.append(Field("", element))
            case .map(let value): types.append(Field("", .structure(DataType.entryFields(value))))
            case .structure(let fields): types += fields
            default: break
            }
            children.append(first..<types.count)
            next += 1
        }
        nodeCount = types.count
        nodes = .allocate(capacity: types.count)
        for (index, field) in types.enumerated() {
            var node = JSONNode(field.type, isNullable: field.isNullable)
            node.firstChild = children[index].lowerBound
            node.childCount = children[index].count
            if case .structure(let fields) = field.type { node.setKeys(fields.map(\.name)) }
            (nodes + index).initialize(to: node)
        }
        isObject = .allocate(capacity: JSONBatchDecoder.depthLimit + 1)
        isObject.initialize(repeating: false, count: JSONBatchDecoder.depthLimit + 1)
        self.isLines = isLines
        end = UnsafePointer(UnsafeRawPointer(nodes).assumingMemoryBound(to: UInt8.self))
        problemPosition = end
    }

    deinit {
        for index in 0..<nodeCount { nodes[index].release() }
        nodes.deallocate()
        isObject.deallocate()
        scratch.release()
    }

    // MARK: Documents

    /// Decodes one document.
    mutating func document(_ text: UnsafeBufferPointer<UInt8>, index: Int) {
        guard let start = text.baseAddress else {
            failures.append(
                JSONDecodeFailure(
                    document: index, path: "$", problem: "expected object, found end of document", byteOffset: 0,
                    range: 0..<0))
            return
        }
        end = start + text.count
        let row = nodes.pointee.column.count
        var position = value(0, space(afterByteOrderMark(start)), 0)
        if let behind = position {
            let last = space(behind)
            if last < end { position = fail("expected end of document, found \(found(last))", last) }
        }
        if position != nil {
            documents.append(Int32(truncatingIfNeeded: index))
        } else {
            recordFailure(index, row, start, 0..<text.count)
        }
    }

    /// Decodes one document a line.
    mutating func lines(_ text: UnsafeBufferPointer<UInt8>) {
        guard let start = text.baseAddress else { return }
        end = start + text.count
        var position = afterByteOrderMark(start)
        var lineStart = start
        var line = 0
        while true {
            if position < end, position.pointee != 0x0A { position = space(position) }
            guard position < end else { return }
            if position.pointee == 0x0A {
                line += 1
                position += 1
                lineStart = position
                continue
            }
            let row = nodes.pointee.column.count
            var behind = value(0, position, 0)
            if let next = behind, !(next < end && next.pointee == 0x0A) {
                let last = space(next)
                behind =
                    last == end || last.pointee == 0x0A
                    ? last : fail("expected end of line, found \(found(last))", last)
            }
            if let behind {
                documents.append(Int32(truncatingIfNeeded: line))
                position = behind
            } else {
                let lineEnd = endOfLine(problemPosition)
                recordFailure(line, row, lineStart, lineStart - start..<lineEnd - start)
                position = lineEnd
            }
        }
    }

    private func afterByteOrderMark(_ start: BytePointer) -> BytePointer {
        end - start >= 3 && start[0] == 0xEF && start[1] == 0xBB && start[2] == 0xBF ? start + 3 : start
    }

    private func endOfLine(_ start: BytePointer) -> BytePointer {
        var position = start
        while position < end, position.pointee != 0x0A { position += 1 }
        return position
    }

    /// What has been decoded.
    func result(_ schema: Schema) -> JSONDecodeResult {
        let columns = schema.fields.indices.map { finished(nodes.pointee.firstChild + $0, schema.fields[$0].type) }
        return JSONDecodeResult(
            schema: schema, columns: columns, count: nodes.pointee.column.count, documents: documents,
            failures: failures)
    }

    private func finished(_ index: Int, _ type: DataType) -> Column {
        let node = nodes + index
        return node.pointee.column.finished(type) { finished(node.pointee.firstChild + $0, $1) }
    }

    // MARK: Failure

    /// Takes back what a document has left in the columns and keeps its reason.
    @inline(never)
    private mutating func recordFailure(_ document: Int, _ row: Int, _ start: BytePointer, _ range: Range<Int>) {
        truncate(0, to: row)
        failures.append(
            JSONDecodeFailure(
                document: document, path: "$" + path.reversed().joined(), problem: problem,
                byteOffset: problemPosition - start, range: range))
        path = []
    }

    /// Takes back all values of a place from `count` on, with what their own places hold.
    mutating func truncate(_ index: Int, to count: Int) {
        let node = nodes + index
        node.pointee.column.truncate(to: count)
        switch node.pointee.kind {
        case .object:
            for child in 0..<node.pointee.childCount { truncate(node.pointee.firstChild + child, to: count) }
        case .list, .map: truncate(node.pointee.firstChild, to: Int(node.pointee.column.end(of: count)))
        default: break
        }
    }

    /// Notes what is wrong and where; gives nil for the caller to return.
    @inline(never)
    mutating func fail(_ problem: String, _ position: BytePointer) -> BytePointer? {
        self.problem = problem
        problemPosition = position
        return nil
    }

    /// Adds the step of the path on the way out.
    @inline(never)
    mutating func failed(inField name: UnsafeBufferPointer<UInt8>) -> BytePointer? {
        let isWord =
            !name.isEmpty && name.allSatisfy { isDigit($0) || ($0 | 0x20) &- 0x61 < 26 || $0 == 0x5F || $0 >= 0x80 }
        let text = String(decoding: name, as: UTF8.self)
        path.append(isWord ? ".\(text)" : "[\"\(text)\"]")
        return nil
    }

    @inline(never)
    mutating func failed(inElement index: Int) -> BytePointer? {
        path.append("[\(index)]")
        return nil
    }

    /// What stands at `position`, in the person's words.
    func found(_ position: BytePointer) -> String {
        guard position < end else { return isLines ? "end of line" : "end of document" }
        let byte = position.pointee
        switch byte {
        case 0x22: return "string"
        case 0x7B: return "object"
        case 0x5B: return "array"
        case 0x74, 0x66: return "boolean"
        case 0x6E: return "null"
        case 0x0A where isLines: return "end of line"
        case 0x2D, 0x30...0x39: return "number"
        case 0x21...0x7E: return "'\(Character(UnicodeScalar(byte)))'"
        default: return "byte 0x" + String(byte, radix: 16)
        }
    }

    // MARK: Space

    /// Steps over white space.
    @inline(__always)
    func space(_ position: BytePointer) -> BytePointer {
        position < end && position.pointee <= 0x20 ? longSpace(position) : position
    }

    @inline(never)
    private func longSpace(_ start: BytePointer) -> BytePointer {
        var position = start
        while position < end {
            switch position.pointee {
            case 0x20, 0x09, 0x0D: position += 1
            case 0x0A where !isLines: position += 1
            default: return position
            }
        }
        return position
    }
}
