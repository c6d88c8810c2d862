extension PythonWorkerSource {
    /// From what functions return to what a column of the wanted type can hold.
    static let values = #"""
        NAMES = {NULL: 'null', BOOLEAN: 'boolean', INT64: 'integer', FLOAT64: 'number', STRING: 'string',
                 BYTES: 'bytes', TIMESTAMP: 'timestamp', LIST: 'list', STRUCT: 'row', MAP: 'dict'}

        def make_timestamp(micros):
            return timestamp_class()(micros=micros)

        def mismatch(kind, value):
            return TypeError('%s is no %s' % (type(value).__name__, NAMES[kind[0]]))

        def whole(value):
            if -1 << 63 <= value < 1 << 63:
                return value
            raise OverflowError('%d is beyond 64 bits' % value)

        def micros(value):
            if isinstance(value, datetime.datetime):
                if value.tzinfo is None:
                    value = value.replace(tzinfo=datetime.timezone.utc)
                return (value - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)) \
                    // datetime.timedelta(microseconds=1)
            if type(value).__name__ == 'Timestamp' and isinstance(getattr(value, 'micros', None), int):
                return whole(value.micros)
            raise mismatch((TIMESTAMP,), value)

        def convert(kind, value):
            """The value as the column holds it; raises where it is of another type."""
            if value is None:
                return None
            tag = kind[0]
            if tag == NULL:
                raise mismatch(kind, value)
            if tag == BOOLEAN:
                if isinstance(value, bool) or type(value).__name__ in ('bool_', 'bool'):
                    return bool(value)
            elif tag == INT64:
                if hasattr(value, '__index__'):
                    return whole(operator.index(value))
            elif tag == FLOAT64:
                if isinstance(value, (float, int)) or hasattr(value, '__index__'):
                    return float(value)
            elif tag == STRING:
                if isinstance(value, str):
                    return value.encode('utf-8')
            elif tag == BYTES:
                if isinstance(value, (bytes, bytearray, memoryview)):
                    return bytes(value)
            elif tag == TIMESTAMP:
                return micros(value)
            elif tag == LIST:
                if not isinstance(value, (str, bytes, dict)) and hasattr(value, '__iter__'):
                    return [convert(kind[1], element) for element in value]
            elif tag == MAP:
                if hasattr(value, 'items'):
                    entries = [(convert((STRING,), key), convert(kind[1], item)) for key, item in value.items()]
                    if all(key is not None for key, _ in entries):
                        return sorted(entries, key=lambda entry: entry[0])
            else:
                return members(kind, value)
            raise mismatch(kind, value)

        def members(kind, value):
            if isinstance(value, dict):
                unknown = [name for name in value if all(name != field[0] for field in kind[1])]
                if unknown:
                    raise TypeError('the row has no field %r' % (unknown[0],))
                get = value.get
            elif hasattr(value, '_asdict') or hasattr(value, '__dict__'):
                get = lambda name: getattr(value, name, None)
            else:
                raise mismatch(kind, value)
            result = []
            for name, child, nullable in kind[1]:
                member = get(name)
                if member is None and not nullable:
                    raise TypeError("the field '%s' is None" % name)
                result.append(convert(child, member))
            return tuple(result)

        def converted(kind, values, nullable, report):
            """All values; `report` is told of those that do not fit."""
            if None not in values:
                try:
                    if kind[0] == INT64:
                        return array('q', values).tolist()
                    if kind[0] == STRING:
                        return list(map(str.encode, values))
                    if kind[0] == FLOAT64 and set(map(type, values)) <= {float, int}:
                        return array('d', values).tolist()
                except (TypeError, OverflowError, UnicodeEncodeError):
                    pass
            result = []
            for index, value in enumerate(values):
                try:
                    if value is None and not nullable:
                        raise TypeError("None violates schema {'type': '%s'}" % NAMES[kind[0]])
                    result.append(convert(kind, value))
                except Exception as error:
                    report(index, error)
                    result.append(None)
            return result
        """#
}
