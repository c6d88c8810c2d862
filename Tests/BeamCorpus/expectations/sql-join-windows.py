from expectations.duck import joined


def outputs():
    return joined('sql-join-windows', """
        SELECT l.k, a, b FROM l JOIN r ON l.k = r.k AND t // 10 = u // 10""")
