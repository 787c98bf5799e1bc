"""W1 without sampling: the answers that every contestant must give.

Death from the background acts on the well and the ill alike, so it is taken
out: ``w`` and ``m`` are the shares well and ill of those it has spared. With
``K(s)`` the share still ill ``s`` years after an onset,

    w'(a) = -onset(a) w(a) + recovery m(a),   m(a) = integral of onset(u) w(u) K(a - u) du.

Both are solved on a grid by trapezoids, twice, and the error of second order is
taken out (Richardson).
"""

from __future__ import annotations

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


def on_grid(steps: int) -> dict[str, float]:
    """Return the means of W1 by trapezoids of so many steps a year."""
    h = 1.0 / steps
    age = np.arange(round(LAST_AGE * steps) + 1) * h
    onset = ONSET_LEVEL * np.exp(ONSET_SLOPE * age)
    spared = np.exp(-DEATH_LEVEL / DEATH_SLOPE * np.expm1(DEATH_SLOPE * age))
    still = np.exp(-RECOVERY * age + EXCESS_LEVEL / EXCESS_FALL * np.expm1(-EXCESS_FALL * age))
    well, ill, falls = np.ones_like(age), np.zeros_like(age), np.zeros_like(age)
    falls[0] = onset[0]
    half = 0.5 * h
    for i in range(1, len(age)):
        # What is known of m(a) before w(a) is, and w(a) from the trapezoid of its equation.
        known = h * (falls[:i] @ still[i:0:-1] - 0.5 * falls[0] * still[i])
        slope = RECOVERY * ill[i - 1] - falls[i - 1]
        below = 1.0 + half * onset[i] * (1.0 - RECOVERY * half)
        well[i] = (well[i - 1] + half * (slope + RECOVERY * known)) / below
        falls[i] = onset[i] * well[i]
        ill[i] = known + half * falls[i]
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


def lives() -> dict[str, float]:
    """Return the means of W1, to about eight digits."""
    coarse, fine = on_grid(STEPS), on_grid(2 * STEPS)
    return {name: fine[name] + (fine[name] - coarse[name]) / 3.0 for name in fine}
