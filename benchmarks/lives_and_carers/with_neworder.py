"""W1 in neworder: hazards by month, whose first and next arrivals it draws for arrays of people."""

from __future__ import annotations

import neworder
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

MONTH = 1.0 / 12.0
COHORT = 20_000


class Lives(neworder.Model):
    """A cohort, followed from birth in continuous time."""

    def __init__(self, persons: int, seed: int) -> None:
        super().__init__(neworder.NoTimeline(), lambda: seed)
        self.persons = persons
        middle = np.arange(0.5 * MONTH, LAST_AGE, MONTH)
        self.onset = ONSET_LEVEL * np.exp(ONSET_SLOPE * middle)
        self.background = DEATH_LEVEL * np.exp(DEATH_SLOPE * middle)
        self.excess = EXCESS_LEVEL * np.exp(-EXCESS_FALL * middle)
        self.excess[-1] = 0.0  # who has not died of it by then never will
        self.ill_years = 0.0
        self.episodes = 0
        self.ill = np.zeros(len(AGES), np.int64)

    def step(self) -> None:
        """Live all lives: everybody's first spell of illness, then everybody's second."""
        first_arrival, never = self.mc.first_arrival, neworder.time.isnever
        death = first_arrival(self.background, MONTH, self.persons)
        death[never(death)] = LAST_AGE
        onset = first_arrival(self.onset, MONTH, self.persons)
        who = np.arange(self.persons)
        while True:
            falls_ill = onset < death[who]  # never so for one who never falls ill, a nan
            who, onset = who[falls_ill], onset[falls_ill]
            if not len(who):
                break
            stay = self.mc.stopping(RECOVERY, len(who))
            fatal_stay = first_arrival(self.excess, MONTH, len(who))
            fatal_stay[never(fatal_stay)] = np.inf
            recovery = onset + stay
            stop = np.minimum(np.minimum(recovery, onset + fatal_stay), death[who])
            recovers = (stay < fatal_stay) & (recovery < death[who])
            self.episodes += len(who)
            self.ill_years += float((stop - onset).sum())
            self.ill += [np.count_nonzero((onset <= age) & (age < stop)) for age in AGES]
            death[who[~recovers]] = stop[~recovers]
            who = who[recovers]
            onset = self.mc.next_arrival(stop[recovers], self.onset, MONTH)
        self.death = death
        self.halt()


def lives(persons: int, seed: int) -> dict[str, float]:
    """Simulate persons from birth to death."""
    cohorts = []
    for first in range(0, persons, COHORT):
        cohort = Lives(min(COHORT, persons - first), 1_000 * seed + first // COHORT)
        neworder.run(cohort)
        cohorts.append(cohort)
    death = np.concatenate([cohort.death for cohort in cohorts])
    return measures(
        persons,
        years=float(death.sum()),
        ill_years=sum(cohort.ill_years for cohort in cohorts),
        episodes=sum(cohort.episodes for cohort in cohorts),
        ill=np.sum([cohort.ill for cohort in cohorts], axis=0).tolist(),
        dead=[int(np.count_nonzero(death <= age)) for age in AGES],
    )
