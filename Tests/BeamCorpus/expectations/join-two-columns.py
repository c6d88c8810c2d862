import duckdb


def outputs():
    rows = duckdb.sql('''
        with l(k, d, v) as (values (1, 'mo', 1), (1, 'tu', 2), (2, 'mo', 3)),
             r(k, d, w) as (values (1, 'mo', 10), (2, 'tu', 20), (2, 'mo', 30))
        select v, w from l full join r on l.k = r.k and l.d = r.d''').fetchall()
    return {'out': [{'v': v, 'w': w} for v, w in rows]}
