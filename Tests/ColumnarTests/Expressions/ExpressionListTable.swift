/// Comprehensions and functions of lists, recorded as `ExpressionTable.recorded` is.
extension ExpressionTable {
    static let recordedLists = #"""
        [x.id for x in e] => [1, 2, 3] ¦ [] ¦ !'NoneType' object is not iterable ¦ [None, 0] ¦ !'NoneType' object has no attribute 'id'
        [x.id for x in e if x is not None] => [1, 2, 3] ¦ [] ¦ !'NoneType' object is not iterable ¦ [None, 0] ¦ [9]
        [x.v.trip for x in e if x.v is not None] => ['t1', 't3'] ¦ [] ¦ !'NoneType' object is not iterable ¦ ['t', None] ¦ !'NoneType' object has no attribute 'v'
        [x.v.trip for x in e if x and x.v and x.v.trip] => ['t1', 't3'] ¦ [] ¦ !'NoneType' object is not iterable ¦ ['t'] ¦ ['q']
        [x.v.d for x in e if x is not None if x.v is not None] => [0.5, -1.0] ¦ [] ¦ !'NoneType' object is not iterable ¦ [None, 2.5] ¦ [1000.0]
        [x.name.upper() for x in e if x is not None and x.name] => ['A', 'B', 'C'] ¦ [] ¦ !'NoneType' object is not iterable ¦ [] ¦ ['ZOË']
        [x + 1 for x in l] => [2, 3, 4] ¦ [] ¦ [6] ¦ !'NoneType' object is not iterable ¦ [8, 8]
        [x + i for x in l] => [8, 9, 10] ¦ [] ¦ [5] ¦ !'NoneType' object is not iterable ¦ [9007199254741000, 9007199254741000]
        [x * j for x in l if x > 1] => [4, 6] ¦ [] ¦ [-10] ¦ !'NoneType' object is not iterable ¦ [35, 35]
        [i // x for x in l] => [7, 3, 2] ¦ [] ¦ [0] ¦ !'NoneType' object is not iterable ¦ [1286742750677284, 1286742750677284]
        [10 // (x - 5) for x in l] => [-3, -4, -5] ¦ [] ¦ !integer division or modulo by zero ¦ !'NoneType' object is not iterable ¦ [5, 5]
        [f'{x}:{s}' for x in w] => ['p:Abc', 'q:Abc'] ¦ [] ¦ [':Größe σς'] ¦ !'NoneType' object is not iterable ¦ ['a:😀a,b,,c', 'None:😀a,b,,c']
        [x for x in w if x] => ['p', 'q'] ¦ [] ¦ [] ¦ !'NoneType' object is not iterable ¦ ['a']
        [[x, i] for x in l] => [[1, 7], [2, 7], [3, 7]] ¦ [] ¦ [[5, 0]] ¦ !'NoneType' object is not iterable ¦ [[7, 9007199254740993], [7, 9007199254740993]]
        [[y * x for y in l] for x in l] => [[1, 2, 3], [2, 4, 6], [3, 6, 9]] ¦ [] ¦ [[25]] ¦ !'NoneType' object is not iterable ¦ [[49, 49], [49, 49]]
        [[y for y in l if y > x] for x in l] => [[2, 3], [3], []] ¦ [] ¦ [[]] ¦ !'NoneType' object is not iterable ¦ [[], []]
        [x in l for x in l] => [True, True, True] ¦ [] ¦ [True] ¦ !'NoneType' object is not iterable ¦ [True, True]
        [c for c in s] => ['A', 'b', 'c'] ¦ [] ¦ ['G', 'r', 'ö', 'ß', 'e', ' ', 'σ', 'ς'] ¦ [' ', '1', '2', ' '] ¦ ['😀', 'a', ',', 'b', ',', ',', 'c']
        [x for x in (i, j)] => [7, 2] ¦ [-7, 3] ¦ [0, -2] ¦ [4, 0] ¦ [9007199254740993, 5]
        [x for x in [i, j] if x > 0] => [7, 2] ¦ [3] ¦ [] ¦ [4] ¦ [9007199254740993, 5]
        [x for x in (y + 1 for y in l) if x > 2] => [3, 4] ¦ [] ¦ [6] ¦ !'NoneType' object is not iterable ¦ [8, 8]
        [n for x in l] => [1, 1, 1] ¦ [] ¦ [0] ¦ !'NoneType' object is not iterable ¦ [9, 9]
        [r.x for x in l] => [5, 5, 5] ¦ [] ¦ !'NoneType' object has no attribute 'x' ¦ !'NoneType' object is not iterable ¦ [7, 7]
        [x.v is None for x in e] => [False, True, False] ¦ [] ¦ !'NoneType' object is not iterable ¦ [False, False] ¦ !'NoneType' object has no attribute 'v'
        [getattr(x, 'name', 'none') for x in e] => ['a', 'b', 'c'] ¦ [] ¦ !'NoneType' object is not iterable ¦ [None, ''] ¦ ['zoë', 'none']
        len([x for x in l if x != 2]) => 2 ¦ 0 ¦ 1 ¦ !'NoneType' object is not iterable ¦ 2
        len([x for x in e if x.v is not None]) > 0 => True ¦ False ¦ !'NoneType' object is not iterable ¦ True ¦ !'NoneType' object has no attribute 'v'
        [x.id for x in e][0] => 1 ¦ !list index out of range ¦ !'NoneType' object is not iterable ¦ None ¦ !'NoneType' object has no attribute 'id'
        [x for x in l][-1] => 3 ¦ !list index out of range ¦ 5 ¦ !'NoneType' object is not iterable ¦ 7
        2 in [x for x in l] => True ¦ False ¦ False ¦ !'NoneType' object is not iterable ¦ False
        i in [j, 7, n] => True ¦ False ¦ True ¦ False ¦ False
        j in [x + 1 for x in l] => True ¦ False ¦ False ¦ !'NoneType' object is not iterable ¦ False
        s in [t, o, 'Abc'] => True ¦ True ¦ False ¦ False ¦ False
        n in (i, j, None) => False ¦ True ¦ True ¦ False ¦ False
        f not in [g, 2.5] => False ¦ True ¦ True ¦ True ¦ True
        [i, j] => [7, 2] ¦ [-7, 3] ¦ [0, -2] ¦ [4, 0] ¦ [9007199254740993, 5]
        [i, n] => [7, 1] ¦ [-7, None] ¦ [0, 0] ¦ [4, -3] ¦ [9007199254740993, 9]
        [n, None] => [1, None] ¦ [None, None] ¦ [0, None] ¦ [-3, None] ¦ [9, None]
        [s, o, 'z'] => ['Abc', 'x', 'z'] ¦ ['', None, 'z'] ¦ ['Größe σς', '', 'z'] ¦ [' 12 ', '12', 'z'] ¦ ['😀a,b,,c', " it's\n", 'z']
        [f, g] => [2.5, 1.0] ¦ [-0.5, 0.0] ¦ [1e+16, None] ¦ [0.1, -2.0] ¦ [2.675, 3.5]
        [i + 1, j * 2] => [8, 4] ¦ [-6, 6] ¦ [1, -4] ¦ [5, 0] ¦ [9007199254740994, 10]
        [i // j] => [3] ¦ [-3] ¦ [0] ¦ !integer division or modulo by zero ¦ [1801439850948198]
        [[i], [j]] => [[7], [2]] ¦ [[-7], [3]] ¦ [[0], [-2]] ¦ [[4], [0]] ¦ [[9007199254740993], [5]]
        [i, j][1] => 2 ¦ 3 ¦ -2 ¦ 0 ¦ 5
        [r.x, r.x] => [5, 5] ¦ [None, None] ¦ !'NoneType' object has no attribute 'x' ¦ [0, 0] ¦ [7, 7]
        [None, i] => [None, 7] ¦ [None, -7] ¦ [None, 0] ¦ [None, 4] ¦ [None, 9007199254740993]
        sum(l) => 6 ¦ 0 ¦ 5 ¦ !'NoneType' object is not iterable ¦ 14
        sum([i, j]) => 9 ¦ -4 ¦ -2 ¦ 4 ¦ 9007199254740998
        sum((i, j)) => 9 ¦ -4 ¦ -2 ¦ 4 ¦ 9007199254740998
        sum([i, n]) => 8 ¦ !unsupported operand type(s) for +: 'int' and 'NoneType' ¦ 0 ¦ 1 ¦ 9007199254741002
        sum([n, i]) => 8 ¦ !unsupported operand type(s) for +: 'int' and 'NoneType' ¦ 0 ¦ 1 ¦ 9007199254741002
        sum([f, g]) => 3.5 ¦ -0.5 ¦ !unsupported operand type(s) for +: 'float' and 'NoneType' ¦ -1.9 ¦ 6.175
        sum([g, f]) => 3.5 ¦ -0.5 ¦ !unsupported operand type(s) for +: 'int' and 'NoneType' ¦ -1.9 ¦ 6.175
        sum([0.1, 0.2, 0.3, f]) => 3.1 ¦ 0.10000000000000009 ¦ 1e+16 ¦ 0.7000000000000001 ¦ 3.275
        sum(l, 10) => 16 ¦ 10 ¦ 15 ¦ !'NoneType' object is not iterable ¦ 24
        sum(l, start=0.5) => 6.5 ¦ 0.5 ¦ 5.5 ¦ !'NoneType' object is not iterable ¦ 14.5
        sum([b, b, True]) => 3 ¦ 1 ¦ 3 ¦ 1 ¦ 3
        sum(x.id for x in e) => 6 ¦ 0 ¦ !'NoneType' object is not iterable ¦ !unsupported operand type(s) for +: 'int' and 'NoneType' ¦ !'NoneType' object has no attribute 'id'
        sum(x.id for x in e if x is not None and x.id is not None) => 6 ¦ 0 ¦ !'NoneType' object is not iterable ¦ 0 ¦ 9
        sum(1 for x in l) => 3 ¦ 0 ¦ 1 ¦ !'NoneType' object is not iterable ¦ 2
        sum(1 for x in l if x > 1) => 2 ¦ 0 ¦ 1 ¦ !'NoneType' object is not iterable ¦ 2
        sum(1 for x in e if x.v is None) => 1 ¦ 0 ¦ !'NoneType' object is not iterable ¦ 0 ¦ !'NoneType' object has no attribute 'v'
        sum(10 // (x - 5) for x in l) => -12 ¦ 0 ¦ !integer division or modulo by zero ¦ !'NoneType' object is not iterable ¦ 10
        sum([]) => 0 ¦ 0 ¦ 0 ¦ 0 ¦ 0
        any(l) => True ¦ False ¦ True ¦ !'NoneType' object is not iterable ¦ True
        all(l) => True ¦ True ¦ True ¦ !'NoneType' object is not iterable ¦ True
        any(w) => True ¦ False ¦ False ¦ !'NoneType' object is not iterable ¦ True
        all(w) => True ¦ True ¦ False ¦ !'NoneType' object is not iterable ¦ False
        any(x > 2 for x in l) => True ¦ False ¦ True ¦ !'NoneType' object is not iterable ¦ True
        all(x > 2 for x in l) => False ¦ True ¦ True ¦ !'NoneType' object is not iterable ¦ True
        any([x > 2 for x in l]) => True ¦ False ¦ True ¦ !'NoneType' object is not iterable ¦ True
        any(x.v is None for x in e) => True ¦ False ¦ !'NoneType' object is not iterable ¦ False ¦ !'NoneType' object has no attribute 'v'
        all(x.v is not None for x in e) => False ¦ True ¦ !'NoneType' object is not iterable ¦ True ¦ !'NoneType' object has no attribute 'v'
        any(10 // (x - 1) for x in l) => !integer division or modulo by zero ¦ False ¦ True ¦ !'NoneType' object is not iterable ¦ True
        any(10 // (x - 2) > 0 for x in l) => !integer division or modulo by zero ¦ False ¦ True ¦ !'NoneType' object is not iterable ¦ True
        all(10 // (x - 2) > 0 for x in l) => False ¦ True ¦ True ¦ !'NoneType' object is not iterable ¦ True
        any([10 // (x - 2) > 0 for x in l]) => !integer division or modulo by zero ¦ False ¦ True ¦ !'NoneType' object is not iterable ¦ True
        any((n, i)) => True ¦ True ¦ False ¦ True ¦ True
        all([s, t]) => True ¦ False ¦ True ¦ True ¦ True
        any(x.id == j for x in e if x) => True ¦ False ¦ !'NoneType' object is not iterable ¦ True ¦ False
        not any(x == i for x in l) => True ¦ True ¦ True ¦ !'NoneType' object is not iterable ¦ True
        any(c.isdigit() for c in s) => False ¦ False ¦ False ¦ True ¦ False
        max(l) => 3 ¦ !max() arg is an empty sequence ¦ 5 ¦ !'NoneType' object is not iterable ¦ 7
        min(l) => 1 ¦ !min() arg is an empty sequence ¦ 5 ¦ !'NoneType' object is not iterable ¦ 7
        max(l, default=0) => 3 ¦ 0 ¦ 5 ¦ !'NoneType' object is not iterable ¦ 7
        min(l, default=None) => 1 ¦ None ¦ 5 ¦ !'NoneType' object is not iterable ¦ 7
        max([i, j]) => 7 ¦ 3 ¦ 0 ¦ 4 ¦ 9007199254740993
        min((i, j, 0)) => 0 ¦ -7 ¦ -2 ¦ 0 ¦ 0
        max([n, i]) => 7 ¦ !'>' not supported between instances of 'int' and 'NoneType' ¦ 0 ¦ 4 ¦ 9007199254740993
        min([n, i]) => 1 ¦ !'<' not supported between instances of 'int' and 'NoneType' ¦ 0 ¦ -3 ¦ 9
        max([i, n]) => 7 ¦ !'>' not supported between instances of 'NoneType' and 'int' ¦ 0 ¦ 4 ¦ 9007199254740993
        max([n]) => 1 ¦ None ¦ 0 ¦ -3 ¦ 9
        max(w) => 'q' ¦ !max() arg is an empty sequence ¦ '' ¦ !'NoneType' object is not iterable ¦ !'>' not supported between instances of 'NoneType' and 'str'
        min(w) => 'p' ¦ !min() arg is an empty sequence ¦ '' ¦ !'NoneType' object is not iterable ¦ !'<' not supported between instances of 'NoneType' and 'str'
        max(x.id for x in e) => 3 ¦ !max() arg is an empty sequence ¦ !'NoneType' object is not iterable ¦ !'>' not supported between instances of 'int' and 'NoneType' ¦ !'NoneType' object has no attribute 'id'
        min(x.id for x in e if x) => 1 ¦ !min() arg is an empty sequence ¦ !'NoneType' object is not iterable ¦ !'<' not supported between instances of 'int' and 'NoneType' ¦ 9
        max((x.id for x in e if x and x.id), default=-1) => 3 ¦ -1 ¦ !'NoneType' object is not iterable ¦ -1 ¦ 9
        max([f, g]) => 2.5 ¦ 0.0 ¦ !'>' not supported between instances of 'NoneType' and 'float' ¦ 0.1 ¦ 3.5
        max((10 // (x - 2) for x in l), default=0) => !integer division or modulo by zero ¦ 0 ¦ 3 ¦ !'NoneType' object is not iterable ¦ 2
        max(s) => 'c' ¦ !max() arg is an empty sequence ¦ 'σ' ¦ '2' ¦ '😀'
        max([b, False]) => True ¦ False ¦ True ¦ False ¦ True
        max(len(x) for x in w) => 1 ¦ !max() arg is an empty sequence ¦ 0 ¦ !'NoneType' object is not iterable ¦ !object of type 'NoneType' has no len()
        sorted(l) => [1, 2, 3] ¦ [] ¦ [5] ¦ !'NoneType' object is not iterable ¦ [7, 7]
        sorted(l, reverse=True) => [3, 2, 1] ¦ [] ¦ [5] ¦ !'NoneType' object is not iterable ¦ [7, 7]
        sorted(w) => ['p', 'q'] ¦ [] ¦ [''] ¦ !'NoneType' object is not iterable ¦ !'<' not supported between instances of 'NoneType' and 'str'
        sorted([i, j, 3]) => [2, 3, 7] ¦ [-7, 3, 3] ¦ [-2, 0, 3] ¦ [0, 3, 4] ¦ [3, 5, 9007199254740993]
        sorted([s, t]) => ['Abc', 'b'] ¦ ['', ''] ¦ ['Größe σς', 'ö'] ¦ [' 12 ', '1'] ¦ [',', '😀a,b,,c']
        sorted([n, i]) => [1, 7] ¦ !'<' not supported between instances of 'int' and 'NoneType' ¦ [0, 0] ¦ [-3, 4] ¦ [9, 9007199254740993]
        sorted([i, n]) => [1, 7] ¦ !'<' not supported between instances of 'NoneType' and 'int' ¦ [0, 0] ¦ [-3, 4] ¦ [9, 9007199254740993]
        sorted([i, j, n]) => [1, 2, 7] ¦ !'<' not supported between instances of 'NoneType' and 'int' ¦ [-2, 0, 0] ¦ [-3, 0, 4] ¦ [5, 9, 9007199254740993]
        sorted([n, n]) => [1, 1] ¦ !'<' not supported between instances of 'NoneType' and 'NoneType' ¦ [0, 0] ¦ [-3, -3] ¦ [9, 9]
        sorted([n]) => [1] ¦ [None] ¦ [0] ¦ [-3] ¦ [9]
        sorted([f, 1.5, 0.0, -0.5], reverse=True) => [2.5, 1.5, 0.0, -0.5] ¦ [1.5, 0.0, -0.5, -0.5] ¦ [1e+16, 1.5, 0.0, -0.5] ¦ [1.5, 0.1, 0.0, -0.5] ¦ [2.675, 1.5, 0.0, -0.5]
        sorted([f, float('nan'), 1.5, 0.0, -0.5, 2.0]) => [2.5, nan, -0.5, 0.0, 1.5, 2.0] ¦ [-0.5, nan, -0.5, 0.0, 1.5, 2.0] ¦ [1e+16, nan, -0.5, 0.0, 1.5, 2.0] ¦ [0.1, nan, -0.5, 0.0, 1.5, 2.0] ¦ [2.675, nan, -0.5, 0.0, 1.5, 2.0]
        sorted(s) => ['A', 'b', 'c'] ¦ [] ¦ [' ', 'G', 'e', 'r', 'ß', 'ö', 'ς', 'σ'] ¦ [' ', ' ', '1', '2'] ¦ [',', ',', ',', 'a', 'b', 'c', '😀']
        sorted(x.name for x in e if x) => ['a', 'b', 'c'] ¦ [] ¦ !'NoneType' object is not iterable ¦ !'<' not supported between instances of 'str' and 'NoneType' ¦ ['zoë']
        sorted(x.id for x in e) => [1, 2, 3] ¦ [] ¦ !'NoneType' object is not iterable ¦ !'<' not supported between instances of 'int' and 'NoneType' ¦ !'NoneType' object has no attribute 'id'
        sorted(s.split(',')) => ['Abc'] ¦ [''] ¦ ['Größe σς'] ¦ [' 12 '] ¦ ['', 'b', 'c', '😀a']
        list(l) => [1, 2, 3] ¦ [] ¦ [5] ¦ !'NoneType' object is not iterable ¦ [7, 7]
        list(s) => ['A', 'b', 'c'] ¦ [] ¦ ['G', 'r', 'ö', 'ß', 'e', ' ', 'σ', 'ς'] ¦ [' ', '1', '2', ' '] ¦ ['😀', 'a', ',', 'b', ',', ',', 'c']
        list(x + 1 for x in l) => [2, 3, 4] ¦ [] ¦ [6] ¦ !'NoneType' object is not iterable ¦ [8, 8]
        ','.join([x.name for x in e if x]) => 'a,b,c' ¦ '' ¦ !'NoneType' object is not iterable ¦ !sequence item 0: expected str instance, NoneType found ¦ 'zoë'
        ','.join(x.name for x in e if x) => 'a,b,c' ¦ '' ¦ !'NoneType' object is not iterable ¦ !sequence item 0: expected str instance, NoneType found ¦ 'zoë'
        ','.join(str(x) for x in l) => '1,2,3' ¦ '' ¦ '5' ¦ !'NoneType' object is not iterable ¦ '7,7'
        '-'.join(sorted(w)) => 'p-q' ¦ '' ¦ '' ¦ !'NoneType' object is not iterable ¦ !'<' not supported between instances of 'NoneType' and 'str'
        ', '.join(f'{x.id}={x.name}' for x in e if x is not None) => '1=a, 2=b, 3=c' ¦ '' ¦ !'NoneType' object is not iterable ¦ 'None=None, 0=' ¦ '9=zoë'
        str([x for x in l]) => '[1, 2, 3]' ¦ '[]' ¦ '[5]' ¦ !'NoneType' object is not iterable ¦ '[7, 7]'
        len(sorted(l)) => 3 ¦ 0 ¦ 1 ¦ !'NoneType' object is not iterable ¦ 2
        bool([x for x in l if x > 4]) => False ¦ False ¦ True ¦ !'NoneType' object is not iterable ¦ True
        [x for x in l if x > 4] or [0] => [0] ¦ [0] ¦ [5] ¦ !'NoneType' object is not iterable ¦ [7, 7]
        [x for x in l] if l else [i] => [1, 2, 3] ¦ [-7] ¦ [5] ¦ [4] ¦ [7, 7]
        [x for x in l] if l is not None else [] => [1, 2, 3] ¦ [] ¦ [5] ¦ [] ¦ [7, 7]
        sum(x for x in l) if l else 0 => 6 ¦ 0 ¦ 5 ¦ 0 ¦ 14
        [str(x) for x in l if l is not None] => ['1', '2', '3'] ¦ [] ¦ ['5'] ¦ !'NoneType' object is not iterable ¦ ['7', '7']
        [e2.v.trip for e2 in e if e2.v is not None and e2.v.d is not None and e2.v.d > 0] => ['t1'] ¦ [] ¦ !'NoneType' object is not iterable ¦ [None] ¦ !'NoneType' object has no attribute 'v'
        lambda row: [x.id for x in row.e if x.id is not None and x.id < row.i] => [1, 2, 3] ¦ [] ¦ !'NoneType' object is not iterable ¦ [0] ¦ !'NoneType' object has no attribute 'id'
        lambda row: sum(len(x.v.trip) for x in row.e if x.v is not None) => 4 ¦ 0 ¦ !'NoneType' object is not iterable ¦ !object of type 'NoneType' has no len() ¦ !'NoneType' object has no attribute 'v'
        [] if l is None else [x for x in l] => [1, 2, 3] ¦ [] ¦ [5] ¦ [] ¦ [7, 7]
        [x for x in l] or [] => [1, 2, 3] ¦ [] ¦ [5] ¦ !'NoneType' object is not iterable ¦ [7, 7]
        """#
}
