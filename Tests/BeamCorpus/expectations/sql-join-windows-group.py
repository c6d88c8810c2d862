from expectations.duck import joined


def outputs():
    return joined('sql-join-windows-group', """
        SELECT l.k, COUNT(*) AS n, MIN(a) AS first FROM l LEFT JOIN r ON l.k = r.k AND t // 10 = u // 10 GROUP BY l.k, t // 10""")
