"""Whether figures and costs keep their law from a thousand lives to a million."""

from __future__ import annotations

import time
from collections.abc import Callable

from hailsham.engine.draws import draw_key
from hailsham.verification.comparison import Comparison, answers_of, compare
from hailsham.verification.estimates import Estimate
from hailsham.verification.problems import read_problems
from hailsham.verification.states import illness_and_recovery

#: Lives of three samples of P10 that share no luck: 1 in 100, 1 in 10, and all.
SIZES = (10_000, 100_000, 1_000_000)
#: What a time on a busy machine is worth, as a part of it. Five of these let pass a cost from half
#: to one and a half times the linear one; a cost that grows as the square would be tenfold.
BUSY = 0.1
_PROBLEM = "P10"
_REPEATS = 3


def verify_scale_law(
    seed: int = 1, *, observe: Callable[[str, float], None] | None = None
) -> list[Comparison]:
    """Hold one problem to its answers at three sizes, and its cost to its size.

    The same answers within ever smaller errors say that nothing depends on how
    many people there are; ten times the people are to cost ten times as much.

    Args:
        seed: Whole number in [0, 2**32): which luck.
        observe: Is told before each size what it is, and the share done.
    """
    found, seconds = [], {}
    for done, size in enumerate(SIZES):
        if observe is not None:
            observe(f"{_PROBLEM} with {size:,} lives", done / len(SIZES))
        rows, seconds[size] = _at_size(size, seed)
        found += rows
    smaller, larger = SIZES[-2:]
    ratio = seconds[larger] / seconds[smaller]
    cost = {f"cost of {larger // smaller} times the lives": Estimate(ratio, BUSY * ratio)}
    exact = dict.fromkeys(cost, larger / smaller)
    return [*found, *compare(cost, answers=exact, problem=_PROBLEM)]


def _at_size(size: int, seed: int) -> tuple[list[Comparison], float]:
    """Comparisons at one size, and the least CPU time of a few tries."""
    inputs, seconds = read_problems()[_PROBLEM].inputs, []
    for _ in range(_REPEATS):
        began = time.process_time()
        # A replicate of its own, which is no problem's number.
        estimates = illness_and_recovery(inputs, key=draw_key(seed, size), n=size)
        seconds.append(time.process_time() - began)
    named = {f"{name}, {size:,} lives": found for name, found in estimates.items()}
    answers = {f"{name}, {size:,} lives": v for name, v in answers_of(_PROBLEM).items()}
    return compare(named, answers=answers, problem=_PROBLEM), min(seconds)
