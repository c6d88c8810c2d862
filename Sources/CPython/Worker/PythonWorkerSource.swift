/// The program of a worker process: the loop that answers requests.
///
/// Frames are the length of a JSON header and of the bytes behind it (two 32-bit numbers, least significant byte first),
/// then both. The worker talks on what was its standard input, a socket; code of the pipeline sees an empty standard input,
/// and what it prints goes to standard error.
enum PythonWorkerSource {
    /// The whole program.
    static let program = [codec, values, stand, functions, loop].joined(separator: "\n")

    private static let loop = #"""
        def read_exactly(stream, count):
            data = stream.read(count)
            if data is None or len(data) < count:
                os._exit(0)
            return data

        def watch_parent(parent):
            while os.getppid() == parent:
                time.sleep(1)
            os._exit(0)

        def answer(stream, header, parts=()):
            text = json.dumps(header).encode('ascii')
            stream.write(struct.pack('<II', len(text), sum(map(len, parts))))
            stream.write(text)
            for part in parts:
                stream.write(part)
            stream.flush()

        def main():
            channel = os.dup(0)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(2, 1)
            reading = os.fdopen(channel, 'rb', 1 << 16)
            writing = os.fdopen(os.dup(channel), 'wb', 1 << 16)
            threading.Thread(target=watch_parent, args=(os.getppid(),), daemon=True).start()
            tasks = {}
            while True:
                lengths = struct.unpack('<II', read_exactly(reading, 8))
                header = json.loads(read_exactly(reading, lengths[0]).decode('utf-8'))
                body = read_exactly(reading, lengths[1])
                try:
                    if header['op'] == 'load':
                        tasks[header['id']] = [Call(call) for call in header['calls']]
                        answer(writing, {})
                    else:
                        columns, failures = run(tasks[header['id']], body)
                        answer(writing, {'lengths': [len(c) for c in columns], 'failures': failures}, columns)
                except (Exception, SystemExit) as error:
                    answer(writing, {'error': describe(error), 'stack': trace(error)})
                sys.stdout.flush()

        main()
        """#
}
