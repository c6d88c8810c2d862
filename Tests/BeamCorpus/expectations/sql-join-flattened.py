from expectations.duck import joined


def outputs():
    return joined('sql-join-flattened', """
        SELECT b.price, a.item FROM (FROM bids UNION ALL FROM more) b JOIN auctions a ON b.auction = a.id""")
