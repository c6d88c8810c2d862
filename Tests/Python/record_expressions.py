"""Records what CPython gives for expressions over typed rows, for the compiled expression language to be compared with.

    python3 Tests/Python/record_expressions.py        (CPython 3.11; writes expressions.json beside this file)

A cell is what repr() writes of the value, or "!" and the name of the exception. Rows of the random part are drawn with a
fixed seed, and so are its expressions.
"""

import datetime
import json
import math
import pathlib
import re
import sys
import types
import warnings

from expression_cases import CASES
from random_expressions import Generator, random_rows

FIELDS = {
    "i": "int", "j": "int", "n": "int?", "f": "float", "g": "float?", "s": "str", "t": "str", "o": "str?",
    "b": "bool", "c": "bool?", "l": "list[int]?", "w": "list[str?]?", "x": "list[float]", "y": "bytes",
}

ROWS = [
    [7, 2, 1, 2.5, 1.0, "Abc", "b", "x", True, True, [1, 2, 3], ["p", "q"], [0.5, -1.0], b"ab"],
    [-7, 3, None, -0.5, 0.0, "", "", None, False, None, [], [], [], b""],
    [0, -2, 0, 1e16, None, "Größe σς", "ö", "", True, False, [5], [""], [math.inf, 2.0], b"\x00\xff"],
    [4, 0, -3, 0.1, -2.0, " 12 ", "1", "12", False, True, None, None, [1e300], b"12"],
    [9007199254740993, 5, 9, 2.675, 3.5, "😀a,b,,c", ",", " it's\n", True, False, [7, 7], ["a", None], [math.nan],
     b"it's"],
    [2**63 - 1, -1, -(2**63), math.inf, math.nan, "e\u0301\u200dn\u0303", "e", "2024-02-29T12:30:45", False, None,
     [2**63 - 1, 1], ["ß", "İ", "ﬁ"], [-0.0, 0.0], b"\xe2\x82\xac"],
    [-(2**63), 10, 2**63 - 1, -math.inf, -0.0, "1_000", "0", "0x1F", True, True, [-3, 0, 3, -1], ["10", "9", "b", "B"],
     [2.5, 0.5, 1.5], b"a,b"],
    [-1, -3, 12, math.nan, 1e-7, "a-b_c d\te", "-", "1e5", False, False, [0], [None], [1.0, 1.0], b"A"],
]


def environment(row):
    fields = dict(zip(FIELDS, row))
    namespace = {"re": re, "math": math, "json": json, "datetime": datetime, "row": types.SimpleNamespace(**fields)}
    namespace.update(fields)
    return namespace


def cell(expression, row):
    try:
        return repr(eval(expression, environment(row)))  # noqa: S307: the expressions are ours
    except Exception as error:  # every exception is a result
        return "!" + type(error).__name__


def encoded(value):
    """A value as the tests read it: numbers and bytes as text, so that none is rounded on the way."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list):
        return [encoded(element) for element in value]
    return repr(value)


def main():
    if sys.version_info[:2] != (3, 11):
        sys.exit(f"the recordings are of CPython 3.11, not {sys.version.split()[0]}")
    warnings.simplefilter("ignore")
    generator = Generator(seed=20_240_229)
    rows = random_rows(generator.random, 8)
    drawn = [generator.expression() for _ in range(1200)]
    recording = {
        "fields": FIELDS,
        "rows": [encoded(row) for row in ROWS],
        "cases": [[case, [cell(case, row) for row in ROWS]] for case in CASES],
        "random_rows": [encoded(row) for row in rows],
        "random_cases": [[case, [cell(case, row) for row in rows]] for case in drawn],
    }
    target = pathlib.Path(__file__).with_name("expressions.json")
    lines = ["{"]
    for index, (key, value) in enumerate(recording.items()):
        comma = "," if index + 1 < len(recording) else ""
        if key == "fields":
            lines.append(f'"{key}": {json.dumps(value)}{comma}')
        else:
            body = ",\n".join(json.dumps(item, ensure_ascii=False) for item in value)
            lines.append(f'"{key}": [\n{body}\n]{comma}')
    target.write_text("\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{len(CASES)} cases on {len(ROWS)} rows, {len(drawn)} random ones on {len(rows)}")


if __name__ == "__main__":
    main()
