"""W1 and W2 in SimPy: a process a person, as its own examples are written."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import simpy

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

COHORT = 100  # persons in one environment: they never meet, and its agenda stays short


@dataclass
class Census:
    """Totals over all persons."""

    years: float = 0.0
    ill_years: float = 0.0
    episodes: int = 0
    ill: list[int] = field(default_factory=lambda: [0] * len(AGES))
    dead: list[int] = field(default_factory=lambda: [0] * len(AGES))

    def fell_ill(self, onset: float, stop: float) -> None:
        """Count an episode."""
        self.episodes += 1
        self.ill_years += stop - onset
        for i, age in enumerate(AGES):
            self.ill[i] += onset <= age < stop

    def died(self, death: float) -> None:
        """Count a death."""
        self.years += death
        for i, age in enumerate(AGES):
            self.dead[i] += death <= age


def person(env: simpy.Environment, draws: random.Random, census: Census) -> Iterator[Any]:
    """Live one life."""
    exponential = draws.expovariate
    end = math.log(1.0 + DEATH_SLOPE / DEATH_LEVEL * exponential(1.0)) / DEATH_SLOPE
    end = min(end, LAST_AGE)
    while True:
        growth = math.exp(ONSET_SLOPE * env.now)
        onset = math.log(growth + ONSET_SLOPE / ONSET_LEVEL * exponential(1.0)) / ONSET_SLOPE
        if onset >= end:
            yield env.timeout(end - env.now)
            break
        yield env.timeout(onset - env.now)
        stay = exponential(RECOVERY)
        left = 1.0 - EXCESS_FALL / EXCESS_LEVEL * exponential(1.0)
        fatal_stay = -math.log(left) / EXCESS_FALL if left > 0.0 else math.inf
        stop = min(onset + min(stay, fatal_stay), end)
        yield env.timeout(stop - env.now)
        census.fell_ill(onset, stop)
        if fatal_stay <= stay or stop == end:
            break
    census.died(env.now)


def lives(persons: int, seed: int) -> dict[str, float]:
    """Simulate persons from birth to death, all in one environment, as a model is written."""
    return lives_in_cohorts(persons, seed, cohort=persons)


def lives_in_cohorts(persons: int, seed: int, *, cohort: int = COHORT) -> dict[str, float]:
    """Simulate persons from birth to death, a cohort after the other, which is faster."""
    draws, census = random.Random(seed), Census()
    for first in range(0, persons, cohort):
        env = simpy.Environment()
        for _ in range(min(cohort, persons - first)):
            env.process(person(env, draws, census))
        env.run()
    return measures(
        persons,
        years=census.years,
        ill_years=census.ill_years,
        episodes=census.episodes,
        ill=census.ill,
        dead=census.dead,
    )


@dataclass
class Ward:
    """What happened to all patients."""

    spells: int = 0
    deaths: int = 0
    waited: float = 0.0


def patient(
    env: simpy.Environment, staff: simpy.Resource, draws: random.Random, ward: Ward
) -> Iterator[Any]:
    """Be cared for, up to three times."""
    for spell in range(SPELLS):
        asked = env.now
        with staff.request() as carer:
            yield carer
            ward.waited += env.now - asked
            ward.spells += 1
            yield env.timeout(draws.expovariate(1.0 / MEAN_SPELL))
        if draws.random() < DEATH_RISK:
            ward.deaths += 1
            return
        if spell + 1 < SPELLS:
            yield env.timeout(draws.expovariate(1.0 / MEAN_RECOVERY))


def arrivals(
    env: simpy.Environment, staff: simpy.Resource, patients: int, draws: random.Random, ward: Ward
) -> Iterator[Any]:
    """Let patients arrive at a constant rate."""
    for _ in range(patients):
        yield env.timeout(draws.expovariate(patients / YEARS))
        env.process(patient(env, staff, draws, ward))


def carers(patients: int, carers: int, seed: int) -> dict[str, float]:
    """Simulate patients who share carers, until the last one has left."""
    draws, ward, env = random.Random(seed), Ward(), simpy.Environment()
    env.process(arrivals(env, simpy.Resource(env, carers), patients, draws, ward))
    env.run()
    return {
        "spells": ward.spells / patients,
        "deaths": ward.deaths / patients,
        "wait": ward.waited / ward.spells,
    }
