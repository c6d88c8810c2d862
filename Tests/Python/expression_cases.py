"""Expressions that are recorded one by one, by subject. All of them are compiled."""

NUMBERS = """
i // j
i % j
i / j
i ** 2
j ** 3
f // j
f % j
f ** 2
f ** 0.5
i // f
i % f
(-7) // 2
-7 % 3
7 // -2
7 % -3
f // 0.7
f % -0.7
f % 1e300
i % 2.5
1e308 * f
2 ** j
2.0 ** j
i * i
i + 1
i - 1
-i
+b
-b
b + b
b * i
abs(i)
abs(f)
n + 1
n * 2.5
round(f)
round(f, 1)
round(f, 2)
round(f, -1)
round(f, 400)
round(i, -1)
round(i, -2)
round(i, 2)
round(i, -19)
round(j, -1)
round(b)
round(0.5) + round(1.5) + round(2.5)
round(25, -1) + round(35, -1)
round(n)
divmod(i, j)[0]
divmod(i, j)[1]
divmod(f, j)[0]
divmod(f, j)[1]
divmod(i, 3)[-1]
int(f)
int(s)
int(o)
int(s, 16)
int(o, 16)
int(t, 2)
int('0b101', 2)
int('0o17', 8)
int('z', 36)
int('-1_0', base=8)
int('0x_f', 16)
int('٣', 10)
float(s)
float(o)
float(i)
float(b)
int(b)
bool(l)
bool(f)
bool(n)
bool(y)
bool('')
i == f
i < f
i >= f
n == i
n is None
f == f
f != f
g == g
g > 0
i == True
b == 1
-2 < j <= 3 != i
i < j < n
b < j
max(i, j)
min(f, i, j)
max(f, g)
1 if b else 2.5
i if i > 0 else j if j > 0 else 0
i if b and n is not None else -1
n or i
n and i
i and f
not n
not f
isinstance(n, int)
isinstance(i, (str, int))
isinstance(s, str)
isinstance(b, int)
isinstance(i, bool)
isinstance(l, list)
isinstance(o, (bytes, bool))
ord(t)
chr(j)
chr(65 + j)
hash
"""

TEXTS = """
s[0]
s[-1]
s[1:3]
s[::-1]
s[::2]
s[5:1:-1]
s[-2::-1]
s[10:2:-3]
s[j]
s[j:]
s[:j]
s[n]
y[0]
y[-1]
y[::-1]
y[1:]
y[j]
len(y)
len(s)
s.upper()
s.lower()
s.title()
s.capitalize()
s.swapcase()
s.casefold()
s.strip()
s.strip('A c')
s.lstrip()
s.rstrip('c')
s.split()
s.split(',')
s.split(',', 1)
s.split(None, 1)
s.rsplit(',', 1)
s.rsplit(None, 1)
s.split(t)
s.splitlines()
'a\\nb\\r\\nc\\x0bd\\x1ce\\u2028f\\n'.splitlines()
'a\\nb\\r\\nc'.splitlines(True)
s.partition(',')[0]
s.partition(t)[2]
s.rpartition('a')[1]
s.zfill(8)
'-5'.zfill(4)
s.rjust(10, '*')
s.ljust(10) + '|'
s.center(9, '-')
s.center(10, '-')
s.replace('a', 'x')
s.replace('', '-')
s.replace('b', '', 1)
s.replace(t, o)
s.find('b')
s.rfind(t)
s.index('b')
s.count('')
s.count(t)
s.startswith('A')
s.endswith(('c', 'd'))
s.startswith(t)
s.removeprefix('A')
s.removesuffix('c')
s.isalpha()
s.isdigit()
s.isnumeric()
s.isdecimal()
s.isalnum()
s.isspace()
s.isupper()
s.islower()
s.istitle()
s.isidentifier()
s.isprintable()
s.isascii()
s.expandtabs()
s.expandtabs(4)
s.encode()
s.encode('utf-8')
y.decode()
y.hex()
s.join(['1', '2'])
','.join(w)
','.join(str(e) for e in l)
','.join([s, t])
','.join(s)
s + t
s * 2
2 * t
s * -1
s + o
s < t
s == o
'a' in s
t in s
o in s
s in ('Abc', 'x')
s in {'Abc', t}
i in {7, 4, j}
i in {1: 'a', 7: 'b'}
o not in [None, 'x']
str(i)
str(f)
str(n)
str(l)
str(w)
str(x)
str(y)
repr(s)
repr(o)
f'{i:05d} {f:.3f} {s!r:>8} {o}'
f'{i:,}'
f'{i:x} {j:+}'
f'{f:e}'
f'{f:g}'
f'{f:.1%}'
f'{s:<10}|{t:^5}|'
f'{b} {c}'
'%s-%d' % (s, j)
'%5.1f|%-6s|%r' % (f, t, o)
'%x' % i
'%(a)s %(b)05d' % {'a': s, 'b': j}
'{} {}'.format(s, i)
'{0} {0:>5} {name!r}'.format(t, name=o)
'{:.2f}'.format(f)
'{:,.2f}'.format(f)
"""

LISTS = """
l[0]
l[-1]
l[1:]
l[::-1]
l[-1:0:-1]
l[j]
w[0]
w[-1]
x[0]
len(l)
len(w)
l + l
l + [i]
[i] + [j, n]
w + [s]
x + [f]
l * 2
3 * w
l * j
l * b
[0] * 3
sum(l)
sum(x)
sum(l, 10)
sum(x, 0.5)
max(l)
min(w)
max(x)
min(x)
max(l, default=0)
max([], default=5)
min(l, default=None)
sorted(l)
sorted(w)
sorted(x)
sorted(l, reverse=True)
sorted(l, key=lambda e: -e)
sorted(l, key=lambda e: e % 3, reverse=True)
sorted(w, key=len)
sorted(w, key=lambda e: e.lower())
sorted(w, key=str)
sorted(x, key=abs)
sorted(s, key=lambda e: e.lower())
max(l, key=lambda e: e % 3)
min(w, key=len)
max(w, key=lambda e: e or '')
max(l, key=abs, default=-1)
any(l)
all(l)
any(e > 2 for e in l)
all(e for e in w)
[e * 2 for e in l]
[e for e in l if e]
[e for e in l if e > 1 if e < 6]
[e.upper() for e in w]
[10 // e for e in l]
any(10 // e > 3 for e in l)
[a * e for a in l for e in l]
[a * e for a in l if a > 1 for e in l if e != a]
[a + e for a in w for e in a]
[e for a in ([i, j], [n]) for e in a]
[c2 for e in w for c2 in e.split()]
sum(a * e for a in l for e in l if a != e)
any(a // e for a in l for e in l)
[[a * e for a in l] for e in l]
[e for e in range(5)]
[e for e in range(j)]
list(range(3))
list(range(j, 5))
list(range(10, 0, -3))
list(range(0, 3, j))
sum(range(10))
[e * p for p, e in enumerate(l)]
[p for p, e in enumerate(s) if e == 'b']
[str(p) + e for p, e in enumerate(w, 1)]
[str(p) + e for p, e in enumerate(w, start=j)]
[a * e for a, e in zip(l, l)]
[a + e for a, e in zip(s, t)]
[str(a) + e for a, e in zip(l, w)]
sum(a * e for (a, e) in zip(l, range(10)))
list(reversed(l))
[e for e in reversed(s)]
list(reversed(range(3)))
len(set(l))
len(set(s))
sorted(set(w))
sorted(set(l), reverse=True)
max(set(l))
len(set([i, j, 7]))
l == [1, 2, 3]
l == [e for e in l]
w != ['a', None]
i in l
s in w
None in w
l.count(7)
w.index('b')
l.index(3)
[i, j][0]
(i, j)[1]
(i, s, f)[-2]
(10 // j, i)[1]
[x[0] for e in l]
list(s)
list(l)
[e for e in w if e is not None and e > 'a']
[e if e else 'none' for e in w]
[len(e) for e in w]
sorted([f, g, 0.0]) if g is not None else []
{'Abc': 1, '': 2}.get(s)
{'Abc': 1, '': 2}.get(s, -1)
{'Abc': 1, '': i}[s]
{'Abc': 'x', 'b': s}.get(t, o)
{1: 'a', 1: 'b', 7: 'c'}.get(i, '-')
{True: 'a'}.get(j - 1, 'z')
{'a': 10 // j}.get('a')
{None: 0, 'x': 1}[o]
{0: 'z', 1: 'o'}[b]
{1.0: 'z'}.get(n, 'none')
"""

PATTERNS = """
re.match('[A-Z]', row.s) is not None
re.search('[a-z]+', row.s).group()
re.search('([a-z])([a-z])', row.s).group(1)
re.search('(?P<first>[a-z])', row.s).group('first')
re.search('([a-z])(x)?', row.s).groups()[0]
re.search('([a-z])(x)?', row.s).groups()[1]
re.search('([a-z])(x)?', row.s)[1]
re.search('(?P<q>[a-z])', row.s)['q']
re.search('b', row.s).start()
re.search('b.', row.s).end()
bool(re.fullmatch('[a-z ]*', row.s, re.I))
bool(re.match('abc', row.s, re.IGNORECASE))
bool(re.match('abc', row.s, flags=re.I))
re.sub('[aeiou]', '*', row.s)
re.sub('[AEIOU]', '*', row.s, flags=re.I)
re.sub('(.)', r'<\\1>', row.s)
re.sub('b', 'x', row.s, 1)
re.sub('b', 'x', row.s, count=1)
re.sub(r'\\s+', ' ', row.s)
re.split(',', row.s)
re.split('[,b]+', row.s)
re.split('(,)', row.s)
re.split('', row.s)
re.split(',', row.s, 1)
re.split(',', row.s, maxsplit=1)
re.split('x*', row.s)
re.findall('[a-z]', row.s)
re.findall('([a-z])[a-z]', row.s)
re.findall('[a-z]*', row.s)
re.findall('^.', row.s, re.M)
len(re.findall(r'\\w+', row.s))
re.findall('a.*', row.s, re.S)
re.findall('.$', row.s, re.M | re.I)
[m.upper() for m in re.findall('[a-z]', row.s)]
re.search(r'\\d+', row.o).group() if row.o and re.search(r'\\d+', row.o) else ''
re.sub('x', 'y', row.o)
"""

MATHS = """
math.floor(row.f)
math.ceil(row.f)
math.trunc(row.f)
math.sqrt(row.i)
math.log(row.i)
math.log10(row.f)
math.isnan(row.f)
math.isinf(row.f)
math.hypot(row.f, 3)
math.pow(row.i, 2)
math.fmod(row.i, 3)
math.copysign(1, row.f)
math.exp(row.j)
math.pi * row.j
"""

DATES = r"""
datetime.datetime.fromtimestamp(row.j, datetime.timezone.utc).isoformat()
datetime.datetime.fromtimestamp(row.f, tz=datetime.timezone.utc).isoformat()
datetime.datetime.utcfromtimestamp(row.j).isoformat()
datetime.datetime.utcfromtimestamp(row.i).year
datetime.datetime.utcfromtimestamp(row.j / 3).microsecond
datetime.datetime.fromisoformat(row.o).isoformat()
datetime.datetime.fromisoformat('2024-02-29').isoformat()
datetime.datetime.fromisoformat('2024-02-29T01:02:03.456').isoformat()
datetime.datetime.fromisoformat('2024-02-29T01:02:03+05:30').isoformat()
datetime.datetime.fromisoformat('2024-02-29 01:02:03Z').timestamp()
datetime.datetime.fromisoformat('2024-02-29T24:00:00').year
datetime.datetime.strptime('2024-02-29 12', '%Y-%m-%d %H').isoformat()
datetime.datetime.strptime(row.s, '%Y-%m-%d').year
datetime.datetime.strptime('29/02/24', '%d/%m/%y').weekday()
datetime.datetime.strptime('2024-02-29T12:30:45.5', '%Y-%m-%dT%H:%M:%S.%f').microsecond
datetime.datetime.strptime('Feb 29 2024', '%b %d %Y').isoformat()
datetime.datetime(2024, 2, 29, 12, 30).strftime('%Y-%m-%d %H:%M:%S %j %a %A %b %B %p %I %y %%')
datetime.datetime(2024, 2, row.j).day
datetime.datetime(2024, 1, 1).weekday()
datetime.datetime(2024, 1, 1).isoweekday()
datetime.datetime(2024, 12, 30).date().isoformat()
datetime.date(2024, 2, 29).isoformat()
datetime.date.fromisoformat('2024-02-29').toordinal()
(datetime.date(2024, 3, 1) - datetime.date(2024, 2, 28)).days
(datetime.datetime(2024, 3, 1) - datetime.datetime(2024, 2, 28, 12)).total_seconds()
(datetime.datetime(2024, 3, 1) + datetime.timedelta(days=row.j)).isoformat()
(datetime.datetime(2024, 3, 1) - datetime.timedelta(hours=1, seconds=row.j)).isoformat()
datetime.timedelta(days=1, hours=row.j).total_seconds()
datetime.timedelta(seconds=-1).days
datetime.timedelta(seconds=-1).seconds
datetime.datetime(2024, 3, 1) < datetime.datetime(2024, 3, 2)
datetime.datetime(2024, 3, 1) == datetime.datetime(2024, 3, 1)
datetime.datetime(2024, 3, 1, 5, 6, 7).replace(hour=0, minute=0, second=0).isoformat()
datetime.datetime(2024, 3, 31).replace(day=row.j).isoformat()
datetime.datetime(2024, 3, 1).replace(tzinfo=datetime.timezone.utc).timestamp()
datetime.datetime.fromtimestamp(1709287200, datetime.timezone.utc).strftime('%Y%m%dT%H%M%S%z')
str(datetime.datetime(2024, 3, 1, 5))
f'{datetime.datetime(2024, 3, 1):%Y/%m/%d}'
"""

JSON = """
json.dumps(row.s)
json.dumps(row.i)
json.dumps(row.f)
json.dumps(row.l)
json.dumps(row.w)
json.dumps(row.n)
json.dumps(row.b)
json.dumps({'a': row.i, 'b': [row.s, row.o]})
int(json.loads('{"a": 5}')['a'])
str(json.loads('{"a": {"b": "x"}}')['a']['b'])
float(json.loads('[1, 2.5]')[1])
"""


def lines(text):
    return [line.replace("\\\\", "\\") for line in text.strip().splitlines() if line != "hash"]


CASES = [case for subject in (NUMBERS, TEXTS, LISTS, PATTERNS, MATHS, DATES, JSON) for case in lines(subject)]
