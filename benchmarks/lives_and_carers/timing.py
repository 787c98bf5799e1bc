"""One contestant, measured in a process of its own: one line of JSON a run.

    python -m benchmarks.lives_and_carers.timing MODULE FUNCTION SEED RUNS N [CARERS]

A first, small run comes before, so that imports, compiling and the first use of
caches are not counted. What is measured is the CPU time of the process: unlike
the time on the wall it leaves out what other work on the machine takes.
"""

from __future__ import annotations

import importlib
import json
import sys
import time

SMALLER = 50  # times, the first run


def main() -> None:
    """Run, and print what came out and how long it took."""
    module, function, *numbers = sys.argv[1:]
    seed, runs, *sizes = (int(number) for number in numbers)
    contestant = getattr(importlib.import_module(module), function)
    contestant(*(max(1, size // SMALLER) for size in sizes), seed + runs)
    for run in range(runs):
        began = time.process_time()
        answer = contestant(*sizes, seed + run)
        seconds = time.process_time() - began
        # The speed of W2 is that of its spells, whatever number of them a seed gave.
        n = round(sizes[0] * answer["spells"]) if "spells" in answer else sizes[0]
        print(json.dumps({"n": n, "cpu_s": seconds, **answer}), flush=True)


if __name__ == "__main__":
    main()
