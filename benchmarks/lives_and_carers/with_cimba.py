"""W1 and W2 in cimba: compiled models, a spawned process a person, on its engine in C.

Each living process has a stack of its own, which limits how many may live at
once (about 32,000 where the system allows 65,530 maps). W1 is therefore run in
cohorts, as replications; W2 with its long queue would pass the limit.
"""

from __future__ import annotations

import math
from typing import Any

import cimba as cb
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

COHORT = 100
NEVER = 1e300


class Census(cb.Model):
    """A cohort, and totals over it."""

    persons: cb.Param[int] = COHORT
    years: cb.Output[float] = 0.0
    ill_years: cb.Output[float] = 0.0
    episodes: cb.Output[int] = 0
    ill_20: cb.Output[int] = 0
    ill_40: cb.Output[int] = 0
    ill_60: cb.Output[int] = 0
    ill_80: cb.Output[int] = 0
    ill_100: cb.Output[int] = 0
    dead_20: cb.Output[int] = 0
    dead_40: cb.Output[int] = 0
    dead_60: cb.Output[int] = 0
    dead_80: cb.Output[int] = 0
    dead_100: cb.Output[int] = 0

    @cb.process
    def births(self) -> None:
        for _ in range(self.persons):
            cb.spawn(Person, census=self)


class Person(cb.Model):
    """One life."""

    census: cb.Ref[Census]

    @cb.process
    def live(self) -> None:
        end = math.log(1.0 + DEATH_SLOPE / DEATH_LEVEL * cb.random.exponential(1.0)) / DEATH_SLOPE
        end = min(end, LAST_AGE)
        while True:
            growth = math.exp(ONSET_SLOPE * cb.now())
            onset = growth + ONSET_SLOPE / ONSET_LEVEL * cb.random.exponential(1.0)
            onset = math.log(onset) / ONSET_SLOPE
            if onset >= end:
                cb.hold(end - cb.now())
                break
            cb.hold(onset - cb.now())
            stay = cb.random.exponential(1.0 / RECOVERY)
            left = 1.0 - EXCESS_FALL / EXCESS_LEVEL * cb.random.exponential(1.0)
            fatal_stay = -math.log(left) / EXCESS_FALL if left > 0.0 else NEVER
            stop = min(onset + min(stay, fatal_stay), end)
            cb.hold(stop - cb.now())
            self.census.episodes += 1
            self.census.ill_years += stop - onset
            self.census.ill_20 += onset <= 20.0 < stop
            self.census.ill_40 += onset <= 40.0 < stop
            self.census.ill_60 += onset <= 60.0 < stop
            self.census.ill_80 += onset <= 80.0 < stop
            self.census.ill_100 += onset <= 100.0 < stop
            if fatal_stay <= stay or stop == end:
                break
        death = cb.now()
        self.census.years += death
        self.census.dead_20 += death <= 20.0
        self.census.dead_40 += death <= 40.0
        self.census.dead_60 += death <= 60.0
        self.census.dead_80 += death <= 80.0
        self.census.dead_100 += death <= 100.0


def lives(persons: int, seed: int) -> dict[str, float]:
    """Simulate persons from birth to death, in whole cohorts."""
    cohorts = -(-persons // COHORT)
    census = Census()
    experiment = cb.Experiment(
        census, replications=cohorts, window=cb.Window.until_idle(), seed=seed
    )
    results = experiment.run(workers=1)[census]

    def total(name: str) -> Any:
        return np.asarray(getattr(results, name)).sum()

    return measures(
        cohorts * COHORT,
        years=total("years"),
        ill_years=total("ill_years"),
        episodes=total("episodes"),
        ill=[total(f"ill_{age:.0f}") for age in AGES],
        dead=[total(f"dead_{age:.0f}") for age in AGES],
    )


class Ward(cb.Model):
    """The carers, and what happened to all patients."""

    patients: cb.Param[int] = 1
    staff: cb.Resource
    spells: cb.Output[int] = 0
    deaths: cb.Output[int] = 0
    waited: cb.Output[float] = 0.0

    @cb.process
    def arrivals(self) -> None:
        for _ in range(self.patients):
            cb.hold(cb.random.exponential(YEARS / self.patients))
            cb.spawn(Patient, ward=self)


class Patient(cb.Model):
    """Be cared for, up to three times."""

    ward: cb.Ref[Ward]

    @cb.process
    def live(self) -> None:
        for spell in range(SPELLS):
            asked = cb.now()
            self.ward.staff.acquire(1)
            self.ward.waited += cb.now() - asked
            self.ward.spells += 1
            cb.hold(cb.random.exponential(MEAN_SPELL))
            self.ward.staff.release(1)
            if cb.random.uniform(0.0, 1.0) < DEATH_RISK:
                self.ward.deaths += 1
                break
            if spell + 1 < SPELLS:
                cb.hold(cb.random.exponential(MEAN_RECOVERY))


def carers(patients: int, carers: int, seed: int) -> dict[str, float]:
    """Simulate patients who share carers, until the last one has left."""
    ward = Ward()
    ward.patients = patients
    ward.staff = cb.Resource(capacity=carers)
    experiment = cb.Experiment(ward, replications=1, window=cb.Window.until_idle(), seed=seed)
    results = experiment.run(workers=1)[ward]
    spells = float(np.asarray(results.spells).sum())
    return {
        "spells": spells / patients,
        "deaths": float(np.asarray(results.deaths).sum()) / patients,
        "wait": float(np.asarray(results.waited).sum()) / spells,
    }
