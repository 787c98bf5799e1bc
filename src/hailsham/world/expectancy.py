"""Life expectancy at birth: recorded, simulated, and without transplants.

A period life expectancy is that of a made-up life lived entirely under the
rates of some years; a cohort's is that of people born in the same years.
Both come from deaths over person-years in the nineteen age bands, treated
alike whether recorded or simulated, so that differences are of lives and not
of methods. The interval of the paired difference is a delete-a-group
jackknife over forty groups of people.

Source:
    preston2001, chapter 3; efron1982 for the jackknife.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hailsham.units import TICKS_PER_YEAR
from hailsham.world.public import BAND_STARTS, N_BANDS, Seen
from hailsham.world.recorded import FIRST_YEAR, MALE_SHARE, Recorded, life_expectancy

#: Student's t, two-sided 95 %, for 39 degrees of freedom.
_T_95 = 2.0227
_SPAN = 5
_NAMES = (
    "basis", "from_year", "to_year", "sex", "recorded", "simulated", "untreated", "difference",
    "low", "high", "projected",
)  # fmt: skip
_STEPS = 20  # births within a year, for the recorded cohorts

Floats = NDArray[np.float64]


def spans(years: tuple[int, int]) -> list[tuple[int, int]]:
    """Return the five-year spans of a window, the first and last cut short if need be.

    Args:
        years: First year, and the year after the last.
    """
    first, stop = years
    edges = sorted({first, stop, *(y for y in range(first, stop) if y % _SPAN == 0)})
    return list(pairwise(edges))


def recorded_cohorts(recorded: Recorded) -> tuple[Floats, Floats]:
    """Return expected deaths and person-years by sex, year of birth and age band.

    They follow from the official rates along each cohort's way through the
    Lexis plane, without migration, for births as recorded; after the tables
    end, the mean rates of their last three years hold.
    """
    n_years = recorded.years.size
    deaths = np.zeros((2, n_years, N_BANDS))
    exposure = np.zeros((2, n_years, N_BANDS))
    rates = recorded.deaths / recorded.population
    total = np.concatenate([rates, rates[-3:].mean(axis=0, keepdims=True)]).swapaxes(0, 1)
    last = total.shape[1] - 1
    share = np.array([1.0 - MALE_SHARE, MALE_SHARE])[:, None, None]
    alive = share * (recorded.births[None, :, None] / _STEPS) * np.ones(_STEPS)
    part = (np.arange(_STEPS) + 0.5) / _STEPS
    for band in range(N_BANDS - 1):
        length = BAND_STARTS[band + 1] - BAND_STARTS[band]
        start = np.arange(n_years)[:, None] + part + BAND_STARTS[band]
        here, left = start, np.full_like(start, length)
        while (left > 0.0).any():
            year = np.floor(here + 1e-9).astype(int)
            step = np.minimum(np.where(year < last, year + 1 - here, left), left)
            rate = total[:, np.minimum(year, last), band]
            survivors = alive * np.exp(-rate * step)
            lived = np.where(
                rate > 0.0, (alive - survivors) / np.where(rate > 0.0, rate, 1.0), alive * step
            )
            deaths[:, :, band] += (alive - survivors).sum(axis=-1)
            exposure[:, :, band] += lived.sum(axis=-1)
            alive, here, left = survivors, here + step, left - step
    # The open band lies wholly after the tables end for everybody born in them.
    deaths[:, :, -1] = alive.sum(axis=-1)
    exposure[:, :, -1] = deaths[:, :, -1] / total[:, last, -1][:, None]
    return deaths, exposure


def _sexes(values: Floats) -> list[tuple[int, Floats]]:
    """Return (sex, values) for both together (-1), women and men; sex is axis -2."""
    return [(-1, values.sum(axis=-2)), (0, values[..., 0, :]), (1, values[..., 1, :])]


def _or_unknown(expectancy: Floats) -> Floats:
    """Return life expectancies, NaN where too few lived: nobody died in the last band."""
    return np.where(np.isfinite(expectancy), expectancy, np.nan)


def _jackknifed(deaths: list[Floats], exposure: list[Floats]) -> tuple[float, float, float, float]:
    """Return (simulated, untreated, low, high) from counts by group and band."""
    simulated, untreated = (
        float(_or_unknown(life_expectancy(d.sum(axis=0), e.sum(axis=0))))
        for d, e in zip(deaths, exposure, strict=True)
    )
    without = [
        _or_unknown(life_expectancy(d.sum(axis=0) - d, e.sum(axis=0) - e))
        for d, e in zip(deaths, exposure, strict=True)
    ]
    gaps = without[0] - without[1]
    n = gaps.size
    error = float(np.sqrt((n - 1) / n * ((gaps - gaps.mean()) ** 2).sum()))
    gap = simulated - untreated
    return simulated, untreated, gap - _T_95 * error, gap + _T_95 * error


def _rows(
    basis: int,
    worlds: tuple[Seen, Seen],
    known: tuple[Floats, Floats],
    years: tuple[int, int],
) -> Iterator[tuple[float, ...]]:
    names = ("deaths", "exposure") if basis == 0 else ("cohort_deaths", "cohort_exposure")
    for first, stop in spans(years):
        cut = slice(first - FIRST_YEAR, stop - FIRST_YEAR)
        late = worlds[0].cohort_late[:, cut].sum(axis=1)
        seen = [
            [getattr(world, name)[:, :, cut].sum(axis=2).astype(float) for name in names]
            for world in worlds
        ]
        official = [values[:, cut].sum(axis=1) for values in known]
        for sex in (-1, 0, 1):
            deaths = [dict(_sexes(world[0]))[sex] for world in seen]
            exposure = [dict(_sexes(world[1] / TICKS_PER_YEAR))[sex] for world in seen]
            recorded = float(life_expectancy(*(dict(_sexes(v))[sex] for v in official)))
            simulated, untreated, low, high = _jackknifed(deaths, exposure)
            died = deaths[0].sum()
            lately = late.sum() if sex < 0 else late[sex]
            projected = lately / died if basis == 1 and died > 0 else 0.0
            gap = simulated - untreated
            yield basis, first, stop, sex, recorded, simulated, untreated, gap, low, high, projected


def expectancy_columns(
    simulated: Seen, untreated: Seen, recorded: Recorded, *, years: tuple[int, int]
) -> dict[str, NDArray[np.float64] | NDArray[np.int64]]:
    """Return the columns of the table ``expectancy`` but for the replicate.

    Args:
        simulated: Counts of the lives as they were lived.
        untreated: Counts of the same lives without transplants.
        recorded: The official tables.
        years: Window reported, half-open.
    """
    worlds = (simulated, untreated)
    periods = (recorded.deaths.swapaxes(0, 1), recorded.population.swapaxes(0, 1))
    cohorts = recorded_cohorts(recorded)
    rows = [*_rows(0, worlds, periods, years), *_rows(1, worlds, cohorts, years)]
    table = np.array(rows, dtype=float).T
    return {
        name: values.astype(np.int64)
        if name in ("basis", "from_year", "to_year", "sex")
        else values
        for name, values in zip(_NAMES, table, strict=True)
    }
