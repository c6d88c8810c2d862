from expectations.duck import joined


def outputs():
    return joined('sql-join-same-names', """
        SELECT l.k, r.k AS k0, l.x AS k1 FROM l LEFT JOIN r ON l.k = r.k""")
