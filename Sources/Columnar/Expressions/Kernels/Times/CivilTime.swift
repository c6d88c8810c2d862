import Time

/// A date and time as Python's `datetime` has it: numbers on a clock and a calendar, with or without the clock's offset
/// from UTC.
struct CivilTime: Sendable {
    /// Microseconds on the clock since 1970-01-01 00:00 on the same clock.
    var local: Int64
    /// Seconds that the clock is ahead of UTC; nil: not known, "naive".
    var offset: Int64?

    /// How it stands in a column: of the compiler's own, never in a field.
    static let type = DataType.structure([Field("local", .int64), Field("offset", .int64)])

    static let day: Int64 = 86_400_000_000

    init(local: Int64, offset: Int64? = nil) {
        self.local = local
        self.offset = offset
    }

    init(_ scalar: Scalar) {
        self.init(local: 0)
        guard case .structure(let parts) = scalar, parts.count == 2 else { return }
        if case .int64(let value) = parts[0] { local = value }
        if case .int64(let value) = parts[1] { offset = value }
    }

    var scalar: Scalar { .structure([.int64(local), offset.map(Scalar.int64) ?? .null]) }

    /// Years 1 to 9999.
    static let range: ClosedRange<Int64> = -62_135_596_800_000_000...253_402_300_799_999_999

    /// Of a date that exists.
    init(
        year: Int64, month: Int64, day: Int64, hour: Int64 = 0, minute: Int64 = 0, second: Int64 = 0, micro: Int64 = 0,
        offset: Int64? = nil
    ) throws(RowRejection) {
        guard (1...9999).contains(year) else { throw RowRejection(reason: "year \(year) is out of range") }
        guard (1...12).contains(month) else { throw RowRejection(reason: "month must be in 1..12") }
        guard day >= 1, day <= CivilDate.days(inMonth: month, year: year) else {
            throw RowRejection(reason: "day is out of range for month")
        }
        guard (0...23).contains(hour) else { throw RowRejection(reason: "hour must be in 0..23") }
        guard (0...59).contains(minute) else { throw RowRejection(reason: "minute must be in 0..59") }
        guard (0...59).contains(second) else { throw RowRejection(reason: "second must be in 0..59") }
        guard (0...999_999).contains(micro) else { throw RowRejection(reason: "microsecond must be in 0..999999") }
        let days = CivilDate(year: year, month: month, day: day).daysSinceEpoch
        local = days * Self.day + ((hour * 60 + minute) * 60 + second) * 1_000_000 + micro
        self.offset = offset
    }

    var days: Int64 { local.floorDivided(by: Self.day).partialValue }
    var micros: Int64 { local - days * Self.day }
    var date: CivilDate { CivilDate(daysSinceEpoch: days) }
    var hour: Int64 { micros / 3_600_000_000 }
    var minute: Int64 { micros / 60_000_000 % 60 }
    var second: Int64 { micros / 1_000_000 % 60 }
    var micro: Int64 { micros % 1_000_000 }
    /// Monday is 0.
    var weekday: Int64 { (days + 3).floorModulo(7) }
    var dayOfYear: Int64 { days - CivilDate(year: date.year, month: 1, day: 1).daysSinceEpoch + 1 }
    /// On UTC's clock; the clock's own where the offset is not known.
    var utc: Int64 { local - (offset ?? 0) * 1_000_000 }

    /// So many microseconds later.
    func advanced(by micros: Int64) throws(RowRejection) -> CivilTime {
        let (sum, overflow) = local.addingReportingOverflow(micros)
        guard !overflow, Self.range.contains(sum) else { throw RowRejection(reason: "date value out of range") }
        return CivilTime(local: sum, offset: offset)
    }
}
