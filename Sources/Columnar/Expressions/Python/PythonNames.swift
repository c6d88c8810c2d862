/// Names that Python has, for telling what is Python but not compiled from what is no Python at all.
///
/// The names are those of Python 3.11.
enum PythonNames {
    /// Python's own functions, without those that reach out of the process or differ between processes.
    static let builtins: Set<String> = [
        "__import__", "abs", "all", "any", "ascii", "bin", "bool", "bytearray", "bytes", "callable", "chr", "complex",
        "delattr",
        "dict", "dir", "divmod", "enumerate", "filter", "float", "format", "frozenset", "getattr", "hasattr", "hex",
        "int", "isinstance", "issubclass", "iter", "len", "list", "map", "max", "memoryview", "min", "next", "object",
        "oct", "ord", "pow", "range", "repr", "reversed", "round", "set", "setattr", "slice", "sorted", "str", "sum",
        "tuple", "type", "zip",
    ]

    /// Functions that take more arguments in Python than here.
    static let takingMore: Set<String> = [
        "bool", "count", "decode", "encode", "endswith", "find", "float", "fullmatch", "hash", "index", "int",
        "isinstance", "list", "max",
        "min", "re.findall", "re.fullmatch", "re.match", "re.search", "re.split", "re.sub", "rfind", "rindex",
        "startswith", "str", "group", "sorted", "sum",
    ]

    /// Whether a dotted path may stand for something in a module.
    static func mayBe(_ path: [String]) -> Bool {
        switch path.first {
        case "math", "re", "json": path.count > 2 || (path.count == 2 && members.contains(path.joined(separator: ".")))
        default: path.count > 1
        }
    }

    private static let members: Set<String> = [
        "json.dumps", "json.loads", "math.acos", "math.acosh", "math.asin", "math.asinh", "math.atan", "math.atan2",
        "math.atanh", "math.cbrt", "math.ceil", "math.comb", "math.copysign", "math.cos", "math.cosh", "math.degrees",
        "math.dist", "math.e", "math.erf", "math.erfc", "math.exp", "math.exp2", "math.expm1", "math.fabs",
        "math.factorial", "math.floor", "math.fmod", "math.frexp", "math.fsum", "math.gamma", "math.gcd",
        "math.hypot", "math.inf", "math.isclose", "math.isfinite", "math.isinf", "math.isnan", "math.isqrt",
        "math.lcm", "math.ldexp", "math.lgamma", "math.log", "math.log10", "math.log1p", "math.log2", "math.modf",
        "math.nan", "math.nextafter", "math.perm", "math.pi", "math.pow", "math.prod", "math.radians",
        "math.remainder", "math.sin", "math.sinh", "math.sqrt", "math.tan", "math.tanh", "math.tau", "math.trunc",
        "math.ulp", "re.A", "re.ASCII", "re.DEBUG", "re.DOTALL", "re.I", "re.IGNORECASE", "re.L", "re.LOCALE", "re.M",
        "re.MULTILINE", "re.Match", "re.NOFLAG", "re.Pattern", "re.RegexFlag", "re.S", "re.T", "re.TEMPLATE", "re.U",
        "re.UNICODE", "re.VERBOSE", "re.X", "re.compile", "re.error", "re.escape", "re.findall", "re.finditer",
        "re.fullmatch", "re.match", "re.purge", "re.search", "re.split", "re.sub", "re.subn",
    ]

    /// Whether Python's operator takes such operands, on some rows at least.
    static func mayBe(_ symbol: String, _ left: DataType, _ right: DataType) -> Bool {
        switch (symbol, left, right) {
        case ("+", .list, .list), ("*", .list, _), ("*", _, .list), ("+", .structure, .structure): true
        case ("*", .bytes, let other), ("*", let other, .bytes), ("*", .structure, let other): other.isWhole
        case ("%", .bytes, _), (_, .timestamp, _), (_, _, .timestamp): true
        default: false
        }
    }

    /// What Python's values of `type` have.
    static func attributes(of type: DataType) -> Set<String> {
        switch type {
        case .string: text
        case .bytes:
            text.union(["decode", "fromhex", "hex"]).subtracting(["encode", "format", "format_map", "casefold"])
        case .int64, .boolean: numbers.union(["bit_count", "bit_length", "denominator", "numerator", "to_bytes"])
        case .float64: numbers.union(["fromhex", "hex", "is_integer"])
        case .list: ["count", "copy", "index"]
        case .timestamp:
            ["micros", "of", "predecessor", "seconds", "successor", "to_rfc3339", "to_utc_datetime", "to_proto"]
        case .map: dictionary
        case .structure: ["as_dict", "_asdict", "_replace", "_fields", "count", "index"]
        case .null: []
        }
    }

    /// What dictionaries have.
    static let dictionary: Set<String> = [
        "clear", "copy", "fromkeys", "get", "items", "keys", "pop", "popitem", "setdefault", "update", "values",
    ]

    private static let numbers: Set<String> = ["as_integer_ratio", "conjugate", "imag", "real"]

    private static let text: Set<String> = [
        "capitalize", "casefold", "center", "count", "encode", "endswith", "expandtabs", "find", "format",
        "format_map", "index", "isalnum", "isalpha", "isascii", "isdecimal", "isdigit", "isidentifier", "islower",
        "isnumeric", "isprintable", "isspace", "istitle", "isupper", "join", "ljust", "lower", "lstrip", "maketrans",
        "partition", "removeprefix", "removesuffix", "replace", "rfind", "rindex", "rjust", "rpartition", "rsplit",
        "rstrip", "split", "splitlines", "startswith", "strip", "swapcase", "title", "translate", "upper", "zfill",
    ]
}
