import duckdb


def outputs():
    rows = duckdb.sql('''
        with l(k, v) as (values (1, 'a'), (null, 'b')), r(k, w) as (values (null, 'c'), (1, 'd'))
        select v, w from l left join r on l.k = r.k''').fetchall()
    return {'out': [{'v': v, 'w': w} for v, w in rows]}
