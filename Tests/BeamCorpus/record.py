#!/usr/bin/env python3
"""Records what Apache Beam makes of the pipeline files in cases/.

    ./record.py                 every case
    ./record.py --only NAME     one case (may be repeated)
    ./record.py --check         records nothing, says what would change

A Python with `apache-beam[yaml]==2.77.0` and `duckdb` runs it: that of the virtual environment that
$STREAMTOP_BEAM_VENV names, else one that is made in .venv beside this file (a minute, from PyPI).

What is observed of a case: the rows of every transform that is called `out` or `out …`, with their types; the files that it
writes below `out/`; the verdict of each of its `tests:`; or that Beam refuses it, with the first line of the reason. All
of it is sorted, so that recording again changes nothing.

The first lines of a case may say more about it, each after a `# `:

    jinja: {"name": value}      variables for the template
    deviation: why              Beam's result is not what streamtop gives; expectations/NAME.py says what it gives
    expectation: source         Beam cannot run it here; expectations/NAME.py computes the result with `source`
    messages: [{"data": "…"}]   what ReadFromPubSub gets; also `bytes` (base64), `attributes`, `publish` (seconds)
    tables: {"set.table": […]}  what ReadFromBigQuery gets: rows of a table, floats as {"$float": "1.5"}

Of Pub/Sub and BigQuery the services are stood in for, and nothing of Beam YAML: messages that are published are rows of an
output `topic NAME`.

An expectation is a Python file with `outputs()`, which returns the rows of each output as dicts, and `files()` if need be;
or with `REFUSED = 'why'`.

Exit codes: 0 all recorded, 1 a case cannot be recorded (or differs, with --check), 2 wrong usage, 3 no Beam.
"""

import argparse
import base64
import collections.abc
import datetime
import decimal
import importlib.util
import json
import logging
import math
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import typing
import unittest

BEAM = '2.77.0'
sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
REQUIREMENTS = [f'apache-beam[yaml]=={BEAM}', 'duckdb']


# The rows of the case that runs, by output, each as sorted JSON. Bundles of the runner fill it from their threads.
captured = {}


def capture(row, output):
    captured[output].append(encoded(row))
    return row


def encoded(value):
    """A value as JSON that keeps its type: what JSON does not tell apart is an object with one key that begins with $."""
    from apache_beam.utils.timestamp import Timestamp
    if isinstance(value, tuple) and hasattr(value, '_asdict'):
        return {name: encoded(member) for name, member in sorted(value._asdict().items())}
    if type(value).__name__ in ('Row', 'BeamSchemaRow') and hasattr(value, '_asdict'):
        return {name: encoded(member) for name, member in sorted(value._asdict().items())}
    if hasattr(value, 'item') and type(value).__module__.startswith('numpy'):
        value = value.item()
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return {'$float': repr(value)}
    if isinstance(value, (bytes, bytearray)):
        return {'$bytes': base64.b64encode(value).decode()}
    if isinstance(value, Timestamp):
        return {'$timestamp': value.micros}
    if isinstance(value, datetime.datetime):
        zone = value if value.tzinfo else value.replace(tzinfo=datetime.timezone.utc)
        return {'$timestamp': round(zone.timestamp() * 1_000_000)}
    if isinstance(value, decimal.Decimal):
        return {'$float': repr(float(value))}
    if isinstance(value, collections.abc.Mapping):
        return {str(key): encoded(member) for key, member in sorted(value.items(), key=lambda item: str(item[0]))}
    if isinstance(value, collections.abc.Iterable):
        return [encoded(member) for member in value]
    return {'$object': str(value)}


def typed(members):
    """The inverse of `encoded` for floats."""
    return float(members['$float']) if set(members) == {'$float'} else members


def services(facts):
    """Stand-ins for what Beam's Pub/Sub and BigQuery transforms talk to, by the name that YAML's transforms look up."""
    import apache_beam as beam
    from apache_beam.io.gcp.pubsub import PubsubMessage
    from apache_beam.transforms.window import TimestampedValue
    from apache_beam.typehints.row_type import RowTypeConstraint
    from apache_beam.utils.timestamp import Timestamp
    from apache_beam.yaml import yaml_io
    messages = json.loads(facts.get('messages', '[]'))
    tables = json.loads(facts.get('tables', '{}'), object_hook=typed)

    def read_messages(topic, subscription, with_attributes, id_label, timestamp_attribute):
        seen, given = set(), []
        for message in messages:
            attributes, published = message.get('attributes', {}), Timestamp.of(message.get('publish', 0))
            if id_label and attributes.get(id_label) is not None:
                if attributes[id_label] in seen:
                    continue
                seen.add(attributes[id_label])
            time = published
            if timestamp_attribute:
                text = attributes[timestamp_attribute]
                time = Timestamp(micros=int(text) * 1000) if text.isdigit() else Timestamp.from_rfc3339(text)
            data = base64.b64decode(message['bytes']) if 'bytes' in message else message['data'].encode()
            given.append((time, PubsubMessage(data, attributes, publish_time=published) if with_attributes else data))
        kind = PubsubMessage if with_attributes else bytes
        return beam.Create(given) | beam.MapTuple(lambda time, value: TimestampedValue(value, time)).with_output_types(kind)

    def write_messages(topic, with_attributes, id_label, timestamp_attribute):
        name = 'topic ' + topic.split('/')[-1]
        captured[name] = []
        return beam.Map(
            lambda message: capture({'data': payload(message.data), 'attributes': dict(message.attributes)}, name))

    def read_rows(table, query, row_restriction, selected_fields, **_):
        assert query is None and row_restriction is None, 'there is no SQL here'
        rows = tables[table.split('.', 1)[1] if table.count('.') == 2 else table.split(':')[-1]]
        names = [name for name in sorted({name for row in rows for name in row})
                 if not selected_fields or name in selected_fields]
        kinds = [next(type(row[name]) for row in rows if row.get(name) is not None) for name in names]
        kind = RowTypeConstraint.from_fields([(name, typing.Optional[kind]) for name, kind in zip(names, kinds)])
        return beam.Create([beam.Row(**{name: row.get(name) for name in names}) for row in rows]).with_output_types(kind)

    return {(beam.io, 'ReadFromPubSub'): read_messages, (beam.io, 'WriteToPubSub'): write_messages,
            (yaml_io, 'ReadFromBigQuery'): read_rows}


def sorted_rows(rows):
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))


def compact(text):
    """JSON without its optional escapes and spaces."""
    return json.dumps(json.loads(text), ensure_ascii=False, separators=(',', ':')) if text.startswith('{') else text


def lines_of(path):
    """The lines of a file that was written, sorted."""
    return sorted(map(compact, path.read_text(encoding='utf-8').splitlines()))


def payload(data):
    """The bytes of a message; a text where they are JSON."""
    return compact(data.decode()) if data.startswith(b'{') else data


def header(text):
    """What the comments at the top of a case say."""
    facts = {}
    for line in text.splitlines():
        if not line.startswith('#'):
            break
        key, colon, value = line[1:].strip().partition(': ')
        if colon and key in ('jinja', 'deviation', 'expectation', 'messages', 'tables'):
            facts[key] = value.strip()
    return facts


def expectation(name):
    """What expectations/NAME.py says."""
    path = HERE / 'expectations' / f'{name}.py'
    spec = importlib.util.spec_from_file_location(f'expectation_{name}', path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if getattr(module, 'REFUSED', False):
        return {'refused': str(module.REFUSED)}
    result = {'outputs': {key: sorted_rows(map(encoded, rows)) for key, rows in sorted(module.outputs().items())}}
    if hasattr(module, 'files'):
        result['files'] = {key: sorted(lines) for key, lines in sorted(module.files().items())}
    return result


def first_line(error):
    """The first line of the reason, without what differs from run to run."""
    text = str(error).strip().splitlines()
    text = text[0] if text else type(error).__name__
    text = re.sub(r'0x[0-9a-f]+', '0x…', text)
    text = re.sub(r'/\S*/(?=(apache_beam|out|data)/)', '', text)
    text = re.sub(r'yaml-[0-9a-f-]+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]+', '…', text)
    text = re.sub(r'beam-temp\S*', '…', text)
    text = re.sub(r'BeamSchema_[0-9a-f_]+', 'BeamSchema_…', text)
    return f'{type(error).__name__}: {text[:200]}'


def observe_with_beam(path, text, facts):
    """Runs a case in a folder of its own and returns what came out of it."""
    import apache_beam as beam
    import yaml
    from apache_beam.yaml import yaml_testing, yaml_transform

    original = yaml_transform.expand_leaf_transform

    def expand_and_capture(spec, scope):
        outputs = original(spec, scope)
        name = str(spec.get('name', ''))
        if re.fullmatch(r'out( [^\[]*)?', name) and len(outputs) == 1:
            captured[name] = []
            for rows in outputs.values():
                _ = rows | f'capture {name} {len(captured)}' >> beam.Map(capture, name)
        return outputs

    captured.clear()
    replaced = []
    if 'messages' in facts or 'tables' in facts or 'ToPubSub' in text:
        for (module, name), service in services(facts).items():
            replaced.append((module, name, getattr(module, name)))
            setattr(module, name, service)
    variables = json.loads(facts.get('jinja', '{}'))
    folder = tempfile.TemporaryDirectory()
    before = os.getcwd()
    try:
        os.chdir(folder.name)
        os.mkdir('out')
        os.symlink(HERE / 'data', 'data')
        yaml_transform.expand_leaf_transform = expand_and_capture
        expanded = yaml_transform.expand_jinja(text, variables, [str(path.parent)])
        spec = yaml.load(expanded, Loader=yaml_transform.SafeLineLoader)
        options = beam.options.pipeline_options.PipelineOptions(
            ['--runner=FnApiRunner'], pickle_library='cloudpickle',
            **yaml_transform.SafeLineLoader.strip_metadata(spec.get('options', {})))
        if 'tests' in spec:
            verdicts = {}
            for test in spec['tests']:
                result = unittest.TestResult()
                unittest.TestSuite([yaml_testing.YamlTestCase(spec, test, options, False)]).run(result)
                verdicts[str(test['name'])] = 'passed' if result.wasSuccessful() else 'failed'
            return {'tests': dict(sorted(verdicts.items()))}
        with beam.Pipeline(options=options) as pipeline:
            yaml_transform.expand_pipeline(pipeline, spec, validate_schema='generic', pipeline_path=str(path))
        result = {'outputs': {name: sorted_rows(rows) for name, rows in sorted(captured.items())}}
        written = sorted(file for file in pathlib.Path('out').rglob('*') if file.is_file())
        if written:
            result['files'] = {str(file): lines_of(file) for file in written}
        return result
    except Exception as error:  # Whatever Beam raises is its verdict on the case.
        return {'refused': first_line(error)}
    finally:
        yaml_transform.expand_leaf_transform = original
        for module, name, service in replaced:
            setattr(module, name, service)
        os.chdir(before)
        folder.cleanup()


def recording_of(path):
    text = path.read_text(encoding='utf-8')
    facts = header(text)
    observed = observe_with_beam(path, text, facts)
    if 'expectation' in facts:
        return {'source': facts['expectation'], 'beam': observed, **expectation(path.stem)}
    recording = {'source': f'Apache Beam {BEAM}', **observed}
    if 'deviation' in facts:
        recording['deviation'] = {'reason': facts['deviation'], **expectation(path.stem)}
    return recording


def dumped(recording):
    """JSON with a row a line."""
    text = json.dumps(recording, ensure_ascii=False, indent=1)
    compact = []

    def shorten(value, depth):
        if isinstance(value, dict) and depth < 4 and not any(key.startswith('$') for key in value):
            inner = [f'{" " * (depth + 1)}{json.dumps(key, ensure_ascii=False)}: {shorten(member, depth + 1)}'
                     for key, member in value.items()]
            return '{\n' + ',\n'.join(inner) + '\n' + ' ' * depth + '}' if inner else '{}'
        if isinstance(value, list) and value:
            inner = [f'{" " * (depth + 1)}{json.dumps(member, ensure_ascii=False)}' for member in value]
            return '[\n' + ',\n'.join(inner) + '\n' + ' ' * depth + ']'
        return json.dumps(value, ensure_ascii=False)

    return shorten(recording, 0) + '\n'


def virtual_environment():
    """The Python to run with; made when there is none."""
    named = os.environ.get('STREAMTOP_BEAM_VENV')
    folder = pathlib.Path(named) if named else HERE / '.venv'
    python = folder / 'bin' / 'python'
    if not python.exists():
        if named:
            print(f'there is no {python} ($STREAMTOP_BEAM_VENV)', file=sys.stderr)
            return None
        print(f'making {folder} with {" and ".join(REQUIREMENTS)} …', flush=True)
        subprocess.run([sys.executable, '-m', 'venv', folder], check=True)
        subprocess.run([python, '-m', 'pip', 'install', '--quiet', *REQUIREMENTS], check=True)
    return python


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--only', action='append', metavar='NAME', help='record this case alone')
    parser.add_argument('--check', action='store_true', help='write nothing, and fail when something would change')
    arguments = parser.parse_args()
    try:
        import apache_beam
    except ImportError:
        python = virtual_environment()
        if python is None or os.environ.get('STREAMTOP_RECORDING'):
            print(f'no apache_beam to record with; unset $STREAMTOP_BEAM_VENV to have it made', file=sys.stderr)
            return 3
        return subprocess.run(
            [python, HERE / 'record.py', *sys.argv[1:]], env={**os.environ, 'STREAMTOP_RECORDING': '1'}).returncode
    if apache_beam.__version__ != BEAM:
        print(f'this is Apache Beam {apache_beam.__version__}, not {BEAM}', file=sys.stderr)
        return 3
    logging.disable(logging.CRITICAL)
    cases = sorted(path for path in (HERE / 'cases').glob('*.yaml'))
    if arguments.only:
        unknown = set(arguments.only) - {path.stem for path in cases}
        if unknown:
            print(f'there is no case {", ".join(sorted(unknown))}', file=sys.stderr)
            return 2
        cases = [path for path in cases if path.stem in arguments.only]
    (HERE / 'recordings').mkdir(exist_ok=True)
    failures = changes = 0
    for number, path in enumerate(cases, 1):
        target = HERE / 'recordings' / f'{path.stem}.json'
        try:
            recording = recording_of(path)
        except Exception as error:
            print(f'{number}/{len(cases)} {path.stem}: cannot be recorded: {error}', flush=True)
            failures += 1
            continue
        text = dumped(recording)
        before = target.read_text(encoding='utf-8') if target.exists() else None
        if text != before:
            changes += 1
            if not arguments.check:
                target.write_text(text, encoding='utf-8')
        word = 'unchanged' if text == before else 'new' if before is None else 'changed'
        if 'refused' in recording:
            word += f' (refused: {recording["refused"]})'
        print(f'{number}/{len(cases)} {path.stem}: {word}', flush=True)
    if not arguments.only:
        for orphan in sorted((HERE / 'recordings').glob('*.json')):
            if not (HERE / 'cases' / f'{orphan.stem}.yaml').exists():
                print(f'recordings/{orphan.name} has no case; remove it')
                failures += 1
    print(f'{len(cases)} cases, {changes} changed, {failures} failed')
    return 1 if failures or (arguments.check and changes) else 0


if __name__ == '__main__':
    # As a module of its own name, so that Beam's workers find `capture` by it and share `captured`.
    sys.path.insert(0, str(HERE))
    import record
    sys.exit(record.main())
