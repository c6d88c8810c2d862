from expectations.duck import joined


def outputs():
    return joined('sql-join-composite', """
        SELECT l.k, SUM(l.v) AS v, MIN(r.w) AS w FROM l LEFT JOIN r ON l.k = r.k GROUP BY l.k HAVING SUM(l.v) > 2""")
