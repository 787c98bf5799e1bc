"""Births and those born: of one person, of a country, of a family from one ancestor."""

from __future__ import annotations

import math

import numpy as np

from hailsham.engine.agenda import Agenda, enter, has_overflowed, new_agenda, take_next
from hailsham.engine.arithmetic import exp
from hailsham.engine.compiling import compiled
from hailsham.engine.draws import exponential, purpose
from hailsham.engine.families.tabulated import LinearStaircase, linear_hazard, linear_staircase_wait
from hailsham.engine.hazards import exponential_wait, gompertz_wait, staircase_wait
from hailsham.verification.estimates import (
    Estimate,
    Estimates,
    mean_of,
    ratio_of,
    scaled,
    share_of,
    variance_of,
)
from hailsham.verification.problems import Inputs
from hailsham.verification.waits import (
    CLOCKS,
    N_LIVES,
    Counts,
    Floats,
    budgets,
    gompertz_waits,
    people,
)

#: Whole histories and whole countries, with thousands of births each.
N_HISTORIES = 2_000
#: Families from one ancestor.
N_FAMILIES = 250_000
#: [years] Between these ages a person of P22 has children.
FERTILE = (20.0, 40.0)
_BIRTH, _DEATH = purpose("verification.birth"), purpose("verification.death")
#: Members of one family have addresses of their own, below this many.
_ROOM = 2**20
_MOST_BORN = 4_096
_IS_BORN, _HAS_DIED = 0, 1


def births_of_one(inputs: Inputs, *, key: np.uint64, n: int = N_LIVES) -> Estimates:
    """Simulate P22: children at a constant rate between two ages, while one lives."""
    lives = gompertz_waits(budgets(key, CLOCKS[0], 0, people(n)), 0.0, inputs["a"], inputs["b"])
    breaks, rates = np.array([0.0, *FERTILE]), np.array([0.0, inputs["f"], 0.0])
    counts, _, _ = discounted_births(key, CLOCKS[1], lives, breaks, rates, 0.0)
    growth, error = 0.0, math.inf
    # Newton's steps to the rate of growth at which a life's births are worth one; they double
    # the figures each time.
    for _ in range(6):
        _, worth, slope = discounted_births(key, CLOCKS[1], lives, breaks, rates, growth)
        short = mean_of(worth - 1.0)
        growth += short.value / slope
        error = short.standard_error / slope
    return {
        "mean_births": mean_of(counts),
        "P_childless": share_of(counts == 0),
        "lotka_r": Estimate(growth, error),
    }


@compiled
def discounted_births(
    key: np.uint64, clock: np.uint64, lives: Floats, breaks: Floats, rates: Floats, growth: float
) -> tuple[Counts, Floats, float]:
    """Return of each life its births and their worth at a rate of growth.

    The third result is by how much the mean worth falls for each unit of
    growth.
    """
    counts = np.zeros(lives.size, np.int64)
    worth = np.zeros(lives.size)
    falls = 0.0
    for person in range(lives.size):
        age = 0.0
        while True:
            budget = exponential(key, person, clock, counts[person])
            age += staircase_wait(budget, age, breaks, rates)
            if not age < lives[person]:
                break
            counts[person] += 1
            worth[person] += exp(-growth * age)
            falls += age * exp(-growth * age)
    return counts, worth, falls / lives.size


def births_at_a_changing_rate(inputs: Inputs, *, key: np.uint64, n: int = N_HISTORIES) -> Estimates:
    """Simulate P27: births at a rate that is linear between knots. Their mean date is pooled."""
    knots, values = (list(column) for column in zip(*inputs["knots"], strict=True))
    stairs = linear_hazard(knots, values=values, after=0.0)
    counts, since = histories(key, CLOCKS[0], n, float(knots[0]), stairs)
    mean_time = ratio_of(since, counts)
    return {
        "mean_count": mean_of(counts),
        "var_count": variance_of(counts),
        "mean_time": Estimate(knots[0] + mean_time.value, mean_time.standard_error),
    }


@compiled
def histories(
    key: np.uint64, clock: np.uint64, n: int, start: float, stairs: LinearStaircase
) -> tuple[Counts, Floats]:
    """Return how many events each history has, and their times since its start, added up."""
    counts, since = np.zeros(n, np.int64), np.zeros(n)
    for history in range(n):
        when = start
        while True:
            budget = exponential(key, history, clock, counts[history])
            when += linear_staircase_wait(budget, when, stairs)
            if when == np.inf:
                break
            counts[history] += 1
            since[history] += when - start
    return counts, since


_ALIVE_40, _ALIVE_140, _OLD_140, _DEATHS = range(4)


def stationary_population(inputs: Inputs, *, key: np.uint64, n: int = N_HISTORIES) -> Estimates:
    """Simulate P29: births at a constant rate and Gompertz lives, 140 years on."""
    counted = populations(
        key, CLOCKS[0], CLOCKS[1], n, float(inputs["lam"]), inputs["a"], inputs["b"]
    )
    alive = counted[_ALIVE_140]
    return {
        "mean_alive": mean_of(alive),
        "var_alive": variance_of(alive),
        "share_65plus": ratio_of(counted[_OLD_140], alive),
        "crude_death_rate": scaled(ratio_of(counted[_DEATHS], alive), 0.1),
        "mean_alive_t40": mean_of(counted[_ALIVE_40]),
    }


@compiled
def populations(
    key: np.uint64,
    births: np.uint64,
    lives: np.uint64,
    n: int,
    rate: float,
    level: float,
    slope: float,
) -> Floats:
    """Return of each population who is alive at 40 and 140, who is 65, deaths in ten years."""
    counted = np.zeros((4, n))
    for population in range(n):
        when, k = 0.0, 0
        while True:
            when += exponential_wait(exponential(key, population, births, k), rate)
            if when >= 140.0:
                break
            life = gompertz_wait(exponential(key, population, lives, k), 0.0, level, slope)
            end = when + life
            counted[_ALIVE_40, population] += when < 40.0 < end
            counted[_ALIVE_140, population] += end > 140.0
            counted[_OLD_140, population] += end > 140.0 and when <= 75.0
            counted[_DEATHS, population] += 130.0 <= end < 140.0
            k += 1
    return counted


def family_of_one(inputs: Inputs, *, key: np.uint64, n: int = N_FAMILIES) -> Estimates:
    """Simulate P21: everybody born has children as the ancestor had.

    The variance of a sample variance needs four moments, which a family of
    this size has.
    """
    until = float(inputs["t"])
    alive, births, is_whole = families(
        key, n, inputs["birth"], inputs["death"], until, new_agenda(_MOST_BORN)
    )
    if not is_whole:
        raise OverflowError("A family of P21 has outgrown its agenda.")
    return {
        "mean": mean_of(alive),
        "var": variance_of(alive),
        "P_extinct": share_of(alive == 0),
        "total_births": mean_of(births),
    }


@compiled
def families(
    key: np.uint64, n: int, birth: float, death: float, until: float, plans: Agenda
) -> tuple[Counts, Counts, bool]:
    """Return of each family who is alive at a time and the births until then, and if all fitted."""
    alive, births = np.ones(n, np.int64), np.zeros(n, np.int64)
    children, has_died = np.zeros(_MOST_BORN, np.int64), np.zeros(_MOST_BORN, np.bool_)
    for family in range(n):
        plans.held[0] = 0
        now, newcomer = 0.0, 0
        while now < until:
            if newcomer >= 0:
                children[newcomer], has_died[newcomer] = 0, False
                address = family * _ROOM + newcomer
                wait = exponential_wait(exponential(key, address, _DEATH, 0), death)
                enter(plans, now + wait, _HAS_DIED, newcomer, 0)
                wait = exponential_wait(exponential(key, address, _BIRTH, 0), birth)
                enter(plans, now + wait, _IS_BORN, newcomer, 0)
                newcomer = -1
            now, what, who, _ = take_next(plans)
            if now >= until:
                break
            if what == _HAS_DIED:
                has_died[who] = True
                alive[family] -= 1
            elif not has_died[who]:
                alive[family] += 1
                births[family] += 1
                newcomer = births[family]
                children[who] += 1
                budget = exponential(key, family * _ROOM + who, _BIRTH, children[who])
                enter(plans, now + exponential_wait(budget, birth), _IS_BORN, who, 0)
                if newcomer >= children.size:
                    return alive, births, False
    return alive, births, not has_overflowed(plans)
