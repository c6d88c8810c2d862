"""Drives Pub/Sub's front door with Google's own clients. See README.md beside this file."""

import argparse
import os
import pathlib
import subprocess
import sys
import venv

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PACKAGES = ["google-cloud-pubsub==2.44.0"]


def interpreter():
    """The Python of an environment that has Google's library; made the first time."""
    home = ROOT / ".build" / "conformance"
    python = home / "bin" / "python"
    stamp = home / "packages"
    if not stamp.exists() or stamp.read_text() != "\n".join(PACKAGES):
        print(f"== making {home} with {', '.join(PACKAGES)}", flush=True)
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
        stamp.write_text("\n".join(PACKAGES))
    return python


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary", nargs="?", help="the program, .build/debug/streamtop")
    parser.add_argument("--against", help="HOST:PORT of something that runs already")
    parser.add_argument("--only", default="", help="test names that contain this")
    arguments = parser.parse_args()
    if not arguments.binary and not arguments.against:
        parser.error("name the program, or what runs already with --against HOST:PORT")
    environment = dict(os.environ)
    for variable in ("PUBSUB_EMULATOR_HOST", "STREAMTOP_DATA", "GOOGLE_APPLICATION_CREDENTIALS"):
        environment.pop(variable, None)
    if arguments.against:
        environment["CONFORMANCE_AGAINST"] = arguments.against
    else:
        environment["CONFORMANCE_BINARY"] = str(pathlib.Path(arguments.binary).resolve())
    command = [str(interpreter()), "-W", "ignore", "-m", "unittest", "discover", "-s", str(HERE), "-v"]
    if arguments.only:
        command += ["-k", arguments.only]
    sys.exit(subprocess.run(command, env=environment).returncode)


if __name__ == "__main__":
    main()
