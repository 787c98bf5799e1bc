"""Other ways through the engine meet the same answers: one clock for several, the Lexis plane."""

import math

import numba
import numpy as np
import pytest

from hailsham.engine.families.inverted import gompertz_makeham_wait
from hailsham.engine.families.tabulated import linear_staircase_wait, tabulate_hazard
from hailsham.engine.hazards import gompertz_cumulative, lexis_race
from hailsham.verification.comparison import DIFFERS, answers_of, compare, luck
from hailsham.verification.estimates import mean_of, scaled, share_of
from hailsham.verification.lives import read_cohort, read_life_table
from hailsham.verification.problems import read_problems
from hailsham.verification.waits import CLOCKS, budgets, people

SEED = 1
N = 1_000_000
#: Lives in races over the Lexis plane, which cost eighty cells each.
N_RACES = 200_000


@numba.njit
def makeham_waits(spending, age, level, slope, constant):
    waits = np.empty(spending.size)
    for i in range(spending.size):
        waits[i] = gompertz_makeham_wait(spending[i], age, level, slope, constant)
    return waits


@numba.njit
def ramp_waits(spending, since, stairs):
    waits = np.empty(spending.size)
    for i in range(spending.size):
        waits[i] = linear_staircase_wait(spending[i], since, stairs)
    return waits


@numba.njit
def lexis_races(spending, born, start, breaks, first_year, rates, terminal):
    """Winner and latent times of one race a person; what is spent is a copy."""
    n_people, n_clocks = spending.shape
    winners = np.empty(n_people, np.int64)
    latent = np.empty((n_people, n_clocks))
    for i in range(n_people):
        winners[i] = lexis_race(
            spending[i].copy(), born, start, breaks, first_year, rates, latent[i], terminal
        )
    return winners, latent


def spending(name, clock, n=N):
    """What each of ``n`` people has to spend on a clock."""
    return budgets(luck(name, seed=SEED), CLOCKS[clock], 0, people(n))


def makeham_as_one_clock(inputs, forgets_age=False):
    law = inputs["a"], inputs["b"], inputs["c"]
    lives = makeham_waits(spending("P03", 0), 0.0, *law)
    rest = makeham_waits(spending("P03", 1), 0.0 if forgets_age else 40.0, *law)
    return {"e0": mean_of(lives), "e40": mean_of(rest), "S_80": share_of(lives > 80.0)}


def siler_as_a_table(inputs, forgets_age=False):
    """One tabulated function, beyond 110 level."""

    def hazard(age):
        young = inputs["a1"] * math.exp(-inputs["b1"] * age)
        return young + inputs["a2"] + inputs["a3"] * math.exp(inputs["b3"] * age)

    stairs = tabulate_hazard(hazard, start=0.0, stop=110.0, tolerance=1e-7)
    lives = ramp_waits(spending("P04", 0), 0.0, stairs)
    rest = ramp_waits(spending("P04", 1), 0.0 if forgets_age else 65.0, stairs)
    return {
        "e0": mean_of(lives),
        "S_1": share_of(lives > 1.0),
        "S_65": share_of(lives > 65.0),
        "e65": mean_of(rest),
        "q0_per_1000": scaled(share_of(lives <= 1.0), 1000.0),
    }


def life_table_as_a_race(inputs, late=0.0):
    """On the Lexis plane, for those born on a day in spring; the fault: late birthdays."""
    born, breaks = 1930.3, np.array(inputs["cuts"], np.float64)
    rates = np.stack([inputs["r1"], inputs["r2"]], axis=-1)
    table = np.ascontiguousarray(np.broadcast_to(rates, (30, *rates.shape)))
    spent = np.stack([spending("P08", clock, N_RACES) for clock in range(2)], axis=-1)
    breaks = breaks + late * (breaks > 0.0)
    winners, latent = lexis_races(spent, born, born, breaks, 1930, table, 2)
    return read_life_table(latent.min(axis=1) - born, is_first=winners == 0)


def change_as_a_race(inputs, change=None):
    """As rates by calendar year and by half years of age.

    Each rate is the mean hazard of its half year, so that survival is exact at
    every half birthday; between them a mean life loses b / 48 = 0.002 years,
    a fifteenth of a standard error.
    """
    born, slope, per_year = inputs["birth"], inputs["b"], 2
    ages = np.arange(130 * per_year) / per_year
    rates = per_year * np.array(
        [gompertz_cumulative(age, age + 1 / per_year, inputs["a"], slope) for age in ages]
    )
    n_years = int(change or inputs["change"]) - int(born) + 1
    table = np.repeat(rates[None, :, None], n_years, axis=0)
    table[-1] *= inputs["factor"]
    spent = spending("P24", 0, N_RACES)[:, None]
    _, latent = lexis_races(spent, born, born, ages, int(born), table, 1)
    return read_cohort(latent[:, 0] - born, born=born)


#: The problem that each way meets, and a fault of it that must be caught.
WAYS = {
    makeham_as_one_clock: ("P03", {"forgets_age": True}),
    siler_as_a_table: ("P04", {"forgets_age": True}),
    life_table_as_a_race: ("P08", {"late": 0.25}),
    change_as_a_race: ("P24", {"change": 1962.0}),
}


def differing(way, **fault):
    name, _ = WAYS[way]
    found = way(read_problems()[name].inputs, **fault)
    answers = {quantity: answers_of(name)[quantity] for quantity in found}
    rows = compare(found, answers=answers, problem=name)
    return [row for row in rows if row.verdict == DIFFERS]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_another_way_meets_the_same_answers(way):
    assert differing(way) == []


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_fault_on_that_way_is_caught(way):
    assert differing(way, **WAYS[way][1])
