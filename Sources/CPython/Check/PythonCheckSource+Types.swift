extension PythonCheckSource {
    /// Types as the worker names them, what two of them have in common, and what annotations say.
    static let types = #"""
        import ast
        import builtins
        import json
        import symtable
        import sys
        import textwrap

        NULL, BOOLEAN, INT64, FLOAT64, STRING, BYTES, TIMESTAMP, LIST, STRUCT = range(9)
        NOTHING = ((NULL,), True)

        def read_type(kind):
            if kind[0] == LIST:
                return (LIST, read_type(kind[1]))
            if kind[0] == STRUCT:
                return (STRUCT, tuple((name, read_type(child), nullable) for name, child, nullable in kind[1]))
            return tuple(kind)

        def write_type(kind):
            if kind[0] == LIST:
                return [LIST, write_type(kind[1])]
            if kind[0] == STRUCT:
                return [STRUCT, [[name, write_type(child), nullable] for name, child, nullable in kind[1]]]
            return list(kind)

        def is_known(kind):
            """Whether a column can have the type: an element of nothing but None has none."""
            if kind[0] == LIST:
                return is_known(kind[1])
            if kind[0] == STRUCT:
                return all(is_known(field[1]) for field in kind[1])
            return kind[0] != NULL

        def common(a, b):
            """The type of what is the one or the other; None when no column holds both."""
            if a is None or b is None:
                return None
            (kind, null), (other, other_null) = a, b
            null = null or other_null
            if kind == other or other[0] == NULL:
                return kind, null
            if kind[0] == NULL:
                return other, null
            if {kind[0], other[0]} <= {BOOLEAN, INT64, FLOAT64}:
                return (max(kind[0], other[0]),), null
            if kind[0] == LIST and other[0] == LIST:
                element = common((kind[1], True), (other[1], True))
                return ((LIST, element[0]), null) if element else None
            if kind[0] == STRUCT and other[0] == STRUCT and \
                    [field[0] for field in kind[1]] == [field[0] for field in other[1]]:
                fields = []
                for (name, one, first), (_, two, second) in zip(kind[1], other[1]):
                    member = common((one, first), (two, second))
                    if member is None:
                        return None
                    fields.append((name,) + member)
                return (STRUCT, tuple(fields)), null
            return None

        PLAIN = {'bool': BOOLEAN, 'int': INT64, 'float': FLOAT64, 'str': STRING, 'bytes': BYTES, 'datetime': TIMESTAMP,
                 'Timestamp': TIMESTAMP}
        LISTS = {'list', 'List', 'Sequence', 'Iterable', 'Collection', 'set', 'Set', 'FrozenSet', 'frozenset'}

        def annotated(node):
            """What an annotation says; None: nothing that a column can hold."""
            if isinstance(node, ast.Constant):
                if node.value is None:
                    return NOTHING
                if isinstance(node.value, str):
                    try:
                        return annotated(ast.parse(node.value, mode='eval').body)
                    except SyntaxError:
                        return None
            name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else None
            if name in PLAIN:
                return (PLAIN[name],), False
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
                return common(annotated(node.left), annotated(node.right))
            if isinstance(node, ast.Subscript):
                inside = node.slice.value if type(node.slice).__name__ == 'Index' else node.slice
                outer = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, 'id', None)
                if outer == 'Optional':
                    return common(annotated(inside), NOTHING)
                if outer == 'Union' and isinstance(inside, ast.Tuple):
                    result = NOTHING[0], False
                    for element in inside.elts:
                        result = common(result, annotated(element))
                    return result
                if outer in LISTS:
                    element = annotated(inside)
                    return ((LIST, element[0]), False) if element else None
            return None
        """#
}
