from expectations.duck import asked


def outputs():
    return asked('sql-named-input', """
        SELECT s.zone, COUNT(*) AS n FROM PCOLLECTION AS s WHERE s.id > 1 GROUP BY s.zone""")
