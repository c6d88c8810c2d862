from expectations.duck import joined


def outputs():
    return joined('sql-count-distinct-windows', """
        SELECT k, COUNT(DISTINCT v) AS n FROM c GROUP BY k, t // 10""")
