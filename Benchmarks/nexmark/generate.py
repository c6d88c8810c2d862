#!/usr/bin/env python3
"""Writes the events of an online auction, as the Nexmark benchmark describes them: of every 50 events one is a new
person, three are new auctions and 46 are bids.

    generate.py FOLDER [--events 1000000] [--seed 1]

FOLDER gets persons.jsonl, auctions.jsonl and bids.jsonl. Ten thousand events happen in a second, in the order of the
files; the same arguments give the same bytes.
"""

import argparse
import pathlib
import random

FIRST_EVENT_MS = 1_760_000_000_000
EVENTS_PER_SECOND = 10_000
CITIES = [("Portland", "OR"), ("Boise", "ID"), ("Fresno", "CA"), ("Seattle", "WA"), ("Phoenix", "AZ"), ("Salem", "OR")]
NAMES = ["Ada", "Björn", "Chloé", "Dmitri", "Eun-ji", "Fatima", "Grace", "Hugo", "Inés", "Jun"]
CHANNELS = ["apple", "baidu", "facebook", "google"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    draw = random.Random(options.seed)
    people = auctions = 0
    with (
        open(options.folder / "persons.jsonl", "w") as person_file,
        open(options.folder / "auctions.jsonl", "w") as auction_file,
        open(options.folder / "bids.jsonl", "w") as bid_file,
    ):
        for number in range(options.events):
            time = FIRST_EVENT_MS + number * 1000 // EVENTS_PER_SECOND
            turn = number % 50
            if turn == 0:
                city, state = draw.choice(CITIES)
                person_file.write(
                    f'{{"id":{1000 + people},"name":"{draw.choice(NAMES)} {draw.choice(NAMES)}",'
                    f'"email":"p{people}@example.org","city":"{city}","state":"{state}","event_ms":{time}}}\n'
                )
                people += 1
            elif turn < 4:
                # Most sellers have just come.
                seller = 1000 + max(0, people - 1 - int(draw.expovariate(1 / 100)))
                auction_file.write(
                    f'{{"id":{1000 + auctions},"item":"item {auctions}","initial_bid":{draw.randrange(1, 1000)},'
                    f'"reserve":{draw.randrange(1000, 100000)},"event_ms":{time},'
                    f'"expires_ms":{time + draw.randrange(1000, 20000)},"seller":{seller},'
                    f'"category":{10 + draw.randrange(5)}}}\n'
                )
                auctions += 1
            else:
                # Half of the bids are for the hundred newest auctions' hot tenth.
                back = draw.randrange(100)
                auction = 1000 + max(0, auctions - 1 - (back // 10 * 10 if draw.random() < 0.5 else back))
                price = int(100 * 10 ** (draw.random() * 5))
                bid_file.write(
                    f'{{"auction":{auction},"bidder":{1000 + draw.randrange(people)},"price":{price},'
                    f'"channel":"{draw.choice(CHANNELS)}","url":"https://example.org/{draw.getrandbits(40):x}",'
                    f'"event_ms":{time},"extra":"{draw.getrandbits(160):040x}"}}\n'
                )


if __name__ == "__main__":
    main()
