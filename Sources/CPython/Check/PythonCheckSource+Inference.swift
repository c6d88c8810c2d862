extension PythonCheckSource {
    /// What type an expression can only have. What is not certain has no type.
    static let inference = #"""
        TEXT, FLAG, WHOLE, REAL = ((STRING,), False), ((BOOLEAN,), False), ((INT64,), False), ((FLOAT64,), False)
        TEXTS = ((LIST, (STRING,)), False)
        FUNCTIONS = {
            'len': WHOLE, 'int': WHOLE, 'ord': WHOLE, 'hash': WHOLE, 'float': REAL, 'str': TEXT, 'repr': TEXT, 'chr': TEXT,
            'hex': TEXT, 'bin': TEXT, 'oct': TEXT, 'format': TEXT, 'ascii': TEXT, 'bool': FLAG, 'any': FLAG, 'all': FLAG,
            'isinstance': FLAG, 'hasattr': FLAG, 'callable': FLAG, 'bytes': ((BYTES,), False),
            'range': ((LIST, (INT64,)), False), 'Timestamp': ((TIMESTAMP,), False),
        }
        METHODS = {
            STRING: dict.fromkeys(
                'upper lower strip lstrip rstrip replace format join title capitalize casefold swapcase center ljust rjust '
                'zfill expandtabs removeprefix removesuffix translate format_map'.split(), TEXT),
            BYTES: {'decode': TEXT, 'hex': TEXT},
            LIST: {'index': WHOLE, 'count': WHOLE},
            FLOAT64: {'is_integer': FLAG, 'hex': TEXT},
            INT64: {'bit_length': WHOLE},
            TIMESTAMP: {'to_rfc3339': TEXT, 'seconds': WHOLE},
        }
        METHODS[STRING].update(dict.fromkeys('find rfind index rindex count'.split(), WHOLE))
        METHODS[STRING].update(dict.fromkeys(
            'startswith endswith isdigit isalpha isalnum isupper islower isspace isnumeric isdecimal isidentifier '
            'isprintable istitle isascii'.split(), FLAG))
        METHODS[STRING].update(dict.fromkeys('split rsplit splitlines partition rpartition'.split(), TEXTS))
        METHODS[STRING]['encode'] = ((BYTES,), False)
        MODULES = {
            'json.dumps': TEXT, 're.sub': TEXT, 're.escape': TEXT, 're.split': None, 'time.time': REAL,
            'random.random': REAL, 'random.uniform': REAL, 'random.randint': WHOLE, 'math.floor': WHOLE,
            'math.ceil': WHOLE, 'math.trunc': WHOLE, 'math.gcd': WHOLE, 'math.factorial': WHOLE, 'math.comb': WHOLE,
            'math.isnan': FLAG, 'math.isinf': FLAG, 'math.isfinite': FLAG, 'math.isclose': FLAG,
            'urllib.parse.quote': TEXT, 'urllib.parse.unquote': TEXT, 'base64.b64encode': ((BYTES,), False),
            'base64.b64decode': ((BYTES,), False), 'zlib.crc32': WHOLE,
            'apache_beam.utils.timestamp.Timestamp': ((TIMESTAMP,), False),
        }
        for _name in 'sqrt exp log log2 log10 sin cos tan atan atan2 pow hypot fsum radians degrees'.split():
            MODULES['math.' + _name] = REAL
        # Methods that only one kind of object has.
        ANYWHERE = {'hexdigest': TEXT, 'isoformat': TEXT, 'strftime': TEXT, 'timestamp': REAL, 'total_seconds': REAL}

        class Inference:
            def __init__(self, names, imports):
                self.names, self.imports = names, imports

            def of(self, node):
                method = getattr(self, 'of_' + type(node).__name__, None)
                return method(node) if method else None

            def all(self, nodes):
                result = NOTHING[0], False
                for node in nodes:
                    result = common(result, self.of(node))
                return result

            def of_Constant(self, node):
                value = node.value
                if value is None:
                    return NOTHING
                kinds = {bool: BOOLEAN, int: INT64, float: FLOAT64, str: STRING, bytes: BYTES}
                return ((kinds[type(value)],), False) if type(value) in kinds else None

            def of_JoinedStr(self, node):
                return TEXT

            def of_Compare(self, node):
                return FLAG

            def of_Name(self, node):
                return self.names.get(node.id)

            def of_Attribute(self, node):
                base = self.of(node.value)
                if base and base[0][0] == STRUCT:
                    for name, kind, nullable in base[0][1]:
                        if name == node.attr:
                            return kind, nullable
                if base and base[0] == (TIMESTAMP,) and node.attr == 'micros':
                    return WHOLE
                if self.path(node) in ('math.pi', 'math.e', 'math.inf', 'math.nan', 'math.tau'):
                    return REAL
                return None

            def of_UnaryOp(self, node):
                if isinstance(node.op, ast.Not):
                    return FLAG
                operand = self.of(node.operand)
                if operand and operand[0][0] in (BOOLEAN, INT64):
                    return WHOLE
                return REAL if operand and operand[0] == (FLOAT64,) and not isinstance(node.op, ast.Invert) else None

            def of_BoolOp(self, node):
                return self.all(node.values)

            def of_IfExp(self, node):
                return common(self.of(node.body), self.of(node.orelse))

            def of_NamedExpr(self, node):
                self.names[node.target.id] = self.of(node.value)
                return self.names[node.target.id]

            def of_BinOp(self, node):
                left, right, op = self.of(node.left), self.of(node.right), node.op
                if isinstance(op, ast.Mod) and left and left[0] == (STRING,):
                    return TEXT
                if left is None or right is None:
                    return None
                a, b = left[0], right[0]
                if {a[0], b[0]} <= {BOOLEAN, INT64, FLOAT64}:
                    if isinstance(op, ast.Div):
                        return REAL
                    if isinstance(op, ast.Pow):
                        exponent = node.right
                        natural = isinstance(exponent, ast.Constant) and isinstance(exponent.value, int)
                        return REAL if FLOAT64 in (a[0], b[0]) else WHOLE if natural and exponent.value >= 0 else None
                    if isinstance(op, (ast.BitAnd, ast.BitOr, ast.BitXor)) and a == b == (BOOLEAN,):
                        return FLAG
                    return REAL if FLOAT64 in (a[0], b[0]) else WHOLE
                if isinstance(op, ast.Add) and a[0] == b[0] and a[0] in (STRING, BYTES, LIST):
                    kind = common((a, False), (b, False))
                    return kind
                if isinstance(op, ast.Mult) and a[0] in (STRING, BYTES, LIST) and b[0] in (BOOLEAN, INT64):
                    return a, False
                return None

            def sequence(self, nodes):
                element = self.all(nodes)
                return ((LIST, element[0]), False) if element else None

            def of_List(self, node):
                return None if any(isinstance(item, ast.Starred) for item in node.elts) else self.sequence(node.elts)

            of_Tuple = of_Set = of_List

            def of_Dict(self, node):
                fields = []
                for key, value in zip(node.keys, node.values):
                    if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
                        return None
                    kind = self.of(value)
                    if kind is None:
                        return None
                    fields.append((key.value,) + kind)
                return ((STRUCT, tuple(fields)), False) if fields else None

            def of_ListComp(self, node):
                inner = Inference(dict(self.names), self.imports)
                for loop in node.generators:
                    inner.bind(loop.target, inner.of(loop.iter))
                element = inner.of(node.elt)
                return ((LIST, element[0]), False) if element else None

            of_GeneratorExp = of_SetComp = of_ListComp

            def bind(self, target, iterable):
                """A loop's variable: the iterable's elements."""
                element = None
                if iterable and iterable[0][0] == LIST:
                    element = (iterable[0][1], False)
                elif iterable and iterable[0] == (STRING,):
                    element = TEXT
                self.assign(target, element)

            def assign(self, target, kind):
                if isinstance(target, ast.Name):
                    self.names[target.id] = kind
                elif isinstance(target, (ast.Tuple, ast.List)):
                    for item in target.elts:
                        self.assign(item, None)

            def of_Subscript(self, node):
                base = self.of(node.value)
                if not base or base[0][0] not in (STRING, LIST, BYTES):
                    return None
                if isinstance(node.slice, ast.Slice):
                    return base[0], False
                if base[0][0] == LIST:
                    return base[0][1], True
                return TEXT if base[0][0] == STRING else WHOLE

            def path(self, node):
                """`json.dumps`, where `json` is imported."""
                if isinstance(node, ast.Name):
                    return self.imports.get(node.id)
                if isinstance(node, ast.Attribute):
                    base = self.path(node.value)
                    return base and base + '.' + node.attr
                return None

            def of_Call(self, node):
                path = self.path(node.func)
                if path is not None:
                    if path == 'apache_beam.Row':
                        return self.row(node)
                    return MODULES.get(path)
                if isinstance(node.func, ast.Attribute):
                    base = self.of(node.func.value)
                    if base is None:
                        return ANYWHERE.get(node.func.attr)
                    return METHODS.get(base[0][0], {}).get(node.func.attr)
                if not isinstance(node.func, ast.Name) or node.func.id in self.names:
                    return None
                name = node.func.id
                if name in FUNCTIONS:
                    return FUNCTIONS[name]
                arguments = [self.of(argument) for argument in node.args]
                first = arguments[0] if arguments else None
                if name == 'round' and first:
                    return WHOLE if len(arguments) == 1 else (first[0], False)
                if name == 'abs' and first:
                    return (first[0], False) if first[0][0] in (INT64, FLOAT64) else None
                if name in ('sorted', 'list', 'tuple', 'set', 'reversed') and first:
                    return ((LIST, (STRING,)), False) if first[0] == (STRING,) else first if first[0][0] == LIST else None
                if name in ('min', 'max', 'sum') and len(arguments) == 1 and first and first[0][0] == LIST:
                    element = first[0][1]
                    return ((INT64,), False) if name == 'sum' and element == (BOOLEAN,) else (element, False)
                if name in ('min', 'max') and len(arguments) > 1:
                    return self.all(node.args)
                return None

            def row(self, node):
                fields = []
                for keyword in node.keywords:
                    kind = self.of(keyword.value)
                    if keyword.arg is None or kind is None:
                        return None
                    fields.append((keyword.arg,) + kind)
                return ((STRUCT, tuple(fields)), False) if fields else None
        """#

    /// What a definition returns.
    static let statements = #"""
        def imported(tree):
            names = {'beam': 'apache_beam'}
            for node in ast.walk(tree):
                if isinstance(node, ast.Import):
                    for alias in node.names:
                        names[alias.asname or alias.name.split('.')[0]] = \
                            alias.name if alias.asname else alias.name.split('.')[0]
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    for alias in node.names:
                        names[alias.asname or alias.name] = node.module + '.' + alias.name
            return names

        def returns(body):
            """The return statements of a function, without those of functions inside it."""
            for node in body:
                if isinstance(node, ast.Return):
                    yield node
                elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
                    yield from returns(ast.iter_child_nodes(node))

        def settle(body, inference, seen):
            """Gives local variables their types; what is assigned twice must fit both."""
            for node in body:
                if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Lambda)):
                    inference.names[node.name] = None
                    continue
                if isinstance(node, ast.Assign) or isinstance(node, ast.AnnAssign) and node.value:
                    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                    for target in targets:
                        define(target, inference.of(node.value), inference, seen)
                elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                    load = ast.Name(node.target.id, ast.Load())
                    define(node.target, inference.of(ast.BinOp(load, node.op, node.value)), inference, seen)
                elif isinstance(node, ast.For):
                    inference.bind(node.target, inference.of(node.iter))
                elif isinstance(node, ast.With):
                    for item in node.items:
                        if item.optional_vars:
                            inference.assign(item.optional_vars, None)
                for name in ('body', 'orelse', 'finalbody'):
                    inner = getattr(node, name, None)
                    if isinstance(inner, list):
                        settle(inner, inference, seen)
                for handler in getattr(node, 'handlers', []):
                    settle(handler.body, inference, seen)

        def define(target, kind, inference, seen):
            if isinstance(target, ast.Name) and target.id in seen:
                kind = common(kind, inference.names.get(target.id))
            if isinstance(target, ast.Name):
                seen.add(target.id)
            inference.assign(target, kind)

        def ends(body):
            """Whether the end of the statements is never reached."""
            last = body[-1]
            if isinstance(last, (ast.Return, ast.Raise)):
                return True
            if isinstance(last, ast.If):
                return bool(last.orelse) and ends(last.body) and ends(last.orelse)
            if isinstance(last, ast.Try):
                return ends(last.body) and all(ends(handler.body) for handler in last.handlers)
            return isinstance(last, ast.With) and ends(last.body)

        def signature(function, parameter, schema, tree):
            """The type of a function's values, as it is annotated or as its code shows."""
            row = ((STRUCT, tuple((name,) + kind for name, kind in schema.items())), False)
            inference = Inference({parameter: row}, imported(tree))
            if isinstance(function, ast.Lambda):
                return inference.of(function.body)
            if function.returns is not None:
                return annotated(function.returns)
            settle(function.body, inference, set())
            # A variable may be used in a loop before its last assignment is seen.
            settle(function.body, inference, set(inference.names) - {parameter})
            result = NOTHING[0], False
            for node in returns(function.body):
                result = common(result, inference.of(node.value) if node.value else NOTHING)
            if not ends(function.body):
                result = common(result, NOTHING)
            return result
        """#
}
