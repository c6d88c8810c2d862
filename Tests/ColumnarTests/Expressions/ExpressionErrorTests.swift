import Columnar
import Testing

@Suite("What cannot be compiled is told with its place") struct ExpressionErrorTests {
    private let fields = "fields are i, j, f, s, t, b, n, o, l, w, g, r, e"

    @Test("in expressions")
    func expressions() {
        let cases: [(String, Int, String)] = [
            ("zone + 1", 0, "unknown field 'zone'; \(fields)"),
            ("i + ff", 4, "unknown field 'ff'; \(fields)"),
            ("r.vehicle", 2, "'r' has no field 'vehicle'; fields are x, y, z"),
            ("r.z.ww", 4, "'r.z' has no field 'ww'; fields are w"),
            ("i +", 3, "the expression ends too early"),
            ("", 0, "the expression ends too early"),
            ("i + * 2", 4, "'*' is not expected here"),
            ("(i + 1", 6, "')' is missing after the expression in brackets, where the end stands"),
            ("i = 1", 2, "'=' assigns, which an expression does not; did you mean '=='?"),
            ("s + i", 2, "unsupported operand types for +: 'str' and 'int'; make the number text with str(…)"),
            ("None + 1", 5, "unsupported operand types for +: 'NoneType' and 'int'"),
            ("s < i", 2, "'<' is not supported between 'str' and 'int'"),
            ("s == i", 2, "'str' and 'int' are never equal"),
            ("i in s", 2, "'in' text needs text on its left, not 'int'"),
            ("i in ('a',)", 6, "'int' and 'str' are never equal"),
            ("i in j", 2, "argument of type 'int' is not iterable"),
            ("s if b else i", 2, "the expression gives str or int; a field has one type"),
            ("s or i", 2, "'or' gives str or int; a field has one type"),
            ("s if b", 2, "'if' needs an 'else' in an expression"),
            ("s is 'a'", 2, "'is' compares objects, not values; write '=='"),
            (
                "s.uper()", 2,
                "'str' has no attribute 'uper' that is supported; there are capitalize, center, count, encode, endswith, find, format, index, isalnum, isalpha, isascii, isdecimal, isdigit, islower, isnumeric, isspace, isupper, join, ljust, lower, lstrip, partition, removeprefix, removesuffix, replace, rfind, rindex, rjust, rpartition, rsplit, rstrip, split, startswith, strip, swapcase, title, upper, zfill"
            ),
            (
                "s.partition(',')", 2,
                "'partition' gives a tuple, which is no value that a field can hold; take one of its three parts: partition(…)[0]"
            ),
            ("s.ljust(t)", 8, "'str' object cannot be interpreted as an integer"),
            ("s.ljust(5, t)", 11, "the fill character must be one character that is spelled out"),
            ("s.rsplit(',', limit=1)", 20, "rsplit() does not take 'limit'"),
            ("s.upper", 2, "'upper' is a method; call it with brackets"),
            ("s.replace('a')", 0, "replace() takes 2 to 3 arguments, not 1"),
            ("len(i)", 0, "object of type 'int' has no len()"),
            ("len", 0, "'len' is a function; call it with brackets"),
            ("int(l)", 0, "int() argument must be a string, a bytes-like object or a real number, not 'list'"),
            (
                "zip(l)", 0,
                "the function 'zip' is not supported; there are abs, all, any, bool, chr, float, format, getattr, hasattr, int, isinstance, len, list, max, min, ord, repr, round, sorted, str, sum"
            ),
            ("[x for x in i]", 12, "'int' object is not iterable"),
            ("[x for x in l for y in x]", 23, "'int' object is not iterable"),
            ("[x for x, y in l]", 15, "the elements are no pairs that can be taken apart here"),
            ("[x for x, y in enumerate(i)]", 25, "'int' object is not iterable"),
            ("[x for x in zip(l, l)]", 12, "zip() gives 2 values at a time, for as many variables"),
            ("list(set(l))", 5, "a set has no order; write sorted(set(…))"),
            ("{'a': 1}.pop('a')", 9, "'dict' has no attribute 'pop' that is supported; there is get"),
            ("{'a': 1, 'b': 'x'}[s]", 14, "the dictionary gives str or int; a field has one type"),
            ("(i, j)[2]", 7, "tuple index out of range"),
            ("int(s, 40)", 7, "int() base must be >= 2 and <= 36, or 0"),
            ("[x.nam for x in e]", 3, "'x' has no field 'nam'; fields are id, name, v"),
            ("[x.v.tripp for x in e]", 5, "'the row' has no field 'tripp'; fields are trip, d"),
            ("[y for x in l]", 1, "unknown field 'y'; \(fields)"),
            ("[x for x in l] + x", 17, "unknown field 'x'; \(fields)"),
            ("(x for x in l)", 0, "a generator is no value; write it in square brackets"),
            ("len(x for x in l)", 4, "a generator is no value; write it in square brackets"),
            ("sum(x for x in l, 1)", 4, "a generator beside other arguments stands in brackets"),
            ("{x for x in l}", 0, "dictionaries and sets of a comprehension are not supported"),
            ("[i, s]", 4, "the list holds int and str; a list has one type"),
            ("sum(w)", 0, "unsupported operand types for +: 'int' and 'str'"),
            ("sum(l, i)", 0, "the start of a sum must be a number that is spelled out"),
            ("max(e)", 0, "max is not supported for elements of 'Row'"),
            ("sorted(l, key=i)", 14, "such a key is not supported; write key=lambda x: …"),
            ("sorted(l, reverse=b)", 18, "'reverse' is True or False here"),
            ("{'a': 1}", 0, "a dictionary is no value that a field can hold"),
            ("i & 1", 2, "the operator '&' is not supported"),
            ("'abc", 0, "the string is not closed"),
            ("i ? 1", 2, "'?' has no meaning in Python"),
            ("1abc", 0, "'1a' is not a number"),
            ("99999999999999999999", 0, "the number does not fit in 64 bits"),
            ("(i, j)", 1, "a tuple is no value that a field can hold"),
            ("'%d' % s", 7, "%d format: a real number is required, not str"),
            ("'%x' % f", 7, "%x format: an integer is required, not float"),
            ("'%s %s' % i", 8, "not enough arguments for format string"),
            ("'%s' % (i, j)", 5, "not all arguments converted during string formatting"),
            ("'%(a)s' % i", 0, "'%' with names is not supported; write an f-string"),
            ("'%c' % i", 0, "the conversion '%c' is not supported"),
            ("s % i", 2, "the text before '%' must be spelled out; write an f-string"),
            ("'{} {}'.format(i)", 0, "Replacement index 1 out of range for positional args tuple"),
            ("'{x}'.format(y=i)", 0, "format() is given no 'x'"),
            ("'{.x}'.format(r)", 0, "attributes in a format's field are not supported"),
            ("'{:.2f}'.format(s)", 0, "the format '.2f' does not fit 'str'"),
            ("f'{i:q}'", 4, "'q' is no format specification that is supported"),
            ("f'{zone}'", 3, "unknown field 'zone'; \(fields)"),
            ("f'{i'", 2, "'{' is not closed"),
            (
                "Timestamp(i)", 0,
                "'Timestamp' is not imported; write beam.utils.timestamp.Timestamp, or import it in the first line of a callable"
            ),
            (
                "math.floor(f)", 0,
                "the module 'math' is not imported; import it in the first line of a callable: 'import math', then 'lambda row: …'"
            ),
            (
                "beam.utils.timestamp.Timestamp(s)", 31,
                "Cannot interpret a 'str' as seconds; convert it with int(…) or float(…)"
            ),
            ("s[b'x']", 1, "the index must be an integer, not 'bytes'"),
            ("r['x']", 1, "a row's fields are attributes; write row.name"),
            ("i is not None and\n zone > 1", 19, "unknown field 'zone'; \(fields)"),
        ]
        for (source, offset, description) in cases {
            check(source, .expression, offset, description)
        }
    }

    @Test("in callables")
    func callables() {
        let cases: [(String, Int, String)] = [
            ("lambda row: row.zone", 16, "unknown field 'zone'; \(fields)"),
            ("lambda row: row.ss", 16, "unknown field 'ss'; \(fields)"),
            ("lambda row: i", 12, "unknown name 'i'; did you mean 'row.i'?"),
            ("lambda row: rou.i", 12, "unknown name 'rou'"),
            ("lambda row: row", 12, "the row itself is no value; name its fields"),
            ("lambda a, b: a", 8, "a callable takes one parameter: 'lambda row: …'"),
            (
                "def f(row):\n  return 1", 0,
                "a callable that is a definition is not supported; write it as 'lambda row: …'"
            ),
            (
                "import numpy\nlambda row: 1", 7,
                "the module 'numpy' is not available to expressions; there are apache_beam, datetime, json, math, re"
            ),
            (
                "import math\nlambda row: math.flor(row.f)", 24,
                "'math.flor' is not supported"
            ),
            ("import math", 11, "a callable ends with 'lambda row: …'"),
            ("x = 1\nlambda row: x", 0, "a callable is lines that import and then 'lambda row: …', not 'x'"),
            (
                "lambda row: (\n  row.i\n)", 22,
                "Beam takes this line for the start of the lambda; indent it more than 'lambda'"
            ),
            ("import re\nlambda row: re.split('a', row.s)", 22, "'re.split' is not supported"),
            (
                "import re\nlambda row: re.match('a', row.s)", 22,
                "a match is no value that a field can hold; take its text with .group()"
            ),
            (
                "import re\nlambda row: bool(re.match('a(?=b)', row.s))", 36,
                "a group with '(?' at position 3 of the pattern is not supported"
            ),
            (
                "import re\nlambda row: bool(re.match(r'(a)\\1', row.s))", 36,
                "'\\1' at position 5 of the pattern is not supported"
            ),
            ("import re\nlambda row: re.match('a', row.s).group(1)", 22, "no such group"),
        ]
        for (source, offset, description) in cases {
            check(source, .callable, offset, description)
        }
    }

    @Test("also when they nest beyond reason")
    func depth() {
        let sources = [
            String(repeating: "(", count: 2_000), String(repeating: "not ", count: 2_000) + "i",
            String(repeating: "-", count: 2_000) + "i", String(repeating: "i ** ", count: 2_000) + "i",
            String(repeating: "i + ", count: 2_000) + "i", "s" + String(repeating: ".strip()", count: 2_000),
            String(repeating: "i if b else ", count: 2_000) + "i", String(repeating: "i and ", count: 2_000) + "i",
            "s" + String(repeating: "[0]", count: 2_000), String(repeating: "[", count: 2_000),
        ]
        for source in sources {
            do {
                _ = try PythonExpression(source, as: .expression).compile(over: ExpressionRows.schema)
                Issue.record("'\(source.prefix(20))…' compiled")
            } catch {
                #expect(error.message == "the expression is nested too deeply", "\(source.prefix(20))")
            }
        }
        let wide = (1...60).map { "s == '\($0)'" }.joined(separator: " or ")
        #expect(throws: Never.self) { try PythonExpression(wide, as: .expression).compile(over: ExpressionRows.schema) }
    }

    @Test("with the names that are known in the place of one that is not")
    func unknownNames() {
        let cases: [(String, PythonExpression.Form, String, String)] = [
            ("i + ff", .expression, "ff", "g"), ("i + ff", .expression, "ff", "float"),
            ("r.xx", .expression, "xx", "x"),
            ("s.uper()", .expression, "uper", "upper"), ("lambda row: rou.i", .callable, "rou", "row"),
            ("import math\nlambda row: math.flor(1.5)", .callable, "math.flor", "math.floor"),
        ]
        for (source, form, name, known) in cases {
            do {
                _ = try PythonExpression(source, as: form).compile(over: ExpressionRows.schema)
                Issue.record("'\(source)' compiled")
            } catch {
                #expect(error.unknown?.name == name, "\(source)")
                #expect(error.unknown?.known.contains(known) == true, "\(source)")
            }
        }
    }

    @Test("and code over several lines is read as Python reads it")
    func lines() throws {
        let source = """
            # Where it is.
            from apache_beam.utils.timestamp import (Timestamp as T)
            import math, re

            lambda row: (
                row.i +  # the first
                row.j
                )
            """
        let compiled = try PythonExpression(source, as: .callable).compile(over: ExpressionRows.schema)
        #expect(evaluated(compiled) == ["9", "-4", "-2", "4", "9007199254740998"])
    }

    private func check(_ source: String, _ form: PythonExpression.Form, _ offset: Int, _ description: String) {
        do {
            _ = try PythonExpression(source, as: form).compile(over: ExpressionRows.schema)
            Issue.record("'\(source)' compiled")
        } catch {
            #expect(error.offset == offset, "\(source)")
            #expect(error.description == description, "\(source)")
        }
    }
}
