extension PythonWorkerSource {
    /// Functions out of source, and their calls row by row.
    static let functions = #"""
        def describe(error):
            text = str(error).encode('utf-8', 'replace').decode('utf-8')
            name = type(error).__name__
            return '%s: %s' % (name, text) if text else name

        def represent(error):
            """What Beam's `error_handling` has as a message."""
            try:
                return repr(error).encode('utf-8', 'replace').decode('utf-8')
            except Exception:
                return describe(error)

        def trace(error):
            """The traceback without our own frames."""
            frame = error.__traceback__
            while frame is not None and frame.tb_frame.f_code.co_filename == '<string>':
                frame = frame.tb_next
            lines = traceback.format_exception(type(error), error, frame)
            return ''.join(lines).encode('utf-8', 'replace').decode('utf-8')

        def show_source(source, origin):
            """Lets tracebacks show the lines."""
            linecache.cache[origin] = (len(source), None, source.splitlines(True), origin)

        def load_expression(source, fields, origin):
            source = 'lambda %s: (%s\n)' % (', '.join(fields), source)
            show_source(source, origin)
            return eval(compile(source, origin, 'eval'), {'__name__': 'pipeline'})

        def load_dotted(name):
            found = __builtins__ if isinstance(__builtins__, types.ModuleType) else types.SimpleNamespace(**__builtins__)
            parts = name.split('.')
            if not hasattr(found, parts[0]):
                found = importlib.import_module(parts[0])
                parts = parts[1:]
                path = found.__name__
            else:
                path = ''
            for part in parts:
                path = path + '.' + part if path else part
                found = getattr(found, part) if hasattr(found, part) else importlib.import_module(path)
            return found

        def load_script(source, name, origin):
            """The function called `name`, or what the last statement defines or gives."""
            source = textwrap.dedent(source)
            show_source(source, origin)
            tree = ast.parse(source, origin)
            space = {'__name__': 'pipeline', '__file__': origin}
            if 'beam' in source:
                need_beam()
                space['beam'] = sys.modules['apache_beam']
            if name is None:
                last = tree.body[-1]
                if isinstance(last, ast.Expr):
                    name = '__python_callable__'
                    target = ast.copy_location(ast.Name(name, ast.Store()), last)
                    tree.body[-1] = ast.copy_location(ast.Assign([target], last.value), last)
                    ast.fix_missing_locations(tree)
                elif isinstance(last, ast.Assign) and isinstance(last.targets[0], ast.Name):
                    name = last.targets[0].id
                else:
                    name = last.name
            exec(compile(tree, origin, 'exec'), space)
            if name not in space:
                raise NameError("%s has no function '%s'" % (origin, name))
            return space[name]

        class Call:
            def __init__(self, call):
                self.form, self.fields = call['form'], call.get('fields')
                self.absent = call['absent']
                self.kind, self.nullable = read_type(call['type']), call['nullable']
                self.predicate = call['predicate']
                source = call['source']
                if 'apache_beam' in source:
                    need_beam()
                if self.form == 'expression':
                    self.function = load_expression(source, self.fields or [], call['origin'])
                elif all(part.isidentifier() for part in source.strip().split('.')):
                    self.function = load_dotted(source.strip())
                else:
                    self.function = load_script(source, call.get('name'), call['origin'])
                if not callable(self.function):
                    raise TypeError('%r is not callable' % (self.function,))

            def values(self, rows, columns, report):
                function, values = self.function, []
                append = values.append
                if self.form == 'expression':
                    if self.fields:
                        pending = zip(*[columns[name] for name in self.fields])
                    else:
                        pending = itertools.repeat((), len(rows))
                else:
                    pending = iter(rows)
                starred = self.form == 'expression'
                while True:
                    try:
                        # A row that fails has left the iterator: the loop goes on behind it.
                        if starred:
                            for arguments in pending:
                                append(function(*arguments))
                        else:
                            for row in pending:
                                append(function(row))
                        break
                    except (Exception, SystemExit) as error:
                        report(len(values), error)
                        append(FAILED)
                if self.predicate:
                    for index, value in enumerate(values):
                        try:
                            values[index] = value is not FAILED and bool(value)
                        except Exception as error:
                            report(index, error)
                            values[index] = False
                    return values
                return values

        FAILED = object()

        def read_type(kind):
            if kind[0] in (LIST, MAP):
                return (kind[0], read_type(kind[1]))
            if kind[0] == STRUCT:
                return (STRUCT, [(name, read_type(child), nullable) for name, child, nullable in kind[1]])
            return tuple(kind)

        def run(calls, body):
            reader = Reader(body)
            reader.byte()
            kind = reader.type()
            count = reader.varint()
            reader.byte()
            # The calls of a step share its input.
            absent = frozenset(name for call in calls for name in call.absent)
            rows, columns = reader.rows(kind, count, absent)
            failures = {}

            def report(index, error):
                if index not in failures:
                    failures[index] = (represent(error), trace(error))

            results = []
            for call in calls:
                values = call.values(rows, columns, report)
                if failures:
                    values = [None if index in failures else value for index, value in enumerate(values)]
                    values = converted(call.kind, values, True, report) if call.nullable or call.predicate \
                        else converted_but(call, values, failures, report)
                else:
                    values = converted(call.kind, values, call.nullable, report)
                results.append(write_column(call.kind, values))
            return results, [[index, text, stack] for index, (text, stack) in failures.items()]

        def converted_but(call, values, failures, report):
            """As `converted`, but a row that has failed already has None and no other failure."""
            def later(index, error):
                if index not in failures:
                    report(index, error)
            return converted(call.kind, values, False, later)
        """#
}
