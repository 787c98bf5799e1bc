"""Person-years and events by age and calendar time: the Lexis plane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hailsham.engine.estimators.intervals import Estimate, event_rate
from hailsham.engine.estimators.spells import (
    Codes,
    Spells,
    States,
    finite_numbers,
    spells_at_risk,
)
from hailsham.units import TICKS_PER_YEAR

Floats = NDArray[np.float64]

#: Edges of one band that holds all time.
ALL_TIME = (-np.inf, np.inf)
# Beyond any date, and far enough from the largest integer to be added to a birth.
_NEVER = 2**61
_LARGEST_YEAR = 2.0**30


@dataclass(frozen=True, eq=False)
class Lexis:
    """Time at risk and events in the cells of a Lexis plane.

    Attributes:
        ages: [years] Edges of the age bands. Shape (a + 1,).
        years: [years AD] Edges of the calendar bands. Shape (y + 1,).
        person_years: [person-years] Shape (a, y).
        events: Counts. Shape (a, y).
        person_years_outside: [person-years] What lay in no cell.
        events_outside: Events that lay in no cell.
    """

    ages: Floats
    years: Floats
    person_years: Floats
    events: Codes
    person_years_outside: float
    events_outside: int

    def rates(self, *, level: float = 0.95) -> Estimate:
        """Return events per person-year with exact Poisson intervals. Shape (a, y)."""
        return event_rate(self.events, person_years=self.person_years, level=level)


def lexis_exposure(
    spells: Spells,
    *,
    ages: Sequence[float] | Floats,
    years: Sequence[float] | Floats = ALL_TIME,
    born: ArrayLike = 0.0,
    to: States = None,
) -> Lexis:
    """Return person-years and events by age band and calendar time.

    Each spell walks from birthday to new year to birthday. The dates are
    whole ticks of 2**-30 year and the sums are of integers, so that the cells
    add up to the time at risk exactly, in whatever order, and however spells
    were cut.

    A cell is open at its lower edges and holds its upper ones, like the time
    at risk in it: an event has always some time at risk beside it.

    Args:
        spells: On the scale of ``years``: calendar time, or any other if there
            is but one band of it.
        ages: [years] Edges of the age bands, rising; the last may be ``inf``.
            Shape (a + 1,).
        years: [years AD] Edges of the calendar bands, rising. Shape (y + 1,);
            left out, one band.
        born: [years AD] Date of birth of the person of each spell, shape
            (n,), such as ``born[spells.person]``; or one for all. At 0,
            times are ages already.
        to: Transitions into this state, or into one of these, are the events,
            and who is there already is not at risk. Left out: every event,
            and all time.

    Raises:
        ValueError: If edges do not rise, or a time is beyond 2**30 years.
    """
    at_risk, is_event = spells_at_risk(spells, to)
    age_edges, year_edges = _edges("ages", ages), _edges("years", years)
    birth = np.broadcast_to(finite_numbers("born", born), spells.person.shape)[at_risk]
    born_at = _ticks("born", birth)
    here = _ticks("start", spells.start[at_risk])
    end = _ticks("stop", spells.stop[at_risk])

    # A band before the first edge and one after the last hold what is outside.
    age_ticks, year_ticks = _ends(age_edges), _ends(year_edges)
    band = np.searchsorted(age_ticks, here - born_at, side="right")
    year = np.searchsorted(year_ticks, here, side="right")
    time = np.zeros((age_ticks.size, year_ticks.size), np.int64)
    events = np.zeros_like(time)
    going = np.arange(here.size)
    while going.size:
        birthday = born_at[going] + age_ticks[band[going]]
        new_year = year_ticks[year[going]]
        pause = np.minimum(end[going], np.minimum(birthday, new_year))
        np.add.at(time, (band[going], year[going]), pause - here[going])
        arrives = pause == end[going]
        last = going[arrives]
        np.add.at(events, (band[last], year[last]), is_event[last])
        here[going] = pause
        band[going] += pause == birthday
        year[going] += pause == new_year
        going = going[~arrives]

    person_years = time / TICKS_PER_YEAR
    inside = (slice(1, -1), slice(1, -1))
    return Lexis(
        ages=age_edges,
        years=year_edges,
        person_years=person_years[inside],
        events=events[inside],
        person_years_outside=float((time.sum() - time[inside].sum()) / TICKS_PER_YEAR),
        events_outside=int(events.sum() - events[inside].sum()),
    )


def _edges(name: str, values: Sequence[float] | Floats) -> Floats:
    """Return the edges of bands, or say why they are none."""
    edges = np.asarray(values, np.float64)
    if edges.ndim != 1 or edges.size < 2 or not (np.diff(edges) > 0.0).all():
        raise ValueError(f"{name}: two or more rising edges are wanted, not {edges.tolist()}")
    return edges


def _ends(edges: Floats) -> Codes:
    """Return where each band ends in ticks, from the one before the first edge on."""
    finite = np.clip(edges, -_LARGEST_YEAR, _LARGEST_YEAR)
    ticks = np.floor(finite * TICKS_PER_YEAR).astype(np.int64)
    ticks[np.isposinf(edges)], ticks[np.isneginf(edges)] = _NEVER, -_NEVER
    return np.append(ticks, _NEVER + 1)


def _ticks(name: str, times: Floats) -> Codes:
    """Return times in whole ticks."""
    if (np.abs(times) > _LARGEST_YEAR).any():
        raise ValueError(f"{name}: {np.abs(times).max()} is beyond {_LARGEST_YEAR:.0f} years")
    ticks: Codes = np.floor(times * TICKS_PER_YEAR).astype(np.int64)
    return ticks
