#!/usr/bin/env python3
"""Writes the data of the engine's benchmarks: bids as JSON lines, and the auctions that they are on as CSV.

    Benchmarks/generate_bids.py --bids 1000000 --folder /tmp/bids

makes `bids.jsonl` (about 205 MB for each million) and `auctions.csv` (10,000 rows) in the folder. The same seed gives
the same files. A bid has `auction, bidder, price, channel, url, event_ms, extra`; there are 10,000 auctions, and half
of all bids are on one per cent of them; prices are spread evenly below a million; there are 10,000 bids for each second
of event time, and a bid stands up to four seconds after its place in time.
"""

import argparse
import os
import random

AUCTIONS = 10_000
FIRST_AUCTION = 1_000
HOT = AUCTIONS // 100
BIDS_A_SECOND = 10_000
LATENESS_MS = 4_000
START_MS = 1_760_000_000_000
CHANNELS = ["Apple", "Google", "Facebook", "Baidu", "channel-%d"]
CATEGORIES = ["art", "books", "cars", "coins", "music", "stamps", "toys", "wine"]
STATES = ["AZ", "CA", "ID", "OR", "WA", "WY"]
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def bid(chance, number, text):
    """One line. `text` is random text, of which every bid takes a part."""
    below = chance.random
    if below() < 0.5:
        auction = FIRST_AUCTION + int(below() * HOT) * (AUCTIONS // HOT)
    else:
        auction = FIRST_AUCTION + int(below() * AUCTIONS)
    channel = CHANNELS[int(below() * len(CHANNELS))]
    if "%" in channel:
        channel = channel % int(below() * 1000)
    event = START_MS + number * 1000 // BIDS_A_SECOND - int(below() * LATENESS_MS)
    place = int(below() * (len(text) - 64))
    return (
        '{"auction":%d,"bidder":%d,"price":%d,"channel":"%s","url":"https://www.auction.example/%s/item.html?query=1",'
        '"event_ms":%d,"extra":"%s"}\n'
        % (auction, 1000 + int(below() * 50_000), int(below() * 1_000_000), channel, text[place:place + 9], event,
           text[place + 9:place + 47])
    )


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--bids", type=int, default=1_000_000, help="how many; default: a million")
    options.add_argument("--folder", default=".", help="where to write; default: here")
    options.add_argument("--seed", type=int, default=2026)
    options = options.parse_args()
    os.makedirs(options.folder, exist_ok=True)

    chance = random.Random(options.seed)
    text = "".join(chance.choice(LETTERS) for _ in range(4096))
    with open(os.path.join(options.folder, "auctions.csv"), "w", encoding="ascii") as file:
        file.write("id,item,category,seller,state\n")
        for number in range(AUCTIONS):
            file.write("%d,item-%05d,%s,%d,%s\n" % (
                FIRST_AUCTION + number, number, chance.choice(CATEGORIES), 1000 + int(chance.random() * 50_000),
                chance.choice(STATES)))
    with open(os.path.join(options.folder, "bids.jsonl"), "w", encoding="ascii", buffering=1 << 20) as file:
        for number in range(options.bids):
            file.write(bid(chance, number, text))


if __name__ == "__main__":
    main()
