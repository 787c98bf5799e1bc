"""W1 without sampling: the answers that every contestant must give.

Death from the background acts on the well and the ill alike, so it is taken
out: ``w`` and ``m`` are the shares well and ill of those it has spared. With
``K(s)`` the share still ill ``s`` years after an onset,

    w'(a) = -onset(a) w(a) + recovery m(a),   m(a) = integral of onset(u) w(u) K(a - u) du.

Both are solved on a grid by trapezoids, twice, and the error of second order is
taken out (Richardson).

Told by life tables, hazards are constant in each year of age or of illness,
with the same total: they jump at every whole year, where a trapezoid that ends
reads what was before, and one that begins what comes after.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from benchmarks.lives_and_carers.workloads import (
    AGES,
    DEATH_LEVEL,
    DEATH_SLOPE,
    EXCESS_FALL,
    EXCESS_LEVEL,
    LAST_AGE,
    ONSET_LEVEL,
    ONSET_SLOPE,
    RECOVERY,
)

STEPS = 20  # a year


class _Hazard:
    """A Gompertz hazard on a grid, as it is or as a life table has it."""

    def __init__(self, level: float, slope: float, *, steps: int, by_year: bool) -> None:
        age = np.arange(round(LAST_AGE * steps) + 1) / steps
        years = np.arange(round(LAST_AGE) + 2)
        spent = level / slope * np.expm1(slope * years)
        if by_year:
            rates, year = np.diff(spent), np.arange(len(age)) // steps
            self.after = rates[year]
            self.before = rates[np.maximum((np.arange(len(age)) - 1) // steps, 0)]
            self.total = np.interp(age, years, spent)
        else:
            self.after = self.before = level * np.exp(slope * age)
            self.total = level / slope * np.expm1(slope * age)


def on_grid(steps: int, *, by_year: bool) -> dict[str, float]:
    """Return the means of W1 by trapezoids of so many steps a year."""
    h = 1.0 / steps
    onset = _Hazard(ONSET_LEVEL, ONSET_SLOPE, steps=steps, by_year=by_year)
    death = _Hazard(DEATH_LEVEL, DEATH_SLOPE, steps=steps, by_year=by_year)
    excess = _Hazard(EXCESS_LEVEL, -EXCESS_FALL, steps=steps, by_year=by_year)
    n = len(onset.total)
    spared = np.exp(-death.total)
    still = np.exp(-RECOVERY * h * np.arange(n) - excess.total)
    well, ill, falls = np.ones(n), np.zeros(n), np.zeros(n)
    falls[0] = onset.after[0]
    half = 0.5 * h
    for i in range(1, n):
        # What is known of m(a) before w(a) is, and w(a) from the trapezoid of its equation.
        known = h * (falls[:i] @ still[i:0:-1] - 0.5 * falls[0] * still[i])
        slope = RECOVERY * ill[i - 1] - onset.after[i - 1] * well[i - 1]
        below = 1.0 + half * onset.before[i] * (1.0 - RECOVERY * half)
        well[i] = (well[i - 1] + half * (slope + RECOVERY * known)) / below
        # Within a sum, one trapezoid ends here and the next begins.
        falls[i] = 0.5 * (onset.before[i] + onset.after[i]) * well[i]
        ill[i] = known + half * onset.before[i] * well[i]
    alive = spared * (well + ill)
    answer = {
        "death_age": np.trapezoid(alive, dx=h),
        "ill_years": np.trapezoid(spared * ill, dx=h),
        "episodes": np.trapezoid(spared * falls, dx=h),
    }
    for years in AGES:
        i = round(years * steps)
        answer |= {f"ill_at_{years:.0f}": spared[i] * ill[i], f"dead_at_{years:.0f}": 1 - alive[i]}
    return {name: float(value) for name, value in answer.items()}


@cache
def lives(*, by_year: bool = False) -> dict[str, float]:
    """Return the means of W1, to about eight digits.

    Args:
        by_year: Whether hazards are those of life tables, constant in each year.
    """
    coarse, fine = (on_grid(steps, by_year=by_year) for steps in (STEPS, 2 * STEPS))
    return {name: fine[name] + (fine[name] - coarse[name]) / 3.0 for name in fine}
