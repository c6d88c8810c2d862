import Columnar
import Testing

@Suite("What cannot be compiled is told apart from what is wrong") struct ExpressionCoverageTests {
    @Test(
        "what is Python, but outside the compiled language",
        arguments: [
            "{'a': i, **r}", "(x := i)", "i & j", "~i", "99999999999999999999", "1j", "(i, j)", "s if b else i",
            "[i, s]",
            "s == i", "hex(i)", "f'{i:{j}}'", "s.expandtabs()", "i.bit_length()", "map(str, l)",
            "[*l, 1]", "max(*l)", "s.format(i)", "'%(a)s' % {'a': i}",
        ])
    func outside(source: String) { #expect(flag(source, .expression) == true, "\(source)") }

    @Test(
        "what is wrong",
        arguments: [
            "i +", "i = 1", "(i", "zone", "r.vehicle", "s + i", "s < i", "len(i)", "s.uper()", "s.replace('a')", "'abc",
            "i ? 1", "1abc", "[x for x in i]", "'%d' % s", "s if b", "int(l)", "Timestamp(i)", "hash(s)", "id(s)",
            "s.upper", "i(1)", "b'ä'",
        ])
    func wrong(source: String) { #expect(flag(source, .expression) == false, "\(source)") }

    @Test("callables")
    func callables() {
        let outside = [
            "def f(row):\n  return 1", "import numpy\nlambda row: 1", "lambda row: row", "x = 1\nlambda row: x",
            "import math\nlambda row: math.perm(row.i)", "import re\nlambda row: re.subn('a', 'b', row.s)[0]",
            "import re\nlambda row: bool(re.match('a(?=b)', row.s))", "lambda row: row._asdict()['i']",
        ]
        for source in outside { #expect(flag(source, .callable) == true, "\(source)") }
        let wrong = [
            "lambda row: row.zone", "lambda row: i", "import math\nlambda row: math.flor(row.f)", "import math",
            "lambda row: (\n  row.i\n)",
        ]
        for source in wrong { #expect(flag(source, .callable) == false, "\(source)") }
    }

    /// Nil when it compiles.
    private func flag(_ source: String, _ form: PythonExpression.Form) -> Bool? {
        do throws(ExpressionError) {
            _ = try PythonExpression(source, as: form).compile(over: ExpressionRows.schema)
            return nil
        } catch { return error.isOutsideCompiledLanguage }
    }
}
