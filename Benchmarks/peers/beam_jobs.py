"""The two jobs in Apache Beam's own Python runner: beam_jobs.py filter_join|windows FOLDER OUTPUT THREADS"""

import csv
import json
import sys

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.transforms import window

job, folder, output, threads = sys.argv[1:]


class CountAndHighest(beam.CombineFn):
    def create_accumulator(self):
        return 0, 0

    def add_input(self, state, price):
        return state[0] + 1, max(state[1], price)

    def merge_accumulators(self, states):
        states = list(states)
        return sum(state[0] for state in states), max(state[1] for state in states)

    def extract_output(self, state):
        return state


def line(item, interval=beam.DoFn.WindowParam):
    return f"{item[0]},{int(interval.start) * 1000},{item[1][0]},{item[1][1]}"


with beam.Pipeline(options=PipelineOptions(["--runner=FnApiRunner"])) as pipeline:
    bids = pipeline | beam.io.ReadFromText(f"{folder}/bids.jsonl") | beam.Map(json.loads)
    if job == "filter_join":
        with open(f"{folder}/auctions.csv") as file:
            auctions = {int(row["id"]): row for row in csv.DictReader(file)}
        lines = (
            bids
            | beam.Filter(lambda bid: bid["price"] >= 500_000 and bid["auction"] in auctions)
            | beam.Map(lambda bid: ",".join(str(value) for value in (
                *bid.values(), auctions[bid["auction"]]["item"], auctions[bid["auction"]]["category"]))))
    else:
        lines = (
            bids
            | beam.Map(lambda bid: window.TimestampedValue((bid["auction"], bid["price"]), bid["event_ms"] / 1000))
            | beam.WindowInto(window.FixedWindows(10))
            | beam.CombinePerKey(CountAndHighest())
            | beam.Map(line)
            | "all together" >> beam.WindowInto(window.GlobalWindows()))
    lines | beam.io.WriteToText(output, shard_name_template="")
