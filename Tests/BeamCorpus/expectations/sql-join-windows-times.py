from expectations.duck import joined


def outputs():
    return joined('sql-join-windows-times', """
        SELECT a, b, make_timestamp((t // 10) * 10000000) AS window_start FROM l LEFT JOIN r ON l.k = r.k AND t // 10 = u // 10""")
