#!/usr/bin/env python3
"""Renders the templates below with Jinja itself and records what it gives in recordings.json.

Run it without arguments; it makes a virtual environment with Jinja from PyPI, unless Jinja 3.1 is at hand.
"""
import json
import os
import subprocess
import sys
import tempfile
import venv

HERE = os.path.dirname(os.path.abspath(__file__))
VARIABLES = {
    "name": "bids", "n": 3, "x": 2.5, "yes": True, "no": False, "nothing": None, "empty": "", "text": "Hello, World",
    "words": ["pear", "Apple", "fig", "apple"], "numbers": [3, 1, 2], "none_list": [],
    "table": {"b": 2, "a": 1, "items": 5}, "rows": [{"id": 1, "kind": "x", "in": {"deep": "q"}}, {"id": 2, "kind": "y"},
    {"id": 3, "kind": "x"}], "quote": "it's", "lines": "one\ntwo\n\nthree", "umlaut": "Grüße ✓",
}
FILES = {
    "part.j2": "[{{ name }} {{ loop_name|default('-') }}]\n",
    "macros.j2": "{% macro field(a, b='B') %}{{ a }}:{{ b }}{% endmacro %}{% set constant = 7 %}{% set _own = 1 %}text",
    "base.j2": "<{% block head %}base head{% endblock %}|{% block body %}base body {{ title|default('none') }}{% endblock %}>",
    "middle.j2": "{% extends 'base.j2' %}{% block body %}middle({{ super() }}){% endblock %}",
    "leaf.j2": "{% extends 'middle.j2' %}{% set title = 'T' %}{% block body %}leaf({{ super() }}){% endblock %}",
    "sees.j2": "{{ name is defined }} {{ hidden is defined }}{% macro m() %}{{ name is defined }}{% endmacro %}",
    "broken.j2": "fine\n{% if %}",
}
TEMPLATES = [t for t in """
{{ name }}
{{ n }} {{ x }} {{ yes }} {{ nothing }}
{{ numbers }} {{ table }} {{ rows[0] }}
{{ (1, 2) }} {{ (1,) }} {{ () }} {{ 1, 2 }}
{{ 1.0 }} {{ 1e20 }} {{ 1e16 }} {{ 123456789012345.0 }} {{ 0.0001 }} {{ 0.00001 }} {{ 1e-7 }} {{ 1.5e300 }}
{{ 0x1F }} {{ 0b101 }} {{ 0o17 }} {{ 1_000 }} {{ 1_0.5 }}
{{ 'a' "b" }} {{ "it's" }} {{ ["it's", 'say "x"', 'both \\' "'] }}
{{ ['a\\nb', 'tab\\t', '\\\\', 'ü', '\\x07', '\\u200b'] }}
{{ 7 / 2 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ 7 % 3 }} {{ -7 % 3 }} {{ 7 % -3 }} {{ 6 / 2 }}
{{ 7.5 // 2 }} {{ -7.5 % 2 }} {{ 2 ** 10 }} {{ 2 ** -1 }} {{ 2 ** 3 ** 2 }} {{ -2 ** 2 }}
{{ 1 + 2 * 3 }} {{ (1 + 2) * 3 }} {{ 10 - 2 - 3 }} {{ +5 }} {{ -n }} {{ --n }} {{ yes + yes }}
{{ 'a' ~ 1 ~ none ~ true ~ 2.0 ~ [1] }}
{{ 'a' + 'b' }} {{ [1] + [2] }} {{ 'ab' * 3 }} {{ 2 * [0] }} {{ (1,) + (2,) }}
{{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ 1 == 1.0 }} {{ 'a' < 'b' }} {{ [1, 2] < [1, 3] }} {{ 1 != 2 }} {{ 3 >= 3 }}
{{ yes and no }} {{ no or 'x' }} {{ not yes }} {{ '' or none }} {{ 1 and 2 }} {{ not n == 3 }}
{{ 'a' in 'abc' }} {{ 1 in numbers }} {{ 9 not in numbers }} {{ 'a' in table }} {{ 2 in range(3) }}
{{ 'y' if n > 2 else 'n' }} {{ 'y' if n > 5 else 'n' if n > 4 else 'm' }}
{{ text[0] }} {{ text[-1] }} {{ text[1:4] }} {{ text[::-1] }} {{ text[:5] }} {{ text[::3] }} {{ text[5:1:-1] }}
{{ numbers[0] }} {{ numbers[1:] }} {{ numbers[-1] }} {{ numbers[:-1] }} {{ (1,2,3)[1:] }} {{ numbers[10:] }}
{{ table.a }} {{ table['b'] }} {{ table['items'] }} {{ rows[0].kind }} {{ rows.0.id }} {{ rows[1]['kind'] }}
{{ {'a': 1, 'b': [1, {'c': none}]} }} {{ {} }} {{ [] }} {{ {1: 'x', (1, 2): 'y'} }}
{{ {'a': {'b': 1}}.a.b }}
{{ name.upper() }} {{ text.lower() }} {{ text.split(', ') }} {{ ' a b  c '.split() }} {{ 'a,b,c'.split(',', 1) }}
{{ 'a,b,c'.rsplit(',', 1) }} {{ '-'.join(['a', 'b']) }} {{ text.replace('l', 'L') }} {{ text.replace('l', 'L', 1) }}
{{ text.startswith('He') }} {{ text.endswith(('x', 'ld')) }} {{ text.find('o') }} {{ text.rfind('o') }} {{ text.find('zz') }}
{{ text.count('l') }} {{ 'abc'.title() }} {{ "they're here".title() }} {{ 'aBC'.capitalize() }} {{ 'aBc'.swapcase() }}
{{ '  a '.strip() }}|{{ '  a '.lstrip() }}|{{ '  a '.rstrip() }}|{{ 'xxaxx'.strip('x') }}
{{ 'a'.center(5, '*') }} {{ 'ab'.center(5, '*') }} {{ 'a'.center(4, '*') }} {{ 'a'.ljust(3, '.') }} {{ 'a'.rjust(3, '.') }} {{ '-5'.zfill(4) }}
{{ '12'.isdigit() }} {{ 'a1'.isalnum() }} {{ 'a1'.isalpha() }} {{ 'Ab'.isupper() }} {{ 'ab'.islower() }} {{ ' '.isspace() }} {{ ''.isdigit() }}
{{ 'a=b=c'.partition('=') }} {{ 'a=b=c'.rpartition('=') }} {{ 'a'.partition('=') }} {{ lines.splitlines() }}
{{ 'x_y'.removeprefix('x_') }} {{ 'x_y'.removesuffix('_y') }} {{ umlaut.upper() }} {{ umlaut|length }}
{{ '{} and {}'.format(1, 'b') }} {{ '{0}{1}{0}'.format('a', 'b') }} {{ '{a}'.format(a=5) }} {{ '{:>5}|{:<5}|{:^5}'.format(1, 'a', 'b') }}
{{ '{:.2f}'.format(3.14159) }} {{ '{:05d}'.format(42) }} {{ '{:,}'.format(1234567) }} {{ '{:x}'.format(255) }} {{ '{:#b}'.format(5) }} {{ '{:.1%}'.format(0.256) }} {{ '{!r}'.format('a') }}
{{ '{:e}'.format(12345.678) }} {{ '{:g}'.format(0.00001) }} {{ '{:+d}'.format(5) }} {{ '{:*^9}'.format('mid') }} {{ '{{}}'.format() }} {{ '{0[0]} {1.a}'.format([7], table) if false else 'ok' }}
{{ '%s-%d' % ('a', 5) }} {{ '%05.2f' % 3.14159 }} {{ '%x' % 255 }} {{ '%-5s|' % 'a' }} {{ '%5s|' % 'a' }} {{ '%%' % () }} {{ '%(a)s' % {'a': 1} }} {{ '%r' % 'x' }}
{{ table.get('a') }} {{ table.get('z') }} {{ table.get('z', 9) }} {{ table.keys()|list }} {{ table.values()|list }} {{ table.items()|list }}
{{ table.keys() }} {{ table.items() }} {{ table.values() }} {{ range(3) }} {{ range(1, 10, 2)|list }} {{ range(5, 0, -2)|list }} {{ range(0) |list }}
{{ dict(a=1, b='x') }} {{ dict([('k', 1)]) }}
{% set xs = [] %}{% set _ = xs.append(1) %}{% set _ = xs.extend([2, 3]) %}{{ xs }} {{ xs.pop() }} {{ xs }} {{ xs.index(2) }} {{ xs.count(1) }}
{% set d = {} %}{% set _ = d.update({'a': 1}) %}{% set _ = d.update(b=2) %}{{ d }} {{ d.pop('a') }} {{ d }} {{ d.setdefault('z', 0) }} {{ d }}
{{ missing|default('x') }} {{ empty|default('x') }}| {{ empty|default('x', true) }} {{ nothing|d('y') }} {{ nothing|d('y', boolean=true) }} {{ table.zz|default(1) }}
{{ 'aBc'|upper }} {{ 'aBc'|lower }} {{ 'hello big-world (x)'|title }} {{ 'hELLO'|capitalize }} {{ ' a '|trim }}| {{ 'xax'|trim('x') }}
{{ 'aaa'|replace('a', 'b', 2) }} {{ 5|replace(5, 6) }} {{ 'abc'|replace('', '-') }}
{{ numbers|join }} {{ numbers|join(', ') }} {{ rows|join('-', attribute='id') }} {{ 'abc'|join('.') }}
{{ numbers|length }} {{ table|count }} {{ 'abc'|length }} {{ numbers|first }} {{ numbers|last }} {{ 'abc'|first }} {{ table|first }}
{{ '42'|int }} {{ '42.7'|int }} {{ 'x'|int }} {{ 'x'|int(5) }} {{ '0x1F'|int(base=16) }} {{ 3.9|int }} {{ true|int }} {{ none|int(7) }} {{ ' 7 '|int }} {{ '1_000'|int }}
{{ '4.5'|float }} {{ 'x'|float }} {{ 3|float }} {{ '1e3'|float }} {{ 'x'|float(2.5) }} {{ 5|string + 'a' }} {{ 'abc'|list }}
{{ 2.5|round }} {{ 3.5|round }} {{ 2.675|round(2) }} {{ 42.55|round(1, 'floor') }} {{ 42.51|round(1, 'ceil') }} {{ 5|round }} {{ 1234|round(-2) }} {{ 1234.5|round(-2) }} {{ 7|round(1, 'floor') }}
{{ -5|abs }} {{ (-5)|abs }} {{ -2.5|abs }} {{ (-2.5)|abs }}
{{ words|sort }} {{ words|sort(reverse=true) }} {{ words|sort(case_sensitive=true) }} {{ rows|sort(attribute='kind')|map(attribute='id')|list }} {{ rows|sort(attribute='kind,id', reverse=true)|map(attribute='id')|list }}
{{ words|unique|list }} {{ words|unique(case_sensitive=true)|list }} {{ rows|unique(attribute='kind')|map(attribute='id')|join }}
{{ numbers|reverse|list }} {{ 'abc'|reverse }} {{ numbers|sum }} {{ rows|sum(attribute='id') }} {{ numbers|sum(start=10) }} {{ none_list|sum }}
{{ numbers|min }} {{ numbers|max }} {{ words|min }} {{ words|max }} {{ rows|max(attribute='id') }}
{{ words|map('upper')|list }} {{ rows|map(attribute='kind')|join }} {{ rows|map(attribute='in.deep', default='-')|list }} {{ ['1', '2']|map('int')|sum }} {{ words|map('replace', 'a', 'b')|list }} {{ numbers|map('string')|join('+') }}
{{ numbers|select('odd')|list }} {{ numbers|reject('odd')|list }} {{ numbers|select('>', 1)|list }} {{ [0, 1, '', 'a']|select|list }} {{ [0, 1]|reject|list }}
{{ rows|selectattr('kind', '==', 'x')|map(attribute='id')|list }} {{ rows|rejectattr('kind', 'eq', 'x')|map(attribute='id')|list }} {{ rows|selectattr('in', 'defined')|map(attribute='id')|list }}
{{ table|tojson }} {{ [1, 2.5, none, true, "a'<b>&"]|tojson }} {{ umlaut|tojson }} {{ {'a': [1, {}], 'b': []}|tojson(indent=2) }} {{ '"\\\\\\n'|tojson }}
{{ lines|indent }}|{{ lines|indent(2, true) }}|{{ lines|indent(2, blank=true) }}|{{ lines|indent('> ') }}|{{ 'a\\n'|indent(2) }}|
{{ '<a href="x">&\\'</a>'|e }} {{ 'x<'|escape }} {{ '<b>'|safe }} {{ '<b>a</b>  c'|striptags }}
{{ table|dictsort }} {{ table|dictsort(by='value') }} {{ table|dictsort(reverse=true) }} {{ {'B': 1, 'a': 2}|dictsort }} {{ {'B': 1, 'a': 2}|dictsort(true) }}
{{ table|items|list }} {{ range(5)|batch(2)|list }} {{ range(5)|batch(2, 'x')|list }} {{ range(7)|slice(3)|list }} {{ range(7)|slice(3, '-')|list }}
{{ 'a b-c, d'|wordcount }} {{ '%s %s'|format('a', 1) }} {{ '%(a)s'|format(a=3) }} {{ 'abc'|center(7) }}|
{% for k in rows|groupby('kind') %}{{ k.grouper }}={{ k.list|length }};{% endfor %}{% for k, v in rows|groupby('kind') %}{{ k }}{{ v|map(attribute='id')|list }}{% endfor %}
{{ rows|groupby('kind')|list|length }} {{ 'foo bar baz qux'|truncate(9) }} {{ 'foo bar baz qux'|truncate(9, true) }} {{ 'foo bar baz qux'|truncate(11) }} {{ 'foo bar baz qux'|truncate(11, False, '.', 0) }}
{{ 'a b/c?d'|urlencode }} {{ {'a': 'x y', 'b': 1}|urlencode }} {{ 1000000|filesizeformat }} {{ 1|filesizeformat }} {{ 2048|filesizeformat(true) }}
{{ 3 is odd }} {{ 3 is even }} {{ 6 is divisibleby 3 }} {{ 6 is divisibleby(4) }} {{ n is defined }} {{ missing is defined }} {{ missing is undefined }} {{ table.zz is defined }}
{{ nothing is none }} {{ n is not none }} {{ yes is true }} {{ no is false }} {{ 1 is boolean }} {{ yes is boolean }} {{ n is integer }} {{ yes is integer }} {{ x is float }} {{ n is float }}
{{ n is number }} {{ yes is number }} {{ 'a' is number }} {{ 'a' is string }} {{ table is mapping }} {{ numbers is mapping }} {{ numbers is sequence }} {{ table is sequence }} {{ 'a' is sequence }} {{ n is sequence }} {{ n is iterable }} {{ 'a' is iterable }} {{ numbers|map('abs') is sequence }}
{{ 'a' is lower }} {{ 'A' is upper }} {{ 1 is in numbers }} {{ n is eq 3 }} {{ n is sameas 3 }} {{ n is gt 2 }} {{ n is ge(3) }} {{ 'upper' is filter }} {{ 'odd' is test }} {{ range is callable }} {{ n is callable }}
{{ n is odd and x is number }} {{ not n is odd }} {{ n is not odd }} {{ 'a' if n is odd else 'b' }} {{ n is in [1, 3] or no }}
{% if n > 2 %}big{% elif n > 1 %}mid{% else %}small{% endif %} {% if empty %}a{% elif no %}b{% else %}c{% endif %} {% if numbers and table %}x{% endif %}
{% for w in words %}{{ loop.index }}/{{ loop.length }}:{{ w }}{{ ', ' if not loop.last }}{% endfor %}
{% for w in words %}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }} {% endfor %}
{% for w in words %}{{ w }}{% if not loop.last %},{% endif %}{% else %}none{% endfor %}{% for w in none_list %}x{% else %}none{% endfor %}
{% for k, v in table.items() %}{{ k }}={{ v }};{% endfor %}{% for k in table %}{{ k }}{% endfor %}{% for a, (b, c) in [(1, (2, 3))] %}{{ a }}{{ b }}{{ c }}{% endfor %}
{% for i in range(6) if i is odd %}{{ loop.index }}:{{ i }} {% endfor %}{% for c in 'abc' %}[{{ c }}]{% endfor %}{% for a, b in ['xy', 'zw'] %}{{ b }}{{ a }}{% endfor %}
{% for i in [1, 2, 3] %}{{ loop.cycle('a', 'b') }}{{ loop.previtem|default('-') }}{{ loop.nextitem|default('-') }} {% endfor %}{% for i in [1, 1, 2] %}{{ loop.changed(i) }}{% endfor %}
{% for i in [1, 2] %}{% for j in [1, 2] %}{{ loop.index }}{{ i }}{{ j }}{{ loop.depth }} {% endfor %}{{ loop.index }}{% endfor %}
{% for i in [[1, [2]], [3]] recursive %}({{ loop(i) if i is iterable else i }}){% endfor %}
{% set a = 1 %}{% for i in [1, 2] %}{% set a = a + i %}{{ a }}{% endfor %}{{ a }} {% if yes %}{% set a = 9 %}{% endif %}{{ a }}
{% set ns = namespace(total=0, x='q') %}{% for i in numbers %}{% set ns.total = ns.total + i %}{% endfor %}{{ ns.total }}{{ ns.x }}
{% set a, b = 1, 2 %}{{ a }}{{ b }} {% set t = 1, 2 %}{{ t }} {% set block %}some {{ name }}{% endset %}{{ block }} {% set up | upper %}abc{% endset %}{{ up }}
{% with a = 1, b = a|default(5) %}{{ a }}{{ b }}{% endwith %}{{ a is defined }} {% filter upper %}abc {{ name }}{% endfilter %} {% filter replace('a', 'b')|upper %}aa{% endfilter %}
{% macro f(a, b=2, c='x') %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ f(1) }} {{ f(1, 5) }} {{ f(a=3, c='y') }} {{ f.name }} {{ f.arguments }}
{% macro f(a, b=a) %}{{ a }}{{ b }}{% endmacro %}{{ f(1) }} {% macro g() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ g(1, 2, k=3) }} {{ f(*[1, 2]) }} {{ f(**{'a': 5}) }}
{% macro f() %}<{{ caller() }}>{% endmacro %}{% call f() %}in {{ name }}{% endcall %} {% macro g(xs) %}{% for x in xs %}{{ caller(x) }}{% endfor %}{% endmacro %}{% call(i) g([1, 2]) %}[{{ i }}]{% endcall %}
{% macro f() %}{{ later }}{% endmacro %}{% set later = 5 %}{{ f() }} {% macro fact(n) %}{{ n if n <= 1 else n * fact(n - 1)|int }}{% endmacro %}{{ fact(5) }}
{% include 'part.j2' %}|{% set loop_name = 'L' %}{% include 'part.j2' %}|{% for i in [1] %}{% set loop_name = i %}{% include 'part.j2' %}{% endfor %}{% include 'part.j2' without context ignore missing %}
{% include 'nothere.j2' ignore missing %}ok {% include ['nothere.j2', 'part.j2'] %}
{% import 'macros.j2' as m %}{{ m.field(1) }} {{ m.field(1, b=2) }} {{ m.constant }} {{ m }} {{ m._own is defined }}
{% from 'macros.j2' import field, constant as c %}{{ field('a') }}{{ c }}
{% set hidden = 1 %}{% import 'sees.j2' as s %}{{ s.m() }} {% import 'sees.j2' as t with context %}{{ t.m() }} {% include 'sees.j2' %}
{% extends 'base.j2' %}ignored{% block head %}mine{% endblock %}
{% extends 'leaf.j2' %}{% block head %}[{{ super() }}]{% endblock %}
{% extends 'base.j2' %}{% set title = 'set above' %}{% block head %}{{ self.body() }}{% endblock %}
before{% extends 'base.j2' %}
{% block a %}{% for i in [1, 2] %}{% block b scoped %}{{ i }}{% endblock %}{% endfor %}{% endblock %} {{ self.b() if false else 'q' }}
{% raw %}{{ not }} {% rendered %} {# at all #}{% endraw %} x {%- raw -%}  y  {%- endraw -%}  z
a {# comment {{ x }} #} b {#- eats -#} c{#
many lines #}
  {%- if yes -%}  x  {%- endif -%}  y
a  {{- n -}}  b {%+ if yes +%} c {% endif %}
{{ [1, 2,] }} {{ {'a': 1,} }} {{ f|default(none) }} {{ ((1)) }} {{ [[1, 2], [3]][0][1] }} {{ [(1, 'a')] }}
{{ 'a' if no }}|
{{ '}}' }} {{ "{%" }} {{ {'a': {'b': {}}} }} {% if '%}' %}x{% endif %}
{{ missing }}
{{ table.zz }}
{{ missing.attribute|default(1) }}
{{ missing + 1 }}
{% if missing %}x{% endif %}
{% for i in missing %}x{% endfor %}
{{ missing|upper }}
{{ [missing] }}
{{ missing == 1 }}
{{ rows[7] }}
{{ rows[7].x }}
{{ none_list|first }}
{{ none_list|max }}
{{ nothing.x }}
{{ n.x }}
{{ 'a' + 1 }}
{{ 1 / 0 }}
{{ n() }}
{{ [1] < ['a'] }}
{{ n|length }}
{{ 5|join }}
{{ '%d' % 'a' }}
{{ '{} {}'.format(1) }}
{{ {[]: 1} }}
{{ 1 in 5 }}
{% for a, b in [1] %}{% endfor %}
{% for a, b in [(1, 2, 3)] %}{% endfor %}
{% macro f(a) %}{{ a }}{% endmacro %}{{ f(1, 2) }}
{% macro f(a) %}{{ a }}{% endmacro %}{{ f(z=2) }}
{% macro f(a) %}{{ a }}{% endmacro %}{{ f() }}
{% include 'nothere.j2' %}
{% include missing %}
{% include 'broken.j2' %}
{% import 'macros.j2' as m %}{{ m.nothere() }}
{% from 'macros.j2' import nothere %}{{ nothere }}
{% extends 'nothere.j2' %}
{% set a.b = 1 %}
{{ range(1, 2, 0) }}
{{ numbers|map('nothere')|list }}
{{ x|nothere }}
{{ x is nothere }}
{% if no %}{{ x|nothere }}{% endif %}ok
{% nothere %}
{% if yes %}
{% endif %}
{% for x numbers %}{% endfor %}
{{ 1 + }}
{{ }}
{{ (1 }}
{{ 1) }}
{{ [1, 2 }}
{{ 'abc }}
{{ name
{% if yes
{# open
{% raw %} x
{% block a %}{% endblock %}{% block a %}{% endblock %}
{% set true = 1 %}
{% macro f(a=1, b) %}{% endmacro %}
{{ a b }}
{{ a ? b }}
{{ f(a=1, 2) }}
{% for i in [1] %}{% endif %}
{% do numbers.append(1) %}
{% from 'macros.j2' import _own %}
{{ n.__class__ is defined if false else 1 }}
""".strip("\n").split("\n")]
# Templates with line ends in them.
TEMPLATES += [
    "a\nb\n", "a\n\n", "a\r\nb\r\n{{ n }}\r\n", "{% if yes %}\n  x\n{% endif %}\n", "{% for i in numbers %}\n- {{ i }}\n{% endfor %}\nend",
    "{%- for i in numbers %}\n- {{ i }}\n{%- endfor %}\nend", "a:\n  {% for i in numbers -%}\n  - {{ i }}\n  {% endfor %}\n", "",
    "\n", "{{ lines }}\n", "x: |\n  {{ lines|indent(2) }}\n", "{# c #}\na {#- b -#}\n\n c", "{% set x %}\n a\n{% endset %}[{{ x }}]",
    "{% macro f() -%}\n  body\n{%- endmacro %}\n{{ f() }}\n", "{% raw %}\n{{ a }}\n{% endraw %}\nz", "# {{ n }}\nkey: {{ name }} # {{ n }}",
    "{{ 'a\\\nb' }}", "{{\n  n\n  +\n  1\n}}", "{% include 'part.j2' %}\nnext",
]


def classify(error, jinja2):
    if isinstance(error, jinja2.TemplateNotFound):
        return "notFound"
    if isinstance(error, jinja2.UndefinedError):
        return "undefined"
    if isinstance(error, jinja2.TemplateSyntaxError):
        return "syntax"
    return "runtime"


def record():
    import jinja2

    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, loader=jinja2.DictLoader(FILES))
    recordings = []
    for template in TEMPLATES:
        recording = {"template": template}
        try:
            recording["output"] = environment.from_string(template).render(**json.loads(json.dumps(VARIABLES)))
        except Exception as error:
            recording["error"] = classify(error, jinja2)
            recording["message"] = str(error)
        recordings.append(recording)
    result = {"jinja": jinja2.__version__, "variables": VARIABLES, "files": FILES, "recordings": recordings}
    with open(os.path.join(HERE, "recordings.json"), "w") as file:
        json.dump(result, file, indent=1, ensure_ascii=False)
        file.write("\n")
    print(f"{len(recordings)} templates recorded with Jinja {jinja2.__version__}")


if __name__ == "__main__":
    try:
        import jinja2

        is_there = jinja2.__version__.startswith("3.1.")
    except ImportError:
        is_there = False
    if is_there or "--inside" in sys.argv:
        record()
    else:
        with tempfile.TemporaryDirectory() as folder:
            venv.create(folder, with_pip=True)
            python = os.path.join(folder, "bin", "python")
            subprocess.run([python, "-m", "pip", "install", "--quiet", "jinja2==3.1.6"], check=True)
            subprocess.run([python, os.path.abspath(__file__), "--inside"], check=True)
