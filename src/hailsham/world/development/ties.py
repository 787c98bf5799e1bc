"""Ties between the eight of a pod: friends, couples, and how ties wear away.

At school a tie holds; afterwards it decays, a couple's more slowly. What falls
below a threshold is lost to both. Between changes of the rate a tie is a plain
exponential, so the moment it ends is known as soon as the rate is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hailsham.engine.arithmetic import exp, log
from hailsham.engine.compiling import compiled
from hailsham.world.development.clock import COTTAGES, SCHOOL
from hailsham.world.parameters import parameter

_OURS = "our assumption"
_WEAKEN = "article: the ties of Hailsham weaken after the Cottages; the size is ours"


@dataclass(frozen=True)
class TieParameters:
    """Friends and couples."""

    chance: float = parameter(
        0.75, "probability that two of a pod are tied", unit="proportion", low=0, high=1,
        grade="X", source=_OURS,
    )  # fmt: skip
    weakest: float = parameter(
        0.3, "weakest tie at the start", unit="proportion", low=0.15, high=0.9, grade="X",
        source=_OURS,
    )  # fmt: skip
    strongest: float = parameter(
        0.9, "strongest tie at the start", unit="proportion", low=0.3, high=1, grade="X",
        source=_OURS,
    )  # fmt: skip
    couple_rate: float = parameter(
        0.05, "forming a couple, from each side, for a tie of full strength",
        unit="per person-year", low=0.025, high=0.1, grade="X", source=_OURS,
    )  # fmt: skip
    couple_from: float = parameter(
        12.0, "age from which couples form", unit="years", low=10, high=16, grade="X", source=_OURS
    )
    couple_tie: float = parameter(
        0.3, "strength that a couple's tie must pass", unit="proportion", low=0.15, high=0.6,
        grade="X", source=_OURS,
    )  # fmt: skip
    decay_couple: float = parameter(
        0.05, "decay of a couple's tie after school", unit="per person-year", low=0.01, high=0.1,
        grade="X", source=_WEAKEN,
    )  # fmt: skip
    decay_cottages: float = parameter(
        0.03, "decay of a tie while both are at the Cottages", unit="per person-year", low=0.01,
        high=0.06, grade="X", source=_WEAKEN,
    )  # fmt: skip
    decay_later: float = parameter(
        0.15, "decay of a tie later", unit="per person-year", low=0.01, high=0.3, grade="X",
        source=_WEAKEN,
    )  # fmt: skip
    ends_below: float = parameter(
        0.15, "strength below which a tie is lost", unit="proportion", low=0.05, high=0.3,
        grade="X", source=_OURS,
    )  # fmt: skip
    selectivity: float = parameter(
        0.0, "how much awareness sorts ties: weak ones decay faster (sst)", low=0, high=1,
        grade="L", source="literature: a felt end narrows the circle; off by default",
    )  # fmt: skip


@compiled
def decay_rate(numbers: np.void, one: int, other: int, is_couple: bool) -> float:
    """Return how fast the tie of two people in their stations decays [per person-year]."""
    if min(one, other) == SCHOOL:
        return 0.0
    if is_couple:
        return numbers["ties_decay_couple"]
    if one == COTTAGES and other == COTTAGES:
        return numbers["ties_decay_cottages"]
    return numbers["ties_decay_later"]


@compiled
def strength(start: float, rate: float, years: float) -> float:
    """Return the strength of a tie after some years of decay at a rate."""
    if start == 0.0 or rate == 0.0:
        return start
    return start * exp(-rate * years)


@compiled
def years_to_end(start: float, rate: float, floor: float) -> float:
    """Return how long a tie takes to fall to the threshold; ``inf`` if it does not decay."""
    if start == 0.0 or rate == 0.0:
        return math.inf
    if start <= floor:
        return 0.0
    return log(start / floor) / rate
