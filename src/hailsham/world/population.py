"""Who is there: the people of England and Wales, each with an address.

An address does not depend on the scenario. It names the cohort (those there
at the start, those born in a year, those who came to live here in a year),
the sex, and a place in the order of birth or age. A run at 1 in n holds every
n-th place, so a small run is a part of a large one, and who is there is not
left to luck: births follow each other evenly through the year, the people of
1947 stand in order of age.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.arithmetic import log
from hailsham.engine.compiling import compiled
from hailsham.engine.draws import purpose, uniform
from hailsham.world.recorded import AGE_STARTS, FIRST_YEAR, LAST_YEAR, MALE_SHARE, Recorded

#: Cohort numbers inside an address: the start, a year of birth, a year of arrival.
COHORT_START = 1000
ARRIVED = 1000
PLACES = 100_000_000
FEMALE, MALE = 0, 1
_N_BANDS = len(AGE_STARTS)
_BAND_STARTS = np.array(AGE_STARTS)
_OPEN_BAND = _N_BANDS - 1

_ARRIVAL = purpose("public.arrival.date")
_BLOOD = purpose("public.blood_group")

#: Frequencies of O, A, B and AB among British donors.
#: Source: national donor service figures (O and B found, A and AB from memory).
BLOOD_SHARES = (0.485, 0.384, 0.101, 0.030)
_BLOOD_LIMITS = np.cumsum(BLOOD_SHARES)

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Population:
    """Groups of people of one cohort and sex, and where they stand in the run.

    Attributes:
        cohort: Cohort number in the address. Shape (g,).
        sex: 0 female, 1 male. Shape (g,).
        size: People of the group at full size. Shape (g,).
        limits: Cumulative people by age band, for the start and for arrivals;
            all zero for births. Shape (g, bands).
        open_hazard: [per person-year] Death rate above 85 by which the open
            band is spread. Shape (g,).
        first: Place in the run of the group's first person; the last entry is
            the number of people in the run. Shape (g + 1,).
        scale: One in how many people is in the run.
    """

    cohort: Integers
    sex: Integers
    size: Integers
    limits: Floats
    open_hazard: Floats
    first: Integers
    scale: int

    @property
    def n_people(self) -> int:
        """How many people are in the run."""
        return int(self.first[-1])


def populate(recorded: Recorded, *, scale: int, migration: bool) -> Population:
    """Return who is there at one in ``scale``.

    Args:
        recorded: The official tables and what is derived from them.
        scale: One in how many people is in the run, at least 1.
        migration: Whether people come to live here after the start.
    """
    rows: list[tuple[int, int, float, Floats, float]] = []
    hazard = recorded.deaths[:, :, _OPEN_BAND] / recorded.population[:, :, _OPEN_BAND]
    for sex in (FEMALE, MALE):
        there = np.cumsum(recorded.population[0, sex])
        rows.append((COHORT_START, sex, there[-1], there, float(hazard[0, sex])))
    nobody = np.zeros(_N_BANDS)
    for at, year in enumerate(recorded.years):
        for sex, share in ((FEMALE, 1.0 - MALE_SHARE), (MALE, MALE_SHARE)):
            rows.append((int(year), sex, recorded.births[at] * share, nobody, 1.0))
    for at, year in enumerate(recorded.years):
        for sex in (FEMALE, MALE):
            came = np.cumsum(recorded.entrants[at, sex]) * float(migration)
            rows.append((int(year) + ARRIVED, sex, came[-1], came, float(hazard[at, sex])))
    size = np.array([round(row[2]) for row in rows], np.int64)
    in_run = -(-size // scale)
    return Population(
        cohort=np.array([row[0] for row in rows], np.int64),
        sex=np.array([row[1] for row in rows], np.int64),
        size=size,
        limits=np.array([row[3] for row in rows]),
        open_hazard=np.array([row[4] for row in rows]),
        first=np.concatenate([[0], np.cumsum(in_run)]).astype(np.int64),
        scale=scale,
    )


@compiled
def _age_at(share: float, limits: Floats, open_hazard: float) -> float:
    """Return the age of the person at a share of a group that stands in order of age."""
    wanted = share * limits[-1]
    band = min(np.searchsorted(limits, wanted, side="right"), _OPEN_BAND)
    below = limits[band - 1] if band > 0 else 0.0
    part = (wanted - below) / (limits[band] - below)
    if band == _OPEN_BAND:
        return _BAND_STARTS[band] - log(1.0 - part) / open_hazard
    return _BAND_STARTS[band] + part * (_BAND_STARTS[band + 1] - _BAND_STARTS[band])


@compiled
def place_person(
    key: np.uint64, cohort: int, sex: int, index: int, size: int, limits: Floats, open_hazard: float
) -> tuple[int, float, float]:
    """Return a person's (address, time of birth, time of entry).

    Args:
        key: Key of the draws.
        cohort: Cohort number of the group.
        sex: 0 female, 1 male.
        index: Place in the group, in [0, ``size``).
        size: People of the group at full size.
        limits: Cumulative people by age band. Shape (bands,).
        open_hazard: [per person-year] Death rate of the open band.
    """
    person = (cohort * 10 + sex + 1) * PLACES + index
    share = (index + 0.5) / size
    if cohort == COHORT_START:
        entered = float(FIRST_YEAR)
        return person, entered - _age_at(share, limits, open_hazard), entered
    if cohort <= LAST_YEAR:
        born = cohort + share
        return person, born, born
    entered = cohort - ARRIVED + uniform(key, person, _ARRIVAL, 0)
    return person, entered - _age_at(share, limits, open_hazard), entered


@compiled
def blood_group(key: np.uint64, person: int) -> int:
    """Draw a blood group: 0 O, 1 A, 2 B, 3 AB."""
    luck = uniform(key, person, _BLOOD, 0)
    group = 0
    while group < 3 and luck > _BLOOD_LIMITS[group]:
        group += 1
    return group


@compiled
def is_compatible(donor: int, recipient: int) -> bool:
    """Tell whether blood of one group may go to another: O to all, all to AB, or alike."""
    return donor == 0 or recipient in (3, donor)
