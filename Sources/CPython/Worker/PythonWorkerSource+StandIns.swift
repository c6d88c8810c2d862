extension PythonWorkerSource {
    /// What code may import of Apache Beam where it is not installed: rows and times.
    static let stand = #"""
        class Duration:
            """A time span in whole microseconds."""
            def __init__(self, seconds=0, micros=0):
                self.micros = int(seconds * 1000000) + int(micros)

            @staticmethod
            def of(value):
                return value if isinstance(value, Duration) else Duration(value)

            def __float__(self):
                return self.micros / 1000000

            def __int__(self):
                return self.micros // 1000000

            def __repr__(self):
                return 'Duration(%s)' % decimal(self.micros)

            def __eq__(self, other):
                return self.micros == Duration.of(other).micros

            def __lt__(self, other):
                return self.micros < Duration.of(other).micros

            def __hash__(self):
                return hash(self.micros)

            def __neg__(self):
                return Duration(micros=-self.micros)

            def __add__(self, other):
                if isinstance(other, Timestamp):
                    return other + self
                return Duration(micros=self.micros + Duration.of(other).micros)

            __radd__ = __add__

            def __sub__(self, other):
                return Duration(micros=self.micros - Duration.of(other).micros)

            def __rsub__(self, other):
                return -(self - other)

            def __mul__(self, other):
                return Duration(micros=self.micros * other)

            __rmul__ = __mul__

            def __mod__(self, other):
                return Duration(micros=self.micros % Duration.of(other).micros)

        class Timestamp:
            """A point in time: whole microseconds since 1970."""
            def __init__(self, seconds=0, micros=0):
                if not isinstance(seconds, (int, float)):
                    raise TypeError('Cannot interpret %s %s as seconds.' % (seconds, type(seconds)))
                if not isinstance(micros, (int, float)):
                    raise TypeError('Cannot interpret %s %s as micros.' % (micros, type(micros)))
                self.micros = int(seconds * 1000000) + int(micros)

            @staticmethod
            def of(value):
                if isinstance(value, Timestamp):
                    return value
                if isinstance(value, datetime.datetime):
                    return Timestamp.from_utc_datetime(value)
                if not isinstance(value, (int, float)):
                    raise TypeError('Cannot interpret %s %s as Timestamp.' % (value, type(value)))
                return Timestamp(value)

            @staticmethod
            def now():
                return Timestamp(seconds=time.time())

            @classmethod
            def from_utc_datetime(cls, value):
                if value.tzinfo is None or value.utcoffset():
                    raise ValueError('%s has tzinfo %s, not UTC' % (value, value.tzinfo))
                return cls(micros=micros(value))

            @classmethod
            def from_rfc3339(cls, text):
                try:
                    head, _, rest = text.strip().upper().replace(' ', 'T').partition('.')
                    digits = ''.join(itertools.takewhile(str.isdigit, rest))
                    zone = rest[len(digits):] if rest else ''
                    if not rest:
                        for mark in 'Z+-':
                            place = head.find(mark, 19)
                            if place >= 0:
                                head, zone = head[:place], head[place:]
                                break
                    zone = '+00:00' if zone == 'Z' else zone
                    whole = datetime.datetime.strptime(head + zone.replace(':', ''), '%Y-%m-%dT%H:%M:%S%z')
                    return cls(micros=micros(whole) + int((digits + '000000')[:6]))
                except (ValueError, AttributeError) as error:
                    raise ValueError("Could not parse RFC 3339 string '%s'" % (text,)) from error

            def seconds(self):
                return self.micros // 1000000

            def predecessor(self):
                return Timestamp(micros=self.micros - 1)

            def successor(self):
                return Timestamp(micros=self.micros + 1)

            def to_utc_datetime(self, has_tz=False):
                epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc if has_tz else None)
                return epoch + datetime.timedelta(microseconds=self.micros)

            def to_rfc3339(self):
                return self.to_utc_datetime().isoformat() + 'Z'

            def __float__(self):
                return self.micros / 1000000

            def __int__(self):
                return self.micros // 1000000

            def __repr__(self):
                return 'Timestamp(%s)' % decimal(self.micros)

            def __eq__(self, other):
                try:
                    return self.micros == Timestamp.of(other).micros
                except TypeError:
                    return NotImplemented

            def __lt__(self, other):
                return self.micros < Timestamp.of(other).micros

            def __hash__(self):
                return hash(self.micros)

            def __add__(self, other):
                return Timestamp(micros=self.micros + Duration.of(other).micros)

            __radd__ = __add__

            def __sub__(self, other):
                if isinstance(other, Timestamp):
                    return Duration(micros=self.micros - other.micros)
                return Timestamp(micros=self.micros - Duration.of(other).micros)

            def __mod__(self, other):
                return Duration(micros=self.micros % Duration.of(other).micros)

        Timestamp = functools.total_ordering(Timestamp)
        Duration = functools.total_ordering(Duration)

        def decimal(micros):
            sign, micros = '-' if micros < 0 else '', abs(micros)
            text = '%s%d' % (sign, micros // 1000000)
            return text + ('.%06d' % (micros % 1000000)).rstrip('0') if micros % 1000000 else text

        def new_row(**values):
            return make_row(tuple(values), tuple(values.values()))

        BEAM = []

        def need_beam():
            """Beam's own modules where it is installed, ours otherwise."""
            if BEAM:
                return
            try:
                from apache_beam.utils.timestamp import Timestamp as installed
                BEAM.append(installed)
            except ImportError:
                beam, utils = types.ModuleType('apache_beam'), types.ModuleType('apache_beam.utils')
                times = types.ModuleType('apache_beam.utils.timestamp')
                beam.Row, beam.utils, utils.timestamp = new_row, utils, times
                beam.__path__ = utils.__path__ = []
                times.Timestamp, times.Duration = Timestamp, Duration
                times.MIN_TIMESTAMP = Timestamp(micros=-9223372036854775)
                times.MAX_TIMESTAMP = Timestamp(micros=9223372036854775)
                for module in (beam, utils, times):
                    sys.modules[module.__name__] = module
                BEAM.append(Timestamp)

        def timestamp_class():
            return BEAM[0] if BEAM else Timestamp
        """#
}
