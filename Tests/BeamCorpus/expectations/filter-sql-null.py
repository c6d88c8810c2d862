from expectations.duck import asked


def outputs():
    select = 'SELECT * FROM PCOLLECTION WHERE '
    return {
        **asked('filter-sql-null', select + 'b'), **asked('filter-sql-null', select + 'NOT b OR v IS NULL', 'out not'),
        **asked('filter-sql-null', select + 'v NOT IN (1, 4)', 'out in')}
