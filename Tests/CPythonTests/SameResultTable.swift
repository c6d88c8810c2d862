import Columnar
import Time

/// Expressions that both ways of running code understand.
enum SameResultTable {
    /// Rows with everything that is awkward: nulls, text beyond ASCII, numbers beyond 2^53, not-a-number and infinities.
    static let rows: StructColumn = {
        let inner: DataType = .structure([Field("name", .string), Field("size", .int64)])
        let fields = [
            Field("n", .int64), Field("m", .int64), Field("f", .float64), Field("g", .float64), Field("s", .string),
            Field("t", .string), Field("b", .boolean), Field("raw", .bytes), Field("at", .timestamp),
            Field("xs", .list(.int64)), Field("words", .list(.string)), Field("sub", inner), Field("maybe", .int64),
        ]
        let numbers: [Int64] = [0, 1, -7, 9_007_199_254_740_993, -9_223_372_036_854_775_807, 42, 1_000_003, 3]
        let others: [Int64] = [1, -3, 2, 7, 10, 0, -1_000, 3]
        let floats: [Double] = [0, -0.0, 1.5, .nan, .infinity, -.infinity, 1e300, -2.5]
        let divisors: [Double] = [1, 0, -2, 3, 0.1, 7, 1e-3, 2.5]
        let texts = ["", "abc", "Straße É", "日本 語", "a,b,,c", "  pad ", "x\ny", "42"]
        let second = ["a", "b", "ß", "本", ",", "pad", "\n", "4"]
        let lists: [[Int64]] = [[], [1], [3, 1, 2], [-1, -1], [0], [9_007_199_254_740_993, 1], [5, 4], [2, 2, 2]]
        func column(_ index: Int) -> [Scalar] {
            (0..<8).map { row -> Scalar in
                switch index {
                case 0: .int64(numbers[row])
                case 1: .int64(others[row])
                case 2: .float64(floats[row])
                case 3: .float64(divisors[row])
                case 4: .string(texts[row])
                case 5: .string(second[row])
                case 6: .boolean(row % 2 == 1)
                case 7: .bytes([UInt8](texts[row].utf8) + [UInt8(row)])
                case 8: .timestamp(Timestamp(micros: numbers[row] / 1000))
                case 9: .list(lists[row].map { .int64($0) })
                case 10: .list(texts[row].split(separator: ",").map { .string(String($0)) })
                case 11: row == 3 ? .null : .structure([row == 5 ? .null : .string(second[row]), .int64(others[row])])
                default: row % 3 == 0 ? .null : .int64(numbers[row])
                }
            }
        }
        return StructColumn(
            fields: fields, children: fields.indices.map { Column(fields[$0].type, column($0)) }, count: 8)
    }()

    static let expressions: [String] =
        """
        n
        maybe
        s
        raw
        at
        xs
        sub
        sub.name
        sub.size
        n + m
        n - m
        n * 2
        n * m
        n // m
        n % m
        n / m
        -n
        +f
        abs(n)
        n ** 2
        m ** 3
        f + g
        f - g
        f * g
        f / g
        f // g
        f % g
        n + f
        n * g
        n == f
        n < m
        n <= m < 100
        f == f
        f != g
        f < g
        s == t
        s < t
        s != 'abc'
        t in s
        t not in s
        n in (1, 2, 3)
        n in [42, 0]
        maybe is None
        maybe is not None
        maybe + 1
        maybe == 1
        maybe or 5
        maybe if maybe is not None else -1
        s or 'empty'
        b and n > 0
        b or n > 0
        not b
        not s
        not xs
        b + 1
        n if b else m
        s if b else t
        f if b else g
        len(s)
        len(xs)
        len(raw)
        len(s) * n
        s.upper()
        s.lower()
        s.strip()
        s.title()
        s.replace('a', 'ä')
        s.split(',')
        s.split()
        s.startswith('a')
        s.endswith(t)
        s.find(t)
        s.index(t)
        s.count(t)
        s.isdigit()
        s.zfill(9)
        s.center(11, '*')
        s.encode('utf-8')
        s + t
        s * 2
        s[0]
        s[-1]
        s[1:3]
        s[::-1]
        s[:-1]
        t.join(words)
        ', '.join(words)
        f'{s}-{n}'
        f'{n:>24}|{f:.3f}|{s!r}'
        '%s=%d' % (t, n)
        '{:,}'.format(n)
        '{0}/{1}'.format(s, t)
        str(n)
        str(f)
        str(b)
        repr(s)
        int(s)
        float(s)
        int(f)
        int(b)
        float(n)
        bool(s)
        bool(f)
        round(f)
        round(f, 1)
        round(g, 2)
        min(n, m)
        max(n, m)
        min(xs)
        max(xs)
        sum(xs)
        sorted(xs)
        sorted(words)
        xs[0]
        xs[-1]
        xs[1:]
        xs + [1]
        [x * 2 for x in xs]
        [x for x in xs if x > 1]
        any(x > 1 for x in xs)
        all(x > 1 for x in xs)
        sum(x for x in xs if x > 1)
        [w.upper() for w in words]
        n in xs
        [n, m]
        sub.size + n
        sub.name or 'none'
        sub.name.upper()
        n & 255 if n >= 0 else 0
        """.split(separator: "\n").map(String.init)
}
