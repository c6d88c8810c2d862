"""Random expressions over the fields of the recordings, built by the type that they are to give."""

import math
import random

WHOLE = [0, 1, -1, 2, 3, -7, 10, 255, 2**31, 2**53 + 1, 2**62, 2**63 - 1, -(2**63)]
FLOATS = [0.0, -0.0, 0.5, -1.5, 2.5, 0.1, 2.675, 1e16, 1e-9, -1e300, 5e-324, math.inf, -math.inf, math.nan]
TEXTS = ["", "a", "B", "abc", "12", " 7 ", "-3", "1.5", "é", "e\u0301", "😀", "ß", "Σας", "a,b", "x\ny", "ǅ", "İ", "0"]


def random_rows(draw, count):
    def whole():
        return draw.choice(WHOLE) if draw.random() < 0.5 else draw.randint(-100, 100)

    def floating():
        return draw.choice(FLOATS) if draw.random() < 0.5 else round(draw.uniform(-1000, 1000), draw.randint(0, 6))

    def text():
        return "".join(draw.choice(TEXTS) for _ in range(draw.randint(0, 3)))

    def maybe(value):
        return None if draw.random() < 0.3 else value()

    def some(value):
        return [value() for _ in range(draw.randint(0, 4))]

    return [
        [
            whole(), draw.randint(-5, 5), maybe(whole), floating(), maybe(floating), text(), draw.choice(TEXTS),
            maybe(text), draw.random() < 0.5, maybe(lambda: draw.random() < 0.5), maybe(lambda: some(whole)),
            maybe(lambda: some(lambda: maybe(text))), some(floating), bytes(draw.choices(range(256), k=3)),
        ]
        for _ in range(count)
    ]


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def expression(self):
        return getattr(self, self.random.choice(["whole", "floating", "text", "truth", "wholes", "texts"]))(3)

    def pick(self, depth, leaves, templates):
        if depth <= 0 or self.random.random() < 0.2:
            return self.random.choice(leaves)
        template = self.random.choice(templates)
        result = ""
        for part in template.split("{"):
            kind, closed, rest = part.partition("}")
            result += getattr(self, {"i": "whole", "f": "floating", "s": "text", "b": "truth", "l": "wholes",
                                     "w": "texts", "k": "small"}[kind])(depth - 1) + rest if closed else part
        return result

    def small(self, depth):
        return self.random.choice(["-3", "-2", "-1", "0", "1", "2", "3", "j"])

    def whole(self, depth):
        return self.pick(depth, ["i", "j", "n", "0", "1", "-1", "7", "1000000007"], [
            "({i} + {i})", "({i} - {i})", "({i} * {i})", "({i} // {i})", "({i} % {i})", "({i} ** {k})", "(-{i})",
            "abs({i})", "len({s})", "int({f})", "int({s})", "round({f})", "({i} if {b} else {i})", "max({i}, {i})",
            "min({i}, {i})", "sum({l})", "len({l})", "{l}[{k}]", "{s}.find({s})", "{s}.count({s})", "round({i}, -1)",
            "max({l})", "divmod({i}, {i})[0]", "divmod({i}, {i})[1]", "({i} or {i})", "({i} and {i})", "len({w})",
            "sum(e for e in {l} if e > {k})", "{{'a': 1, '12': 2}}.get({s}, {i})".replace("{{", "dict_").replace(
                "}}", "_dict"), "ord({s})", "sum(a * b for a, b in zip({l}, {l}))", "len(set({l}))",
        ]).replace("dict_", "{").replace("_dict", "}")

    def floating(self, depth):
        return self.pick(depth, ["f", "g", "0.5", "-2.0", "1e10"], [
            "({f} + {f})", "({f} - {i})", "({f} * {f})", "({i} / {i})", "({f} // {f})", "({f} % {f})", "({f} ** {k})",
            "(-{f})", "abs({f})", "float({s})", "float({i})", "round({f}, {k})", "({f} if {b} else {f})", "sum(x)",
            "max({f}, {f})", "min(x)", "x[{k}]", "({i} * {f})", "({f} // {i})", "({i} % {f})",
        ])

    def text(self, depth):
        return self.pick(depth, ["s", "t", "o", "'a'", "'12'", "''", "'é'", "','"], [
            "({s} + {s})", "({s} * {k})", "{s}[{k}]", "{s}[{k}:{k}]", "{s}[::-1]", "{s}[{k}::-2]", "{s}.upper()",
            "{s}.lower()", "{s}.strip()", "{s}.title()", "{s}.replace({s}, {s})", "str({i})", "str({f})", "str({l})",
            "str({b})", "({s} if {b} else {s})", "({s} or {s})", "{s}.join({w})", "f'{{i}}-{{s}}'".replace(
                "{{", "<<").replace("}}", ">>"), "{s}.zfill({k})", "{s}.partition({s})[{k}]", "repr({s})", "'%s|%d' % ({s}, {i})",
            "'%05.2f' % {f}", "{s}.center({i}, '*')" if False else "{s}.rjust(5, '*')", "max({w})", "{s}.capitalize()",
            "{s}.swapcase()", "{w}[{k}]", "'{:>6}'.format({s})".replace("{:>6}", "<:>6>"), "{s}.removeprefix({s})",
        ]).replace("<<i>>", "{i}").replace("<<s>>", "{s}").replace("<:>6>", "{:>6}")

    def truth(self, depth):
        return self.pick(depth, ["b", "c", "True", "False"], [
            "({i} < {i})", "({i} == {f})", "({f} >= {f})", "({s} < {s})", "({s} == {s})", "({s} in {s})", "({i} in {l})",
            "(not {b})", "({b} and {b})", "({b} or {b})", "({i} is None)", "({s} is not None)", "({i} <= {i} < {f})",
            "{s}.startswith({s})", "{s}.isalpha()", "{s}.isdigit()", "bool({l})", "bool({s})", "any(e > {k} for e in {l})",
            "all({l})", "({i} != {i})", "({s} in ('a', {s}))", "({i} in (1, {i}, None))", "isinstance({i}, int)",
            "{s}.isupper()", "{s}.isspace()", "({l} == {l})", "({s} in {w})", "(f > i)", "(i < f)", "(f == i)",
        ])

    def wholes(self, depth):
        return self.pick(depth, ["l", "l", "[1, 2]", "[i, j]"], [
            "[e + {k} for e in {l}]", "sorted({l})", "({l} + {l})", "({l} * {k})", "{l}[{k}:]", "{l}[::-1]",
            "[{i}, {i}]", "list(reversed({l}))", "[e for e in {l} if e % 2]", "[a * e for e in {l} for a in {l}]",
            "sorted({l}, reverse=True)", "[len(e) for e in {w} if e]", "[p for p, e in enumerate({l}) if e > {k}]",
            "list(range({k}))", "sorted({l}, key=lambda e: e % 5)", "({l} if {b} else {l})", "sorted(set({l}))",
        ])

    def texts(self, depth):
        return self.pick(depth, ["w", "['a', s]", "[s, o]"], [
            "{s}.split()", "{s}.split({s})", "{s}.split(',')", "{s}.rsplit({s}, 1)", "[str(e) for e in {l}]",
            "[e for e in {w} if e]", "sorted({w})", "list({s})", "({w} + {w})", "{w}[{k}:]", "[e.upper() for e in {w}]",
            "sorted({w}, key=len)", "[e * p for p, e in enumerate({w}, 1)]", "[a + e for a in {w} for e in {s}]",
            "{s}.splitlines()", "sorted(set({w}))",
        ])
