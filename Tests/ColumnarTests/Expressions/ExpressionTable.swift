/// What CPython 3.11 makes of expressions over the rows of `ExpressionRows`: `repr` of each row's value, or `!` and the
/// text of the exception. Where a power is no integer or complex, which a column cannot hold, stands our reason.
enum ExpressionTable {
    static let lines = [recorded, recordedFormats, recordedLists, recordedMath, recordedMethods, recordedPatterns]
        .flatMap {
            $0.split(separator: "\n").map(String.init)
        }

    static let recorded = #"""
        i + j => 9 ¦ -4 ¦ -2 ¦ 4 ¦ 9007199254740998
        i - j => 5 ¦ -10 ¦ 2 ¦ 4 ¦ 9007199254740988
        i * 2 => 14 ¦ -14 ¦ 0 ¦ 8 ¦ 18014398509481986
        i / j => 3.5 ¦ -2.3333333333333335 ¦ -0.0 ¦ !division by zero ¦ 1801439850948198.5
        i // j => 3 ¦ -3 ¦ 0 ¦ !integer division or modulo by zero ¦ 1801439850948198
        i % j => 1 ¦ 2 ¦ 0 ¦ !integer modulo by zero ¦ 3
        -i => -7 ¦ 7 ¦ 0 ¦ -4 ¦ -9007199254740993
        +i => 7 ¦ -7 ¦ 0 ¦ 4 ¦ 9007199254740993
        abs(i) => 7 ¦ 7 ¦ 0 ¦ 4 ¦ 9007199254740993
        i // -2 => -4 ¦ 3 ¦ 0 ¦ -2 ¦ -4503599627370497
        i % -3 => -2 ¦ -1 ¦ 0 ¦ -2 ¦ 0
        f + 1 => 3.5 ¦ 0.5 ¦ 1e+16 ¦ 1.1 ¦ 3.675
        f * g => 2.5 ¦ -0.0 ¦ !unsupported operand type(s) for *: 'float' and 'NoneType' ¦ -0.2 ¦ 9.362499999999999
        f / g => 2.5 ¦ !float division by zero ¦ !unsupported operand type(s) for /: 'float' and 'NoneType' ¦ -0.05 ¦ 0.7642857142857142
        f // g => 2.0 ¦ !float floor division by zero ¦ !unsupported operand type(s) for //: 'float' and 'NoneType' ¦ -1.0 ¦ 0.0
        f % g => 0.5 ¦ !float modulo ¦ !unsupported operand type(s) for %: 'float' and 'NoneType' ¦ -1.9 ¦ 2.675
        i / 2.5 => 2.8 ¦ -2.8 ¦ 0.0 ¦ 1.6 ¦ 3602879701896397.0
        f - i => -4.5 ¦ 6.5 ¦ 1e+16 ¦ -3.9 ¦ -9007199254740989.0
        -f => -2.5 ¦ 0.5 ¦ -1e+16 ¦ -0.1 ¦ -2.675
        abs(f) => 2.5 ¦ 0.5 ¦ 1e+16 ¦ 0.1 ¦ 2.675
        b + b => 2 ¦ 0 ¦ 2 ¦ 0 ¦ 2
        b * 3 => 3 ¦ 0 ¦ 3 ¦ 0 ¦ 3
        True + i => 8 ¦ -6 ¦ 1 ¦ 5 ¦ 9007199254740994
        n + 1 => 2 ¦ !unsupported operand type(s) for +: 'NoneType' and 'int' ¦ 1 ¦ -2 ¦ 10
        1 + n => 2 ¦ !unsupported operand type(s) for +: 'int' and 'NoneType' ¦ 1 ¦ -2 ¦ 10
        n - i => -6 ¦ !unsupported operand type(s) for -: 'NoneType' and 'int' ¦ 0 ¦ -7 ¦ -9007199254740984
        n * 2 => 2 ¦ !unsupported operand type(s) for *: 'NoneType' and 'int' ¦ 0 ¦ -6 ¦ 18
        n / 2 => 0.5 ¦ !unsupported operand type(s) for /: 'NoneType' and 'int' ¦ 0.0 ¦ -1.5 ¦ 4.5
        n // 2 => 0 ¦ !unsupported operand type(s) for //: 'NoneType' and 'int' ¦ 0 ¦ -2 ¦ 4
        n % 2 => 1 ¦ !unsupported operand type(s) for %: 'NoneType' and 'int' ¦ 0 ¦ 1 ¦ 1
        g + n => 2.0 ¦ !unsupported operand type(s) for +: 'float' and 'NoneType' ¦ !unsupported operand type(s) for +: 'NoneType' and 'int' ¦ -5.0 ¦ 12.5
        i ** 2 if i < 100 else 0 => 49 ¦ 49 ¦ 0 ¦ 16 ¦ 0
        2 ** j => 4 ¦ 8 ¦ !a negative power of an integer is no integer: make the base a float ¦ 1 ¦ 32
        2 ** -1 => 0.5 ¦ 0.5 ¦ 0.5 ¦ 0.5 ¦ 0.5
        j ** -1 => 0.5 ¦ 0.3333333333333333 ¦ -0.5 ¦ !0.0 cannot be raised to a negative power ¦ 0.2
        f ** 2 => 6.25 ¦ 0.25 ¦ 1e+32 ¦ 0.010000000000000002 ¦ 7.155624999999999
        g ** 0.5 => 1.0 ¦ 0.0 ¦ !unsupported operand type(s) for ** or pow(): 'NoneType' and 'float' ¦ !a fractional power of a negative number is complex ¦ 1.8708286933869707
        s + t => 'Abcb' ¦ '' ¦ 'Größe σςö' ¦ ' 12 1' ¦ '😀a,b,,c,'
        s + o => 'Abcx' ¦ !can only concatenate str (not "NoneType") to str ¦ 'Größe σς' ¦ ' 12 12' ¦ "😀a,b,,c it's\n"
        o + s => 'xAbc' ¦ !unsupported operand type(s) for +: 'NoneType' and 'str' ¦ 'Größe σς' ¦ '12 12 ' ¦ " it's\n😀a,b,,c"
        o + o => 'xx' ¦ !unsupported operand type(s) for +: 'NoneType' and 'NoneType' ¦ '' ¦ '1212' ¦ " it's\n it's\n"
        s * 2 => 'AbcAbc' ¦ '' ¦ 'Größe σςGröße σς' ¦ ' 12  12 ' ¦ '😀a,b,,c😀a,b,,c'
        t * n => 'b' ¦ !can't multiply sequence by non-int of type 'NoneType' ¦ '' ¦ '' ¦ ',,,,,,,,,'
        s * -1 => '' ¦ '' ¦ '' ¦ '' ¦ ''
        i < j => False ¦ True ¦ False ¦ False ¦ False
        i <= 4 => False ¦ True ¦ True ¦ True ¦ False
        i > f => True ¦ False ¦ False ¦ True ¦ True
        f >= g => True ¦ False ¦ !'>=' not supported between instances of 'float' and 'NoneType' ¦ True ¦ False
        i == 4 => False ¦ False ¦ False ¦ True ¦ False
        i != 4 => True ¦ True ¦ True ¦ False ¦ True
        f == 0.1 => False ¦ False ¦ False ¦ True ¦ False
        n < 1 => False ¦ !'<' not supported between instances of 'NoneType' and 'int' ¦ True ¦ True ¦ False
        n > i => False ¦ !'>' not supported between instances of 'NoneType' and 'int' ¦ False ¦ False ¦ False
        n == None => False ¦ True ¦ False ¦ False ¦ False
        n != None => True ¦ False ¦ True ¦ True ¦ True
        n == 0 => False ¦ False ¦ True ¦ False ¦ False
        n != 0 => True ¦ True ¦ False ¦ True ¦ True
        g == n => True ¦ False ¦ False ¦ False ¦ False
        g == 1 => True ¦ False ¦ False ¦ False ¦ False
        s < t => True ¦ False ¦ True ¦ True ¦ False
        s == 'Abc' => True ¦ False ¦ False ¦ False ¦ False
        o == '' => False ¦ False ¦ True ¦ False ¦ False
        o != 'x' => False ¦ True ¦ True ¦ True ¦ True
        o < s => False ¦ !'<' not supported between instances of 'NoneType' and 'str' ¦ True ¦ False ¦ True
        b == True => True ¦ False ¦ True ¦ False ¦ True
        b == 1 => True ¦ False ¦ True ¦ False ¦ True
        b is True => True ¦ False ¦ True ¦ False ¦ True
        n is None => False ¦ True ¦ False ¦ False ¦ False
        n is not None => True ¦ False ¦ True ¦ True ¦ True
        r is None => False ¦ False ¦ True ¦ False ¦ False
        r.x is None => False ¦ True ¦ !'NoneType' object has no attribute 'x' ¦ False ¦ False
        r is not None and r.x is not None => True ¦ False ¦ False ¦ True ¦ True
        r is not None and r.z is not None and r.z.w is not None => True ¦ False ¦ False ¦ False ¦ True
        0 < j < 5 => True ¦ True ¦ False ¦ False ¦ False
        -10 <= i < j => False ¦ True ¦ False ¦ False ¦ False
        1 < n < 10 => False ¦ !'<' not supported between instances of 'int' and 'NoneType' ¦ False ¦ False ¦ True
        i == i == i => True ¦ True ¦ True ¦ True ¦ True
        i if b else j => 7 ¦ 3 ¦ 0 ¦ 0 ¦ 9007199254740993
        s if b else None => 'Abc' ¦ None ¦ 'Größe σς' ¦ None ¦ '😀a,b,,c'
        n if n is not None else -1 => 1 ¦ -1 ¦ 0 ¦ -3 ¦ 9
        r.x if r is not None else None => 5 ¦ None ¦ None ¦ 0 ¦ 7
        r.x => 5 ¦ None ¦ !'NoneType' object has no attribute 'x' ¦ 0 ¦ 7
        r.y => 'yy' ¦ None ¦ !'NoneType' object has no attribute 'y' ¦ '' ¦ '😀'
        r.z.w => 'deep' ¦ !'NoneType' object has no attribute 'w' ¦ !'NoneType' object has no attribute 'z' ¦ None ¦ 'v'
        r.z.w if r and r.z else 'none' => 'deep' ¦ 'none' ¦ 'none' ¦ None ¦ 'v'
        r.y.upper() => 'YY' ¦ !'NoneType' object has no attribute 'upper' ¦ !'NoneType' object has no attribute 'y' ¦ '' ¦ '😀'
        10 // j if j else None => 5 ¦ 3 ¦ -5 ¦ None ¦ 2
        10 / j if j != 0 else 0.0 => 5.0 ¦ 3.3333333333333335 ¦ -5.0 ¦ 0.0 ¦ 2.0
        j and 10 // j => 5 ¦ 3 ¦ -5 ¦ 0 ¦ 2
        j == 0 or 10 // j > 1 => True ¦ True ¦ False ¦ True ¦ True
        not i => False ¦ False ¦ True ¦ False ¦ False
        not s => False ¦ True ¦ False ¦ False ¦ False
        not n => False ¦ True ¦ True ¦ False ¦ False
        not l => False ¦ True ¦ False ¦ True ¦ False
        not r => False ¦ False ¦ True ¦ False ¦ False
        bool(r) => True ¦ True ¦ False ¦ True ¦ True
        bool(f) => True ¦ True ¦ True ¦ True ¦ True
        bool(l) => True ¦ False ¦ True ¦ False ¦ True
        n or i => 1 ¦ -7 ¦ 0 ¦ -3 ¦ 9
        n and i => 7 ¦ None ¦ 0 ¦ 4 ¦ 9007199254740993
        o or s => 'x' ¦ '' ¦ 'Größe σς' ¦ '12' ¦ " it's\n"
        o and s => 'Abc' ¦ None ¦ '' ¦ ' 12 ' ¦ '😀a,b,,c'
        o or None => 'x' ¦ None ¦ None ¦ '12' ¦ " it's\n"
        n or 0 => 1 ¦ 0 ¦ 0 ¦ -3 ¦ 9
        b and i > 0 => True ¦ False ¦ False ¦ False ¦ True
        b or i > 0 => True ¦ False ¦ True ¦ True ¦ True
        (n or 0) + 1 => 2 ¦ 1 ¦ 1 ¦ -2 ¦ 10
        'b' in s => True ¦ False ¦ False ¦ False ¦ True
        t in s => True ¦ True ¦ True ¦ True ¦ True
        t not in s => False ¦ False ¦ False ¦ False ¦ False
        o in s => False ¦ !'in <string>' requires string as left operand, not NoneType ¦ True ¦ True ¦ False
        '1' in o => False ¦ !argument of type 'NoneType' is not iterable ¦ False ¦ True ¦ False
        i in (4, 7) => True ¦ False ¦ False ¦ True ¦ False
        i not in (4, 7) => False ¦ True ¦ True ¦ False ¦ True
        s in ('Abc', '') => True ¦ True ¦ False ¦ False ¦ False
        o in ('x', None) => True ¦ True ¦ False ¦ False ¦ False
        o in ['x'] => True ¦ False ¦ False ¦ False ¦ False
        n in (1, 9.0) => True ¦ False ¦ False ¦ False ¦ True
        n in () => False ¦ False ¦ False ¦ False ¦ False
        i in l => False ¦ False ¦ False ¦ !argument of type 'NoneType' is not iterable ¦ False
        1 in l => True ¦ False ¦ False ¦ !argument of type 'NoneType' is not iterable ¦ False
        n in l => True ¦ False ¦ False ¦ !argument of type 'NoneType' is not iterable ¦ False
        'p' in w => True ¦ False ¦ False ¦ !argument of type 'NoneType' is not iterable ¦ False
        o in w => False ¦ False ¦ True ¦ !argument of type 'NoneType' is not iterable ¦ False
        s[0] => 'A' ¦ !string index out of range ¦ 'G' ¦ ' ' ¦ '😀'
        s[-1] => 'c' ¦ !string index out of range ¦ 'ς' ¦ ' ' ¦ 'c'
        s[1] => 'b' ¦ !string index out of range ¦ 'r' ¦ '1' ¦ 'a'
        s[1:] => 'bc' ¦ '' ¦ 'röße σς' ¦ '12 ' ¦ 'a,b,,c'
        s[:2] => 'Ab' ¦ '' ¦ 'Gr' ¦ ' 1' ¦ '😀a'
        s[:-1] => 'Ab' ¦ '' ¦ 'Größe σ' ¦ ' 12' ¦ '😀a,b,,'
        s[-3:] => 'Abc' ¦ '' ¦ ' σς' ¦ '12 ' ¦ ',,c'
        s[::2] => 'Ac' ¦ '' ¦ 'Göeσ' ¦ ' 2' ¦ '😀,,c'
        s[::-1] => 'cbA' ¦ '' ¦ 'ςσ eßörG' ¦ ' 21 ' ¦ 'c,,b,a😀'
        s[5:2] => '' ¦ '' ¦ '' ¦ '' ¦ ''
        s[j:] => 'c' ¦ '' ¦ 'σς' ¦ ' 12 ' ¦ ',c'
        s[:n] => 'A' ¦ '' ¦ '' ¦ ' ' ¦ '😀a,b,,c'
        o[0] => 'x' ¦ !'NoneType' object is not subscriptable ¦ !string index out of range ¦ '1' ¦ ' '
        o[:1] => 'x' ¦ !'NoneType' object is not subscriptable ¦ '' ¦ '1' ¦ ' '
        t[i] => !string index out of range ¦ !string index out of range ¦ 'ö' ¦ !string index out of range ¦ !string index out of range
        l[0] => 1 ¦ !list index out of range ¦ 5 ¦ !'NoneType' object is not subscriptable ¦ 7
        l[-1] => 3 ¦ !list index out of range ¦ 5 ¦ !'NoneType' object is not subscriptable ¦ 7
        l[1:] => [2, 3] ¦ [] ¦ [] ¦ !'NoneType' object is not subscriptable ¦ [7]
        l[n] => 2 ¦ !list indices must be integers or slices, not NoneType ¦ 5 ¦ !'NoneType' object is not subscriptable ¦ !list index out of range
        l[::-1] => [3, 2, 1] ¦ [] ¦ [5] ¦ !'NoneType' object is not subscriptable ¦ [7, 7]
        w[0] => 'p' ¦ !list index out of range ¦ '' ¦ !'NoneType' object is not subscriptable ¦ 'a'
        w[0] + 'x' => 'px' ¦ !list index out of range ¦ 'x' ¦ !'NoneType' object is not subscriptable ¦ 'ax'
        s.upper() => 'ABC' ¦ '' ¦ 'GRÖSSE ΣΣ' ¦ ' 12 ' ¦ '😀A,B,,C'
        s.lower() => 'abc' ¦ '' ¦ 'größe σς' ¦ ' 12 ' ¦ '😀a,b,,c'
        s.title() => 'Abc' ¦ '' ¦ 'Größe Σς' ¦ ' 12 ' ¦ '😀A,B,,C'
        s.capitalize() => 'Abc' ¦ '' ¦ 'Größe σς' ¦ ' 12 ' ¦ '😀a,b,,c'
        s.strip() => 'Abc' ¦ '' ¦ 'Größe σς' ¦ '12' ¦ '😀a,b,,c'
        s.lstrip() => 'Abc' ¦ '' ¦ 'Größe σς' ¦ '12 ' ¦ '😀a,b,,c'
        s.rstrip() => 'Abc' ¦ '' ¦ 'Größe σς' ¦ ' 12' ¦ '😀a,b,,c'
        s.strip('A ') => 'bc' ¦ '' ¦ 'Größe σς' ¦ '12' ¦ '😀a,b,,c'
        o.strip() => 'x' ¦ !'NoneType' object has no attribute 'strip' ¦ '' ¦ '12' ¦ "it's"
        o.upper() => 'X' ¦ !'NoneType' object has no attribute 'upper' ¦ '' ¦ '12' ¦ " IT'S\n"
        s.startswith('A') => True ¦ False ¦ False ¦ False ¦ False
        s.startswith(t) => False ¦ True ¦ False ¦ False ¦ False
        s.endswith('c') => True ¦ False ¦ False ¦ False ¦ True
        s.endswith(o) => False ¦ !endswith first arg must be str or a tuple of str, not NoneType ¦ True ¦ False ¦ False
        s.startswith(('A', ' ')) => True ¦ False ¦ False ¦ True ¦ False
        s.replace('b', 'XX') => 'AXXc' ¦ '' ¦ 'Größe σς' ¦ ' 12 ' ¦ '😀a,XX,,c'
        s.replace('', '-') => '-A-b-c-' ¦ '-' ¦ '-G-r-ö-ß-e- -σ-ς-' ¦ '- -1-2- -' ¦ '-😀-a-,-b-,-,-c-'
        s.replace(',', ';', 2) => 'Abc' ¦ '' ¦ 'Größe σς' ¦ ' 12 ' ¦ '😀a;b;,c'
        s.replace(t, 'o') => 'Aoc' ¦ 'o' ¦ 'Große σς' ¦ ' o2 ' ¦ '😀aobooc'
        s.find('b') => 1 ¦ -1 ¦ -1 ¦ -1 ¦ 3
        s.find(t) => 1 ¦ 0 ¦ 2 ¦ 1 ¦ 2
        s.find('σ') => -1 ¦ -1 ¦ 6 ¦ -1 ¦ -1
        s.count(t) => 1 ¦ 1 ¦ 1 ¦ 1 ¦ 3
        s.count('') => 4 ¦ 1 ¦ 9 ¦ 5 ¦ 8
        s.isdigit() => False ¦ False ¦ False ¦ False ¦ False
        t.isdigit() => False ¦ False ¦ False ¦ True ¦ False
        s.split() => ['Abc'] ¦ [] ¦ ['Größe', 'σς'] ¦ ['12'] ¦ ['😀a,b,,c']
        s.split(',') => ['Abc'] ¦ [''] ¦ ['Größe σς'] ¦ [' 12 '] ¦ ['😀a', 'b', '', 'c']
        s.split(',', 1) => ['Abc'] ¦ [''] ¦ ['Größe σς'] ¦ [' 12 '] ¦ ['😀a', 'b,,c']
        s.split(None, 1) => ['Abc'] ¦ [] ¦ ['Größe', 'σς'] ¦ ['12'] ¦ ['😀a,b,,c']
        s.split(t) => ['A', 'c'] ¦ !empty separator ¦ ['Gr', 'ße σς'] ¦ [' ', '2 '] ¦ ['😀a', 'b', '', 'c']
        o.split() => ['x'] ¦ !'NoneType' object has no attribute 'split' ¦ [] ¦ ['12'] ¦ ["it's"]
        '-'.join(w) => 'p-q' ¦ '' ¦ '' ¦ !can only join an iterable ¦ !sequence item 1: expected str instance, NoneType found
        ','.join([s, t]) => 'Abc,b' ¦ ',' ¦ 'Größe σς,ö' ¦ ' 12 ,1' ¦ '😀a,b,,c,,'
        t.join(['a', 'b', 'c']) => 'abbbc' ¦ 'abc' ¦ 'aöböc' ¦ 'a1b1c' ¦ 'a,b,c'
        ','.join([s, o]) => 'Abc,x' ¦ !sequence item 1: expected str instance, NoneType found ¦ 'Größe σς,' ¦ ' 12 ,12' ¦ "😀a,b,,c, it's\n"
        len(s) => 3 ¦ 0 ¦ 8 ¦ 4 ¦ 7
        len(l) => 3 ¦ 0 ¦ 1 ¦ !object of type 'NoneType' has no len() ¦ 2
        len(o) => 1 ¦ !object of type 'NoneType' has no len() ¦ 0 ¦ 2 ¦ 6
        len(s) > 3 and s[3] == 'ß' => False ¦ False ¦ True ¦ False ¦ False
        str(i) => '7' ¦ '-7' ¦ '0' ¦ '4' ¦ '9007199254740993'
        str(f) => '2.5' ¦ '-0.5' ¦ '1e+16' ¦ '0.1' ¦ '2.675'
        str(n) => '1' ¦ 'None' ¦ '0' ¦ '-3' ¦ '9'
        str(b) => 'True' ¦ 'False' ¦ 'True' ¦ 'False' ¦ 'True'
        str(o) => 'x' ¦ 'None' ¦ '' ¦ '12' ¦ " it's\n"
        int(s) => !invalid literal for int() with base 10: 'Abc' ¦ !invalid literal for int() with base 10: '' ¦ !invalid literal for int() with base 10: 'Größe σς' ¦ 12 ¦ !invalid literal for int() with base 10: '😀a,b,,c'
        int(o) => !invalid literal for int() with base 10: 'x' ¦ !int() argument must be a string, a bytes-like object or a real number, not 'NoneType' ¦ !invalid literal for int() with base 10: '' ¦ 12 ¦ !invalid literal for int() with base 10: " it's\n"
        int(f) => 2 ¦ 0 ¦ 10000000000000000 ¦ 0 ¦ 2
        int(b) => 1 ¦ 0 ¦ 1 ¦ 0 ¦ 1
        int(g) => 1 ¦ 0 ¦ !int() argument must be a string, a bytes-like object or a real number, not 'NoneType' ¦ -2 ¦ 3
        float(i) => 7.0 ¦ -7.0 ¦ 0.0 ¦ 4.0 ¦ 9007199254740992.0
        float(o) => !could not convert string to float: 'x' ¦ !float() argument must be a string or a real number, not 'NoneType' ¦ !could not convert string to float: '' ¦ 12.0 ¦ !could not convert string to float: " it's\n"
        float(n) => 1.0 ¦ !float() argument must be a string or a real number, not 'NoneType' ¦ 0.0 ¦ -3.0 ¦ 9.0
        float(s.strip() or 'nan') => !could not convert string to float: 'Abc' ¦ nan ¦ !could not convert string to float: 'Größe σς' ¦ 12.0 ¦ !could not convert string to float: '😀a,b,,c'
        round(f) => 2 ¦ 0 ¦ 10000000000000000 ¦ 0 ¦ 3
        round(g) => 1 ¦ 0 ¦ !type NoneType doesn't define __round__ method ¦ -2 ¦ 4
        round(f, 1) => 2.5 ¦ -0.5 ¦ 1e+16 ¦ 0.1 ¦ 2.7
        round(f, 2) => 2.5 ¦ -0.5 ¦ 1e+16 ¦ 0.1 ¦ 2.67
        round(i, 2) => 7 ¦ -7 ¦ 0 ¦ 4 ¦ 9007199254740993
        round(n) => 1 ¦ !type NoneType doesn't define __round__ method ¦ 0 ¦ -3 ¦ 9
        abs(n) => 1 ¦ !bad operand type for abs(): 'NoneType' ¦ 0 ¦ 3 ¦ 9
        min(i, j) => 2 ¦ -7 ¦ -2 ¦ 0 ¦ 5
        max(i, j, 3) => 7 ¦ 3 ¦ 3 ¦ 4 ¦ 9007199254740993
        max(s, t) => 'b' ¦ '' ¦ 'ö' ¦ '1' ¦ '😀a,b,,c'
        min(f, 0.5) => 0.5 ¦ -0.5 ¦ 0.5 ¦ 0.1 ¦ 0.5
        max(n, i) => 7 ¦ !'>' not supported between instances of 'int' and 'NoneType' ¦ 0 ¦ 4 ¦ 9007199254740993
        max(i, n) => 7 ¦ !'>' not supported between instances of 'NoneType' and 'int' ¦ 0 ¦ 4 ¦ 9007199254740993
        f'{s}:{i}' => 'Abc:7' ¦ ':-7' ¦ 'Größe σς:0' ¦ ' 12 :4' ¦ '😀a,b,,c:9007199254740993'
        f'{o}/{f}/{n}' => 'x/2.5/1' ¦ 'None/-0.5/None' ¦ '/1e+16/0' ¦ '12/0.1/-3' ¦ " it's\n/2.675/9"
        f'{i:05d}|{f:.2f}|{t:>3}|{i:,}|{i:x}|{b:d}' => '00007|2.50|  b|7|7|1' ¦ '-0007|-0.50|   |-7|-7|0' ¦ '00000|10000000000000000.00|  ö|0|0|1' ¦ '00004|0.10|  1|4|4|0' ¦ '9007199254740993|2.67|  ,|9,007,199,254,740,993|20000000000001|1'
        f'{f:.0f} {f:e} {f:.1%} {f:+.1f}' => '2 2.500000e+00 250.0% +2.5' ¦ '-0 -5.000000e-01 -50.0% -0.5' ¦ '10000000000000000 1.000000e+16 1000000000000000000.0% +10000000000000000.0' ¦ '0 1.000000e-01 10.0% +0.1' ¦ '3 2.675000e+00 267.5% +2.7'
        f'{n:d}' => '1' ¦ !unsupported format string passed to NoneType.__format__ ¦ '0' ¦ '-3' ¦ '9'
        f'{t:*^7}|{t:<4}|{i:<8}|{i:^9}|{i:+}|{i:_}' => '***b***|b   |7       |    7    |+7|7' ¦ '*******|    |-7      |   -7    |-7|-7' ¦ '***ö***|ö   |0       |    0    |+0|0' ¦ '***1***|1   |4       |    4    |+4|4' ¦ '***,***|,   |9007199254740993|9007199254740993|+9007199254740993|9_007_199_254_740_993'
        f"{s!s:>5}{{}}" => '  Abc{}' ¦ '     {}' ¦ 'Größe σς{}' ¦ '  12 {}' ¦ '😀a,b,,c{}'
        import math\nlambda row: math.floor(row.f) => 2 ¦ -1 ¦ 10000000000000000 ¦ 0 ¦ 2
        import math\nlambda row: math.ceil(row.f) => 3 ¦ 0 ¦ 10000000000000000 ¦ 1 ¦ 3
        import math\nlambda row: math.trunc(row.f) => 2 ¦ 0 ¦ 10000000000000000 ¦ 0 ¦ 2
        import math\nlambda row: math.sqrt(row.f) => 1.5811388300841898 ¦ !math domain error ¦ 100000000.0 ¦ 0.31622776601683794 ¦ 1.6355427233796125
        import math\nlambda row: math.isnan(row.f) => False ¦ False ¦ False ¦ False ¦ False
        import math\nlambda row: math.floor(row.g) => 1 ¦ 0 ¦ !must be real number, not NoneType ¦ -2 ¦ 3
        import math\nlambda row: math.floor(row.i) => 7 ¦ -7 ¦ 0 ¦ 4 ¦ 9007199254740993
        s.encode().decode() => 'Abc' ¦ '' ¦ 'Größe σς' ¦ ' 12 ' ¦ '😀a,b,,c'
        len(s.encode()) => 3 ¦ 0 ¦ 12 ¦ 4 ¦ 10
        s.encode()[0] => 65 ¦ !index out of range ¦ 71 ¦ 32 ¦ 240
        'x' 'y' + "z" => 'xyz' ¦ 'xyz' ¦ 'xyz' ¦ 'xyz' ¦ 'xyz'
        0x1F + 0o17 + 0b11 + 1_000 => 1049 ¦ 1049 ¦ 1049 ¦ 1049 ¦ 1049
        1.5e3 + .5 + 2. => 1502.5 ¦ 1502.5 ¦ 1502.5 ¦ 1502.5 ¦ 1502.5
        'a\tb\u00e9\x41\101' => 'a\tbéAA' ¦ 'a\tbéAA' ¦ 'a\tbéAA' ¦ 'a\tbéAA' ¦ 'a\tbéAA'
        r'a\tb' => 'a\\tb' ¦ 'a\\tb' ¦ 'a\\tb' ¦ 'a\\tb' ¦ 'a\\tb'
        -2 ** 2 => -4 ¦ -4 ¦ -4 ¦ -4 ¦ -4
        2 ** 3 ** 2 % 100 => 12 ¦ 12 ¦ 12 ¦ 12 ¦ 12
        not i == 4 => True ¦ True ¦ True ¦ False ¦ True
        1 if n is None else 2 if n else 3 => 2 ¦ 1 ¦ 3 ¦ 2 ¦ 2
        7 - 2 - 1 => 4 ¦ 4 ¦ 4 ¦ 4 ¦ 4
        7 // 2 * 2 => 6 ¦ 6 ¦ 6 ¦ 6 ¦ 6
        -7 // 2 => -4 ¦ -4 ¦ -4 ¦ -4 ¦ -4
        - 7 % 3 => 2 ¦ 2 ¦ 2 ¦ 2 ¦ 2
        i > 0 and j > 0 or b => True ¦ False ¦ True ¦ False ¦ True
        i < 5 and s != '' and s[0] == 'A' => False ¦ False ¦ False ¦ False ¦ False
        None => None ¦ None ¦ None ¦ None ¦ None
        None is None => True ¦ True ¦ True ¦ True ¦ True
        3 in [1, 2, 3] => True ¦ True ¦ True ¦ True ¦ True
        'a' < 'b' < 'c' => True ¦ True ¦ True ¦ True ¦ True
        int('  42_0 ') => 420 ¦ 420 ¦ 420 ¦ 420 ¦ 420
        float(' 1_0.5e1 ') => 105.0 ¦ 105.0 ¦ 105.0 ¦ 105.0 ¦ 105.0
        int(3.99) => 3 ¦ 3 ¦ 3 ¦ 3 ¦ 3
        int(-3.99) => -3 ¦ -3 ¦ -3 ¦ -3 ¦ -3
        s[0:1] == 'A' => True ¦ False ¦ False ¦ False ¦ False
        str(1e16) + str(1e-5) + str(1.0) + str(1e22) + str(123456.789) + str(0.0001) + str(-0.0) => '1e+161e-051.01e+22123456.7890.0001-0.0' ¦ '1e+161e-051.01e+22123456.7890.0001-0.0' ¦ '1e+161e-051.01e+22123456.7890.0001-0.0' ¦ '1e+161e-051.01e+22123456.7890.0001-0.0' ¦ '1e+161e-051.01e+22123456.7890.0001-0.0'
        round(2.5) + round(3.5) => 6 ¦ 6 ¦ 6 ¦ 6 ¦ 6
        round(-2.675, 2) => -2.67 ¦ -2.67 ¦ -2.67 ¦ -2.67 ¦ -2.67
        round(1234.5, -2) => 1200.0 ¦ 1200.0 ¦ 1200.0 ¦ 1200.0 ¦ 1200.0
        1 == 1.0 => True ¦ True ¦ True ¦ True ¦ True
        i == 9007199254740992.0 => False ¦ False ¦ False ¦ False ¦ False
        i > 9007199254740992.0 => False ¦ False ¦ False ¦ False ¦ True
        i / 3 => 2.3333333333333335 ¦ -2.3333333333333335 ¦ 0.0 ¦ 1.3333333333333333 ¦ 3002399751580331.0
        '' or 'y' => 'y' ¦ 'y' ¦ 'y' ¦ 'y' ¦ 'y'
        'a' if i else 'b' => 'a' ¦ 'a' ¦ 'b' ¦ 'a' ¦ 'a'
        'd' if r is None else r.y => 'yy' ¦ None ¦ 'd' ¦ '' ¦ '😀'
        """#
}
