from expectations.duck import joined


def outputs():
    return joined('sql-join-condition-right')
