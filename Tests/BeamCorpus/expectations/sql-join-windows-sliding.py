from expectations.duck import joined


def outputs():
    return joined('sql-join-windows-sliding', """
        SELECT l.k, a, b FROM (SELECT *, unnest([t // 10, t // 10 - 1]) AS w FROM l) l
        JOIN (SELECT *, unnest([u // 10, u // 10 - 1]) AS w FROM r) r ON l.k = r.k AND l.w = r.w""")
