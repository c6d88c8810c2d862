from expectations.duck import asked


def outputs():
    return asked('filter-sql', """
        SELECT * FROM PCOLLECTION WHERE v > 2 AND COALESCE(k, 'a') <> 'c' OR x < 0""")
