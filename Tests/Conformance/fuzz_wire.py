"""Bytes on a socket: HTTP/1 and HTTP/2 (RFC 9112, 9113; gRPC over HTTP/2), right and wrong."""

import contextlib
import socket
import struct
import time

import fuzz_messages

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
END_STREAM, END_HEADERS, ACK = 1, 4, 1


@contextlib.contextmanager
def connection(address, seconds=5):
    host, port = address.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=seconds) as socket_:
        yield socket_


def exchange(address, data, seconds=0.3, close=True):
    """Sends bytes, and gives what comes back in that time; a connection that is closed on us is an answer, too."""
    with contextlib.suppress(OSError), connection(address) as socket_:
        socket_.sendall(data)
        if close:
            socket_.shutdown(socket.SHUT_WR)
        return receive(socket_, seconds)
    return b""


def receive(socket_, seconds, limit=1 << 20):
    got, end = b"", time.monotonic() + seconds
    with contextlib.suppress(OSError):
        while len(got) < limit and (left := end - time.monotonic()) > 0:
            socket_.settimeout(left)
            some = socket_.recv(65536)
            if not some:
                break
            got += some
    return got


def http1(verb, target, body=b"", headers=(), version="HTTP/1.1"):
    lines = [f"{verb} {target} {version}", "Host: fuzz", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode("utf-8", "surrogatepass") + b"\r\n\r\n" + body


def frame(kind, flags, stream, payload=b"", length=None):
    length = len(payload) if length is None else length
    return struct.pack(">I", length & 0xFFFFFF)[1:] + bytes([kind & 255, flags & 255]) + struct.pack(
        ">I", stream & 0xFFFFFFFF) + payload


def number(value, bits, first=0):
    """An integer of HPACK (RFC 7541, section 5.1)."""
    limit = (1 << bits) - 1
    if value < limit:
        return bytes([first | value])
    result, value = bytes([first | limit]), value - limit
    while value >= 128:
        result, value = result + bytes([value & 127 | 128]), value >> 7
    return result + bytes([value])


def field(name, value):
    name, value = (one if isinstance(one, bytes) else one.encode() for one in (name, value))
    return b"\0" + number(len(name), 7) + name + number(len(value), 7) + value


def call_headers(path, *more):
    return b"".join(field(*one) for one in [
        (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "fuzz"), ("te", "trailers"),
        ("content-type", "application/grpc"), *more])


def message(data, compressed=0, length=None):
    return bytes([compressed]) + struct.pack(">I", (len(data) if length is None else length) & 0xFFFFFFFF) + data


def call(stream, path, data, *more):
    return frame(HEADERS, END_HEADERS, stream, call_headers(path, *more)) + data_frames(stream, message(data))


def data_frames(stream, data, end=True):
    pieces = [data[at:at + 16384] for at in range(0, len(data), 16384)] or [b""]
    return b"".join(
        frame(DATA, END_STREAM if end and index == len(pieces) - 1 else 0, stream, piece)
        for index, piece in enumerate(pieces))


def session(chance):
    """The bytes of a connection with some right calls."""
    data = PREFACE + frame(SETTINGS, 0, 0)
    for stream in range(1, 2 * chance.randrange(1, 6), 2):
        path, request = chance.choice(fuzz_messages.METHODS)
        data += call(stream, path, fuzz_messages.protobuf(chance, request)[:40_000])
    return data


def random_frames(chance):
    """The preface, then frames of any kind in any order."""
    data = PREFACE + frame(SETTINGS, 0, 0)
    for _ in range(chance.randrange(1, 40)):
        kind = chance.choice([*range(10), 10, 200])
        payload = chance.choice([
            b"", chance.randbytes(chance.randrange(1, 30)), b"\0" * 8, b"\xff" * 8,
            call_headers(chance.choice(fuzz_messages.METHODS)[0]), message(b"", length=chance.choice([1, 2**31, 2**32 - 1])),
            struct.pack(">HI", chance.randrange(8), chance.choice([0, 1, 2**31 - 1, 2**31, 2**32 - 1]))])
        length = None if chance.random() < 0.9 else chance.choice([0, 1, 16385, 2**24 - 1])
        data += frame(kind, chance.choice([0, 1, 4, 5, 8, 32, 255]), chance.choice([0, 1, 1, 3, 5, 2, 2**31 - 1, 2**31]),
                      payload, length)
    return data


def hostile_session(chance):
    """Sessions that are known to have hurt others."""
    path = chance.choice(fuzz_messages.METHODS)[0]
    start = PREFACE + frame(SETTINGS, 0, 0)
    headers = call_headers(path)
    kind = chance.randrange(14)
    if kind == 0:  # Streams that are taken back at once (CVE-2023-44487).
        return start + b"".join(
            frame(HEADERS, END_HEADERS, stream, headers) + frame(RST_STREAM, 0, stream, struct.pack(">I", 8))
            for stream in range(1, 4001, 2))
    if kind == 1:  # Header blocks without an end (CVE-2024-27316 and its kin).
        return start + frame(HEADERS, 0, 1, headers) + b"".join(
            frame(CONTINUATION, 0, 1, field(f"x-{index}", "y" * 4000)) for index in range(500))
    if kind == 2:  # A table entry that is large, and named thousands of times.
        large = b"\x40" + number(1, 7) + b"x" + number(3900, 7) + b"y" * 3900
        return start + frame(HEADERS, END_HEADERS, 1, headers + large + b"\xbe" * 12_000)
    if kind == 3:
        return start + frame(PING, 0, 0, b"12345678") * 5000
    if kind == 4:
        return start + frame(SETTINGS, 0, 0, struct.pack(">HI", 4, chance.randrange(2**31))) * 3000
    if kind == 5:
        return start + frame(WINDOW_UPDATE, 0, chance.choice([0, 1]), struct.pack(">I", 2**31 - 1)) * 10
    if kind == 6:  # Messages that never come.
        return start + b"".join(
            frame(HEADERS, END_HEADERS, stream, headers) + frame(DATA, 0, stream, message(b"x", length=12 << 20))
            for stream in range(1, 399, 2))
    if kind == 7:
        return start + frame(HEADERS, END_HEADERS, 1, headers) + frame(DATA, 0, 1) * 5000
    if kind == 8:  # Compression that was not announced, or is not what it says.
        data = message(chance.randbytes(500), compressed=1)
        encoding = chance.choice(["gzip", "deflate", "identity", "br", "gzip,gzip", ""])
        return start + frame(HEADERS, END_HEADERS, 1, call_headers(path, ("grpc-encoding", encoding))) + data_frames(
            1, data)
    if kind == 9:
        timeout = chance.choice(["0n", "1n", "99999999H", "-1S", "1", "", "999999999999S", "1x", "\u00e9"])
        return start + call(1, path, b"", ("grpc-timeout", timeout))
    if kind == 10:
        other = chance.choice(["/", "", "//", "/a/b", "/google.pubsub.v1.Publisher/", path + "x", "/" * 3000, "*"])
        return start + call(1, other, b"")
    if kind == 11:  # Several messages where there is to be one; none where there is to be one.
        data = message(b"") * chance.choice([0, 2, 500])
        return start + frame(HEADERS, END_HEADERS, 1, headers) + data_frames(1, data)
    if kind == 12:
        wrong = [(":method", chance.choice(["GET", "PUT", ""])), (":path", path), ("content-type", chance.choice(
            ["text/html", "", "application/grpc+json", "application/json"])), (":scheme", "http"), ("UPPER", "case")]
        chance.shuffle(wrong)
        return start + frame(HEADERS, END_HEADERS | END_STREAM, 1, b"".join(field(*one) for one in wrong))
    return start + frame(GOAWAY, 0, 0, struct.pack(">II", 0, 0)) + session(chance)[len(PREFACE):]


def compressed_bomb():
    """A gzip message that is small and grows to more than a message may be."""
    import zlib

    pump = zlib.compressobj(9, zlib.DEFLATED, 31)
    data = b"".join(pump.compress(b"\0" * (1 << 20)) for _ in range(200)) + pump.flush()
    return PREFACE + frame(SETTINGS, 0, 0) + frame(HEADERS, END_HEADERS, 1, call_headers(
        "/google.pubsub.v1.Publisher/Publish", ("grpc-encoding", "gzip"))) + data_frames(1, message(data, compressed=1))


def hostile_http1(chance):
    """HTTP/1 that is wrong in its framing."""
    target = "/v1/projects/fuzz/topics"
    kind = chance.randrange(14)
    if kind == 0:
        return chance.randbytes(chance.choice([1, 10, 100, 5000]))
    if kind == 1:
        return http1("GET", target, headers=[f"X-{index}: {'y' * 50}" for index in range(chance.choice([50, 5000]))])
    if kind == 2:
        return http1("GET", target, headers=["X-Long: " + "y" * chance.choice([9000, 100_000, 2_000_000])])
    if kind == 3:
        return http1("GET", target + "?" + "x" * chance.choice([9000, 2_000_000]))
    if kind == 4:
        length = chance.choice(["-1", "99999999999999999999", "1e9", "16777217", "+5", "0x10", "5, 6", ""])
        return f"POST {target} HTTP/1.1\r\nHost: f\r\nContent-Length: {length}\r\n\r\nhello".encode()
    if kind == 5:
        size = chance.choice(["-1", "ffffffffffffffffff", "5;ext=1", "zz", "", "5 "])
        return (f"POST {target} HTTP/1.1\r\nHost: f\r\nTransfer-Encoding: chunked\r\n\r\n{size}\r\nhello\r\n"
                f"{chance.choice(['0', size])}\r\n\r\n").encode()
    if kind == 6:
        return (f"POST {target} HTTP/1.1\r\nHost: f\r\nContent-Length: 3\r\nTransfer-Encoding: "
                f"{chance.choice(['chunked', 'gzip, chunked', 'identity', 'x'])}\r\n\r\n0\r\n\r\nGET /v1/x HTTP/1.1\r\n\r\n"
                ).encode()
    if kind == 7:  # One after the other without waiting for an answer.
        return http1("GET", target) * chance.choice([2, 50, 1000])
    if kind == 8:
        return http1(chance.choice(["", "BREW", "get", "G\0T", "X" * 5000, "PRI", "CONNECT", "OPTIONS"]), target)
    if kind == 9:
        return http1("GET", target, version=chance.choice(["HTTP/0.9", "HTTP/9.9", "", "HTTP/1.1x", "HTTP/2.0"]))
    if kind == 10:
        return PREFACE[:chance.randrange(1, len(PREFACE))] + chance.choice([b"", b"x", b"\r\n\r\n", b"\0" * 100])
    if kind == 11:
        return http1("POST", target, b"x" * chance.choice([17 << 20, 16 << 20]))
    if kind == 12:
        return http1("GET", target, headers=["Expect: 100-continue", "Connection: upgrade, HTTP2-Settings",
                                             "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"])
    return b"POST " + target.encode() + b" HTTP/1.1\nHost: f\n" + b"A: b\r\n c\r\n" * chance.choice([1, 1000]) + b"\n\n"
