from expectations.duck import asked


def outputs():
    return asked('sql-rounding', """
        SELECT x, ROUND(x) AS nearest, ROUND(x, 2) AS hundredth, FLOOR(x) AS below, CEIL(x) AS above,
               CAST(SIGN(x) AS DOUBLE) AS sign, SQRT(ABS(x)) AS root, POWER(x, 2) AS square
        FROM PCOLLECTION""")
