from expectations.duck import asked


def outputs():
    rows = asked('sql-sliding-windows', """
        SELECT k, SUM(v) AS total, COUNT(*) AS n, make_timestamp(opens * 1000000) AS opens
        FROM PCOLLECTION, (SELECT unnest([-10, 0, 10, 20, 30]) AS opens)
        WHERE s >= opens AND s < opens + 20
        GROUP BY k, opens""")
    return rows
