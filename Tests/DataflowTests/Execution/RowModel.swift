import Columnar
import TestSupport
import Time

@testable import Dataflow

/// When the bench starts.
let modelStart: Int64 = 1_000_000_000_000

/// What a random pipeline is made of; each works on rows of `k` and `v`.
enum Piece {
    case scale(Int64)
    /// Keeps the rows whose value leaves this remainder.
    case keep(modulus: Int64, remainder: Int64)
    /// Rejects the rows whose value is divisible by this.
    case reject(Int64)
    /// `v mod n` copies of a row, with `0, 1, …` added.
    case fanOut(Int64)
    /// Event time from the value.
    case retime
    case window(WindowFunction)
    case combine

    static func random(_ random: inout SplitMix64) -> Piece {
        switch Int.random(in: 0..<9, using: &random) {
        case 0: return .scale(Int64.random(in: -3...3, using: &random))
        case 1:
            let modulus = Int64.random(in: 2...5, using: &random)
            return .keep(modulus: modulus, remainder: Int64.random(in: 0..<modulus, using: &random))
        case 2: return .reject(Int64.random(in: 3...9, using: &random))
        case 3: return .fanOut(Int64.random(in: 2...4, using: &random))
        case 4: return .retime
        case 5, 6:
            let size = Int64.random(in: 5...60, using: &random) * 1_000_000
            let other = Int64.random(in: 3...40, using: &random) * 1_000_000
            return .window(
                [
                    .global, .fixed(size: size, offset: other), .sliding(size: size, period: other, offset: 7),
                    .sessions(gap: other),
                ].randomElement(using: &random) ?? .global)
        default: return .combine
        }
    }
}

func number(_ row: Row, _ name: String = "v") -> Int64? {
    if case .int64(let value)? = row[name] { value } else { nil }
}

func floorMod(_ value: Int64, _ modulus: Int64) -> Int64 { value.dividedFloored(by: modulus).remainder }

/// The event time that `retime` gives: never before the start, so that nothing is late.
func eventTime(of value: Int64) -> Int64 { modelStart + floorMod(value, 200) * 1_000_000 }

/// The same pipeline, an element at a time.
struct RowModel {
    struct Element {
        var k: String?
        var v: Int64?
        var time: Int64
        var window = Window.global
    }

    var windowing = WindowFunction.global
    var mayMerge = false
    /// Whether an element in several windows is here once for each.
    var hasCopies = false
    var rejected = 0

    mutating func run(_ pieces: [Piece], _ elements: [Element]) -> [Element] {
        var elements = elements
        for piece in pieces { elements = apply(piece, elements) }
        return elements
    }

    private mutating func apply(_ piece: Piece, _ elements: [Element]) -> [Element] {
        switch piece {
        case .scale(let factor): return elements.map { with($0) { $0.v = $0.v.map { $0 * factor } } }
        case .keep(let modulus, let remainder):
            return elements.filter { $0.v.map { floorMod($0, modulus) == remainder } ?? false }
        case .reject(let modulus):
            let kept = elements.filter { $0.v.map { $0 % modulus != 0 } ?? true }
            rejected += elements.count - kept.count
            return kept
        case .fanOut(let count):
            return elements.flatMap { element in
                (0..<floorMod(element.v ?? 0, count)).map { index in
                    with(element) { $0.v = $0.v.map { $0 + index } }
                }
            }
        case .retime:
            var result: [Element] = []
            if case .sessions = windowing { mayMerge = true }
            defer { hasCopies = true }
            for element in elements {
                guard let value = element.v else {
                    rejected += 1
                    continue
                }
                // One element, however many windows it stands in.
                let first = windowing.windows(at: element.time).first
                if case .sliding = windowing, hasCopies, first != element.window { continue }
                let at = eventTime(of: value)
                for window in windowing.windows(at: at) {
                    result.append(with(element) { ($0.time, $0.window) = (at, window) })
                }
            }
            return result
        case .window(let function):
            windowing = function
            hasCopies = true
            if case .sessions = function { mayMerge = true } else { mayMerge = false }
            return elements.flatMap { element in
                function.windows(at: element.time).map { window in with(element) { $0.window = window } }
            }
        case .combine: return combine(elements)
        }
    }

    private mutating func combine(_ elements: [Element]) -> [Element] {
        let valid = elements.filter { $0.v != nil }
        rejected += elements.count - valid.count
        var result: [Element] = []
        for (key, members) in Dictionary(grouping: valid, by: \.k) {
            var windows: [Window] = []
            for window in Set(members.map(\.window)).sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) {
                if mayMerge, let last = windows.last, last.end > window.start {
                    windows[windows.count - 1].end = max(last.end, window.end)
                } else {
                    windows.append(window)
                }
            }
            for window in windows {
                let inside = members.filter { member in
                    mayMerge
                        ? window.start <= member.window.start && member.window.end <= window.end
                        : member.window == window
                }
                result.append(
                    Element(
                        k: key, v: inside.reduce(0) { $0 + ($1.v ?? 0) }, time: window.maxTimestamp, window: window))
            }
        }
        mayMerge = false
        hasCopies = false
        return result
    }

    private func with(_ element: Element, _ change: (inout Element) -> Void) -> Element {
        var element = element
        change(&element)
        return element
    }
}
