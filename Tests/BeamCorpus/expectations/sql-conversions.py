from expectations.duck import asked


def outputs():
    return asked('sql-conversions', """
        SELECT CAST(n AS VARCHAR) AS text, CAST(n AS DOUBLE) AS float, CAST(trunc(x) AS BIGINT) AS whole,
               CAST(s AS BIGINT) AS parsed, CAST(s AS DOUBLE) + CAST(0.5 AS DOUBLE) AS number, CAST(b AS VARCHAR) AS truth
        FROM PCOLLECTION""")
