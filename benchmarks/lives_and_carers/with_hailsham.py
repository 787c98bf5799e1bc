"""W1 and W2 in hailsham: declared models, as a modeller would write them."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np

from benchmarks.lives_and_carers.workloads import (
    AGES,
    DEATH_LEVEL,
    DEATH_RISK,
    DEATH_SLOPE,
    EXCESS_FALL,
    EXCESS_LEVEL,
    LAST_AGE,
    MEAN_RECOVERY,
    MEAN_SPELL,
    ONSET_LEVEL,
    ONSET_SLOPE,
    RECOVERY,
    SPELLS,
    YEARS,
    measures,
)
from hailsham.engine import Columns, Exponential, Gompertz, Lives, Model, piecewise_constant

DRAINED = 1_000.0  # years; long before it the last patient has left


@cache
def illness_death() -> Model:
    """Declare W1."""
    model = Model("illness-death")
    well, ill, dead = model.states("well", "ill", "dead")
    background = Gompertz(level=DEATH_LEVEL, slope=DEATH_SLOPE)
    excess = Gompertz(level=EXCESS_LEVEL, slope=-EXCESS_FALL)
    model.transition(well, ill, Gompertz(level=ONSET_LEVEL, slope=ONSET_SLOPE))
    model.transition([well, ill], dead, background)
    model.transition(ill, dead, excess, clock="since_entry")
    model.transition(ill, well, Exponential(rate=RECOVERY), clock="since_entry")
    return model


def by_year(level: float, slope: float) -> Any:
    """Return a hazard as a life table has it: constant in each year, the same total."""
    years = range(math.ceil(LAST_AGE))
    share = math.expm1(slope) / slope
    return piecewise_constant(
        [float(year) for year in years],
        rates=[level * math.exp(slope * year) * share for year in years],
    )


@cache
def with_life_tables() -> Model:
    """Declare W1 with a life table for every hazard that is not constant."""
    model = Model("illness-death by life table")
    well, ill, dead = model.states("well", "ill", "dead")
    model.transition(well, ill, by_year(ONSET_LEVEL, ONSET_SLOPE))
    model.transition([well, ill], dead, by_year(DEATH_LEVEL, DEATH_SLOPE))
    model.transition(ill, dead, by_year(EXCESS_LEVEL, -EXCESS_FALL), clock="since_entry")
    model.transition(ill, well, Exponential(rate=RECOVERY), clock="since_entry")
    return model


def told(lives: Lives, persons: int) -> dict[str, float]:
    """Return the means of W1."""
    years = lives.person_years()
    occupied = lives.occupancy(AGES)
    return measures(
        persons,
        years=years["well"] + years["ill"],
        ill_years=years["ill"],
        episodes=sum(to["ill"] for to in lives.counts().values() if "ill" in to),
        ill=occupied[:, 1].tolist(),
        dead=occupied[:, 2].tolist(),
    )


def lived(model: Model, persons: int, seed: int, **asked: Any) -> dict[str, float]:
    """Live a model from birth to death, without a log."""
    seen = model.simulate(persons, seed=seed, until=LAST_AGE, log=False, moments=AGES, **asked)
    return told(seen, persons)


def lives(persons: int, seed: int) -> dict[str, float]:
    """Simulate persons, keeping totals alone."""
    return lived(illness_death(), persons, seed)


def lives_on_two_threads(persons: int, seed: int) -> dict[str, float]:
    """Simulate persons on two threads."""
    return lived(illness_death(), persons, seed, threads=2)


def lives_by_life_table(persons: int, seed: int) -> dict[str, float]:
    """Simulate persons whose hazards are tables by year of age, or of illness."""
    return lived(with_life_tables(), persons, seed)


def lives_in_columns(persons: int, seed: int) -> dict[str, float]:
    """Simulate persons, and hand on when each died, years ill, episodes, and five states."""
    asked = Columns(years=("ill",), visits=("ill",), state_at=True)
    return lived(illness_death(), persons, seed, columns=asked, sink=lambda *_: None)


def once_more(spells: float) -> float:
    """Count a spell."""
    return spells + 1.0


def comes_again(spells: float) -> float:
    """Return the chance of coming again, before this spell is counted."""
    return 1.0 - DEATH_RISK if spells < SPELLS - 1 else 0.0


@cache
def shared_carers() -> Model:
    """Declare W2."""
    model = Model("shared carers", clock="calendar")
    waiting, cared, recovering = model.states("waiting", "cared", "recovering")
    dead, gone = model.states("dead", "gone")
    model.attribute("spells")
    staff = model.pool("staff", places=1)
    model.transition(waiting, cared, staff)
    ends = Exponential(rate=1.0 / MEAN_SPELL)
    model.transition(
        cared,
        {dead: DEATH_RISK, recovering: comes_again, gone: None},
        ends,
        then={"spells": once_more},
        name="end of care",
    )
    model.transition(recovering, waiting, Exponential(rate=1.0 / MEAN_RECOVERY))
    return model


def carers(patients: int, carers: int, seed: int) -> dict[str, float]:
    """Simulate patients who share carers, until the last one has left."""
    draws = np.random.default_rng(seed)
    seen = shared_carers().simulate(
        patients,
        seed=seed,
        until=DRAINED,
        born=np.cumsum(draws.exponential(YEARS / patients, patients)),
        parameters={"staff.places": carers},
        log=False,
    )
    waits = seen.waits()["staff"]
    return {
        "spells": waits.served / patients,
        "deaths": seen.counts()["end of care"]["dead"] / patients,
        "wait": waits.mean,
    }
