"""Split the recorded deaths of every year by cause inside five-year ages.

Every year has two recorded margins: deaths of all causes by five-year age,
and deaths by cause in six broad ages. Sixteen years have the full table
between them. Raking bends the nearest full table until both margins of the
year are met, and changes nothing else about it.
"""

from typing import NamedTuple

import numpy as np

from hailsham.world.recorded import (
    BANDS,
    CAUSES,
    FIRST_YEAR,
    RATE_UNIT,
    SEXES,
    YEARS,
    FloatArray,
    IntArray,
    read_by_age,
    read_table,
)

BROAD_AGES = ("0", "1-4", "5-14", "15-44", "45-64", "65+")
# The five-year bands of each broad age: half-open ranges of band numbers.
BROAD_STARTS = (0, 1, 2, 4, 10, 14)
BROAD_STOPS = (1, 2, 4, 10, 14, 19)
# The file by broad age goes one year beyond the window.
BROAD_YEARS = tuple(range(1950, 2002))
FULL_YEARS = (*range(1958, 1968), *range(1979, 1985))

# A full table lends its pattern from three years together, so that few cells are empty by luck.
POOLS = {"1958-60": (1958, 1961), "1965-67": (1965, 1968), "1979-81": (1979, 1982)}
POOLS["1982-84"] = (1982, 1985)

# Share of a starting pattern that is the same at all ages of a broad age. It opens cells that
# were empty in the lending years to causes that the year itself records.
EVEN_SHARE = 0.001
# Raking ends when every margin is met to this relative difference.
MISS = 1e-12
MOST_ROUNDS = 2000


class CauseCounts(NamedTuple):
    """Deaths by cause: the years with five-year ages, and every year with broad ages."""

    five_year: FloatArray
    """[deaths] Shape (16, 2, 19, 23), years ``FULL_YEARS``."""
    broad: FloatArray
    """[deaths] Shape (52, 2, 6, 23), years ``BROAD_YEARS``."""


def read_cause_counts() -> CauseCounts:
    """Read the two official tables of deaths by cause.

    Returns:
        [deaths] Both tables.

    Raises:
        ValueError: A table is damaged.
    """
    full_years = [str(year) for year in FULL_YEARS]
    broad_years = [str(year) for year in BROAD_YEARS]
    return CauseCounts(
        five_year=read_table(
            "deaths_by_cause_five_year.csv", [full_years, SEXES, BANDS], CAUSES
        ).astype(np.float64),
        broad=read_table(
            "deaths_by_cause_broad.csv", [broad_years, SEXES, BROAD_AGES], CAUSES
        ).astype(np.float64),
    )


def share_out(counts: FloatArray) -> FloatArray:
    """Return each cause's share of the deaths of its age.

    Args:
        counts: [deaths] By age and cause. Shape (..., 23).

    Returns:
        [proportion] Sums to one over causes. Shape (..., 23).
    """
    return np.asarray(counts / counts.sum(axis=-1, keepdims=True), dtype=np.float64)


def lend_shares(year: int, five_year: FloatArray) -> FloatArray:
    """Return the pattern of causes from which the raking of a year starts.

    Observed years lend to themselves; other years borrow from the nearest
    pool, and the years between 1967 and 1979 from both sides, linearly.

    Args:
        year: [years AD] 1950 to 2000.
        five_year: [deaths] The full tables. Shape (16, 2, 19, 23).

    Returns:
        [proportion] Share of each cause at each age. Shape (2, 19, 23).
    """
    if year in FULL_YEARS:
        return share_out(five_year[FULL_YEARS.index(year)])
    pooled = {
        name: share_out(five_year[[FULL_YEARS.index(y) for y in range(start, stop)]].sum(axis=0))
        for name, (start, stop) in POOLS.items()
    }
    last_before, first_after = 1967, 1979
    if year < last_before:
        return pooled["1958-60"]
    if year > first_after:
        return pooled["1982-84"]
    later = (year - last_before) / (first_after - last_before)
    return (1 - later) * pooled["1965-67"] + later * pooled["1979-81"]


def rake(pattern: FloatArray, by_age: FloatArray, by_cause: FloatArray) -> FloatArray:
    """Bend a table until it meets both its margins.

    Rows and columns are scaled in turn, which keeps the odds between any four
    cells as they were: nothing is added but what the margins say. Only plain
    sums, products and quotients are used, so the bits are the same everywhere.

    Args:
        pattern: [deaths] Starting table, above zero wherever both margins
            are. Shape (n ages, n causes).
        by_age: [deaths] Row totals to be met. Shape (n ages,).
        by_cause: [deaths] Column totals to be met; same sum. Shape (n causes,).

    Returns:
        [deaths] The table that meets both. Shape (n ages, n causes).

    Raises:
        ArithmeticError: The margins cannot be met from this pattern.

    Source:
        deming1940.
    """
    table = pattern.copy()
    for _ in range(MOST_ROUNDS):
        columns = table.sum(axis=0)
        table *= np.divide(by_cause, columns, out=np.zeros_like(columns), where=columns > 0)
        rows = table.sum(axis=1)
        table *= np.divide(by_age, rows, out=np.zeros_like(rows), where=rows > 0)[:, np.newaxis]
        # The last step met the rows; only columns can still be off.
        if np.all(np.abs(table.sum(axis=0) - by_cause) <= MISS * by_cause.sum()):
            return table
    raise ArithmeticError("raking did not meet its margins")


def split_year(deaths: FloatArray, broad: FloatArray, shares: FloatArray) -> FloatArray:
    """Split one year's deaths of one sex by cause.

    Args:
        deaths: [deaths] All causes by five-year age. Shape (19,).
        broad: [deaths] By cause in the six broad ages. Shape (6, 23).
        shares: [proportion] Starting pattern. Shape (19, 23).

    Returns:
        [deaths] By five-year age and cause. Shape (19, 23).
    """
    split = np.zeros_like(shares)
    for group, (start, stop) in enumerate(zip(BROAD_STARTS, BROAD_STOPS, strict=True)):
        by_age = deaths[start:stop]
        # The file of all causes wins, should the two ever differ. Today they do not.
        by_cause = broad[group] * (by_age.sum() / broad[group].sum())
        even = by_cause / by_cause.sum()
        pattern = (1 - EVEN_SHARE) * shares[start:stop] + EVEN_SHARE * even
        split[start:stop] = rake(pattern * by_age[:, np.newaxis], by_age, by_cause)
    return split


def split_deaths(counts: CauseCounts) -> FloatArray:
    """Split the deaths of every year, sex and five-year age by cause.

    Observed years are taken as they are. The years before 1950 have no
    deaths by cause here and carry back the shares of 1950.

    Args:
        counts: [deaths] The two official tables by cause.

    Returns:
        [deaths] Shape (54, 2, 19, 23).
    """
    deaths = read_by_age("deaths.csv")
    split = np.zeros((*deaths.shape, len(CAUSES)))
    first = BROAD_YEARS[0] - FIRST_YEAR
    for year in YEARS[first:]:
        at = year - FIRST_YEAR
        if year in FULL_YEARS:
            split[at] = counts.five_year[FULL_YEARS.index(year)]
            continue
        shares = lend_shares(year, counts.five_year)
        for sex in range(len(SEXES)):
            broad = counts.broad[year - BROAD_YEARS[0], sex]
            split[at, sex] = split_year(deaths[at, sex], broad, shares[sex])
    split[:first] = share_out(split[first]) * deaths[:first, ..., np.newaxis]
    return split


def derive_cause_rates() -> IntArray:
    """Derive death rates by cause for every year, sex and five-year age.

    Returns:
        [per 10^9 person-years] Whole numbers. Shape (54, 2, 19, 23).

    Raises:
        ValueError: An official table is damaged.
        ArithmeticError: Raking did not meet its margins.
    """
    population = read_by_age("population.csv")[..., np.newaxis]
    rates = split_deaths(read_cause_counts()) / population
    return np.rint(RATE_UNIT * rates).astype(np.int64)
