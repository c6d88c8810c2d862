from expectations.duck import asked


def outputs():
    return asked('sql-overflow', """
        SELECT a - b AS less, a // 2 AS half, a > b AS more FROM PCOLLECTION""")
