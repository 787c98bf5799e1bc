"""Hold the simulated public against the record, at any scale, and print a table.

    python -m verification.truth_of_the_public
    python -m verification.truth_of_the_public --scale 4 --twin liver
    python -m verification.truth_of_the_public --scale 1 --migration residual

Run it in the project's folder, with hailsham and the packages of its tests.
Each scale is lived with and without migration, and with each twin: a world in
which that one cause kills three per cent too often. A whole England, 1 in 1,
has 93 million lives. Ends with 1 if a right world was found wrong, or a twin
was not whose three per cent are worth five standard errors.
"""

from __future__ import annotations

import argparse
import sys
import time

import numpy as np

from hailsham.world.recorded import CAUSES
from tests.laws.truth import (
    LIMIT,
    LIMIT_EXPECTANCY,
    SEED,
    WRONG,
    Rates,
    compare_counts,
    compare_rates,
    live,
    z_of_expectancies,
)

SCALES = (5000, 500, 50)
#: Standard errors from which on an error must be noticed; at the limit itself it is even odds.
_PLAIN = 5.0
MIGRATION = ("residual", "none")
HEADINGS = (
    "1 in", "migration", "twin", "lives", "deaths", "cells outside", "allowed", "z cause",
    "z decade", "z both", "z age", "counts off", "z expectancy", "z twin", "seconds",
)  # fmt: skip


def main() -> int:
    """Print one line a world, then one a cause, and return the exit code."""
    asked = _asked()
    worlds = [
        (scale, migration, twin)
        for scale in asked.scale
        for migration in asked.migration
        for twin in ("", *asked.twin)
    ]
    _tell(HEADINGS)
    _tell(["---"] * len(HEADINGS))
    sound = True
    rates = None
    for scale, migration, twin in worlds:
        told, is_sound, rates_here = _compare(scale, migration, twin, asked.seed)
        _tell(told)
        sound &= is_sound
        rates = rates_here if not twin else rates
    if rates:
        _tell_causes(rates)
    return 0 if sound else 1


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--scale", type=int, nargs="+", default=SCALES, help="one life in so many")
    parser.add_argument("--migration", nargs="+", choices=MIGRATION, default=MIGRATION)
    parser.add_argument("--twin", nargs="+", choices=CAUSES, default=(), metavar="CAUSE")
    parser.add_argument("--seed", type=int, default=SEED)
    return parser.parse_args()


def _compare(scale: int, migration: str, twin: str, seed: int) -> tuple[list[str], bool, Rates]:
    """Live one world, and return its line, whether it is as it should be, and its rates."""
    began = time.perf_counter()
    seen = live(scale, seed=seed, migration=migration, wrong=(twin,) if twin else ())
    seconds = time.perf_counter() - began
    live.cache_clear()
    rates = compare_rates(seen)
    # Only with migration are the right people there.
    counts = compare_counts(seen, scale=scale) if migration == "residual" else None
    largest = float(np.abs(z_of_expectancies(seen)[0]).max()) if counts else None
    if twin:
        is_plain = (WRONG - 1.0) / rates.least_error(twin) * LIMIT >= _PLAIN
        is_sound = rates.z_of_cause(twin) >= LIMIT or not is_plain
    else:
        is_sound = (
            not rates.faults()
            and not (counts and counts.faults())
            and (largest is None or largest < LIMIT_EXPECTANCY)
        )
    pooled = (rates.by_cause, rates.by_decade, rates.by_cause_and_decade, rates.by_age)
    told = [
        f"{scale:,}",
        "on" if migration == "residual" else "off",
        twin or "-",
        f"{int(seen.entered.sum()):,}",
        f"{rates.deaths:,}",
        f"{rates.age_outside} + {rates.cause_outside} of {rates.age_cells + rates.cause_cells:,}",
        str(rates.outside_allowed),
        *(f"{np.abs(z).max():.1f}" for z in pooled),
        f"{len(counts.faults())} of {2 * counts.deaths_z.size}" if counts else "-",
        f"{largest:.1f}" if largest is not None else "-",
        f"{rates.z_of_cause(twin):+.1f}" if twin else "-",
        f"{seconds:.1f}",
    ]
    return told, is_sound, rates


def _tell(cells: list[str] | tuple[str, ...]) -> None:
    print("| " + " | ".join(cells) + " |", flush=True)


def _tell_causes(rates: Rates) -> None:
    """Print of each cause, for the last right world, what an error would have to be."""
    print()
    _tell(("cause", "deaths expected", "z", "error at the limit"))
    _tell(["---"] * 4)
    for cause, expected in zip(CAUSES, rates.deaths_of, strict=True):
        error = f"{rates.least_error(cause):.2%}"
        _tell((cause, f"{expected:,.0f}", f"{rates.z_of_cause(cause):+.1f}", error))


if __name__ == "__main__":
    sys.exit(main())
