from expectations.duck import asked


def outputs():
    return asked('sql-group-expressions', """
        SELECT id % 2 AS odd, MAX(lat) - MIN(lat) AS spread, COUNT(*) * 10 + id % 2 AS mixed, MIN(length(name)) AS short
        FROM PCOLLECTION
        GROUP BY id % 2""")
