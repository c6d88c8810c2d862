"""The two jobs in Pathway: pathway_jobs.py filter_join|windows FOLDER OUTPUT THREADS (PATHWAY_THREADS is set by it)"""

import os
import sys

job, folder, output, threads = sys.argv[1:]
os.environ["PATHWAY_THREADS"] = threads

import pathway as pw  # noqa: E402, after the setting


class Bid(pw.Schema):
    auction: int
    bidder: int
    price: int
    channel: str
    url: str
    event_ms: int
    extra: str


class Auction(pw.Schema):
    number: int
    item: str
    category: str


bids = pw.io.jsonlines.read(f"{folder}/bids.jsonl", schema=Bid, mode="static")
if job == "filter_join":
    # A column cannot be called `id` there.
    with open(f"{folder}/auctions.csv") as source, open(f"{output}.auctions.csv", "w") as renamed:
        renamed.write(source.read().replace("id,", "number,", 1))
    auctions = pw.io.csv.read(f"{output}.auctions.csv", schema=Auction, mode="static")
    kept = bids.filter(pw.this.price >= 500_000)
    result = kept.join(auctions, kept.auction == auctions.number).select(
        *kept, auctions.item, auctions.category)
else:
    result = bids.windowby(bids.event_ms, window=pw.temporal.tumbling(duration=10_000), instance=bids.auction).reduce(
        auction=pw.this._pw_instance, window_start=pw.this._pw_window_start, bids=pw.reducers.count(),
        highest=pw.reducers.max(pw.this.price))
pw.io.csv.write(result, output)
pw.run(monitoring_level=pw.MonitoringLevel.NONE)
