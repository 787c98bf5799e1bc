"""The recorded England and Wales: births, people, deaths, causes, and who came and went.

The tables lie beside this module as plain text, some official, some derived
from those (``scripts/derive_tables.py``); ``docs/reference/data.md`` says
which is which. Nothing here draws or simulates.
"""

import functools
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hailsham.lives.codes import RECORDED_CAUSES

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

TABLES = Path(__file__).parent / "tables"

FIRST_YEAR = 1947
LAST_YEAR = 2000
YEARS = tuple(range(FIRST_YEAR, LAST_YEAR + 1))
SEXES = ("female", "male")

# Lower limits of the age bands [years]; each ends where the next begins, the last never.
AGE_STARTS: tuple[float, ...] = (0.0, 1.0, *(float(age) for age in range(5, 90, 5)))
BANDS: tuple[str, ...] = ("0", "1-4", *(f"{age}-{age + 4}" for age in range(5, 85, 5)), "85+")

CAUSES: tuple[str, ...] = RECORDED_CAUSES
TUMOURS: frozenset[str] = frozenset(cause for cause in CAUSES if cause.startswith("cancer_"))

CLOCKS = ("heart", "lung", "kidney", "liver", "pancreas", "marrow", "other")
_ORGAN_OF_CAUSE = {
    "heart": "heart",
    "lung": "lung",
    "cancer_lung": "lung",
    "kidney": "kidney",
    "cancer_kidney": "kidney",
    "liver": "liver",
    "cancer_liver": "liver",
    "pancreas_diabetes": "pancreas",
    "cancer_pancreas": "pancreas",
    "cancer_blood": "marrow",
}
CLOCK_OF_CAUSE: dict[str, str] = {cause: _ORGAN_OF_CAUSE.get(cause, "other") for cause in CAUSES}

# Share of boys among live births: 1,058 to 1,000 girls, the usual figure for England
# and Wales in this century. Recorded people under 1 with the deaths they had suffered
# give 0.5133 over 1947-2000 and between 0.510 and 0.516 in single years; what is left
# over at age 0 goes into net migration.
MALE_SHARE = 0.514

# The derived tables hold rates as whole numbers of deaths or leavers per this many person-years.
RATE_UNIT = 1e9


@dataclass(frozen=True)
class Recorded:
    """Hold what is recorded of England and Wales, 1947 to 2000.

    Axes, in this order where an array has them: year, sex (0 female, 1 male),
    age band (19, ``AGE_STARTS``), cause (``CAUSES``). Every array is read-only.
    """

    years: IntArray
    """[years AD] Calendar years, rising. Shape (54,)."""
    births: FloatArray
    """[births a year] Live births of both sexes. Shape (54,)."""
    population: FloatArray
    """[persons] Mid-year population. Shape (54, 2, 19)."""
    deaths: FloatArray
    """[deaths a year] Deaths of all causes. Shape (54, 2, 19)."""
    cause_rates: FloatArray
    """[per person-year] Death rate by cause; over causes they sum to
    ``deaths / population``. Shape (54, 2, 19, 23)."""
    leaving: FloatArray
    """[per person-year] Rate of leaving the country, net of return, constant
    inside a year and band. Shape (54, 2, 19)."""
    entrants: FloatArray
    """[persons a year] People who enter, uniformly over the year and over the
    ages of the band (85 and over: exponentially). Shape (54, 2, 19)."""


def read_table(name: str, keys: Sequence[Sequence[str]], columns: Sequence[str]) -> IntArray:
    """Read one table of whole numbers, and check that it is the table we expect.

    Rows must stand in the order of the product of the keys, so the numbers
    can be folded into an array without being looked up one by one.

    Args:
        name: File name in ``TABLES``.
        keys: For each leading column, the values it takes, in order.
        columns: Names of the columns of numbers that follow.

    Returns:
        Whole numbers in the unit of the table. Shape (length of each of
        ``keys``..., length of ``columns``).

    Raises:
        ValueError: Columns or rows are missing, added or out of order.
    """
    lines = (TABLES / name).read_text(encoding="utf-8").splitlines()
    rows = [line.split(",") for line in lines if not line.startswith("#")]
    n_keys = len(keys)
    if rows[0][n_keys:] != list(columns):
        raise ValueError(f"{name}: the columns are not {', '.join(columns)}")
    if [tuple(row[:n_keys]) for row in rows[1:]] != list(itertools.product(*keys)):
        raise ValueError(f"{name}: a row is missing, added or out of order")
    numbers = np.array([list(map(int, row[n_keys:])) for row in rows[1:]], dtype=np.int64)
    return numbers.reshape(*map(len, keys), len(columns))


def read_by_age(name: str) -> FloatArray:
    """Read an official table by year, sex and age band.

    Args:
        name: ``deaths.csv`` or ``population.csv``.

    Returns:
        [deaths a year] or [persons]. Shape (54, 2, 19).

    Raises:
        ValueError: The file is not such a table.
    """
    return read_table(name, [[str(year) for year in YEARS], SEXES], BANDS).astype(np.float64)


def read_births() -> FloatArray:
    """Read live births of both sexes in the years 1947 to 2000.

    Returns:
        [births a year] Shape (54,).

    Raises:
        ValueError: The file is not such a table.
    """
    # The official series is longer than the window.
    first, last = 1938, 2001
    births = read_table("births.csv", [[str(year) for year in range(first, last + 1)]], ["births"])
    return births[FIRST_YEAR - first : LAST_YEAR + 1 - first, 0].astype(np.float64)


@functools.cache
def read_recorded() -> Recorded:
    """Read all that is recorded or derived, once.

    The split by cause is made of whole numbers and one division and one
    product each, so its bits are the same on every machine.

    Returns:
        The tables as read-only arrays.

    Raises:
        ValueError: A table is damaged.
    """
    years = [str(year) for year in YEARS]
    population = read_by_age("population.csv")
    deaths = read_by_age("deaths.csv")
    by_cause = read_table("cause_rates.csv", [years, SEXES, BANDS], CAUSES)
    flows = read_table("migration.csv", [years, SEXES, ("leaving", "entrants")], BANDS)
    shares = by_cause / by_cause.sum(axis=-1, keepdims=True)
    recorded = Recorded(
        years=np.array(YEARS, dtype=np.int64),
        births=read_births(),
        population=population,
        deaths=deaths,
        cause_rates=shares * (deaths / population)[..., np.newaxis],
        leaving=flows[:, :, 0] / RATE_UNIT,
        entrants=flows[:, :, 1].astype(np.float64),
    )
    for array in vars(recorded).values():
        array.setflags(write=False)
    return recorded


def life_expectancy(deaths: FloatArray, person_years: FloatArray) -> FloatArray:
    """Return period life expectancy at birth from deaths and person-years by age band.

    The hazard is taken as constant inside each band, which is how the
    simulated world dies, so simulated and recorded lives are measured alike.
    In the first year of life deaths really come early and in the last band
    they rise with age; together this costs some tenths of a year.

    Args:
        deaths: [deaths] By age band on the last axis. Shape (..., 19).
        person_years: [person-years] Lived in each band. Shape (..., 19). A
            band in which nobody lived counts as one in which nobody died.

    Returns:
        [years] Shape (...,); ``inf`` where nobody died in the last band.

    Source:
        preston2001, chapter 3, life table with constant hazards.
    """
    lived = np.asarray(person_years, dtype=np.float64)
    died = np.asarray(deaths, dtype=np.float64)
    rates = np.divide(died, lived, out=np.zeros(lived.shape), where=lived > 0)
    widths = np.append(np.diff(AGE_STARTS), np.inf)
    # Where nobody dies the width itself is lived; 0 x inf is never formed.
    spent = np.multiply(rates, widths, out=np.zeros(lived.shape), where=rates > 0)
    before = np.cumsum(spent[..., :-1], axis=-1)
    alive = np.exp(-np.concatenate([np.zeros_like(before[..., :1]), before], axis=-1))
    whole = np.broadcast_to(widths, lived.shape).copy()
    years = np.divide(-np.expm1(-spent), rates, out=whole, where=rates > 0)
    return np.asarray(np.sum(alive * years, axis=-1), dtype=np.float64)
