#!/usr/bin/env python3
"""Checks what the subway workspace wrote against an independent reading of the recordings.

    verify_subway.py RECORDINGS_DIR STOPS_CSV ROWS.json ACTIVITY.json

RECORDINGS_DIR  the .pb files that were replayed (GTFS-realtime FeedMessages); one that does not decode is skipped,
                as the pipeline has to.
STOPS_CSV       stations: stop_id, stop_name, stop_lat, stop_lon and any further columns.
ROWS.json       streamtop sql --format json 'SELECT * FROM mta_updates.realtime_updates'
ACTIVITY.json   streamtop sql --format json 'SELECT * FROM mta_updates.line_activity'

Needs only Python's standard library and shares no code with streamtop: the protobuf wire format is read here by hand.
Prints the counts and at most a few differences; exits with 0 when everything is equal, 1 when not, 2 when it cannot tell.
"""

import csv
import datetime
import json
import pathlib
import re
import sys
from collections import Counter

WINDOW_SECONDS = 30
MOST_DIFFERENCES_SHOWN = 10
STATUSES = {0: "INCOMING_AT", 1: "STOPPED_AT", 2: "IN_TRANSIT_TO"}
ROW_COLUMNS = [
    "unique_event_id", "feed_header_timestamp", "entity_id", "trip_id", "start_time", "start_date", "route_id",
    "stop_id", "vehicle_timestamp", "current_status", "current_stop_sequence", "stop_name", "stop_lat", "stop_lon",
    "direction",
]
ACTIVITY_COLUMNS = ["window_start", "window_end", "route_id", "direction", "vehicles"]


class Malformed(Exception):
    """The bytes are not the message that they should be."""


# --- The wire format (protobuf.dev/programming-guides/encoding) ---


def varint(data, position):
    value = shift = 0
    while True:
        if position >= len(data) or shift > 63:
            raise Malformed("a varint does not end")
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & 0xFFFF_FFFF_FFFF_FFFF, position
        shift += 7


def fields(data):
    """A message as {field number: [values]}: integers of varints, bytes of everything else."""
    found = {}
    position = 0
    while position < len(data):
        tag, position = varint(data, position)
        number, wire = tag >> 3, tag & 7
        if number == 0:
            raise Malformed("field number 0")
        if wire == 0:
            value, position = varint(data, position)
        else:
            if wire == 2:
                length, position = varint(data, position)
            elif wire in (1, 5):
                length = 8 if wire == 1 else 4
            else:
                raise Malformed(f"wire type {wire}")
            if position + length > len(data):
                raise Malformed("a field is longer than the message")
            value, position = data[position:position + length], position + length
        found.setdefault(number, []).append(value)
    return found


def message(found, number):
    """A nested message that may come in pieces, or None."""
    pieces = found.get(number)
    if pieces is None:
        return None
    if not all(isinstance(piece, bytes) for piece in pieces):
        raise Malformed(f"field {number} is not a message")
    return fields(b"".join(pieces))


def text(found, number):
    if number not in found:
        return None
    value = found[number][-1]
    if not isinstance(value, bytes):
        raise Malformed(f"field {number} is not text")
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed(f"field {number} is not UTF-8") from error


def integer(found, number):
    if number not in found:
        return None
    value = found[number][-1]
    if not isinstance(value, int):
        raise Malformed(f"field {number} is not an integer")
    return value


def required(value, what):
    if value is None:
        raise Malformed(f"{what} is missing")
    return value


# --- The expected rows ---


def vehicles(data):
    """The feed header's time and (entity id, fields of the vehicle) for each vehicle with a current_status."""
    feed = fields(data)
    header = required(message(feed, 1), "the header")
    if not required(text(header, 1), "the header's version"):
        raise Malformed("the header's version is empty")
    result = []
    for piece in feed.get(2, []):
        if not isinstance(piece, bytes):
            raise Malformed("an entity is not a message")
        entity = fields(piece)
        entity_id = required(text(entity, 1), "an entity's id")
        update = message(entity, 3)
        if update is not None:
            trip = required(message(update, 1), "a trip update's trip")
            for number in (1, 2, 3, 5):
                text(trip, number)
            for stop in update.get(2, []):
                for event in (2, 3):
                    message(fields(stop), event)
                text(fields(stop), 4)
        vehicle = message(entity, 4)
        if vehicle is None:
            continue
        status = integer(vehicle, 4)
        if status in STATUSES:
            result.append((entity_id, vehicle, message(vehicle, 1) or {}))
    return integer(header, 3) or 0, result


def seconds(value):
    return None if value is None else value * 1_000_000


def rows_of(data, stations):
    time, found = vehicles(data)
    for entity_id, vehicle, trip in found:
        stop_id = text(vehicle, 7)
        station = stations.get(stop_id) or stations.get((stop_id or "")[:-1]) or (None, None, None)
        yield {
            "feed_header_timestamp": seconds(time),
            "entity_id": entity_id,
            "trip_id": text(trip, 1),
            "start_time": text(trip, 2),
            "start_date": text(trip, 3),
            "route_id": text(trip, 5),
            "stop_id": stop_id,
            "vehicle_timestamp": seconds(integer(vehicle, 5)),
            "current_status": STATUSES[integer(vehicle, 4)],
            "current_stop_sequence": integer(vehicle, 3),
            "stop_name": station[0],
            "stop_lat": station[1],
            "stop_lon": station[2],
            "direction": "Southbound" if "S" in (stop_id or "") else "Northbound",
        }


def read_stations(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return {
            row["stop_id"]: (row["stop_name"], float(row["stop_lat"]), float(row["stop_lon"]))
            for row in csv.DictReader(file)
        }


def read_recordings(folder, stations):
    """The expected rows, and the number of recordings that gave them."""
    rows, decoded = [], 0
    paths = sorted(pathlib.Path(folder).glob("*.pb"))
    if not paths:
        sys.exit(f"{folder}: no .pb files")
    for path in paths:
        try:
            rows += list(rows_of(path.read_bytes(), stations))
            decoded += 1
        except Malformed as error:
            print(f"{path.name}: skipped, {error}")
    return rows, decoded


def activity(rows):
    counts = Counter()
    for row in rows:
        start = row["feed_header_timestamp"] // (WINDOW_SECONDS * 1_000_000) * (WINDOW_SECONDS * 1_000_000)
        counts[start, row["route_id"], row["direction"]] += 1
    return [
        {
            "window_start": start,
            "window_end": start + WINDOW_SECONDS * 1_000_000,
            "route_id": route,
            "direction": direction,
            "vehicles": count,
        }
        for (start, route, direction), count in counts.items()
    ]


# --- What was written ---

RFC3339 = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,6})\d*)?(Z|[+-]\d\d:\d\d)")
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def microseconds(value):
    """An RFC 3339 text as microseconds since the epoch; anything else as it is, which then equals nothing expected."""
    match = RFC3339.fullmatch(value) if isinstance(value, str) else None
    if not match:
        return value
    day, clock, fraction, zone = match.groups()
    moment = datetime.datetime.fromisoformat(f"{day}T{clock}" + zone.replace("Z", "+00:00"))
    return (moment - EPOCH) // datetime.timedelta(seconds=1) * 1_000_000 + int((fraction or "0").ljust(6, "0"))


def read_table(path, columns, timestamps):
    """The rows of `streamtop sql --format json`: an array of objects with exactly these columns."""
    try:
        table = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        print(f"{path}: {error}")
        sys.exit(2)
    if not isinstance(table, list) or not all(isinstance(row, dict) for row in table):
        print(f"{path}: not an array of objects")
        sys.exit(2)
    differences = []
    for row in table:
        if set(row) != set(columns):
            missing, extra = sorted(set(columns) - set(row)), sorted(set(row) - set(columns))
            differences.append(f"{path}: columns missing {missing}, unexpected {extra}")
            break
    for row in table:
        for column in timestamps:
            row[column] = microseconds(row.get(column))
    return table, differences


def same(expected, actual):
    """Equal in value and kind: 1 is not "1", and true is not 1."""
    numbers = (int, float)
    if isinstance(expected, bool) or isinstance(actual, bool):
        return False
    if isinstance(expected, float):
        return isinstance(actual, numbers) and float(actual) == expected
    return type(expected) is type(actual) and expected == actual


def compare(name, expected, actual, key, columns):
    differences = []
    wanted, given = {}, {}
    for rows, table in ((expected, wanted), (actual, given)):
        for row in rows:
            table.setdefault(tuple(str(row.get(column)) for column in key), []).append(row)
    for identity in sorted(wanted.keys() | given.keys()):
        here, there = wanted.get(identity, []), given.get(identity, [])
        label = f"{name} {dict(zip(key, identity))}"
        if len(here) != len(there):
            differences.append(f"{label}: {len(here)} expected, {len(there)} found")
            continue
        for one, other in zip(here, there):
            for column in columns:
                if not same(one[column], other.get(column)):
                    differences.append(f"{label}: {column} is {other.get(column)!r}, expected {one[column]!r}")
    return differences


def check_event_ids(rows):
    """One id a recording, never shared by two."""
    differences = []
    ids = {}
    for row in rows:
        value = row.get("unique_event_id")
        if not isinstance(value, str) or not value:
            differences.append(f"row {row.get('entity_id')!r}: unique_event_id is {value!r}")
        else:
            ids.setdefault(row.get("feed_header_timestamp"), set()).add(value)
    for time, values in ids.items():
        if len(values) > 1:
            differences.append(f"feed of {clock_text(time)}: {len(values)} values of unique_event_id")
    if len(set().union(*ids.values())) != sum(len(values) for values in ids.values()):
        differences.append("two recordings share a unique_event_id")
    return differences


def clock_text(micros):
    if not isinstance(micros, int):
        return repr(micros)
    return (EPOCH + datetime.timedelta(microseconds=micros)).strftime("%H:%M:%S")


def window_counts(rows):
    counts = Counter()
    for row in rows:
        vehicles_here = row.get("vehicles")
        counts[clock_text(row.get("window_start"))] += vehicles_here if isinstance(vehicles_here, int) else 0
    return ", ".join(f"{start} {count}" for start, count in sorted(counts.items())) or "none"


def main(arguments):
    if len(arguments) != 4:
        print(__doc__)
        return 2
    recordings, stops, rows_file, activity_file = arguments
    expected, decoded = read_recordings(recordings, read_stations(stops))
    rows, differences = read_table(rows_file, ROW_COLUMNS, ["feed_header_timestamp", "vehicle_timestamp"])
    windows, more = read_table(activity_file, ACTIVITY_COLUMNS, ["window_start", "window_end"])
    differences += more
    differences += compare(
        "realtime_updates", expected, rows, ["feed_header_timestamp", "entity_id"],
        [column for column in ROW_COLUMNS if column != "unique_event_id"])
    differences += check_event_ids(rows)
    differences += compare(
        "line_activity", activity(expected), windows, ["window_start", "route_id", "direction"], ACTIVITY_COLUMNS)

    print(f"recordings: {decoded} decoded")
    at_a_station = sum(row.get("stop_name") is not None for row in rows)
    print(f"realtime_updates: {len(rows)} rows, {at_a_station} with a station; {len(expected)} expected")
    print(f"line_activity: {window_counts(windows)}; expected {window_counts(activity(expected))}")
    for difference in differences[:MOST_DIFFERENCES_SHOWN]:
        print(f"- {difference}")
    if len(differences) > MOST_DIFFERENCES_SHOWN:
        print(f"- and {len(differences) - MOST_DIFFERENCES_SHOWN} more")
    print("different" if differences else "equal")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
