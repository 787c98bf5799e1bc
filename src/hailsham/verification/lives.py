"""Lives that end once: one hazard or several that compete, frailty, a change at a date.

What is given has the names of the file: levels ``a`` and slopes ``b`` of
Gompertz hazards ``a * exp(b * age)``, constant rates ``l`` and ``c``.
"""

from __future__ import annotations

import numpy as np

from hailsham.engine.draws import purpose
from hailsham.engine.hazards import gompertz_cumulative, gompertz_hazard, gompertz_wait
from hailsham.verification.estimates import (
    Estimates,
    deviation_of,
    exactly,
    mean_of,
    median_of,
    scaled,
    share_of,
    variance_of,
    variance_ratio_of,
)
from hailsham.verification.problems import Inputs
from hailsham.verification.waits import (
    CLOCKS,
    LATER,
    N_LIVES,
    budgets,
    clocks,
    gamma_waits,
    gompertz_waits,
    people,
    staircase_waits,
)

_OTHER_ARM = purpose("verification.other_arm")


def constant_hazard(inputs: Inputs, *, key: np.uint64, n: int = N_LIVES) -> Estimates:
    """Simulate P01: every age is as dangerous as every other."""
    (lives,) = clocks(key, levels=[inputs["l"]], slopes=[0.0], n=n)
    return {
        "mean": mean_of(lives),
        "sd": deviation_of(lives),
        "median": median_of(lives),
        "S_30": share_of(lives > 30.0),
        "mean_restricted_60": mean_of(np.minimum(lives, 60.0)),
    }


def gompertz_life(inputs: Inputs, *, key: np.uint64, n: int = N_LIVES) -> Estimates:
    """Simulate P02: a hazard that rises exponentially, from birth and from 65."""
    level, slope = inputs["a"], inputs["b"]
    (lives,) = clocks(key, levels=[level], slopes=[slope], n=n)
    (rest,) = clocks(key, levels=[level], slopes=[slope], n=n, age=65.0, addresses=LATER)
    return {
        "e0": mean_of(lives),
        "median": median_of(lives),
        # Most die where the hazard is its own relative rise, and there it has spent 1 - a / b.
        "mode": exactly(gompertz_wait(1.0 - level / slope, 0.0, level, slope)),
        "sd": deviation_of(lives),
        "S_65": share_of(lives > 65.0),
        "e65": mean_of(rest),
        "S_100": share_of(lives > 100.0),
    }


def gompertz_makeham_life(inputs: Inputs, *, key: np.uint64, n: int = N_LIVES) -> Estimates:
    """Simulate P03: ageing and accidents as two clocks, from birth and from 40."""
    levels, slopes = (inputs["a"], inputs["c"]), (inputs["b"], 0.0)
    latent = clocks(key, levels=levels, slopes=slopes, n=n)
    rest = clocks(key, levels=levels, slopes=slopes, n=n, age=40.0, addresses=LATER)
    lives = latent.min(axis=0)
    return {
        "e0": mean_of(lives),
        "e40": mean_of(rest.min(axis=0)),
        "share_accident": share_of(latent[1] < latent[0]),
        "S_80": share_of(lives > 80.0),
    }


def siler_life(inputs: Inputs, *, key: np.uint64, n: int = N_LIVES) -> Estimates:
    """Simulate P04: an infant clock that may never ring, accidents, and ageing."""
    levels = inputs["a1"], inputs["a2"], inputs["a3"]
    slopes = -inputs["b1"], 0.0, inputs["b3"]
    lives = clocks(key, levels=levels, slopes=slopes, n=n).min(axis=0)
    rest = clocks(key, levels=levels, slopes=slopes, n=n, age=65.0, addresses=LATER)
    return {
        "e0": mean_of(lives),
        "S_1": share_of(lives > 1.0),
        "S_65": share_of(lives > 65.0),
        "e65": mean_of(rest.min(axis=0)),
        "q0_per_1000": scaled(share_of(lives <= 1.0), 1000.0),
    }


def risks_of_one_slope(inputs: Inputs, *, key: np.uint64, n: int = N_LIVES) -> Estimates:
    """Simulate P06: three causes that rise together, and life without the first."""
    latent = clocks(key, levels=inputs["a"], slopes=[inputs["b"]] * 3, n=n)
    without = {"e0_without_0": mean_of(latent[1:].min(axis=0))}
    return {**_by_cause(latent, age=80), **without}


def risks_of_several_slopes(inputs: Inputs, *, key: np.uint64, n: int = N_LIVES) -> Estimates:
    """Simulate P07: three causes that rise each in its own way."""
    return _by_cause(clocks(key, levels=inputs["a"], slopes=inputs["b"], n=n), age=70)


def _by_cause(latent: np.ndarray, *, age: int) -> Estimates:
    """Mean life, and of each cause its share and what it has taken by an age."""
    lives, causes = latent.min(axis=0), latent.argmin(axis=0)
    found = {"e0": mean_of(lives)}
    for cause in range(len(latent)):
        died = causes == cause
        found[f"share_{cause}"] = share_of(died)
        found[f"cif{age}_{cause}"] = share_of(died & (lives <= age))
    return found


def life_table(inputs: Inputs, *, key: np.uint64, n: int = N_LIVES) -> Estimates:
    """Simulate P08: two causes with a rate for each band of age, one of them nought."""
    breaks = np.array(inputs["cuts"], np.float64)
    latent = np.array(
        [
            staircase_waits(budgets(key, address, 0, people(n)), 0.0, breaks, np.array(inputs[of]))
            for address, of in zip(CLOCKS, ("r1", "r2"), strict=False)
        ]
    )
    return read_life_table(latent.min(axis=0), is_first=latent[0] < latent[1])


def read_life_table(lives: np.ndarray, *, is_first: np.ndarray) -> Estimates:
    """Read P08 off lives and whether their first cause ended them."""
    survival = {f"S_{age}": share_of(lives > age) for age in (1, 5, 15, 45, 65, 75, 85)}
    return {**survival, "e0": mean_of(lives), "share_cause1": share_of(is_first)}


def frailty(inputs: Inputs, *, key: np.uint64, n: int = N_LIVES) -> Estimates:
    """Simulate P23: hazards multiplied by a gamma variable of mean 1, drawn by its inverse."""
    level, slope, variance = inputs["a"], inputs["b"], inputs["s2"]
    frail = gamma_waits(budgets(key, CLOCKS[0], 0, people(n)), 0.0, 1.0 / variance, variance)
    lives = gompertz_waits(budgets(key, CLOCKS[1], 0, people(n)) / frail, 0.0, level, slope)
    oldest = mean_of(frail[lives > 100.0])
    return {
        "e0": mean_of(lives),
        "S_80": share_of(lives > 80.0),
        "S_100": share_of(lives > 100.0),
        "hazard_100": scaled(oldest, gompertz_hazard(100.0, level, slope)),
        "mean_frailty_alive_100": oldest,
    }


def change_at_a_date(inputs: Inputs, *, key: np.uint64, n: int = N_LIVES) -> Estimates:
    """Simulate P24: whoever is alive at a date has what is left of the wait drawn anew."""
    level, slope = inputs["a"], inputs["b"]
    after, age = level * inputs["factor"], inputs["change"] - inputs["birth"]
    spending = budgets(key, CLOCKS[0], 0, people(n))
    without = gompertz_waits(spending, 0.0, level, slope)
    left = spending - gompertz_cumulative(0.0, age, level, slope)
    is_alive = without > age
    lives = without.copy()
    lives[is_alive] = age + gompertz_waits(left[is_alive], age, after, slope)
    return {
        **read_cohort(lives, born=inputs["birth"]),
        "e0_no_change": mean_of(without),
        "e0_change_from_birth": mean_of(gompertz_waits(spending, 0.0, after, slope)),
    }


def read_cohort(lives: np.ndarray, *, born: float) -> Estimates:
    """Read P24 off the lives of a cohort that met the change."""
    return {"cohort_e0": mean_of(lives), "S_at_1999": share_of(born + lives > 1999.0)}


def common_luck(inputs: Inputs, *, key: np.uint64, n: int = N_LIVES) -> Estimates:
    """Simulate P26: two arms that ask for the same draws, and a third that does not."""
    first, second, other = (
        budgets(key, address, 0, people(n)) for address in (CLOCKS[0], CLOCKS[0], _OTHER_ARM)
    )
    waits = gompertz_waits(first, 0.0, inputs["l1"], 0.0)
    paired = waits - gompertz_waits(second, 0.0, inputs["l2"], 0.0)
    unpaired = waits - gompertz_waits(other, 0.0, inputs["l2"], 0.0)
    level, slope = inputs["a"], inputs["b"]
    gain = gompertz_waits(second, 0.0, 0.9 * level, slope)
    gain -= gompertz_waits(first, 0.0, level, slope)
    return {
        "diff_mean": mean_of(paired),
        "var_diff_crn": variance_of(paired),
        "var_diff_independent": variance_of(unpaired),
        "variance_ratio": variance_ratio_of(unpaired, paired),
        "gompertz_gain_mean": mean_of(gain),
        "gompertz_gain_var_crn": variance_of(gain),
    }
