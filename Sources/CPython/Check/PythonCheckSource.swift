/// The program that looks at a function's source without running it: one request on standard input, one answer on
/// standard output, both JSON.
enum PythonCheckSource {
    /// The whole program.
    static let program = [types, inference, statements, check].joined(separator: "\n")

    private static let check = #"""
        ROW_MEMBERS = {'_asdict', 'as_dict', '_fields', '_replace', 'count', 'index', '__dict__', '__class__'}

        class Complaint(Exception):
            def __init__(self, message, node=None, suggestion=None, unknown=None):
                self.message, self.node, self.suggestion, self.unknown = message, node, suggestion, unknown

        def free_names(source):
            """The names that the code takes from outside."""
            names = set()
            def visit(table):
                for symbol in table.get_symbols():
                    if symbol.is_referenced() and (symbol.is_global() or table.get_type() == 'module') \
                            and not symbol.is_assigned() and not symbol.is_imported():
                        names.add(symbol.get_name())
                for child in table.get_children():
                    visit(child)
            visit(symtable.symtable(source, 'code', 'exec'))
            return names

        def check_expression(request, schema):
            text = '(' + request['source'] + '\n)'
            body = ast.parse(text, mode='eval').body
            free = free_names(text)
            for node in ast.walk(body):
                if isinstance(node, ast.Name) and node.id in free and node.id not in schema \
                        and not hasattr(builtins, node.id):
                    raise Complaint("name '%s' is not defined" % node.id, node, unknown=node.id)
            kind = Inference(dict(schema), {}).of(body)
            return kind, [name for name in schema if name in free]

        def attributes(function, parameter, schema):
            """The fields that the function reads; None when the row as a whole is used."""
            inner = [node for node in ast.walk(function) if isinstance(node, (ast.Attribute, ast.Name, ast.arg))]
            bases = {id(node.value) for node in inner if isinstance(node, ast.Attribute)}
            parameters = sum(isinstance(node, ast.arg) and node.arg == parameter for node in inner)
            names = [node for node in inner if isinstance(node, ast.Name) and node.id == parameter]
            if parameters > 1 or any(not isinstance(node.ctx, ast.Load) for node in names):
                return None
            used, whole = set(), any(id(node) not in bases for node in names)
            for node in inner:
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == parameter:
                    if node.attr in schema:
                        used.add(node.attr)
                    elif node.attr in ROW_MEMBERS or node.attr.startswith('__'):
                        whole = True
                    else:
                        raise Complaint("the row has no field '%s'" % node.attr, node, unknown=node.attr)
            return None if whole else [name for name in schema if name in used]

        def chosen(tree, name):
            """The statement or expression that is the function."""
            if name is not None:
                found = None
                for node in tree.body:
                    if isinstance(node, ast.FunctionDef) and node.name == name:
                        found = node
                    elif isinstance(node, ast.Assign) and any(
                            isinstance(target, ast.Name) and target.id == name for target in node.targets):
                        found = node.value
                    elif isinstance(node, (ast.ClassDef, ast.Import, ast.ImportFrom)):
                        names = [node.name] if isinstance(node, ast.ClassDef) else \
                            [(alias.asname or alias.name) for alias in node.names]
                        found = node if name in names else found
                if found is None:
                    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
                    raise Complaint("the file has no function '%s'" % name,
                                    suggestion='it has ' + ', '.join(names) if names else None)
                return found
            if not tree.body:
                raise Complaint('there is no code')
            last = tree.body[-1]
            if isinstance(last, (ast.Expr, ast.Assign)):
                return last.value
            if isinstance(last, (ast.FunctionDef, ast.ClassDef)):
                return last
            raise Complaint('the last statement of a callable is a lambda or a definition', last)

        def check_callable(request, schema):
            source = request['source']
            text = textwrap.dedent(source)
            tree = ast.parse(text)
            compile(tree, 'code', 'exec')
            function = chosen(tree, request.get('name'))
            if not isinstance(function, (ast.Lambda, ast.FunctionDef)):
                return None, None
            parameters = getattr(function.args, 'posonlyargs', []) + function.args.args
            required = len(parameters) - len(function.args.defaults)
            if not parameters and not function.args.vararg or required > 1:
                raise Complaint('a callable takes one parameter, the row', function)
            if isinstance(function, ast.FunctionDef) and not function.returns and any(
                    isinstance(node, (ast.Yield, ast.YieldFrom)) for node in ast.walk(function)):
                raise Complaint('a callable gives one value; this one yields many', function,
                                'return a list, and use Explode')
            parameter = parameters[0].arg if parameters else None
            fields = attributes(function, parameter, schema)
            return signature(function, parameter, schema, tree), fields

        def place(request, line, column):
            """An offset into the source as it was sent, in characters."""
            source = request['source']
            lines = source.split('\n')
            if request['form'] == 'expression':
                column -= 1 if line == 1 else 0
            else:
                plain = [text for text in lines if text.strip()]
                column += min((len(text) - len(text.lstrip()) for text in plain), default=0)
            line = min(max(line, 1), len(lines))
            return sum(len(text) + 1 for text in lines[:line - 1]) + min(max(column, 0), len(lines[line - 1]))

        def characters(request, node):
            lines = textwrap.dedent(request['source']).split('\n')
            if request['form'] == 'expression':
                lines = ('(' + request['source']).split('\n')
            line = lines[node.lineno - 1] if node.lineno <= len(lines) else ''
            return len(line.encode('utf-8')[:node.col_offset].decode('utf-8', 'replace'))

        def main():
            request = json.load(sys.stdin)
            schema = {name: (read_type(kind), nullable) for name, kind, nullable in request['schema']}
            try:
                check = check_expression if request['form'] == 'expression' else check_callable
                kind, fields = check(request, schema)
                reply = {'fields': fields}
                if kind is not None and is_known(kind[0]):
                    reply.update(type=write_type(kind[0]), nullable=kind[1])
            except SyntaxError as error:
                reply = {'error': error.msg or 'invalid syntax',
                         'offset': place(request, error.lineno or 1, (error.offset or 1) - 1)}
            except Complaint as error:
                reply = {'error': error.message, 'suggestion': error.suggestion, 'unknown': error.unknown}
                if error.node is not None:
                    reply['offset'] = place(request, error.node.lineno, characters(request, error.node))
            except (ValueError, RecursionError, MemoryError) as error:
                reply = {'error': str(error) or type(error).__name__}
            sys.stdout.write(json.dumps(reply))

        main()
        """#
}
