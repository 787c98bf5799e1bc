"""Seconds and memory of what a person types, each as a whole process.

Needs only the installed package. ``--cold`` also times the first run after
installation, with an empty cache of kernels.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HAILSHAM = (sys.executable, "-m", "hailsham")

#: (what it is, arguments, what must not be there before it)
COMMANDS: tuple[tuple[str, tuple[str, ...], bool], ...] = (
    ("hailsham --help", ("--help",), False),
    ("hailsham check few-carers", ("check", "few-carers"), False),
    ("the default run, warm, with the report", ("run",), True),
    ("the same with --no-report --json", ("run", "--no-report", "--json"), True),
    ("the same question again", ("run",), False),
)


def time_once(arguments: tuple[str, ...], folder: Path, environment: dict[str, str]) -> float:
    """Run a command as a whole process and return its wall time in seconds."""
    began = time.perf_counter()
    subprocess.run(
        (*HAILSHAM, *arguments), cwd=folder, env=environment, check=True, capture_output=True
    )
    return time.perf_counter() - began


def largest_memory() -> float:
    """Return the largest resident memory of any process run so far [GB]."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6


def measure(rounds: int, folder: Path, environment: dict[str, str]) -> None:
    """Print a row for each command."""
    print("| what | least s | median s | most s |")
    print("| --- | --- | --- | --- |")
    for what, arguments, anew in COMMANDS:
        seconds = []
        for _ in range(rounds):
            if anew:
                shutil.rmtree(folder / "runs", ignore_errors=True)
            seconds.append(time_once(arguments, folder, environment))
        least, middle, most = min(seconds), statistics.median(seconds), max(seconds)
        print(f"| {what} | {least:.2f} | {middle:.2f} | {most:.2f} |")


def main() -> None:
    """Measure, and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--cold", action="store_true", help="time the first run, compiling")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = dict(os.environ)
        if options.cold:
            environment["HAILSHAM_CACHE"] = str(folder / "cache")
            print(f"first run, compiling: {time_once(('run',), folder, environment):.1f} s")
        else:
            time_once(("run",), folder, environment)
        measure(options.rounds, folder, environment)
        print(f"largest resident memory: {largest_memory():.2f} GB")


if __name__ == "__main__":
    main()
