"""What a childhood and a life cost: how many a second, an event, how it grows, and the plain twin.

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
from hailsham.world.development.plain import pods as plain
from hailsham.world.development.pod.state import SEATS

BLOCK = 1_250
SCHOOL_ENDS = 16.0
#: How many times faster than its plain twin the kernel has to be.
BAR = 300
WHAT = (("childhoods", SCHOOL_ENDS), ("whole lives", math.inf))
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
    for what, until in WHAT:
        seconds, events, ticks = min(time_lives(n_lives, until) for _ in range(rounds))
        cost = seconds / (events + ticks) * 1e9
        per_life = f"{events / n_lives:.0f} | {ticks / n_lives:.0f}"
        print(f"| {what} | {n_lives / seconds:,.0f} | {per_life} | {cost:.0f} |")


def time_plain(n_pods: int, until: float) -> float:
    """Return CPU seconds of one life in the plain twin."""
    life, key = hailsham(), draw_key(1)
    pods = pods_alone(key, life, n_pods=n_pods)
    began = time.process_time()
    plain.live_pods(key, lives=[life], pods=pods, until=until)
    return (time.process_time() - began) / (n_pods * SEATS)


def compare(n_lives: int, n_pods: int, rounds: int) -> None:
    """Print how many times faster a life is compiled than plain, measured in turns."""
    for what, until in WHAT:
        turns = [
            (time_lives(n_lives, until)[0] / n_lives, time_plain(n_pods, until))
            for _ in range(rounds)
        ]
        compiled, slow = (min(column) for column in zip(*turns, strict=True))
        costs = f"plain {slow * 1e3:.2f} ms, compiled {compiled * 1e6:.1f} us each"
        print(f"{what}: {costs}, {slow / compiled:.0f} times (bar for childhoods: {BAR})")


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
    parser.add_argument("--pods", type=int, default=5, help="pods lived by the plain twin")
    parser.add_argument("--largest", type=int, default=0, help="largest size of the slope")
    options = parser.parse_args()
    time_lives(SEATS, SCHOOL_ENDS)
    measure(options.lives, options.rounds)
    compare(options.lives, options.pods, options.rounds)
    if options.largest:
        print(f"slope of log time on log lives: {slope(options.largest):.3f}")


if __name__ == "__main__":
    main()
