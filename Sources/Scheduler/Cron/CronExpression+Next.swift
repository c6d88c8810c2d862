public import Time

extension CronExpression {
    /// The first time after `time` at which the schedule fires in `zone`; nil when there is none within 100 years.
    ///
    /// When clocks change, the rules are Vixie's. Jobs whose minute or hour starts with `*` go by elapsed time: they fire
    /// whenever the clock shows a matching minute, in both of two equal hours. The others go by the clock on the wall: a time
    /// that is skipped fires once, right after the jump, and a repeated one only the first time. A jump of more than three
    /// hours (a country crosses the date line) is a correction: nothing is made up for, nothing is held back.
    public func next(after time: Timestamp, in zone: Zone = .utc) -> Timestamp? {
        guard abs(time.seconds) < Self.lastSecond else { return nil }
        var reached = time
        var offset = zone.offset(at: time)
        // The first second, as the clocks show it, that may fire.
        var from = time.micros.dividedFloored(by: 1_000_000).quotient + offset + 1
        if let change = zone.firstChange(after: time - .seconds(Self.longestJump), upTo: time), repeats(change) {
            from = max(from, change.shownBefore)
        }
        let horizon = from + Self.horizon
        while let shown = firstMatch(from: from, before: horizon) {
            let found = Timestamp(seconds: shown - offset)
            // Up to here the clocks run evenly, or else the search goes on from where they were changed.
            guard let change = zone.firstChange(after: reached, upTo: found) else { return found }
            if makesUp(for: change), firstMatch(from: max(from, change.shownBefore), before: change.shownAfter) != nil {
                return change.time
            }
            from = repeats(change) ? max(from, change.shownBefore) : change.shownAfter
            (reached, offset) = (change.time, change.offsetAfter)
        }
        return nil
    }

    /// In seconds. A leap day on a given weekday comes within 40 years.
    private static let horizon: Int64 = 36_525 * 86_400
    /// The end of the year 9999: beyond it calendars are guesswork.
    private static let lastSecond = 253_402_300_800.0
    /// In seconds. Beyond this a change of the clocks is a correction (cron(8)).
    private static let longestJump: Int64 = 3 * 3600

    /// Whether what the clocks skip is fired at once.
    private func makesUp(for change: ClockChange) -> Bool {
        !isWildcard && (1...Self.longestJump).contains(change.jump)
    }

    /// Whether what the clocks show a second time is not fired again.
    private func repeats(_ change: ClockChange) -> Bool {
        !isWildcard && (-Self.longestJump ... -1).contains(change.jump)
    }

    /// The first matching minute among local times, as seconds since the epoch.
    private func firstMatch(from: Int64, before end: Int64) -> Int64? {
        let minuteOfTime = (from + 59).dividedFloored(by: 60).quotient
        var (day, minute) = minuteOfTime.dividedFloored(by: 1440)
        while day * 86_400 < end {
            let date = CivilDate(daysSinceEpoch: day)
            if !months.contains(Int(date.month)) {
                day += CivilDate.days(inMonth: date.month, year: date.year) - date.day + 1
            } else {
                if matches(date), let found = firstMinute(atLeast: Int(minute)) {
                    let second = day * 86_400 + Int64(found) * 60
                    return second < end ? second : nil
                }
                day += 1
            }
            minute = 0
        }
        return nil
    }

    /// The first matching minute of a day that matches.
    private func firstMinute(atLeast minute: Int) -> Int? {
        guard let hour = hours.first(atLeast: minute / 60) else { return nil }
        if hour == minute / 60 {
            if let found = minutes.first(atLeast: minute % 60) { return hour * 60 + found }
            return firstMinute(atLeast: (hour + 1) * 60)
        }
        return minutes.first(atLeast: 0).map { hour * 60 + $0 }
    }
}
