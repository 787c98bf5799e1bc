"""W1 in NumPy with every trick we know.

A faster generator, exponentials drawn as such, chunks as large as pays, results
written over what is no longer needed, and only those who fall ill carried on.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from benchmarks.lives_and_carers.workloads import (
    AGES,
    DEATH_LEVEL,
    DEATH_SLOPE,
    EXCESS_FALL,
    EXCESS_LEVEL,
    LAST_AGE,
    ONSET_LEVEL,
    ONSET_SLOPE,
    RECOVERY,
    measures,
)

CHUNK = 65_536

Years = npt.NDArray[np.float64]


def age_of_death(draws: np.random.Generator, persons: int) -> Years:
    """Draw the age at which the background, or the end of the study, ends each life."""
    age = draws.standard_exponential(persons)
    age *= DEATH_SLOPE / DEATH_LEVEL
    np.log1p(age, out=age)
    age *= 1.0 / DEATH_SLOPE
    return np.minimum(age, LAST_AGE, out=age)


def age_of_onset(draws: np.random.Generator, growth: Years | float, persons: int) -> Years:
    """Draw the age at which illness begins, from ``exp(slope * age)`` at the start."""
    age = draws.standard_exponential(persons)
    age *= ONSET_SLOPE / ONSET_LEVEL
    age += growth
    np.log(age, out=age)
    age *= 1.0 / ONSET_SLOPE
    return age


def fatal_stay(draws: np.random.Generator, persons: int) -> Years:
    """Draw the years of illness until it kills, infinite for most."""
    years = draws.standard_exponential(persons)
    years *= -EXCESS_FALL / EXCESS_LEVEL
    np.maximum(years, -1.0, out=years)
    with np.errstate(divide="ignore"):
        np.log1p(years, out=years)
    years *= -1.0 / EXCESS_FALL
    return years


def lives(persons: int, seed: int) -> dict[str, float]:
    """Simulate persons from birth to death."""
    draws = np.random.Generator(np.random.SFC64(seed))
    years = ill_years = 0.0
    episodes = 0
    ill, dead = np.zeros(len(AGES), np.int64), np.zeros(len(AGES), np.int64)
    for first in range(0, persons, CHUNK):
        count = min(CHUNK, persons - first)
        end = age_of_death(draws, count)
        growth: Years | float = 1.0
        while count:
            onset = age_of_onset(draws, growth, count)
            healthy = onset >= end
            spared = end[healthy]
            years += spared.sum()
            dead += [np.count_nonzero(spared <= age) for age in AGES]

            falls_ill = np.flatnonzero(~healthy)
            onset, end = onset[falls_ill], end[falls_ill]
            count = len(falls_ill)
            stay = draws.standard_exponential(count)
            stay *= 1.0 / RECOVERY
            fatal = fatal_stay(draws, count)
            recovers = stay < fatal
            stop = np.minimum(stay, fatal, out=fatal)
            stop += onset
            recovers &= stop < end
            np.minimum(stop, end, out=stop)
            episodes += count
            ill_years += stop.sum() - onset.sum()
            for i, age in enumerate(AGES):
                ill[i] += np.count_nonzero(onset <= age) - np.count_nonzero(stop <= age)

            dies = stop[~recovers]
            years += dies.sum()
            dead += [np.count_nonzero(dies <= age) for age in AGES]
            again = np.flatnonzero(recovers)
            count = len(again)
            end = end[again]
            growth = np.exp(ONSET_SLOPE * stop[again])
    return measures(
        persons,
        years=years,
        ill_years=ill_years,
        episodes=episodes,
        ill=ill.tolist(),
        dead=dead.tolist(),
    )
