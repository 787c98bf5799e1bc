"""W1 in NumPy as anybody would write it who knows it: everybody's first spell, then the second.

In chunks that stay in the cache, with the default generator. This alone beats
every framework; ``with_tuned_numpy`` is the same with every trick we know.
"""

from __future__ import annotations

import numpy as np

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

CHUNK = 16_384


def lives(persons: int, seed: int) -> dict[str, float]:
    """Simulate persons from birth to death."""
    draws = np.random.default_rng(seed)
    years = ill_years = 0.0
    episodes = 0
    ill, dead = np.zeros(len(AGES), np.int64), np.zeros(len(AGES), np.int64)

    def exponential(count: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return -np.log(draws.random(count))

    for first in range(0, persons, CHUNK):
        count = min(CHUNK, persons - first)
        end = np.log(1.0 + DEATH_SLOPE / DEATH_LEVEL * exponential(count)) / DEATH_SLOPE
        death = np.minimum(end, LAST_AGE)
        who, age = np.arange(count), np.zeros(count)
        while len(who):
            growth = np.exp(ONSET_SLOPE * age) + ONSET_SLOPE / ONSET_LEVEL * exponential(len(who))
            onset = np.log(growth) / ONSET_SLOPE
            falls_ill = onset < death[who]
            who, onset = who[falls_ill], onset[falls_ill]
            end = death[who]
            stay = exponential(len(who)) / RECOVERY
            left = np.maximum(1.0 - EXCESS_FALL / EXCESS_LEVEL * exponential(len(who)), 0.0)
            with np.errstate(divide="ignore"):
                fatal_stay = -np.log(left) / EXCESS_FALL
            recovery = onset + stay
            stop = np.minimum(np.minimum(recovery, onset + fatal_stay), end)
            recovers = (stay < fatal_stay) & (recovery < end)
            episodes += len(who)
            ill_years += (stop - onset).sum()
            ill += [np.count_nonzero((onset <= age) & (age < stop)) for age in AGES]
            death[who[~recovers]] = stop[~recovers]
            who, age = who[recovers], stop[recovers]
        years += death.sum()
        dead += [np.count_nonzero(death <= age) for age in AGES]
    return measures(
        persons,
        years=years,
        ill_years=ill_years,
        episodes=episodes,
        ill=ill.tolist(),
        dead=dead.tolist(),
    )
