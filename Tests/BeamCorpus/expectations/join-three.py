import duckdb


def outputs():
    rows = duckdb.sql('''
        with a(a, x) as (values (1, 'p'), (2, 'q'), (3, 'r')), b(a, b) as (values (1, 10), (2, 20), (2, 30)),
             c(b, y) as (values (10, 0.5::double), (30, 1.5), (40, 2.5))
        select a.a, x, b.b, y from a join b using (a) join c using (b)''').fetchall()
    return {'out': [{'a': a, 'x': x, 'number': b, 'y': y} for a, x, b, y in rows]}
