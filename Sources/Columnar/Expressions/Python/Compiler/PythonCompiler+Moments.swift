import Time

/// What dates, times and durations are asked for.
extension PythonCompiler {
    /// `time.year` and its like.
    func attribute(_ name: String, of moment: Moment, at offset: Int) throws(ExpressionError) -> Typed {
        func part(_ body: @escaping @Sendable (CivilTime) -> Int64) -> Typed {
            Typed(moment.asking(.int64) { (time: CivilTime) in .int64(body(time)) })
        }
        switch (moment.kind, name) {
        case (.duration, "days"): return part(\.days)
        case (.duration, "seconds"): return part { $0.micros / 1_000_000 }
        case (.duration, "microseconds"): return part(\.micro)
        case (.time, "year"), (.date, "year"): return part(\.date.year)
        case (.time, "month"), (.date, "month"): return part(\.date.month)
        case (.time, "day"), (.date, "day"): return part(\.date.day)
        case (.time, "hour"): return part(\.hour)
        case (.time, "minute"): return part(\.minute)
        case (.time, "second"): return part(\.second)
        case (.time, "microsecond"): return part(\.micro)
        default: throw unknown(name, of: moment, at: offset)
        }
    }

    private func unknown(_ name: String, of moment: Moment, at offset: Int) -> ExpressionError {
        ExpressionError("'\(moment.kind.rawValue)' has no attribute '\(name)' that is supported", at: offset).outside
    }

    mutating func method(
        _ name: String, of moment: Moment, _ arguments: [PythonNode], _ keywords: [PythonKeyword], _ node: PythonNode,
        _ offset: Int
    ) throws(ExpressionError) -> Typed {
        if name == "replace", moment.kind != .duration { return try replacing(moment, arguments, keywords, node) }
        if name == "strftime", moment.kind != .duration {
            try requireArguments(name, arguments, 1...1, keywords, node)
            guard case .string(let format) = arguments[0].kind else {
                throw error("the format must be spelled out", arguments[0]).outside
            }
            return Typed(try text(of: moment, format, arguments[0].offset))
        }
        if !arguments.isEmpty || !keywords.isEmpty {
            guard name == "astimezone", arguments.count == 1, keywords.isEmpty, moment.awareness == .aware,
                try zone(arguments[0])
            else { throw error("\(name)() takes no arguments here", node).outside }
            return Typed(
                Moment(.time, .aware, of: [moment.source]) { (values) throws(RowRejection) in
                    CivilTime(local: CivilTime(values[0]).utc, offset: 0)
                })
        }
        switch (moment.kind, name) {
        case (.duration, "total_seconds"):
            return Typed(
                moment.asking(.float64) { (time: CivilTime) in .float64(time.local.trueDivided(by: 1_000_000)) })
        case (.time, "timestamp") where moment.awareness == .aware:
            return Typed(moment.asking(.float64) { (time: CivilTime) in .float64(time.utc.trueDivided(by: 1_000_000)) })
        case (.time, "timestamp"):
            throw error(
                "timestamp() of a time without a zone depends on the machine's", node,
                suggestion: "write .replace(tzinfo=timezone.utc).timestamp()"
            ).outside
        case (.time, "date"):
            return Typed(
                Moment(.date, of: [moment.source]) { (values) throws(RowRejection) in
                    CivilTime(local: CivilTime(values[0]).days * CivilTime.day)
                })
        case (.time, "isoformat"), (.date, "isoformat"): return Typed(written(moment, separator: "T"))
        case (.time, "weekday"), (.date, "weekday"):
            return Typed(moment.asking(.int64) { (time: CivilTime) in .int64(time.weekday) })
        case (.time, "isoweekday"), (.date, "isoweekday"):
            return Typed(moment.asking(.int64) { (time: CivilTime) in .int64(time.weekday + 1) })
        case (.time, "toordinal"), (.date, "toordinal"):
            return Typed(moment.asking(.int64) { (time: CivilTime) in .int64(time.days + 719_163) })
        default: throw unknown(name, of: moment, at: offset)
        }
    }

    private func written(_ moment: Moment, separator: String) -> any Kernel {
        let isDate = moment.kind == .date
        return moment.asking(.string) { (time: CivilTime) in
            .string(isDate ? time.isoDate() : time.isoText(separator: separator))
        }
    }

    /// `str(time)`, or the time by a format of `strftime`.
    func text(of moment: Moment, _ format: String?, _ offset: Int) throws(ExpressionError) -> any Kernel {
        guard moment.kind != .duration else {
            throw ExpressionError("text of a timedelta is not supported", at: offset).outside
        }
        guard let format, !format.isEmpty else { return written(moment, separator: " ") }
        var pieces: [CivilTime.Piece] = []
        var rest = Array(format)[...]
        while let character = rest.popFirst() {
            guard character == "%" else {
                pieces.append(.text(String(character)))
                continue
            }
            guard let letter = rest.popFirst(), CivilTime.directives.contains(letter) || letter == "%" else {
                throw ExpressionError("a directive of the format '\(format)' is not supported", at: offset).outside
            }
            if letter == "Z", moment.awareness == .either {
                throw ExpressionError("the name of a zone that text has given is not supported", at: offset).outside
            }
            pieces.append(letter == "%" ? .text("%") : .directive(letter))
        }
        let all = pieces
        return moment.asking(.string) { (time: CivilTime) in .string(time.formatted(all)) }
    }

    private mutating func replacing(
        _ moment: Moment, _ arguments: [PythonNode], _ keywords: [PythonKeyword], _ node: PythonNode
    ) throws(ExpressionError) -> Typed {
        let names =
            ["year", "month", "day"] + (moment.kind == .time ? ["hour", "minute", "second", "microsecond"] : [])
        guard arguments.isEmpty else { throw error("replace() takes names here", node).outside }
        var awareness = moment.awareness
        var parts: [Int] = []
        var operands: [any Kernel] = [moment.source]
        for keyword in keywords {
            if keyword.name == "tzinfo", moment.kind == .time {
                awareness = try zone(keyword.value) ? .aware : .naive
            } else if let index = names.firstIndex(of: keyword.name) {
                parts.append(index)
                operands.append(try wholeNumber(keyword.value))
            } else {
                throw error("replace() does not take '\(keyword.name)' here", keyword.value).outside
            }
        }
        let changesZone = keywords.contains { $0.name == "tzinfo" }
        let places = parts
        let offset: Int64? = awareness == .aware ? 0 : nil
        return Typed(
            Moment(
                moment.kind, awareness, of: operands,
                nullReason: "'NoneType' object cannot be interpreted as an integer"
            ) { (values) throws(RowRejection) in
                let time = CivilTime(values[0])
                var all = [
                    time.date.year, time.date.month, time.date.day, time.hour, time.minute, time.second, time.micro,
                ]
                for (place, value) in zip(places, values.dropFirst()) { all[place] = value.whole }
                return try CivilTime(
                    year: all[0], month: all[1], day: all[2], hour: all[3], minute: all[4], second: all[5],
                    micro: all[6], offset: changesZone ? offset : time.offset)
            })
    }

    // MARK: Operators

    /// Sums and differences of dates, times and durations.
    func momentArithmetic(_ symbol: String, _ left: Typed, _ right: Typed, _ node: PythonNode) throws(ExpressionError)
        -> Moment
    {
        guard let a = left.kernel as? Moment, let b = right.kernel as? Moment, symbol == "+" || symbol == "-" else {
            throw error("such arithmetic with dates and times is not supported", node).outside
        }
        let sign: Int64 = symbol == "-" ? -1 : 1
        let operands: [any Kernel] = [a.source, b.source]
        switch (a.kind, b.kind) {
        case (.duration, .duration):
            return Moment(.duration, of: operands) { (values) throws(RowRejection) in
                let (sum, overflow) = CivilTime(values[0]).local
                    .addingReportingOverflow(sign &* CivilTime(values[1]).local)
                if overflow { throw RowRejection(reason: "the timedelta does not fit in 64 bits") }
                return CivilTime(local: sum)
            }
        case (.time, .duration):
            return Moment(.time, a.awareness, of: operands) { (values) throws(RowRejection) in
                try CivilTime(values[0]).advanced(by: sign &* CivilTime(values[1]).local)
            }
        case (.date, .duration):
            // A date only moves by whole days.
            return Moment(.date, of: operands) { (values) throws(RowRejection) in
                let days = sign * CivilTime(values[1]).days
                return try CivilTime(values[0]).advanced(by: days &* CivilTime.day)
            }
        case (.duration, .time) where symbol == "+", (.duration, .date) where symbol == "+":
            return try momentArithmetic(symbol, right, left, node)
        case (.time, .time) where symbol == "-", (.date, .date) where symbol == "-":
            return Moment(.duration, of: operands) { (values) throws(RowRejection) in
                let (first, second) = (CivilTime(values[0]), CivilTime(values[1]))
                guard (first.offset == nil) == (second.offset == nil) else {
                    throw RowRejection(reason: "can't subtract offset-naive and offset-aware datetimes")
                }
                return CivilTime(local: first.utc - second.utc)
            }
        default:
            throw error("unsupported operand types for \(symbol): '\(a.kind.rawValue)' and '\(b.kind.rawValue)'", node)
        }
    }

    /// Nil when neither side is a date, a time or a duration.
    func momentComparison(
        _ op: Comparison.Operator, _ left: Typed, _ right: Typed, at offset: Int
    ) throws(ExpressionError) -> (any Kernel)? {
        guard left.kernel is Moment || right.kernel is Moment else { return nil }
        guard let a = left.kernel as? Moment, let b = right.kernel as? Moment, a.kind == b.kind else {
            throw ExpressionError("such a comparison with dates and times is not supported", at: offset).outside
        }
        return RowFunction(type: .boolean, operands: [a.source, b.source], nullReason: "") {
            (values) throws(RowRejection) in
            let (first, second) = (CivilTime(values[0]), CivilTime(values[1]))
            let areAlike = (first.offset == nil) == (second.offset == nil)
            switch op {
            case .equal: return .boolean(areAlike && first.utc == second.utc)
            case .notEqual: return .boolean(!areAlike || first.utc != second.utc)
            default:
                guard areAlike else {
                    throw RowRejection(reason: "can't compare offset-naive and offset-aware datetimes")
                }
            }
            return switch op {
            case .less: .boolean(first.utc < second.utc)
            case .lessOrEqual: .boolean(first.utc <= second.utc)
            case .greater: .boolean(first.utc > second.utc)
            default: .boolean(first.utc >= second.utc)
            }
        }
    }
}
