extension PythonWorkerSource {
    /// Reads and writes columns as `SerializedBatch.swift` lays them down.
    static let codec = #"""
        import ast
        import datetime
        import functools
        import importlib
        import importlib.util
        import itertools
        import json
        import linecache
        import operator
        import os
        import struct
        import sys
        import textwrap
        import threading
        import time
        import traceback
        import types
        from array import array

        NULL, BOOLEAN, INT64, FLOAT64, STRING, BYTES, TIMESTAMP, LIST, STRUCT, MAP = range(10)
        WIDTHS = {1: 'B', 2: 'H', 4: 'I', 8: 'Q'}
        BITS = [tuple(bool(byte >> bit & 1) for bit in range(8)) for byte in range(256)]
        SWAPS = sys.byteorder == 'big'

        class Row(tuple):
            """A row of the pipeline: its fields are attributes, as of a named tuple."""
            __slots__ = ()
            _fields = ()

            def _asdict(self):
                return dict(zip(self._fields, self))

            as_dict = _asdict

            def _replace(self, **changes):
                values = self._asdict()
                unknown = [name for name in changes if name not in values]
                if unknown:
                    raise ValueError('Got unexpected field names: %r' % (unknown,))
                values.update(changes)
                return tuple.__new__(type(self), values.values())

            def __repr__(self):
                return 'Row(%s)' % ', '.join('%s=%r' % pair for pair in zip(self._fields, self))

            def __reduce__(self):
                return make_row, (self._fields, tuple(self))

        class PartialRow(Row):
            """A row on which Enrichment may have found nothing: then it lacks the fields."""
            __slots__ = ()
            _absent = frozenset()

            def _asdict(self):
                return {name: value for name, value in zip(self._fields, self)
                        if value is not None or name not in self._absent}

            as_dict = _asdict

        def present(index, name):
            def get(row):
                value = row[index]
                if value is None:
                    raise AttributeError("'Row' object has no attribute '%s'" % name)
                return value
            return get

        @functools.lru_cache(maxsize=None)
        def row_class(names, absent=frozenset()):
            members = {'__slots__': (), '_fields': names}
            for index, name in enumerate(names):
                members[name] = property(present(index, name) if name in absent else operator.itemgetter(index))
            if not absent:
                return type('Row', (Row,), members)
            return type('Row', (PartialRow,), dict(members, _absent=absent))

        def make_row(names, values):
            return tuple.__new__(row_class(tuple(names)), values)

        class Reader:
            def __init__(self, data):
                self.data = memoryview(data)
                self.at = 0

            def byte(self):
                self.at += 1
                return self.data[self.at - 1]

            def take(self, count):
                self.at += count
                return self.data[self.at - count:self.at]

            def varint(self):
                value = shift = 0
                while True:
                    byte = self.byte()
                    value |= (byte & 0x7F) << shift
                    if byte < 0x80:
                        return value
                    shift += 7

            def packed(self, code, count, width):
                values = array(code)
                values.frombytes(self.take(count * width))
                if SWAPS:
                    values.byteswap()
                return values

            def ints(self, count):
                if not count:
                    return []
                least = self.varint()
                least = (least >> 1) ^ -(least & 1)
                width = self.byte()
                values = self.packed(WIDTHS[width], count, width)
                return values.tolist() if not least else [least + value for value in values]

            def bits(self, count):
                data = self.take((count + 7) >> 3)
                return list(itertools.chain.from_iterable(map(BITS.__getitem__, data)))[:count]

            def name(self):
                return str(self.take(self.varint()), 'utf-8')

            def type(self):
                tag = self.byte()
                if tag in (LIST, MAP):
                    return (tag, self.type())
                if tag == STRUCT:
                    fields = []
                    for _ in range(self.varint()):
                        fields.append((self.name(), self.type()))
                        self.byte()
                    return (tag, fields)
                return (tag,)

            def spans(self, count):
                ends = list(itertools.accumulate(self.ints(count)))
                return zip([0] + ends, ends), ends[-1] if ends else 0

            def values(self, kind, count):
                tag = kind[0]
                if tag == NULL:
                    return [None] * count
                valid = self.bits(count) if self.byte() else None
                if tag == BOOLEAN:
                    result = self.bits(count)
                elif tag == INT64:
                    result = self.ints(count)
                elif tag == FLOAT64:
                    result = self.packed('d', count, 8).tolist()
                elif tag == STRING:
                    spans, total = self.spans(count)
                    data = bytes(self.take(total))
                    try:
                        text = data.decode('ascii')
                        result = [text[start:end] for start, end in spans]
                    except UnicodeDecodeError:
                        result = [data[start:end].decode('utf-8') for start, end in spans]
                elif tag == BYTES:
                    spans, total = self.spans(count)
                    data = bytes(self.take(total))
                    result = [data[start:end] for start, end in spans]
                elif tag == TIMESTAMP:
                    result = [make_timestamp(micros) for micros in self.ints(count)]
                elif tag == LIST:
                    spans, total = self.spans(count)
                    elements = self.values(kind[1], total)
                    result = [elements[start:end] for start, end in spans]
                elif tag == MAP:
                    spans, total = self.spans(count)
                    self.byte()
                    keys = self.values((STRING,), total)
                    entries = list(zip(keys, self.values(kind[1], total)))
                    result = [dict(entries[start:end]) for start, end in spans]
                else:
                    result = self.rows(kind, count)[0]
                if valid is not None:
                    result = [value if present else None for value, present in zip(result, valid)]
                return result

            def rows(self, kind, count, absent=frozenset()):
                """The rows of a struct, and its columns by name; null, those of `absent` are no attributes."""
                names = tuple(name for name, _ in kind[1])
                columns = [self.values(child, count) for _, child in kind[1]]
                make = functools.partial(tuple.__new__, row_class(names, absent))
                rows = list(map(make, zip(*columns))) if columns else [make(())] * count
                return rows, dict(zip(names, columns))

        def varint(value):
            out = bytearray()
            while value >= 0x80:
                out.append(value & 0x7F | 0x80)
                value >>= 7
            out.append(value)
            return bytes(out)

        def packed(values):
            if SWAPS:
                values.byteswap()
            return values.tobytes()

        def bits(values):
            number = int(''.join('1' if value else '0' for value in reversed(values)) or '0', 2)
            return number.to_bytes((len(values) + 7) >> 3, 'little')

        def ints(values):
            return b'\x00\x08' + packed(array('q', values)) if values else b''

        def lengths(values):
            return b'\x00\x04' + packed(array('I', map(len, values))) if len(values) else b''

        def write_type(kind):
            if kind[0] in (LIST, MAP):
                return bytes([kind[0]]) + write_type(kind[1])
            if kind[0] == STRUCT:
                out = bytes([STRUCT]) + varint(len(kind[1]))
                for name, child, nullable in kind[1]:
                    name = name.encode('utf-8')
                    out += varint(len(name)) + name + write_type(child) + bytes([1 if nullable else 0])
                return out
            return bytes([kind[0]])

        EMPTY = {BOOLEAN: False, INT64: 0, FLOAT64: 0.0, STRING: b'', BYTES: b'', TIMESTAMP: 0, LIST: (), STRUCT: (), MAP: ()}

        def write_values(kind, values):
            """Values that `convert` has made: numbers, bytes for text, microseconds, lists, tuples; None for null."""
            tag = kind[0]
            if tag == NULL:
                return b''
            if None in values:
                out = b'\x01' + bits([value is not None for value in values])
                empty = EMPTY[tag] if tag != STRUCT else (None,) * len(kind[1])
                values = [empty if value is None else value for value in values]
            else:
                out = b'\x00'
            if tag == BOOLEAN:
                return out + bits(values)
            if tag in (INT64, TIMESTAMP):
                return out + ints(values)
            if tag == FLOAT64:
                return out + packed(array('d', values))
            if tag in (STRING, BYTES):
                return out + lengths(values) + b''.join(values)
            if tag == LIST:
                return out + lengths(values) + write_values(kind[1], list(itertools.chain.from_iterable(values)))
            if tag == MAP:
                entries = list(itertools.chain.from_iterable(values))
                return out + lengths(values) + b'\x00' + write_values((STRING,), [key for key, _ in entries]) \
                    + write_values(kind[1], [value for _, value in entries])
            children = list(map(list, zip(*values))) if values else [[] for _ in kind[1]]
            return out + b''.join(write_values(field[1], child) for field, child in zip(kind[1], children))

        def write_column(kind, values):
            return b'\x01' + write_type(kind) + varint(len(values)) + write_values(kind, values)
        """#
}
