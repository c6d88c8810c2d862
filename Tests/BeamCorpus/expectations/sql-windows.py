from expectations.duck import asked


def outputs():
    return asked('sql-windows', """
        SELECT k, SUM(v) AS total, COUNT(*) AS n FROM PCOLLECTION GROUP BY k, s // 60""")
