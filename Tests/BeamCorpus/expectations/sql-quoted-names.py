from expectations.duck import asked


def outputs():
    return asked('sql-quoted-names', """
        SELECT "from" AS origin, "Two Words" + 1 AS "order" FROM PCOLLECTION WHERE "from" = 2""")
