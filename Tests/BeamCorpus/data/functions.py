FACTOR = 3


def scaled(row):
    return row.a * FACTOR
