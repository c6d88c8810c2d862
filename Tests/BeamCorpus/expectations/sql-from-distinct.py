from expectations.duck import joined


def outputs():
    return joined('sql-from-distinct')
