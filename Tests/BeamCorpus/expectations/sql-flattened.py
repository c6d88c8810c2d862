from expectations.duck import joined


def outputs():
    return joined('sql-flattened', """
        SELECT k, SUM(v) AS v, COUNT(*) AS n FROM (FROM l UNION ALL FROM r) GROUP BY k""")
