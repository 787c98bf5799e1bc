"""All contestants compute the same thing, or the race is off.

W1 is held to its exact answers. For W2 the deaths and the spells are known
exactly; the wait is not, and is held to that of the limit in many runs, whose
spread gives the standard error. A broken twin of each must be refused, at the
size of the smallest contestant.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

from benchmarks.lives_and_carers import exact
from benchmarks.lives_and_carers.workloads import DEATH_RISK, SPELLS

APART = 5.0  # standard errors that chance may make; once in 1.7 million checks
#: Standard deviations between persons, from 20 million lives.
SPREAD = {"death_age": 15.8, "ill_years": 10.3, "episodes": 0.811}

Run = dict[str, float]


def lives_apart(runs: Sequence[Run], *, by_year: bool = False) -> dict[str, float]:
    """Return for every mean of W1 how many standard errors it is from its exact value.

    Args:
        runs: As they came.
        by_year: Whether hazards were those of life tables.
    """
    persons = sum(run["n"] for run in runs)
    found = {}
    for name, value in exact.lives(by_year=by_year).items():
        mean = sum(run["n"] * run[name] for run in runs) / persons
        spread = SPREAD[name] if name in SPREAD else math.sqrt(value * (1.0 - value))
        found[name] = (mean - value) / (spread / math.sqrt(persons))
    return found


def carers_apart(runs: Sequence[Run], *, limit: Sequence[Run]) -> dict[str, float]:
    """Return for every mean of W2 how many standard errors it is from where it belongs."""
    survives = 1.0 - DEATH_RISK
    known = {
        "spells": sum(survives**spell for spell in range(SPELLS)),
        "deaths": 1.0 - survives**SPELLS,
    }
    found = {}
    for name in ("spells", "deaths", "wait"):
        values = [run[name] for run in limit]
        spread = statistics.stdev(values)
        centre, error = known.get(name), spread / math.sqrt(len(runs))
        if centre is None:
            centre = statistics.fmean(values)
            error = spread * math.sqrt(1.0 / len(runs) + 1.0 / len(values))
        found[name] = (statistics.fmean(run[name] for run in runs) - centre) / error
    return found


def furthest(apart: dict[str, float]) -> tuple[str, float]:
    """Return the mean that is furthest from where it belongs, and how far."""
    return max(apart.items(), key=lambda item: abs(item[1]))


def would_notice(persons: float) -> float:
    """Return the smallest error in years ill that W1's check is sure to notice, as a share."""
    return APART * SPREAD["ill_years"] / math.sqrt(persons) / exact.lives()["ill_years"]
