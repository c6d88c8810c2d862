import duckdb


def outputs():
    rows = duckdb.sql('''
        with l(k, a) as (values (1, 'x'), (2, 'y')), r(k, b) as (values (2, 'p'), (3, 'q'))
        select a, b from l right join r using (k)''').fetchall()
    return {'out': [{'a': a, 'b': b} for a, b in rows]}
