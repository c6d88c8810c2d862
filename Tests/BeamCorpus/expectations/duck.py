"""Asks DuckDB what a case asks Beam SQL."""

import pathlib

import duckdb
import pyarrow
import yaml

CASES = pathlib.Path(__file__).resolve().parent.parent / 'cases'


def asked(case, query=None, output='out'):
    """The rows of the case's query, or of `query` where DuckDB's SQL is not Calcite's, over what its Create makes."""
    transforms = yaml.safe_load((CASES / f'{case}.yaml').read_text(encoding='utf-8'))['pipeline']['transforms']
    created = next(transform for transform in transforms if transform['type'] == 'Create')
    names = {name for element in created['config']['elements'] for name in element}
    rows = [{name: element.get(name) for name in sorted(names)} for element in created['config']['elements']]
    connection = duckdb.connect()
    connection.register('PCOLLECTION', pyarrow.Table.from_pylist(rows))
    if query is None:
        query = next(transform['config']['query'] for transform in transforms if transform['type'] == 'Sql')
    found = connection.sql(query)
    return {output: [dict(zip(found.columns, row)) for row in found.fetchall()]}


def joined(case, query=None, output='out'):
    """The same of a query over several inputs: every Create is a table that is called as it is, in small letters."""
    transforms = yaml.safe_load((CASES / f'{case}.yaml').read_text(encoding='utf-8'))['pipeline']['transforms']
    connection = duckdb.connect()
    for transform in transforms:
        if transform['type'] == 'Create':
            rows = transform['config']['elements']
            names = list(dict.fromkeys(name for element in rows for name in element))
            table = pyarrow.Table.from_pylist([{name: row.get(name) for name in names} for row in rows])
            connection.register(transform['name'].lower(), table)
    if query is None:
        query = next(transform['config']['query'] for transform in transforms if transform['type'] == 'Sql')
    found = connection.sql(query)
    return {output: [dict(zip(found.columns, row)) for row in found.fetchall()]}
