/// Times and windows.
extension Interpreter {
    static func time(_ value: Value) throws(Rejection) -> Int64 {
        switch value {
        case .time(let micros): return micros
        case .integer(let seconds) where seconds.magnitude < 9_200_000_000_000: return seconds * 1_000_000
        case .float(let seconds) where seconds.magnitude < 9.2e12: return Int64((seconds * 1_000_000).rounded())
        default: throw Rejection("not a time")
        }
    }

    /// The windows of a time: every one of the kind that holds it.
    static func windows(_ function: Flow.Windowing, _ time: Int64) -> [Window?] {
        switch function {
        case .global: return [nil]
        case .sessions(let gap): return [Window(start: time, end: time + gap * 1000)]
        case .fixed(let size, let offset): return windows(.sliding(size: size, period: size, offset: offset), time)
        case .sliding(let size, let period, let offset):
            let (size, period, offset) = (size * 1000, period * 1000, offset * 1000)
            // Starts are `offset + n * period`: the last that is not after the time, and those before it that reach it.
            var number = (time - offset) / period + 1
            while offset + number * period > time { number -= 1 }
            var found: [Window?] = []
            while offset + number * period + size > time {
                found.append(Window(start: offset + number * period, end: offset + number * period + size))
                number -= 1
            }
            return found
        }
    }

    static func text(_ window: Window?) -> String {
        guard let window else { return "GlobalWindow" }
        let bounds = [window.start, window.end].map { String(Python.text(.float(Double($0) / 1_000_000))) }
        return "[\(bounds[0]), \(bounds[1]))"
    }

    static func info(_ what: String, _ element: Element) -> Value {
        let window = element.windows[0]
        return switch what {
        case "timestamp": .time(element.time)
        case "window_start": .time(window?.start ?? firstTime)
        case "window_end": .time(window?.end ?? globalEnd)
        case "window_string": .string(text(window))
        default: .string(window == nil ? "GlobalWindow" : "IntervalWindow")
        }
    }

    /// When what comes out of a window happens: in its last millisecond.
    static func lastTime(of window: Window?) -> Int64 {
        guard let window else { return globalEnd - 1000 }
        return max(window.start, window.end - 1000)
    }
}
