from expectations.duck import joined


def outputs():
    return joined('sql-join-nested', """
        SELECT l.id, l.place.city AS city, r.info.size AS size, r.info
        FROM l LEFT JOIN r ON l.place.zip = r.zip""")
