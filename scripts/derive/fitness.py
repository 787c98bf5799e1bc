"""Say how well the derived tables fit what is recorded."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from hailsham.world.recorded import (
    BANDS,
    FIRST_YEAR,
    SEXES,
    YEARS,
    FloatArray,
    life_expectancy,
)
from scripts.derive.migration import DECADES, SMALL_CELL
from scripts.derive.projection import Flows, Official, Projection

# Decades with fewer recorded deaths than this in a band are too small to be judged.
FEW_DEATHS = 2000
# The first years still feel that mid-1947 was read as 1 January.
JUDGED_FROM = 1949


class Misfit(NamedTuple):
    """How far a projection is from the record, as proportions of the record."""

    mid_year: FloatArray
    """Mid-year people from ``JUDGED_FROM`` on; zero in small bands. Shape (52, 2, 19)."""
    person_years: FloatArray
    """Sums over decades. Shape (6, 2, 19)."""
    deaths: FloatArray
    """Sums over decades; zero where deaths are few. Shape (6, 2, 19)."""


def sum_decades(by_year: FloatArray) -> FloatArray:
    """Sum over the decades of the fit.

    Args:
        by_year: Any unit. Shape (54, ...).

    Returns:
        The same unit. Shape (6, ...).
    """
    sums = [by_year[start - FIRST_YEAR : stop - FIRST_YEAR].sum(axis=0) for start, stop in DECADES]
    return np.stack(sums)


def measure_misfit(official: Official, projection: Projection) -> Misfit:
    """Compare a projection with the record.

    Args:
        official: Births, population and deaths.
        projection: What the rates and flows make of them.

    Returns:
        [proportion] Projected over recorded, less one.
    """
    recorded = official.population
    late = JUDGED_FROM - FIRST_YEAR
    is_large = recorded[late:] > SMALL_CELL
    mid_year = projection.mid_year[late:] / recorded[late:] - 1
    died = sum_decades(official.deaths)
    expected = sum_decades(projection.person_years * official.rates)
    return Misfit(
        mid_year=np.where(is_large, mid_year, 0.0),
        person_years=sum_decades(projection.person_years) / sum_decades(recorded) - 1,
        deaths=np.where(died > FEW_DEATHS, expected / died - 1, 0.0),
    )


def name_worst(misses: FloatArray, years: tuple[str, ...]) -> str:
    """Name the cell that misses most.

    Args:
        misses: [proportion] By year or decade, sex and band.
        years: How to call the first axis.

    Returns:
        Such as ``+1.20 % (1966 male 0)``.
    """
    year, sex, band = np.unravel_index(np.abs(misses).argmax(), misses.shape)
    worst = 100 * misses[year, sex, band]
    return f"{worst:+.2f} % ({years[year]} {SEXES[sex]} {BANDS[band]})"


def summarise(official: Official, flows: Flows, projection: Projection) -> Iterator[str]:
    """Tell how well the projection meets the record, line by line.

    Args:
        official: Births, population and deaths.
        flows: Who leaves and who comes.
        projection: What they make together.

    Yields:
        Lines to print.
    """
    misfit = measure_misfit(official, projection)
    judged = tuple(str(year) for year in YEARS if year >= JUDGED_FROM)
    n_large = int((official.population[JUDGED_FROM - FIRST_YEAR :] > SMALL_CELL).sum())
    n_off = int((np.abs(misfit.mid_year) > 0.01).sum())
    yield f"mid-year people {judged[0]}-{judged[-1]}: worst {name_worst(misfit.mid_year, judged)}"
    yield f"  off by more than 1 %: {n_off} of {n_large} cells above {SMALL_CELL}"
    left = sum_decades(flows.leaving * projection.person_years).sum(axis=(1, 2))
    came = sum_decades(flows.entrants).sum(axis=(1, 2))
    for decade, (start, stop) in enumerate(DECADES):
        name = (f"{start}-{stop - 1}",)
        yield (
            f"{name[0]}: worst person-years {name_worst(misfit.person_years[[decade]], name)}, "
            f"deaths {name_worst(misfit.deaths[[decade]], name)}; "
            f"left {left[decade]:,.0f}, came {came[decade]:,.0f}"
        )
    for year in (1951, 1967, 1999):
        at = year - FIRST_YEAR
        expected = life_expectancy(official.deaths[at], official.population[at])
        words = ", ".join(f"{sex} {e:.2f}" for sex, e in zip(SEXES, expected, strict=True))
        yield f"life expectancy {year}: {words}"
