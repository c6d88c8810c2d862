/// The module `datetime`: what makes dates, times and durations.
extension PythonCompiler {
    /// Nil when it is not the module's.
    mutating func dates(
        _ path: [String], _ arguments: [PythonNode], _ keywords: [PythonKeyword], _ node: PythonNode
    ) throws(ExpressionError) -> Typed? {
        guard path.first == "datetime" else { return nil }
        switch Array(path.dropFirst()) {
        case ["datetime"]:
            let names = ["year", "month", "day", "hour", "minute", "second", "microsecond"]
            var isAware = false
            for keyword in keywords where keyword.name == "tzinfo" { isAware = try zone(keyword.value) }
            let rest = keywords.filter { $0.name != "tzinfo" }
            let parts = try numbers(names, arguments, rest, required: 3, node)
            let offset: Int64? = isAware ? 0 : nil
            return moment(
                Moment(.time, isAware ? .aware : .naive, of: parts, nullReason: Self.noInteger) {
                    (values) throws(RowRejection) in
                    let parts = values.map(\.whole)
                    return try CivilTime(
                        year: parts[0], month: parts[1], day: parts[2], hour: parts[3], minute: parts[4],
                        second: parts[5], micro: parts[6], offset: offset)
                })
        case ["date"]:
            let parts = try numbers(["year", "month", "day"], arguments, keywords, required: 3, node)
            return moment(
                Moment(.date, of: parts, nullReason: Self.noInteger) { (values) throws(RowRejection) in
                    try CivilTime(year: values[0].whole, month: values[1].whole, day: values[2].whole)
                })
        case ["timedelta"]: return try duration(arguments, keywords, node)
        case ["datetime", "fromtimestamp"]:
            let zones = arguments.dropFirst() + keywords.filter { $0.name == "tz" }.map(\.value)
            guard let first = arguments.first, zones.count == 1, arguments.count + keywords.count == 2,
                try zone(zones[zones.startIndex])
            else {
                throw error(
                    "fromtimestamp() without a zone depends on the machine's", node,
                    suggestion: "write datetime.fromtimestamp(…, timezone.utc)"
                ).outside
            }
            return try ofEpoch(first, offset: 0)
        case ["datetime", "utcfromtimestamp"]:
            try requireArguments("utcfromtimestamp", arguments, 1...1, keywords, node)
            return try ofEpoch(arguments[0], offset: nil)
        case ["datetime", "fromisoformat"], ["date", "fromisoformat"]:
            try requireArguments("fromisoformat", arguments, 1...1, keywords, node)
            let text = try isoText(arguments[0])
            let isDate = path[1] == "date"
            return moment(
                Moment(
                    isDate ? .date : .time, isDate ? .naive : .either, of: [text],
                    nullReason: "fromisoformat: argument must be str"
                ) { (values) throws(RowRejection) in
                    isDate ? try CivilTimeParser.date(values[0].text) : try CivilTimeParser.dateTime(values[0].text)
                })
        case ["datetime", "strptime"]:
            try requireArguments("strptime", arguments, 2...2, keywords, node)
            guard case .string(let format) = arguments[1].kind else {
                throw error("the format must be spelled out", arguments[1]).outside
            }
            let reader = try CivilTimeReader(format, at: arguments[1].offset)
            return moment(
                Moment(
                    .time, of: [try isoText(arguments[0])],
                    nullReason: "strptime() argument 1 must be str, not None"
                ) { (values) throws(RowRejection) in try reader.read(values[0].text) })
        default: return nil
        }
    }

    private static let noInteger = "'NoneType' object cannot be interpreted as an integer"

    func moment(_ moment: Moment) -> Typed { Typed(moment) }

    private mutating func isoText(_ node: PythonNode) throws(ExpressionError) -> any Kernel {
        let value = try value(node)
        if value.type == .null, value.literal == nil {
            return AlwaysRejected(type: .string, reason: "argument must be str, not None")
        }
        guard value.type == .string else { throw error("argument must be str, not \(value.name)", node) }
        return value.kernel
    }

    /// Whether a zone is UTC, the only one there is, rather than None.
    mutating func zone(_ node: PythonNode) throws(ExpressionError) -> Bool {
        if case .none = node.kind { return false }
        if case .module(let path) = try meaning(node),
            path == ["datetime", "timezone", "utc"] || path == ["datetime", "UTC"]
        {
            return true
        }
        throw error("the one time zone is datetime.timezone.utc", node).outside
    }

    /// Whole numbers by place or by name; those that are missing are 0.
    private mutating func numbers(
        _ names: [String], _ arguments: [PythonNode], _ keywords: [PythonKeyword], required: Int, _ node: PythonNode
    ) throws(ExpressionError) -> [any Kernel] {
        guard arguments.count <= names.count else { throw error("there are too many arguments", node).outside }
        var result: [any Kernel] = []
        for (index, name) in names.enumerated() {
            let given = index < arguments.count ? arguments[index] : keywords.first { $0.name == name }?.value
            guard let given else {
                if index < required { throw error("'\(name)' is missing", node) }
                result.append(Constant(.int64(0), .int64))
                continue
            }
            result.append(try wholeNumber(given))
        }
        if let other = keywords.first(where: { !names.contains($0.name) }) {
            throw error("'\(other.name)' is not supported here", other.value).outside
        }
        return result
    }

    private mutating func ofEpoch(_ node: PythonNode, offset: Int64?) throws(ExpressionError) -> Typed {
        let value = try value(node)
        guard value.type.isNumber else {
            throw error("'\(value.name)' object cannot be interpreted as an integer", node)
        }
        return moment(
            Moment(
                .time, offset == nil ? .naive : .aware, of: [value.kernel], nullReason: Self.noInteger
            ) { (values) throws(RowRejection) in
                let outOfRange = RowRejection(reason: "year is out of range")
                var seconds = Double(0)
                var micros = Int64(0)
                if case .float64(let number) = values[0] {
                    if number.isNaN { throw RowRejection(reason: "Invalid value NaN (not a number)") }
                    guard number.magnitude < 1e12 else { throw outOfRange }
                    seconds = number.rounded(.towardZero)
                    micros = Int64(((number - seconds) * 1e6).rounded(.toNearestOrEven))
                } else {
                    guard values[0].whole.magnitude < 1_000_000_000_000 else { throw outOfRange }
                    seconds = Double(values[0].whole)
                }
                let local = Int64(seconds) * 1_000_000 + micros
                guard CivilTime.range.contains(local) else { throw outOfRange }
                return CivilTime(local: local, offset: offset)
            })
    }

    private mutating func duration(
        _ arguments: [PythonNode], _ keywords: [PythonKeyword], _ node: PythonNode
    ) throws(ExpressionError) -> Typed {
        let names = ["days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"]
        let units: [Int64] = [
            CivilTime.day, 1_000_000, 1, 1_000, 60_000_000, 3_600_000_000, 7 * CivilTime.day,
        ]
        for node in arguments + keywords.map(\.value) where try value(node).type == .float64 {
            throw error("fractions in timedelta() are not supported", node).outside
        }
        let parts = try numbers(names, arguments, keywords, required: 0, node)
        return moment(
            Moment(.duration, of: parts, nullReason: "unsupported type for timedelta component: NoneType") {
                (values) throws(RowRejection) in
                var sum: Int64 = 0
                for (value, unit) in zip(values, units) {
                    let (product, first) = value.whole.multipliedReportingOverflow(by: unit)
                    let (next, second) = sum.addingReportingOverflow(product)
                    if first || second { throw RowRejection(reason: "the timedelta does not fit in 64 bits") }
                    sum = next
                }
                return CivilTime(local: sum)
            })
    }
}
