from expectations.duck import asked


def outputs():
    return asked('sql-average-of-integers', """
        SELECT k, CAST(trunc(AVG(v)) AS BIGINT) AS mean, AVG(CAST(v AS DOUBLE)) AS exact FROM PCOLLECTION GROUP BY k""")
