from expectations.duck import asked


def outputs():
    return asked('sql-after-sql', """
        SELECT COALESCE(worst, 0) > 2 AS late, CAST(SUM(n) AS BIGINT) AS n, MIN(line) AS first
        FROM (SELECT line, MAX(delay) AS worst, COUNT(*) AS n FROM PCOLLECTION GROUP BY line)
        GROUP BY COALESCE(worst, 0) > 2""")
