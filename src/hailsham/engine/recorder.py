"""What is seen of the lives while they are lived: events, exposure, occupancy.

Observers read and never draw, so whatever is watched the lives are the same.
Person-years are added as whole ticks of 2**-30 year: integer sums do not
depend on the order of their terms, on threads or on how people were split.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.compiling import compiled
from hailsham.units import TICKS_PER_YEAR

Counts = NDArray[np.int64]
#: ``other`` or ``detail`` of an event that has none.
NOBODY = -1


class Log(NamedTuple):
    """Columns of an event log, and how many rows were asked for."""

    person: NDArray[np.int64]
    time: NDArray[np.float64]
    event: NDArray[np.int64]
    other: NDArray[np.int64]
    detail: NDArray[np.int64]
    rows: NDArray[np.int64]


def new_log(capacity: int) -> Log:
    """Return an empty log with room for ``capacity`` rows."""
    return Log(
        np.empty(capacity, np.int64),
        np.empty(capacity, np.float64),
        np.empty(capacity, np.int64),
        np.empty(capacity, np.int64),
        np.empty(capacity, np.int64),
        np.zeros(1, np.int64),
    )


@compiled
def record(log: Log, person: int, time: float, event: int, other: int, detail: int) -> None:
    """Record an event.

    Rows beyond the capacity are counted, not kept; ``log.rows[0]`` then says
    how much room the run needs, and it is done again with as much.
    """
    at = log.rows[0]
    log.rows[0] += 1
    if at < log.person.size:
        log.person[at] = person
        log.time[at] = time
        log.event[at] = event
        log.other[at] = other
        log.detail[at] = detail


@compiled
def ticks(time: float) -> int:
    """Return a time as whole ticks since year 0."""
    return math.floor(time * TICKS_PER_YEAR)


@compiled
def add_exposure(
    exposure: Counts,
    alive: Counts,
    born: float,
    start: float,
    stop: float,
    breaks: NDArray[np.float64],
    first_year: int,
    sign: int,
) -> None:
    """Add the part of a life from ``start`` to ``stop`` to the cells it crosses.

    Each corner of the Lexis plane is turned into ticks once, for the cell
    before and the cell after it, so that the parts of a life sum to the whole.

    Args:
        exposure: [ticks] Person-time by year and age band. Shape (years, a).
        alive: People alive on 1 January by year and age band. Shape (years, a).
        born: [years AD] Time of birth.
        start: [years AD] Where the part begins, at or after ``born``.
        stop: [years AD] Where it ends; may be ``inf``.
        breaks: [years] Age at which each band begins. Shape (a,).
        first_year: [years AD] First calendar year of the cells; what lies
            before it or after their last year is left out.
        sign: 1 to add, -1 to take away what was added before.
    """
    n_years, n_bands = exposure.shape
    here = max(start, float(first_year))
    end = min(stop, float(first_year + n_years))
    if not here < end:
        return
    year = np.int64(math.floor(here)) - first_year
    band = np.searchsorted(breaks, here - born, side="right") - 1
    # Ages are rounded: the dates of birthdays decide, as they do on the way.
    while band + 1 < n_bands and born + breaks[band + 1] <= here:
        band += 1
    while band > 0 and born + breaks[band] > here:
        band -= 1
    if here == math.floor(here):
        alive[year, band] += sign
    while here < end:
        new_year = float(first_year + year + 1)
        birthday = np.inf if band + 1 >= n_bands else born + breaks[band + 1]
        next_stop = min(end, new_year, birthday)
        exposure[year, band] += sign * (ticks(next_stop) - ticks(here))
        here = next_stop
        if here == birthday:
            band += 1
        if here == new_year:
            year += 1
            if here < end:
                alive[year, band] += sign
