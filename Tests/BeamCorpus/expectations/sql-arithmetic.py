from expectations.duck import asked


def outputs():
    return asked('sql-arithmetic', """
        SELECT a, b, a + b * 2 AS plus, (a - b) * 2 AS minus, a // b AS quotient, a * x AS product, a / 2.0 AS half,
               -a AS negative, a % b AS rest, ABS(a) AS size, x / b AS ratio
        FROM PCOLLECTION""")
