from expectations.duck import joined


def outputs():
    return joined('sql-count-distinct-sessions', """
        SELECT k, COUNT(DISTINCT v) AS n, COUNT(*) AS m FROM c GROUP BY k, CASE WHEN k = 'a' THEN t >= 60 ELSE t >= 40 END""")
