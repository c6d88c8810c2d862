from expectations.duck import asked


def outputs():
    return asked('sql-empty-input')
