from expectations.duck import asked


def outputs():
    return asked('map-calcite-append', """
        SELECT id, zone, lat, id // 2 AS half, lat > 52.5 AS north FROM PCOLLECTION""")
