from expectations.duck import asked


def outputs():
    return asked('map-sql', """
        SELECT id, id * 2 + 1 AS twice, replace(upper(name), 'ẞ', 'SS') AS loud, CASE WHEN zone = 'A' THEN 'inner' ELSE 'outer' END AS place, zone AS zone2
        FROM PCOLLECTION""")
