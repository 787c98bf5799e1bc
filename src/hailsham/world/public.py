"""The public: what they fall ill of and how long they live, each alone.

Every person carries seven clocks, six organs and everything else, and an
eighth for leaving England. The first to fire ends the life as recorded. When
an organ's clock fires at T, the organ had failed before, at T less an
untreated wait: whoever is given an organ meanwhile has that one clock stopped
while the others, already drawn, go on. So everyone's untreated future is
known, and the regime ``none`` is exact by construction.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.compiling import compiled
from hailsham.engine.draws import exponential, purpose, uniform
from hailsham.engine.hazards import lexis_race
from hailsham.engine.recorder import add_exposure, ticks
from hailsham.lives import codes
from hailsham.world.parameters import parameter
from hailsham.world.population import blood_group, place_person
from hailsham.world.recorded import (
    AGE_STARTS,
    CAUSES,
    CLOCK_OF_CAUSE,
    CLOCKS,
    FIRST_YEAR,
    TUMOURS,
    Recorded,
)

N_ORGANS = 6
N_CLOCKS = 7
LEAVING = 7
KEPT_ALIVE = 8
N_LANES = 9
#: Lanes that end a life in England: seven causes and leaving.
N_TERMINAL = 8
N_CAUSES = len(CAUSES)
#: Ends that are counted: every code of a cause, then leaving England.
LEFT_END = len(codes.CAUSES)
N_ENDS = LEFT_END + 1
KIDNEY = CLOCKS.index("kidney")
N_GROUPS = 40  # groups left out in turn for the jackknife intervals
N_BANDS = len(AGE_STARTS)
BAND_STARTS = np.array(AGE_STARTS)
_YEARS_AVERAGED = 3  # the last three years stand for all later ones

_IS_TUMOUR = np.array([cause in TUMOURS for cause in CAUSES])
_CLOCK_OF = np.array([CLOCKS.index(CLOCK_OF_CAUSE[cause]) for cause in CAUSES])
_CLOCK_PURPOSES = np.array(
    [purpose(f"public.clock.{clock}") for clock in (*CLOCKS, "leaving", "kidney_kept_alive")],
    dtype=np.uint64,
)
_WAIT = purpose("public.untreated_wait")
_FIT = purpose("public.fit_for_transplant")
_CAUSE = purpose("public.cause")
_GROUP = purpose("public.jackknife_group")

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class PublicParameters:
    """The public of England and Wales, and what else 1952 may have changed."""

    migration: str = parameter(
        "residual",
        "whether people enter and leave as the recorded populations imply",
        choices=("residual", "none"),
        grade="L",
        source="ONS populations, births and deaths; the residual is derived",
    )
    cancers_cured_from: float | str = parameter(
        "never",
        "year from which no cancer kills any more, or 'never'",
        unit="years AD",
        low=1947,
        high=2100,
        choices=("never",),
        grade="X",
        source="an option; the film's caption names one medical discovery in 1952",
    )
    other_causes_from: float | str = parameter(
        "never",
        "year from which deaths by all other causes are multiplied, or 'never'",
        unit="years AD",
        low=1947,
        high=2100,
        choices=("never",),
        grade="X",
        source="an option",
    )
    other_causes_times: float = parameter(
        1.0,
        "by what they are multiplied from that year on",
        unit="factor",
        low=0.0,
        high=10.0,
        grade="X",
        source="an option",
    )


class Hazards(NamedTuple):
    """Rates of every lane and of every cause on the Lexis plane.

    ``rates`` has shape (sex, years + 1, bands, lanes), ``causes`` (sex, years
    + 1, bands, causes), per person-year; the last year stands for all later.
    """

    rates: Floats
    causes: Floats


class Need(NamedTuple):
    """When a failing organ makes a patient: the list's rules as plain numbers."""

    opens: float
    closes: float
    age_limit: float
    tumours: bool
    kept_alive: bool
    fit: Floats
    wait: Floats


def _kept_alive_rates(years: Integers) -> Floats:
    """Return the rate of kidney failures survived by dialysis, by year and band.

    Treated starts: none in 1960, 45 per million under 65 in 1970, 78 per
    million under 80 in 1988, 108 in 2008, linear between.
    """
    under_65 = np.interp(years, [1960, 1970, 1988, 2008], [0.0, 45e-6, 78e-6, 108e-6])
    under_80 = np.interp(years, [1970, 1988, 2008], [0.0, 78e-6, 108e-6])
    rates = np.zeros((years.size, N_BANDS))
    rates[:, BAND_STARTS < 65.0] = under_65[:, None]
    rates[:, (BAND_STARTS >= 65.0) & (BAND_STARTS < 80.0)] = under_80[:, None]
    return rates


def public_hazards(recorded: Recorded, parameters: PublicParameters) -> Hazards:
    """Return the hazards of the public under a scenario.

    Args:
        recorded: The official tables and what is derived from them.
        parameters: Switches that bend them.
    """
    causes = recorded.cause_rates.copy()
    years = recorded.years
    is_tumour, clock_of = _IS_TUMOUR, _CLOCK_OF
    if not isinstance(parameters.cancers_cured_from, str):
        cured = years >= parameters.cancers_cured_from
        causes[cured] = np.where(is_tumour, 0.0, causes[cured])
    if not isinstance(parameters.other_causes_from, str):
        bent = years >= parameters.other_causes_from
        elsewhere = (clock_of == N_CLOCKS - 1) & ~is_tumour
        causes[bent] *= np.where(elsewhere, parameters.other_causes_times, 1.0)
    rates = np.zeros((*causes.shape[:3], N_LANES))
    for cause in range(N_CAUSES):
        rates[..., clock_of[cause]] += causes[..., cause]
    if parameters.migration == "residual":
        rates[..., LEAVING] = recorded.leaving
    rates[..., KEPT_ALIVE] = _kept_alive_rates(years)[:, None, :]
    later = rates[-_YEARS_AVERAGED:].sum(axis=0, keepdims=True) / _YEARS_AVERAGED
    later[..., LEAVING] = 0.0
    later[..., KEPT_ALIVE] = rates[-1:, ..., KEPT_ALIVE]
    later_causes = causes[-_YEARS_AVERAGED:].sum(axis=0, keepdims=True) / _YEARS_AVERAGED
    return Hazards(
        np.ascontiguousarray(np.concatenate([rates, later]).transpose(1, 0, 2, 3)),
        np.ascontiguousarray(np.concatenate([causes, later_causes]).transpose(1, 0, 2, 3)),
    )


@compiled
def run_clocks(
    key: np.uint64,
    person: int,
    sex: int,
    born: float,
    entered: float,
    rates: Floats,
    silenced: int,
    budgets: Floats,
    latent: Floats,
) -> tuple[float, int]:
    """Run a person's clocks and return (time of the end, lane that ended the life).

    Args:
        key: Key of the draws.
        person: Address of the person.
        sex: 0 female, 1 male.
        born: [years AD] Time of birth.
        entered: [years AD] Since when the person is in the run.
        rates: [per person-year] Shape (sex, years + 1, bands, lanes).
        silenced: Bit k is set if the clock of lane k has been stopped.
        budgets: Room for one number a lane; overwritten.
        latent: Filled with the times at which the lanes fired.
    """
    for lane in range(N_LANES):
        if (silenced >> lane) & 1:
            budgets[lane] = math.inf
        else:
            budgets[lane] = exponential(key, person, _CLOCK_PURPOSES[lane], 0)
    lane = lexis_race(
        budgets, born, entered, BAND_STARTS, FIRST_YEAR, rates[sex], latent, N_TERMINAL
    )
    return (latent[lane] if lane >= 0 else math.inf), lane


@compiled
def untreated_wait(key: np.uint64, person: int, organ: int, count: int, mean: Floats) -> float:
    """Draw the time [years] from an organ's failure to the death it leads to."""
    return mean[organ] * exponential(key, person, _WAIT, organ + N_ORGANS * count)


@compiled
def is_fit(key: np.uint64, person: int, organ: int, count: int, share: Floats) -> bool:
    """Draw whether somebody is fit for a transplant of an organ."""
    return uniform(key, person, _FIT, organ + N_ORGANS * count) < share[organ]


@compiled
def cause_of(
    key: np.uint64, person: int, sex: int, born: float, end: float, lane: int, causes: Floats
) -> int:
    """Draw the recorded cause behind a clock that has fired, or note that somebody left.

    Args:
        key: Key of the draws.
        person: Address of the person.
        sex: 0 female, 1 male.
        born: [years AD] Time of birth.
        end: [years AD] When the clock fired.
        lane: Which clock, or leaving.
        causes: [per person-year] Shape (sex, years + 1, bands, causes).

    Returns:
        A place in ``codes.CAUSES``, or ``LEFT_END``.
    """
    if lane == LEAVING:
        return LEFT_END
    year = min(np.int64(math.floor(end)) - FIRST_YEAR, causes.shape[1] - 1)
    band = np.searchsorted(BAND_STARTS, end - born, side="right") - 1
    whole = 0.0
    for cause in range(N_CAUSES):
        if _CLOCK_OF[cause] == lane:
            whole += causes[sex, year, band, cause]
    left = uniform(key, person, _CAUSE, lane) * whole
    chosen = -1
    for cause in range(N_CAUSES):
        rate = causes[sex, year, band, cause]
        if _CLOCK_OF[cause] == lane and rate > 0.0 and (chosen < 0 or left > 0.0):
            chosen = cause
            left -= rate
    return chosen


@compiled
def counts_as_need(cause: int, need: Need) -> bool:
    """Tell whether a cause makes its organ needed: always, or only if it is no tumour."""
    return need.tumours or not _IS_TUMOUR[cause]


@compiled
def run_all_clocks(
    key: np.uint64,
    person: int,
    sex: int,
    born: float,
    entered: float,
    rates: Floats,
    silenced: int,
    when: float,
    latent: Floats,
    hazards_then: Floats,
) -> None:
    """Run every clock to its own end, and read every hazard at one moment.

    Args:
        key: Key of the draws.
        person: Address of the person.
        sex: 0 female, 1 male.
        born: [years AD] Time of birth.
        entered: [years AD] Since when the person is in the run.
        rates: [per person-year] Shape (sex, years + 1, bands, lanes).
        silenced: Bit k is set if the clock of lane k has been stopped.
        when: [years AD] The moment at which hazards are read.
        latent: [years AD] Filled with when each lane alone would have fired.
        hazards_then: [per person-year] Filled with the hazards at ``when``.
    """
    budgets = np.empty(N_LANES)
    for lane in range(N_LANES):
        budgets[lane] = exponential(key, person, _CLOCK_PURPOSES[lane], 0)
        if (silenced >> lane) & 1:
            budgets[lane] = math.inf
    lexis_race(budgets, born, entered, BAND_STARTS, FIRST_YEAR, rates[sex], latent, 0)
    year = min(np.int64(math.floor(when)) - FIRST_YEAR, rates.shape[1] - 1)
    band = np.searchsorted(BAND_STARTS, when - born, side="right") - 1
    hazards_then[:] = rates[sex, year, band]


@compiled
def jackknife_group(person: int) -> int:
    """Return the group, of ``N_GROUPS``, that a person belongs to in every run."""
    return int(uniform(np.uint64(0), person, _GROUP, 0) * N_GROUPS)


class Seen(NamedTuple):
    """What is counted of the public, in whole numbers, over years and age bands.

    Shapes: ``exposure`` [ticks], ``alive`` and ``deaths`` (groups, sex, years,
    bands), and by year of birth ``cohort_exposure`` [ticks] and
    ``cohort_deaths`` alike; ``causes`` (sex, years, bands, ends);
    ``entered`` (sex, years, bands); ``cohort_late`` (sex, years), the deaths
    by year of birth after the tables end.
    """

    exposure: Integers
    alive: Integers
    deaths: Integers
    cohort_exposure: Integers
    cohort_deaths: Integers
    causes: Integers
    entered: Integers
    cohort_late: Integers


def new_seen(n_years: int) -> Seen:
    """Return counters at zero."""
    by_group = (N_GROUPS, 2, n_years, N_BANDS)
    by_year = (2, n_years, N_BANDS)
    shapes = (
        *(by_group for _ in range(5)),
        (*by_year, N_ENDS),
        by_year,
        (2, n_years),
    )
    return Seen(*(np.zeros(shape, np.int64) for shape in shapes))


@compiled
def see_life(
    seen: Seen,
    person: int,
    sex: int,
    born: float,
    entered: float,
    end: float,
    ended_by: int,
    sign: int,
) -> None:
    """Count a life, or with sign -1 take it back."""
    n_years = seen.exposure.shape[2]
    group = jackknife_group(person)
    add_exposure(
        seen.exposure[group, sex],
        seen.alive[group, sex],
        born,
        entered,
        end,
        BAND_STARTS,
        FIRST_YEAR,
        sign,
    )
    year = np.int64(math.floor(end)) - FIRST_YEAR if end < math.inf else n_years
    if year < n_years:
        band = np.searchsorted(BAND_STARTS, end - born, side="right") - 1
        seen.causes[sex, year, band, ended_by] += sign
        if ended_by != LEFT_END:
            seen.deaths[group, sex, year, band] += sign
    if born == entered:
        _see_cohort(seen, group, sex, born, end, ended_by, sign)


@compiled
def _see_cohort(
    seen: Seen, group: int, sex: int, born: float, end: float, ended_by: int, sign: int
) -> None:
    """Count a whole life, from birth, by year of birth and age band."""
    cohort = np.int64(math.floor(born)) - FIRST_YEAR
    band = 0
    while band < N_BANDS and born + BAND_STARTS[band] < end:
        start = born + BAND_STARTS[band]
        stop = min(end, born + BAND_STARTS[band + 1]) if band + 1 < N_BANDS else end
        seen.cohort_exposure[group, sex, cohort, band] += sign * (ticks(stop) - ticks(start))
        band += 1
    if ended_by != LEFT_END:
        seen.cohort_deaths[group, sex, cohort, band - 1] += sign
        if end >= FIRST_YEAR + seen.exposure.shape[2]:
            seen.cohort_late[sex, cohort] += sign


#: One row a person who is, or may become, a patient.
PATIENT = np.dtype(
    [
        ("person", np.int64),
        ("sex", np.int64),
        ("blood", np.int64),
        ("born", np.float64),
        ("entered", np.float64),
        ("untreated_end", np.float64),
        ("untreated_lane", np.int64),
        ("untreated_cause", np.int64),
        ("kept_at", np.float64),  # kept alive by dialysis from then on; inf if never
        ("place", np.int64),  # where the person stands in the run
        # What follows changes while people meet.
        ("end", np.float64),
        ("lane", np.int64),  # what ends the life as now planned
        ("cause", np.int64),  # place in codes.CAUSES or LEFT_END; -1 while alive
        ("silenced", np.int64),  # bit k: the own organ k has been replaced
        ("failed_at", np.float64),
        ("waits_for", np.int64),  # organ, -1 if not on the list
        ("is_kept", np.int64),  # 1 while a kidney is waited for on dialysis
        ("listed_at", np.float64),
        ("first_listed", np.float64),
        ("transplants", np.int64),
        ("first_given", np.float64),
        ("sensitised", np.int64),
        ("before", np.int64),
        ("behind", np.int64),
        ("stamp", np.int64),
        ("told", np.int64),  # bit k: the failure of the own organ k has been recorded
    ]
)

#: One row a person of the public, in the order of the run.
PERSON = np.dtype(
    [
        ("person", np.int64),
        ("sex", np.int8),
        ("blood", np.int8),
        ("lane", np.int8),
        ("cause", np.int8),  # place in codes.CAUSES, or LEFT_END
        ("born", np.float64),
        ("entered", np.float64),
        ("ended", np.float64),
        ("failed", np.float64),
    ]
)


@compiled
def _is_candidate(
    key: np.uint64,
    person: int,
    born: float,
    end: float,
    lane: int,
    cause: int,
    failed: float,
    kept: float,
    need: Need,
) -> bool:
    """Tell whether the list may ever see a person."""
    if end <= need.opens:
        return False
    seen = max(kept, need.opens)
    if need.kept_alive and kept < end and seen < need.closes and seen - born < need.age_limit:
        return True
    seen = max(failed, need.opens)
    return (
        lane < N_ORGANS
        and seen < need.closes
        and seen - born < need.age_limit
        and is_fit(key, person, lane, 0, need.fit)
        and counts_as_need(cause, need)
    )


@compiled
def live_alone(
    key: np.uint64,
    start: int,
    stop: int,
    cohort: Integers,
    sexes: Integers,
    size: Integers,
    limits: Floats,
    open_hazard: Floats,
    first: Integers,
    scale: int,
    hazards: Hazards,
    need: Need,
    seen: Seen,
    people: NDArray[np.void],
    patients: NDArray[np.void],
) -> int:
    """Live the lives of a block of the public, each alone and untreated.

    Args:
        key: Key of the draws.
        start: Place of the first person of the block.
        stop: Place after its last.
        cohort: As in ``Population``; so are the six that follow.
        sexes: Sex of each group.
        size: Size of each group.
        limits: Age limits of each group.
        open_hazard: Rate of the open band.
        first: First place of each group.
        scale: One in how many is in the run.
        hazards: Rates of every lane.
        need: Rules of the list.
        seen: Counters, added to.
        people: One row a person of the block, of dtype ``PERSON``; or of
            length 0 if only counts are wanted.
        patients: Room for those whom the list may see, of dtype ``PATIENT``.

    Returns:
        How many patients there are; above the room given, the block is to be
        done again with more.
    """
    budgets = np.empty(N_LANES)
    latent = np.empty(N_LANES)
    n_patients = 0
    group = np.searchsorted(first, start, side="right") - 1
    for place in range(start, stop):
        while place >= first[group + 1]:
            group += 1
        sex = sexes[group]
        person, born, entered = place_person(
            key,
            cohort[group],
            sex,
            (place - first[group]) * scale,
            size[group],
            limits[group],
            open_hazard[group],
        )
        end, lane = run_clocks(key, person, sex, born, entered, hazards.rates, 0, budgets, latent)
        failed = math.nan
        if lane < N_ORGANS:
            failed = max(entered, end - untreated_wait(key, person, lane, 0, need.wait))
        cause = cause_of(key, person, sex, born, end, lane, hazards.causes)
        see_life(seen, person, sex, born, entered, end, cause, 1)
        year = np.int64(math.floor(entered)) - FIRST_YEAR
        band = np.searchsorted(BAND_STARTS, entered - born, side="right") - 1
        seen.entered[sex, year, band] += 1
        blood = blood_group(key, person)
        kept = latent[KEPT_ALIVE]
        if people.size > 0:
            row = people[place - start]
            row["person"], row["sex"], row["blood"], row["lane"] = person, sex, blood, lane
            row["born"], row["entered"], row["ended"] = born, entered, end
            row["cause"], row["failed"] = cause, failed
        if _is_candidate(key, person, born, end, lane, cause, failed, kept, need):
            if n_patients < patients.size:
                row = patients[n_patients]
                row["person"], row["sex"], row["blood"] = person, sex, blood
                row["born"], row["entered"] = born, entered
                row["untreated_end"], row["untreated_lane"] = end, lane
                row["untreated_cause"] = cause
                row["kept_at"] = kept if kept < end else math.inf
                row["place"] = place
            n_patients += 1
    return n_patients
