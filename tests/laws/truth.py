"""How far simulated deaths lie from the recorded: rates, counts and life expectancies.

Deaths are compared with the input rate times the person-years that were
*simulated*, cell by cell. Given the person-years lived, deaths are Poisson:
each life runs on its own clock of summed hazard and stops it at death, so
whoever happens to be there, at whatever age, the expectation is exact and
neither births nor migration nor the scale can disturb it. Counts are the
harder question, and the looser test: there the right people must be there.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.stats import norm, poisson

from hailsham.engine.draws import draw_key
from hailsham.units import TICKS_PER_YEAR
from hailsham.world.expectancy import spans
from hailsham.world.passes import live_block
from hailsham.world.population import populate
from hailsham.world.public import N_GROUPS, Hazards, PublicParameters, public_hazards
from hailsham.world.recorded import (
    AGE_STARTS,
    BANDS,
    CAUSES,
    CLOCK_OF_CAUSE,
    CLOCKS,
    FIRST_YEAR,
    LAST_YEAR,
    SEXES,
    YEARS,
    life_expectancy,
    read_recorded,
)
from hailsham.world.waiting_list import ListParameters, need_of

SEED = 1
#: Chance that a right cell lies outside its limits, both sides together.
CELL_LEVEL = 1e-4
#: Share of cells that may lie outside; a right world has CELL_LEVEL, or less where cells are small.
SHARE_OUTSIDE = 3e-4
#: Where a pooled z, and a count, part from the record: once in 16,000 for each, if all is right.
LIMIT = 4.0
#: What projection by rates and residual migration may miss of a count (decision 0010).
MARGIN = 0.005
#: Where a simulated life expectancy parts from the recorded: once in 17,000 for each
#: (Student's t, since its standard error comes from forty groups).
LIMIT_EXPECTANCY = 4.5
#: What a twin multiplies.
WRONG = 1.03

_BLOCK = 500_000
_THREADS = 2

# Broad ages of the official deaths by cause: where each begins among the bands.
BROAD_AGES = ("0", "1-4", "5-14", "15-44", "45-64", "65+")
_BROAD_STARTS = (0, 1, 2, 4, 10, 14)
# Decades of the calendar; the first is cut short, the last is the year 2000 alone.
DECADES = tuple(sorted({year // 10 * 10 for year in YEARS}))
_DECADE_STARTS = tuple(max(0, decade - FIRST_YEAR) for decade in DECADES)
# Nobody spends longer in a band and a decade than this [years].
_LONGEST = np.minimum(np.append(np.diff(AGE_STARTS), np.inf), 10.0)


@cache
def live(scale, *, seed=SEED, migration="residual", wrong=(), times=WRONG):
    """Live the public at 1 in ``scale`` and return what was counted.

    Args:
        scale: One in how many people is in the run.
        seed: Which luck.
        migration: ``residual`` or ``none``.
        wrong: Causes whose rates are multiplied, for a twin; what is expected stays.
        times: By what they are multiplied.
    """
    recorded = read_recorded()
    people = populate(recorded, scale=scale, migration=migration == "residual")
    hazards = public_hazards(recorded, PublicParameters(migration=migration))
    hazards = _wronged(hazards, wrong, times)
    need = need_of(ListParameters())
    key = draw_key(seed)

    def live_from(start):
        stop = min(start + _BLOCK, people.n_people)
        alone = live_block(key, people, hazards, need, start=start, stop=stop, keep_every=_BLOCK)
        return alone.seen

    with ThreadPoolExecutor(_THREADS) as pool:
        blocks = pool.map(live_from, range(0, people.n_people, _BLOCK))
        whole = next(blocks)
        for block in blocks:
            for total, part in zip(whole, block, strict=True):
                np.add(total, part, out=total)
    return whole


def _wronged(hazards, causes, times):
    """The hazards of a world that is wrong in some causes, and in the clocks they run on."""
    wrong = Hazards(*(values.copy() for values in hazards))
    for cause in causes:
        excess = (times - 1.0) * hazards.causes[..., CAUSES.index(cause)]
        wrong.causes[..., CAUSES.index(cause)] += excess
        wrong.rates[..., CLOCKS.index(CLOCK_OF_CAUSE[cause])] += excess
    return wrong


def person_years(seen):
    """Simulated person-years by sex, year and band."""
    return seen.exposure.sum(axis=0) / TICKS_PER_YEAR


def deaths_by_cause(seen):
    """Simulated deaths by sex, year, band and recorded cause."""
    return seen.causes[..., : len(CAUSES)]


def z_of(observed, expected):
    """Normal deviates with the exact Poisson tails of what was observed; 0 in the middle."""
    above = norm.isf(poisson.sf(observed - 1, expected))
    below = norm.ppf(poisson.cdf(observed, expected))
    return np.where(above > 0.0, above, np.where(below < 0.0, below, 0.0))


def is_outside(observed, expected):
    """Whether each cell lies outside its exact Poisson limits."""
    above = poisson.sf(observed - 1, expected) < CELL_LEVEL / 2
    below = poisson.cdf(observed, expected) < CELL_LEVEL / 2
    return above | below


@dataclass(frozen=True)
class Rates:
    """Simulated deaths against input rates, over the person-years simulated.

    Attributes:
        deaths: How many people died.
        age_cells: Cells by sex, 19 ages and year.
        age_outside: How many of them lie outside their limits.
        cause_cells: Cells by sex, six broad ages, year and cause.
        cause_outside: How many of them lie outside.
        by_cause: z of each cause, all years. Shape (23,).
        by_decade: z of each decade. Shape (7,).
        by_cause_and_decade: Shape (23, 7).
        by_age: z of each sex and band, all years. Shape (2, 19).
        deaths_of: Deaths expected of each cause. Shape (23,).
    """

    deaths: int
    age_cells: int
    age_outside: int
    cause_cells: int
    cause_outside: int
    by_cause: np.ndarray
    by_decade: np.ndarray
    by_cause_and_decade: np.ndarray
    by_age: np.ndarray
    deaths_of: np.ndarray

    @property
    def outside_allowed(self):
        """Three of every 10,000 cells, in whole cells."""
        return int(SHARE_OUTSIDE * (self.age_cells + self.cause_cells))

    def faults(self):
        """Return what is wrong, in words; nothing if the rates are those of the record."""
        found = []
        outside = self.age_outside + self.cause_outside
        if outside > self.outside_allowed:
            found.append(f"{outside} cells outside, {self.outside_allowed} allowed")
        pooled = {
            **dict(zip(CAUSES, self.by_cause, strict=True)),
            **{f"{decade}s": z for decade, z in zip(DECADES, self.by_decade, strict=True)},
            **_named(self.by_cause_and_decade, CAUSES, DECADES),
            **_named(self.by_age, SEXES, BANDS),
        }
        return found + [f"{name}: z {z:+.1f}" for name, z in pooled.items() if abs(z) >= LIMIT]

    def z_of_cause(self, cause):
        """Return the z of one cause over all years."""
        return float(self.by_cause[CAUSES.index(cause)])

    def least_error(self, cause):
        """Return the error of a cause's rates that lies at the limit, as a proportion."""
        return LIMIT / float(np.sqrt(self.deaths_of[CAUSES.index(cause)]))


def _named(values, rows, columns):
    return {
        f"{row}, {column}": values[i, j]
        for i, row in enumerate(rows)
        for j, column in enumerate(columns)
    }


def compare_rates(seen):
    """Compare simulated deaths with the input rates over the simulated person-years."""
    recorded = read_recorded()
    lived = person_years(seen)
    all_causes = (recorded.deaths / recorded.population).swapaxes(0, 1)
    died, due = seen.deaths.sum(axis=0), all_causes * lived
    died_of = deaths_by_cause(seen)
    due_of = recorded.cause_rates.swapaxes(0, 1) * lived[..., np.newaxis]
    broad = [np.add.reduceat(values, _BROAD_STARTS, axis=2) for values in (died_of, due_of)]
    # From here on by cause and decade, sexes and ages together.
    pooled = [
        np.add.reduceat(values.sum(axis=(0, 2)), _DECADE_STARTS, axis=0).T
        for values in (died_of, due_of)
    ]
    return Rates(
        deaths=int(died.sum()),
        age_cells=died.size,
        age_outside=int(is_outside(died, due).sum()),
        cause_cells=broad[0].size,
        cause_outside=int(is_outside(*broad).sum()),
        by_cause=z_of(*(values.sum(axis=1) for values in pooled)),
        by_decade=z_of(*(values.sum(axis=0) for values in pooled)),
        by_cause_and_decade=z_of(*pooled),
        by_age=z_of(died.sum(axis=1), due.sum(axis=1)),
        deaths_of=pooled[1].sum(axis=1),
    )


@dataclass(frozen=True)
class Counts:
    """Simulated counts at full size against the record, by sex, decade and band.

    Attributes:
        deaths_off: Relative differences of deaths. Shape (2, 7, 19).
        deaths_z: What of them lies beyond the margin, in standard errors.
        years_off: Relative differences of person-years. Shape (2, 7, 19).
        years_z: What of them lies beyond the margin, in standard errors.
    """

    deaths_off: np.ndarray
    deaths_z: np.ndarray
    years_off: np.ndarray
    years_z: np.ndarray

    def faults(self):
        """Return the cells whose count is not that of the record, in words."""
        return [
            f"{what}, {SEXES[sex]} {BANDS[band]} {DECADES[decade]}s: {off[sex, decade, band]:+.1%}"
            for what, off, z in (
                ("deaths", self.deaths_off, self.deaths_z),
                ("person-years", self.years_off, self.years_z),
            )
            for sex, decade, band in np.argwhere(z > LIMIT)
        ]


def compare_counts(seen, *, scale):
    """Compare deaths and person-years, times the scale, with those recorded.

    Deaths are held against the exact Poisson tails beyond the margin. The
    standard error of person-years at full size is taken as sqrt(n x w x
    person-years), that of a simple sample of one in n of whom nobody lives
    longer than w in one cell. The people are in truth an even sample, every
    n-th in order of age, and so lie closer.
    """
    recorded = read_recorded()
    died, deaths = _by_decade(seen.deaths.sum(axis=0), recorded.deaths / scale)
    lived, years = _by_decade(person_years(seen), recorded.population / scale)
    above, below = z_of(died, deaths * (1.0 + MARGIN)), z_of(died, deaths * (1.0 - MARGIN))
    return Counts(
        deaths_off=died / deaths - 1.0,
        deaths_z=np.maximum(above, -below),
        years_off=lived / years - 1.0,
        years_z=(np.abs(lived - years) - MARGIN * years) / np.sqrt(_LONGEST * years),
    )


def _by_decade(simulated, recorded):
    """Both by sex, decade and band; the record has its years first."""
    return [
        np.add.reduceat(values, _DECADE_STARTS, axis=1)
        for values in (simulated, recorded.swapaxes(0, 1))
    ]


def z_of_expectancies(seen):
    """Compare life expectancies at birth with those of the same recorded five years.

    The standard error is a delete-a-group jackknife over forty groups of people.

    Returns:
        z by window of five years (the first and the last are shorter) and
        sex, and the differences [years].
    """
    recorded = read_recorded()
    z, gaps = [], []
    for first, stop in spans((FIRST_YEAR, LAST_YEAR + 1)):
        cut = slice(first - FIRST_YEAR, stop - FIRST_YEAR)
        died = seen.deaths[:, :, cut].sum(axis=2)
        lived = seen.exposure[:, :, cut].sum(axis=2) / TICKS_PER_YEAR
        known = life_expectancy(
            recorded.deaths[cut].sum(axis=0), recorded.population[cut].sum(axis=0)
        )
        whole = life_expectancy(died.sum(axis=0), lived.sum(axis=0))
        without = life_expectancy(died.sum(axis=0) - died, lived.sum(axis=0) - lived)
        error = np.sqrt((N_GROUPS - 1) * without.var(axis=0))
        gaps.append(whole - known)
        z.append((whole - known) / error)
    return np.array(z), np.array(gaps)
