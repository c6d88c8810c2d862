"""The two jobs in DuckDB: duckdb_jobs.py filter_join|windows FOLDER OUTPUT THREADS"""

import sys

import duckdb

job, folder, output, threads = sys.argv[1:]
bids = (
    f"read_json('{folder}/bids.jsonl', format = 'newline_delimited', columns = {{auction: 'BIGINT', bidder: 'BIGINT', "
    "price: 'BIGINT', channel: 'VARCHAR', url: 'VARCHAR', event_ms: 'BIGINT', extra: 'VARCHAR'})"
)
queries = {
    "filter_join": f"""SELECT b.auction, bidder, price, channel, url, event_ms, extra, item, category
        FROM {bids} b JOIN read_csv('{folder}/auctions.csv') a ON b.auction = a.id WHERE price >= 500000""",
    "windows": f"""SELECT auction, event_ms // 10000 * 10000 AS window_start, count(*) AS bids, max(price) AS highest
        FROM {bids} GROUP BY ALL""",
}
connection = duckdb.connect()
connection.execute(f"SET threads TO {threads}")
connection.execute(f"COPY ({queries[job]}) TO '{output}' (HEADER)")
