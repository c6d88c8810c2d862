"""The two jobs in Bytewax: bytewax_jobs.py filter_join|windows FOLDER OUTPUT THREADS"""

import csv
import datetime
import json
import sys

import bytewax.operators as op
import bytewax.operators.windowing as windowing
from bytewax.connectors.files import FileSink, FileSource
from bytewax.dataflow import Dataflow
from bytewax.testing import cluster_main

job, folder, output, threads = sys.argv[1:]
UTC = datetime.timezone.utc
flow = Dataflow(job)
bids = op.map("decode", op.input("bids", flow, FileSource(f"{folder}/bids.jsonl", batch_size=1000)), json.loads)

if job == "filter_join":
    with open(f"{folder}/auctions.csv") as file:
        auctions = {int(row["id"]): row for row in csv.DictReader(file)}

    def line(bid):
        auction = auctions[bid["auction"]]
        return str(bid["auction"]), ",".join(map(str, [*bid.values(), auction["item"], auction["category"]]))

    kept = op.filter("filter", bids, lambda bid: bid["price"] >= 500_000 and bid["auction"] in auctions)
    lines = op.map("join", kept, line)
else:
    clock = windowing.EventClock(
        ts_getter=lambda bid: datetime.datetime.fromtimestamp(bid[1] / 1000, UTC),
        wait_for_system_duration=datetime.timedelta(seconds=5),
    )
    windower = windowing.TumblingWindower(
        length=datetime.timedelta(seconds=10), align_to=datetime.datetime(2020, 1, 1, tzinfo=UTC))
    keyed = op.map("key", bids, lambda bid: (str(bid["auction"]), (bid["price"], bid["event_ms"])))
    folded = windowing.fold_window(
        "fold", keyed, clock, windower, builder=lambda: (0, 0),
        folder=lambda state, bid: (state[0] + 1, max(state[1], bid[0])),
        merger=lambda a, b: (a[0] + b[0], max(a[1], b[1])))
    lines = op.map("line", folded.down, lambda item: (item[0], f"{item[0]},{item[1][0]},{item[1][1][0]},{item[1][1][1]}"))

op.output("write", lines, FileSink(output))
cluster_main(flow, [], 0, worker_count_per_proc=int(threads))
