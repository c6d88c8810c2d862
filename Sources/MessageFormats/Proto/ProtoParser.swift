/// Reads the text of a `.proto` file.
struct ProtoParser {
    private struct Word {
        var text: String
        var line: Int
        var isText = false
    }

    private var words: [Word] = []
    private var position = 0
    private var package = ""
    private(set) var isProto3 = false
    private(set) var topLevel: [String] = []
    private(set) var messages: [String: [ProtoDefinition.MessageField]] = [:]
    private(set) var enumerations: [String: [ProtoDefinition.EnumValue]] = [:]

    private static let maximumDepth = 64

    init(_ text: String) throws(SchemaProblem) {
        let letters = Array(text.utf8)
        var index = 0
        var line = 1
        func isLetter(_ byte: UInt8) -> Bool {
            (byte | 32 >= 97 && byte | 32 <= 122) || (byte >= 48 && byte <= 57) || byte == 95 || byte == 46
        }
        while index < letters.count {
            let byte = letters[index]
            if byte == 10 {
                line += 1
                index += 1
            } else if byte <= 32 {
                index += 1
            } else if byte == 47, index + 1 < letters.count, letters[index + 1] == 47 {
                while index < letters.count, letters[index] != 10 { index += 1 }
            } else if byte == 47, index + 1 < letters.count, letters[index + 1] == 42 {
                let start = line
                index += 2
                while index + 1 < letters.count, letters[index] != 42 || letters[index + 1] != 47 {
                    if letters[index] == 10 { line += 1 }
                    index += 1
                }
                guard index + 1 < letters.count else { throw SchemaProblem("the comment does not end", line: start) }
                index += 2
            } else if byte == 34 || byte == 39 {
                let start = index + 1
                index = start
                while index < letters.count, letters[index] != byte, letters[index] != 10 {
                    index += letters[index] == 92 ? 2 : 1
                }
                guard index < letters.count, letters[index] == byte else {
                    throw SchemaProblem("the text does not end", line: line)
                }
                words.append(
                    Word(text: String(decoding: letters[start..<index], as: UTF8.self), line: line, isText: true))
                index += 1
            } else if isLetter(byte) {
                let start = index
                while index < letters.count, isLetter(letters[index]) { index += 1 }
                words.append(Word(text: String(decoding: letters[start..<index], as: UTF8.self), line: line))
            } else {
                words.append(Word(text: String(UnicodeScalar(byte)), line: line))
                index += 1
            }
        }
    }

    // MARK: Words

    private var line: Int { position < words.count ? words[position].line : words.last?.line ?? 1 }

    private func problem(_ what: String) -> SchemaProblem { SchemaProblem("\(what)", line: line) }

    private func peek() -> String? {
        position < words.count && !words[position].isText ? words[position].text : nil
    }

    private mutating func take(_ text: String) -> Bool {
        guard peek() == text else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ text: String) throws(SchemaProblem) {
        guard take(text) else {
            throw problem("'\(text)' should stand here, not \(peek().map { "'\($0)'" } ?? "the end")")
        }
    }

    private mutating func name(_ what: String) throws(SchemaProblem) -> String {
        guard let word = peek(), let first = word.utf8.first,
            first == 46 || first == 95 || first | 32 >= 97 && first | 32 <= 122
        else { throw problem("\(what) should stand here") }
        position += 1
        return word
    }

    private mutating func integer() throws(SchemaProblem) -> Int64 {
        let sign: Int64 = take("-") ? -1 : 1
        guard let word = peek() else { throw problem("a number should stand here") }
        let lowered = word.lowercased()
        let value = lowered.hasPrefix("0x") ? Int64(lowered.dropFirst(2), radix: 16) : Int64(word)
        guard let value else { throw problem("'\(word)' is not a number") }
        position += 1
        return sign * value
    }

    /// Goes past the rest of a statement, with whatever is in braces.
    private mutating func skipStatement() throws(SchemaProblem) {
        var depth = 0
        while position < words.count {
            let word = words[position]
            position += 1
            if word.isText { continue }
            switch word.text {
            case "{": depth += 1
            case "}":
                depth -= 1
                if depth == 0 { return }
            case ";" where depth == 0: return
            default: break
            }
        }
        throw problem("the statement does not end")
    }

    // MARK: Statements

    mutating func file() throws(SchemaProblem) {
        while let word = peek() {
            switch word {
            case "syntax":
                position += 1
                try expect("=")
                guard position < words.count, words[position].isText else {
                    throw problem("\"proto3\" should stand here")
                }
                let syntax = words[position].text
                guard ["proto2", "proto3"].contains(syntax) else {
                    throw problem("the syntax '\(syntax)' is not known; there are proto2 and proto3")
                }
                isProto3 = syntax == "proto3"
                position += 1
                try expect(";")
            case "package":
                position += 1
                package = try name("a package")
                try expect(";")
            case "message":
                position += 1
                topLevel.append(try message(in: package, depth: 0))
            case "enum":
                position += 1
                try enumeration(in: package)
            case "option": try skipStatement()
            case ";": position += 1
            case "import": throw problem("imports are not allowed in a schema; write everything into it")
            case "service", "extend": throw problem("'\(word)' is not allowed in a schema")
            default: throw problem("'\(word)' means nothing here")
            }
        }
        guard position == words.count else { throw problem("text means nothing here") }
    }

    private mutating func message(in scope: String, depth: Int) throws(SchemaProblem) -> String {
        guard depth < ProtoParser.maximumDepth else { throw problem("messages are nested too deeply") }
        let own = try name("the name of a message")
        let full = scope.isEmpty ? own : "\(scope).\(own)"
        guard messages[full] == nil else { throw problem("the message '\(full)' is defined twice") }
        messages[full] = []
        try expect("{")
        while !take("}") {
            guard let word = peek() else { throw problem("the message '\(own)' does not end") }
            switch word {
            case "message":
                position += 1
                _ = try message(in: full, depth: depth + 1)
            case "enum":
                position += 1
                try enumeration(in: full)
            case "oneof":
                position += 1
                let oneof = try name("the name of a oneof")
                try expect("{")
                while !take("}") {
                    if take("option") {
                        try skipStatement()
                    } else {
                        try field(of: full, label: .optional, oneof: oneof)
                    }
                }
            case "option", "reserved", "extensions": try skipStatement()
            case "extend", "group": throw problem("'\(word)' is not allowed in a schema")
            case ";": position += 1
            default: try field(of: full, label: nil)
            }
        }
        return full
    }

    private mutating func field(
        of message: String, label given: ProtoDefinition.MessageField.Label?, oneof: String? = nil
    ) throws(SchemaProblem) {
        var label = given ?? .singular
        if given == nil {
            if take("optional") {
                label = .optional
            } else if take("repeated") {
                label = .repeated
            } else if peek() == "required" {
                if isProto3 { throw problem("proto3 has no required fields") }
                position += 1
                label = .required
            } else if !isProto3, peek() != "map" {
                throw problem("a field of proto2 begins with optional, required or repeated")
            }
        }
        let kind: ProtoDefinition.Kind
        if peek() == "map", position + 1 < words.count, words[position + 1].text == "<" {
            position += 2
            let key = try name("the type of the keys")
            guard ProtoDefinition.scalars.contains(key), !["double", "float", "bytes"].contains(key) else {
                throw problem("the keys of a map cannot be of type '\(key)'")
            }
            try expect(",")
            kind = .map(key: key, value: .scalar(try name("the type of the values")))
            try expect(">")
            label = .repeated
        } else {
            kind = .scalar(try name("a type"))
        }
        let fieldName = try name("the name of a field")
        try expect("=")
        let number = try integer()
        guard (1...536_870_911).contains(number), !(19_000...19_999).contains(number) else {
            throw problem("\(number) cannot be the number of a field")
        }
        if take("[") {
            var depth = 1
            while depth > 0 {
                guard position < words.count else { throw problem("the options of '\(fieldName)' do not end") }
                if !words[position].isText {
                    if words[position].text == "[" { depth += 1 }
                    if words[position].text == "]" { depth -= 1 }
                }
                position += 1
            }
        }
        try expect(";")
        let others = messages[message] ?? []
        guard !others.contains(where: { $0.name == fieldName || $0.number == Int(number) }) else {
            throw problem("'\(message)' has two fields with the name '\(fieldName)' or the number \(number)")
        }
        messages[message, default: []].append(
            .init(name: fieldName, number: Int(number), kind: kind, label: label, oneof: oneof))
    }

    private mutating func enumeration(in scope: String) throws(SchemaProblem) {
        let own = try name("the name of an enum")
        let full = scope.isEmpty ? own : "\(scope).\(own)"
        guard enumerations[full] == nil else { throw problem("the enum '\(full)' is defined twice") }
        var values: [ProtoDefinition.EnumValue] = []
        try expect("{")
        while !take("}") {
            if peek() == "option" || peek() == "reserved" {
                try skipStatement()
                continue
            }
            if take(";") { continue }
            let symbol = try name("the name of a value")
            try expect("=")
            let number = try integer()
            if isProto3, values.isEmpty, number != 0 { throw problem("the first value of an enum in proto3 is 0") }
            guard !values.contains(where: { $0.symbol == symbol }) else { throw problem("'\(symbol)' stands twice") }
            values.append(.init(symbol: symbol, number: number))
            if take("[") {
                while !take("]") {
                    guard position < words.count else { throw problem("the options of '\(symbol)' do not end") }
                    position += 1
                }
            }
            try expect(";")
        }
        guard !values.isEmpty else { throw problem("the enum '\(own)' is empty") }
        enumerations[full] = values
    }
}
