import Columnar
import Dataflow
import TestSupport
import Time

/// Two inputs to join, and what a nested loop makes of them.
struct JoinModel {
    static let left = Schema([Field("k", .string), Field("n", .int64), Field("a", .int64)])
    static let right = Schema([Field("k", .string), Field("n", .int64), Field("b", .string)])
    static let output = Schema([Field("k", .string), Field("a", .int64), Field("b", .string)])

    var kind: Join.Kind
    /// Fields that are compared.
    var keys = ["k"]

    var join: Join {
        Join(
            kind, leftKeys: keys.map { field($0, in: Self.left) }, rightKeys: keys.map { field($0, in: Self.right) },
            fields: [.init(.left, 0), .init(.left, 2), .init(.right, 2)])
    }

    /// Rows of one window joined, as text and sorted.
    func pairs(_ left: [[Scalar]], _ right: [[Scalar]]) -> [[Scalar]] {
        let positions = keys.map { $0 == "k" ? 0 : 1 }
        func isPair(_ a: [Scalar], _ b: [Scalar]) -> Bool {
            positions.allSatisfy { a[$0] != .null && a[$0] == b[$0] }
        }
        var result: [[Scalar]] = []
        for a in left {
            let partners = right.filter { isPair(a, $0) }
            result += partners.map { [a[0], a[2], $0[2]] }
            if partners.isEmpty, kind == .left || kind == .full { result.append([a[0], a[2], .null]) }
        }
        if kind == .right || kind == .full {
            for b in right where !left.contains(where: { isPair($0, b) }) { result.append([.null, .null, b[2]]) }
        }
        return result
    }

    /// Rows with duplicate, missing and odd keys; the last field is the row's own.
    static func rows(_ count: Int, _ random: inout SplitMix64, last: (Int) -> Scalar) -> [[Scalar]] {
        let keys: [Scalar] = [.null, .string(""), .string("a"), .string("ü"), .string("a\u{0}b"), .string("🚇x")]
        return (0..<count).map { index in
            [
                keys.randomElement(using: &random) ?? .null,
                [.null, .int64(0), .int64(-1)].randomElement(using: &random) ?? .null, last(index),
            ]
        }
    }
}
