"""Tables that kernels read: level stairs, and rates by calendar year and age band."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.families.tabulated import LinearStaircase, staircase


class LexisRates(NamedTuple):
    """Rates by calendar year and age band, as ``hazards.lexis_wait`` reads them."""

    breaks: NDArray[np.float64]  # [years] age at which each band begins, shape (a,)
    first_year: NDArray[np.int64]  # [years AD] one number, shape (1,)
    rates: NDArray[np.float64]  # [per person-year] shape (years, a)


def level_stairs(breaks: Sequence[float], rates: Sequence[float]) -> LinearStaircase:
    """Return a staircase whose stairs are level; the first rate holds before the first break.

    Raises:
        ValueError: If the breaks do not rise, or a rate is no hazard.
    """
    if len(breaks) != len(rates) or not len(breaks):
        raise ValueError(
            f"a staircase needs a rate for each break; it got {len(breaks)} breaks "
            f"and {len(rates)} rates"
        )
    for before, later in pairwise(breaks):
        if not before < later:
            raise ValueError(f"breaks must rise, but after {before!r} comes {later!r}")
    for start, rate in zip(breaks, rates, strict=True):
        if not 0.0 <= rate < math.inf:
            raise ValueError(
                f"the rate from {start!r} on is {rate!r}; a hazard is finite and not negative"
            )
    level = np.array(rates, np.float64)
    knots = np.array(breaks, np.float64)
    spent = np.concatenate([[0.0], np.cumsum(level[:-1] * np.diff(knots))])
    return staircase(knots, starts=level, ends=level.copy(), spent=spent)
