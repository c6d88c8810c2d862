from expectations.duck import joined


def outputs():
    return joined('sql-join-windows-full', """
        SELECT l.k AS lk, r.k AS rk, a, b FROM l FULL JOIN r ON l.k = r.k AND t // 10 = u // 10""")
