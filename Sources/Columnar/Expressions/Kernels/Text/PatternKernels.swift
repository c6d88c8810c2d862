/// `re.match(pattern, text)` and its like: the groups that were found, the whole first; null where nothing matches.
struct PatternMatch: Kernel {
    enum Function: String { case match, search, fullmatch }

    let function: Function
    let pattern: Pattern
    let text: any Kernel
    var type: DataType { .list(.string) }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let value = text.evaluate(&rows, mask: mask)
        var presence = rows.requireValues([value], mask: mask) { _ in patternNeedsText }
        var found = Bitmap(repeating: false, count: presence.count)
        var bad = Bitmap(repeating: false, count: presence.count)
        var groups = BytesColumn()
        var present = Bitmap(repeating: true, count: 0)
        var offsets: [Int32] = [0]
        forEachText(value.column.textValues, count: presence.count) { row, bytes in
            let scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
            var matcher = PatternMatcher(pattern, scalars)
            let matches =
                switch function {
                case .match: matcher.matches(at: 0)
                case .fullmatch: matcher.matches(at: 0, toEnd: true)
                case .search: matcher.isFound(from: 0)
                }
            if matcher.isTooDeep {
                bad[row] = true
            } else if matches {
                found[row] = true
                for group in matcher.groups {
                    groups.bytes += Array(String(String.UnicodeScalarView(scalars[group ?? 0..<0])).utf8)
                    groups.endValue()
                    present.append(group != nil)
                }
            }
            offsets.append(Int32(groups.count))
        }
        rows.rejectValues(bad, &presence, mask: mask) { _ in patternTooDeep }
        groups.validity = present
        let list = ListColumn(
            offsets: offsets, element: .string(groups), validity: Bitmap.both(presence.validity, found))
        return Vector(.list(list), isConstant: presence.isConstant)
    }
}

/// `re.sub(pattern, replacement, text)`.
struct PatternReplacement: Kernel {
    enum Part: Sendable {
        case text([Unicode.Scalar])
        case group(Int)
    }

    let pattern: Pattern
    let replacement: [Part]
    let text: any Kernel
    var type: DataType { .string }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let value = text.evaluate(&rows, mask: mask)
        var presence = rows.requireValues([value], mask: mask) { _ in patternNeedsText }
        var bad = Bitmap(repeating: false, count: presence.count)
        var result = BytesColumn.reserving(presence.count)
        forEachText(value.column.textValues, count: presence.count) { row, bytes in
            let scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
            if let text = replaced(scalars) {
                result.bytes += Array(String(String.UnicodeScalarView(text)).utf8)
            } else {
                bad[row] = true
            }
            result.endValue()
        }
        rows.rejectValues(bad, &presence, mask: mask) { _ in patternTooDeep }
        result.validity = presence.validity
        return Vector(.string(result), isConstant: presence.isConstant)
    }

    /// Nil where the pattern goes too deep.
    private func replaced(_ text: [Unicode.Scalar]) -> [Unicode.Scalar]? {
        var matcher = PatternMatcher(pattern, text)
        var result: [Unicode.Scalar] = []
        var position = 0
        var mustAdvance = false
        while matcher.isFound(from: position, mustAdvance: mustAdvance), let match = matcher.groups[0] {
            result += text[position..<match.lowerBound]
            for part in replacement {
                switch part {
                case .text(let text): result += text
                case .group(let index): result += matcher.groups[index].map { Array(text[$0]) } ?? []
                }
            }
            position = match.upperBound
            // After nothing was replaced, the next match at the same place must be of something.
            mustAdvance = match.isEmpty
        }
        return matcher.isTooDeep ? nil : result + text[position...]
    }
}

private let patternNeedsText = "expected string or bytes-like object, got 'NoneType'"
private let patternTooDeep = "the pattern goes back too far in the text"
