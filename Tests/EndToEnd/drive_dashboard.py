#!/usr/bin/env python3
"""Drives the real dashboard in a pseudo-terminal as a newcomer would: resume by key, watch rows rise, pause by key, scale
by key, export a snapshot, resize, quit, start again.

    drive_dashboard.py path/to/streamtop

Waits for text on the screen, never for time; on failure prints the keys pressed and the last screen. tmux is the terminal.
"""

import json
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import time

from streamtop_process import WORKSPACE

PATIENCE = 30.0


class Screen:
    """A program in a tmux session of its own server."""

    def __init__(self, command, columns, lines):
        self.socket = f"streamtop-{time.monotonic_ns()}"
        self.keys = []
        self.exit_file = pathlib.Path(tempfile.mkdtemp()) / "code"
        shell = f"{shlex.join(command)}; echo $? > {shlex.quote(str(self.exit_file))}"
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(lines), shell)

    def tmux(self, *arguments, check=True):
        return subprocess.run(["tmux", "-L", self.socket, *arguments], check=check, capture_output=True, text=True).stdout

    def text(self):
        return self.tmux("capture-pane", "-p", check=False)

    def press(self, key):
        self.keys.append(key)
        self.tmux("send-keys", key)

    def resize(self, columns, lines):
        self.keys.append(f"<{columns}x{lines}>")
        self.tmux("resize-window", "-x", str(columns), "-y", str(lines))

    def wait(self, what, condition):
        """Returns the condition's value once it is true of the screen."""
        deadline = time.monotonic() + PATIENCE
        text = ""
        while time.monotonic() < deadline:
            text = self.text() or text
            value = condition(text)
            if value:
                print(f"  ok: {what}", flush=True)
                return value
            time.sleep(0.05)
        self.fail(what, text)

    def see(self, pattern):
        return self.wait(f"the screen shows {pattern!r}", lambda text: re.search(pattern, text))

    def exit_code(self):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self.exit_file.exists() and self.exit_file.read_text().strip():
                return int(self.exit_file.read_text())
            time.sleep(0.05)
        self.fail("the program ends", self.text())

    def fail(self, what, text):
        print(f"failed: {what}\nkeys: {' '.join(self.keys)}\nlast screen:\n{text}")
        self.tmux("kill-server", check=False)
        sys.exit(1)

    def close(self):
        self.tmux("kill-server", check=False)


def rows(text):
    """The rows of realtime_updates as the warehouse panel shows them."""
    # A step of the pipeline has the table's name: its row shows rates, the warehouse's stands last.
    matches = [found for found in re.finditer(r"realtime_updates\s+([\d,.]+)\s*([kM]?)(?!\S)", text)]
    if not matches:
        return None
    match = matches[-1]
    scale = {"": 1, "k": 1e3, "M": 1e6}[match.group(2)]
    return float(match.group(1).replace(",", "")) * scale


def main():
    binary = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        data = pathlib.Path(folder) / "data"
        snapshot = pathlib.Path(folder)
        command = [str(binary), str(WORKSPACE), "--data", str(data)]

        screen = Screen(command, 120, 40)
        screen.see("PAUSED")
        screen.see("trigger-event-task")
        before = screen.wait("the warehouse panel counts rows", lambda text: rows(text) is not None and (rows(text),))[0]
        screen.press("Space")
        screen.see("LIVE")
        risen = screen.wait("rows rise", lambda text: (rows(text) or 0) > before and rows(text))
        screen.press("Space")
        screen.see("PAUSED")

        # Panel 5 holds the pipelines: a worker more, a worker less.
        screen.press("5")
        screen.press("+")
        screen.see(r"2 workers|workers\s+2")
        screen.press("-")
        screen.see(r"1 worker\b|workers\s+1\b")

        screen.press("e")
        written = screen.see(r"(snapshot-[\w.:-]+\.json)").group(1)
        found = list(snapshot.rglob(written))
        if not found:
            screen.fail(f"{written} exists", screen.text())
        figures = json.loads(found[0].read_text())
        if not any(table["name"] == "realtime_updates" and table["rows"] >= risen for table in figures["tables"]):
            screen.fail("the exported snapshot counts the rows", screen.text())
        print("  ok: the exported snapshot counts the rows")

        screen.press("?")
        screen.see("(?i)help|keys")
        screen.press("Escape")
        for columns, lines in ((80, 24), (200, 60), (40, 10), (120, 40)):
            screen.resize(columns, lines)
            if columns == 40:
                screen.see("(?i)too small|60.?.?16")
            else:
                screen.see("warehouse.*rows")
        screen.press("q")
        screen.wait("it asks, or ends", lambda text: screen.exit_file.exists() or re.search(r"\by yes\b", text))
        if not screen.exit_file.exists():
            screen.press("y")
        code = screen.exit_code()
        screen.close()
        if code != 0:
            sys.exit(f"failed: it ended with code {code}")
        print("  ok: it ends with code 0")

        # They start again: counts go on from where they were.
        again = Screen(command, 120, 40)
        again.wait("the rows are still there", lambda text: (rows(text) or 0) >= risen)
        again.see("PAUSED")
        again.press("q")
        again.wait("it asks, or ends", lambda text: again.exit_file.exists() or re.search(r"\by yes\b", text))
        if not again.exit_file.exists():
            again.press("y")
        code = again.exit_code()
        again.close()
        if code != 0:
            sys.exit(f"failed: the second start ended with code {code}")
    print("the dashboard works by key in a pseudo-terminal")


if __name__ == "__main__":
    main()
