#!/usr/bin/env python3
"""Starts the real binary headless, scrapes `/metrics` over TCP and over the admin socket, and reads both with the strict
OpenMetrics parser of `prometheus_client`; checks that the snapshot's JSON holds the same figures.

    strict_metrics.py path/to/streamtop

Installs `prometheus_client` into a throw-away virtual environment when this Python lacks it.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.request
import venv

from streamtop_process import WORKSPACE, clean_environment


def parser():
    try:
        from prometheus_client.openmetrics.parser import text_string_to_metric_families
        return text_string_to_metric_families
    except ImportError:
        folder = tempfile.mkdtemp()
        venv.create(folder, with_pip=True)
        subprocess.run([f"{folder}/bin/pip", "install", "-q", "prometheus_client"], check=True)
        os.execv(f"{folder}/bin/python", [f"{folder}/bin/python", *sys.argv])


def main():
    families_of = parser()
    binary = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        data = pathlib.Path(folder) / "data"
        process = subprocess.Popen(
            [str(binary), "run", str(WORKSPACE), "--data", str(data), "--resume", "--for", "60s", "--listen", "127.0.0.1:0"],
            stderr=subprocess.PIPE, text=True, env=clean_environment())
        try:
            address = find_address(process)
            text = urllib.request.urlopen(f"{address}/metrics", timeout=10).read().decode()
            command = [str(binary), "snapshot", "--data", str(data)]
            over_socket = subprocess.run([*command, "--format", "openmetrics"], check=True, capture_output=True, text=True).stdout
            snapshot = json.loads(subprocess.run([*command, "--format", "json"], check=True, capture_output=True, text=True).stdout)
        finally:
            process.terminate()
            process.communicate(timeout=30)
        if process.returncode != 0:
            sys.exit(f"failed: the run ended with code {process.returncode} after SIGTERM")
    for source, body in (("TCP", text), ("socket", over_socket)):
        families = {family.name: family for family in families_of(body)}
        if len(families) < 40:
            sys.exit(f"failed: only {len(families)} families over {source}")
        steps = {sample.labels["step"] for sample in families["streamtop_step_elements_in"].samples}
        told = {step["name"] for pipeline in snapshot["pipelines"] for step in pipeline["steps"]}
        if steps != told:
            sys.exit(f"failed: steps differ: {steps ^ told}")
        print(f"{source}: {len(families)} families, {sum(len(f.samples) for f in families.values())} samples: strict OpenMetrics")


def find_address(process):
    for line in process.stderr:
        match = re.search(r"http://127\.0\.0\.1:\d+", line)
        if match:
            return match.group(0)
    sys.exit("failed: the run never said where it listens")


if __name__ == "__main__":
    main()
