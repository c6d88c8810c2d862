import duckdb


def outputs():
    rows = duckdb.sql('''
        with rides(ride, stop) as (values (1, 10), (2, 20), (3, 10), (4, 99)),
             stops(stop, name) as (values (10, 'Alex'), (20, 'Zoo'), (30, 'Wannsee'))
        select rides.ride, rides.stop, stops.stop as stop0, stops.name from rides join stops using (stop)''').fetchall()
    return {'out': [{'ride': a, 'stop': b, 'stop0': c, 'name': d} for a, b, c, d in rows]}
