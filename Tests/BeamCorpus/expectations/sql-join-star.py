from expectations.duck import joined


def outputs():
    return joined('sql-join-star', """
        SELECT l.k, l.x, r.k AS k0, r.y FROM l JOIN r ON l.k = r.k""")
