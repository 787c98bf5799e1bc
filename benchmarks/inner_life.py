"""What a childhood and a life cost: how many a second, what an event costs, and how it grows.

Needs only the installed package. A childhood ends where school is left. The
time is CPU time of one core, the best of a few rounds, because other work on
a machine only ever adds.
"""

from __future__ import annotations

import argparse
import math
import statistics
import time

from hailsham.engine.draws import draw_key
from hailsham.world.development.lives import live_pods, pods_alone
from hailsham.world.development.parameters import as_numbers, hailsham
from hailsham.world.development.pod.state import SEATS

BLOCK = 1_250
SCHOOL_ENDS = 16.0
SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000)


def time_lives(n_lives: int, until: float) -> tuple[float, int, int]:
    """Return CPU seconds, events and ticks of so many lives, lived in blocks and not kept."""
    life, key = hailsham(), draw_key(1)
    numbers = as_numbers([life])
    n_pods, events, ticks = n_lives // SEATS, 0, 0
    began = time.process_time()
    for first in range(0, n_pods, BLOCK):
        pods = pods_alone(key, life, n_pods=min(BLOCK, n_pods - first), first_pod=first)
        lives = live_pods(key, numbers=numbers, pods=pods, until=until).lives
        events += int(lives["events"].sum())
        ticks += int(lives["ticks"].sum())
    return time.process_time() - began, events, ticks


def measure(n_lives: int, rounds: int) -> None:
    """Print what childhoods and whole lives cost."""
    print("| what | a second | events a life | ticks a life | ns an event or tick |")
    print("| --- | --- | --- | --- | --- |")
    for what, until in (("childhoods", SCHOOL_ENDS), ("whole lives", math.inf)):
        seconds, events, ticks = min(time_lives(n_lives, until) for _ in range(rounds))
        cost = seconds / (events + ticks) * 1e9
        per_life = f"{events / n_lives:.0f} | {ticks / n_lives:.0f}"
        print(f"| {what} | {n_lives / seconds:,.0f} | {per_life} | {cost:.0f} |")


def slope(largest: int) -> float:
    """Print the cost at each size, and return the slope of log time on log lives."""
    sizes = [n for n in SIZES if n <= largest]
    seconds = []
    for n in sizes:
        seconds.append(time_lives(n, SCHOOL_ENDS)[0])
        print(
            f"{n:>9,} childhoods: {seconds[-1]:8.2f} s, {n / seconds[-1]:,.0f} a second", flush=True
        )
    logs = [math.log(n) for n in sizes]
    return statistics.linear_regression(logs, [math.log(s) for s in seconds]).slope


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lives", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--largest", type=int, default=0, help="largest size of the slope")
    options = parser.parse_args()
    time_lives(SEATS, SCHOOL_ENDS)
    measure(options.lives, options.rounds)
    if options.largest:
        print(f"slope of log time on log lives: {slope(options.largest):.3f}")


if __name__ == "__main__":
    main()
