"""Exact answers are met by every family of hazards, and a broken one misses them.

As ``test_reference_problems``: fixed seed, stated numbers of lives, gaps in
standard errors, a limit of five, and for each problem a twin that fails.
Beside the reference problems that need these families stand moments and
conditional shares that have a closed form.
"""

import math

import numba
import numpy as np
import pytest

from hailsham.engine.draws import draw_key, exponential, purpose
from hailsham.engine.families.inverted import (
    gamma_wait,
    gompertz_makeham_wait,
    log_logistic_wait,
    log_normal_wait,
)
from hailsham.engine.families.tabulated import (
    linear_hazard,
    linear_staircase_wait,
    tabulate_hazard,
)
from hailsham.engine.hazards import (
    exponential_wait,
    gompertz_hazard,
    gompertz_wait,
    staircase_wait,
    weibull_wait,
)
from tests.unit.engine.simulated import (
    LIMIT,
    budgets,
    gompertz_waits,
    reference_problem,
    z_mean,
    z_share,
    z_variance,
)
from tests.unit.engine.test_reference_problems import luck, times, worst

N = 1_000_000
#: Lives where a family or its moments are dearer.
N_FEWER = 200_000
#: Whole histories of a process with thousands of events.
N_HISTORIES = 2_000
CLOCKS = [purpose(f"test.families.clock{i}") for i in range(3)]


def spending(key, clock, n=N):
    """What each of ``n`` people has to spend on a clock."""
    return budgets(key, CLOCKS[clock], 0, np.arange(n, dtype=np.int64))


@numba.njit
def waits_of_two(wait, spending, since, first, second):
    """Waits under a family of two parameters."""
    waits = np.empty(spending.size)
    for i in range(spending.size):
        waits[i] = wait(spending[i], since, first, second)
    return waits


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


# ---------------------------------------------------------------- reference problems


def p03(inputs, answers, forgets_age=False):
    """Gompertz-Makeham as one clock."""
    law = inputs["a"], inputs["b"], inputs["c"]
    lives = makeham_waits(spending(luck("P03"), 0), 0.0, *law)
    rest = makeham_waits(spending(luck("P03"), 1), 0.0 if forgets_age else 40.0, *law)
    return {
        "e0": z_mean(lives, answers["e0"]),
        "e40": z_mean(rest, answers["e40"]),
        "S_80": z_share(lives > 80.0, answers["S_80"]),
    }


def p04(inputs, answers, forgets_age=False):
    """A Siler hazard as one tabulated function, beyond 110 level."""

    def hazard(age):
        young = inputs["a1"] * math.exp(-inputs["b1"] * age)
        return young + inputs["a2"] + inputs["a3"] * math.exp(inputs["b3"] * age)

    stairs = tabulate_hazard(hazard, start=0.0, stop=110.0, tolerance=1e-7)
    lives = ramp_waits(spending(luck("P04"), 0), 0.0, stairs)
    rest = ramp_waits(spending(luck("P04"), 1), 0.0 if forgets_age else 65.0, stairs)
    return {
        "e0": z_mean(lives, answers["e0"]),
        "S_1": z_share(lives > 1.0, answers["S_1"]),
        "S_65": z_share(lives > 65.0, answers["S_65"]),
        "e65": z_mean(rest, answers["e65"]),
        "q0_per_1000": z_share(lives <= 1.0, answers["q0_per_1000"] / 1000.0),
    }


def p12(inputs, answers, keeps_clock=False):
    """A Weibull clock that starts at onset; the fault: it has run since birth."""
    key = luck("P12")
    onset = spending(key, 0) / inputs["HI"]
    death = spending(key, 1) / inputs["HD"]
    falls_ill = onset < death
    leaves = np.minimum(onset, death)
    since = leaves[falls_ill].mean() if keeps_clock else 0.0
    ill = waits_of_two(weibull_wait, spending(key, 2)[falls_ill], since, inputs["k"], inputs["lam"])
    life = leaves.copy()
    life[falls_ill] += ill
    gaps = {
        "mean_sojourn_I": z_mean(ill, answers["mean_sojourn_I"]),
        "mean_life": z_mean(life, answers["mean_life"]),
    }
    for time in (5, 15, 30):
        gaps[f"H_{time}"] = z_share(leaves > time, answers[f"H_{time}"])
        gaps[f"I_{time}"] = z_share((leaves <= time) & (life > time), answers[f"I_{time}"])
    return gaps


@numba.njit
def births_in_lives(key, clock, lives, breaks, rates, rate_of_growth):
    """How many births each life has, and what they are worth at a rate of growth."""
    counts = np.zeros(lives.size, np.int64)
    worth = np.zeros(lives.size)
    for person in range(lives.size):
        age = 0.0
        while True:
            budget = exponential(key, person, clock, counts[person])
            age += staircase_wait(budget, age, breaks, rates)
            if not age < lives[person]:
                break
            counts[person] += 1
            worth[person] += math.exp(-rate_of_growth * age)
    return counts, worth


def p22(inputs, answers, until=40.0):
    key, window = luck("P22"), np.array([0.0, 20.0, until])
    lives = gompertz_waits(spending(key, 0), 0.0, inputs["a"], inputs["b"])
    rates = np.array([0.0, inputs["f"], 0.0])
    counts, worth = births_in_lives(key, CLOCKS[1], lives, window, rates, answers["lotka_r"])
    return {
        "mean_births": z_mean(counts, answers["mean_births"]),
        "P_childless": z_share(counts == 0, answers["P_childless"]),
        # At Lotka's rate of growth the births of one life are worth one.
        "lotka_r": z_mean(worth, 1.0),
    }


def p23(inputs, answers, same_for_all=False):
    """Frailty from a gamma distribution, drawn by its own inverse."""
    key, variance = luck("P23"), inputs["s2"]
    frailty = waits_of_two(gamma_wait, spending(key, 0), 0.0, 1.0 / variance, variance)
    if same_for_all:
        frailty = np.ones_like(frailty)
    lives = gompertz_waits(spending(key, 1) / frailty, 0.0, inputs["a"], inputs["b"])
    old = frailty[lives > 100.0]
    hazard = gompertz_hazard(100.0, inputs["a"], inputs["b"])
    return {
        "e0": z_mean(lives, answers["e0"]),
        "S_80": z_share(lives > 80.0, answers["S_80"]),
        "S_100": z_share(lives > 100.0, answers["S_100"]),
        "hazard_100": z_mean(hazard * old, answers["hazard_100"]) if not same_for_all else 0.0,
        "mean_frailty_alive_100": z_mean(old, answers["mean_frailty_alive_100"])
        if not same_for_all
        else 0.0,
    }


@numba.njit
def histories(key, clock, n, start, stairs):
    """How many events each history has, and when they were on the whole."""
    counts = np.zeros(n, np.int64)
    sums = np.zeros(2)
    for history in range(n):
        when = start
        while True:
            budget = exponential(key, history, clock, counts[history])
            when += linear_staircase_wait(budget, when, stairs)
            if when == np.inf:
                break
            counts[history] += 1
            sums[0] += when - start
            sums[1] += (when - start) ** 2
    return counts, sums


def p27(inputs, answers, level=False):
    """Arrivals at a rate that is linear between knots; the fault: level between them."""
    knots, values = (list(column) for column in zip(*inputs["knots"], strict=True))
    stairs = linear_hazard(knots, values=values, after=0.0)
    if level:
        n = len(knots)
        spent = np.concatenate([[0.0], np.cumsum(values[:-1])])
        flat = np.array([*values[:-1], 0.0])
        assert spent.size == flat.size == n
        stairs = stairs._replace(starts=flat, ends=flat, spent=spent)
    counts, sums = histories(luck("P27"), CLOCKS[0], N_HISTORIES, knots[0], stairs)
    n_events = counts.sum()
    mean = sums[0] / n_events
    error = math.sqrt((sums[1] / n_events - mean**2) / n_events)
    return {
        "mean_count": z_mean(counts, answers["mean_count"]),
        "var_count": z_variance(counts, answers["var_count"]),
        "mean_time": (knots[0] + mean - answers["mean_time"]) / error,
    }


ALIVE_40, ALIVE_140, OLD_140, DEATHS = range(4)


@numba.njit
def populations(key, births, lives, n, rate, level, slope):
    """Of each population: alive at 40 and at 140, those of 65 or more, deaths in ten years."""
    counted = np.zeros((4, n))
    for population in range(n):
        when, k = 0.0, 0
        while True:
            when += exponential_wait(exponential(key, population, births, k), rate)
            if when >= 140.0:
                break
            life = gompertz_wait(exponential(key, population, lives, k), 0.0, level, slope)
            end = when + life
            counted[ALIVE_40, population] += when < 40.0 < end
            counted[ALIVE_140, population] += end > 140.0
            counted[OLD_140, population] += end > 140.0 and when <= 75.0
            counted[DEATHS, population] += 130.0 <= end < 140.0
            k += 1
    return counted


def p29(inputs, answers, late=0.0):
    counted = populations(
        luck("P29"), CLOCKS[0], CLOCKS[1], N_HISTORIES, inputs["lam"], inputs["a"], inputs["b"]
    )
    alive = counted[ALIVE_140] + late
    return {
        "mean_alive": z_mean(alive, answers["mean_alive"]),
        "var_alive": z_variance(alive, answers["var_alive"]),
        "share_65plus": z_mean(counted[OLD_140] - answers["share_65plus"] * alive, 0.0),
        "crude_death_rate": z_mean(
            counted[DEATHS] - 10.0 * answers["crude_death_rate"] * alive, 0.0
        ),
        "mean_alive_t40": z_mean(counted[ALIVE_40], answers["mean_alive_t40"]),
    }


PROBLEMS = {"P03": p03, "P04": p04, "P12": p12, "P22": p22, "P23": p23, "P27": p27, "P29": p29}
#: An answer that is another clock's: ``test_reference_problems`` meets it.
ELSEWHERE = {"P03": {"share_accident"}}
TOO_HIGH = 1.03
#: Three per cent too high is caught, or what it takes where an input has little to do with any
#: answer.
BROKEN_INPUTS = [
    *(("P03", key, TOO_HIGH) for key in ("a", "b")),
    ("P03", "c", 1.1),
    *(("P04", key, TOO_HIGH) for key in ("a3", "b3")),
    *(("P04", key, 1.05) for key in ("a1", "b1")),
    ("P04", "a2", 1.2),
    *(("P12", key, TOO_HIGH) for key in ("HI", "HD", "lam")),
    ("P12", "k", 1.1),
    ("P22", "f", TOO_HIGH),
    ("P22", "a", 1.5),
    ("P22", "b", 1.2),
    *(("P23", key, TOO_HIGH) for key in ("a", "b")),
    ("P23", "s2", 1.2),
    *(("P29", key, TOO_HIGH) for key in ("lam", "a", "b")),
]
BROKEN_RULES = {
    "a Makeham wait that forgets its age": ("P03", p03, {"forgets_age": True}),
    "a tabulated wait that forgets its age": ("P04", p04, {"forgets_age": True}),
    "a clock that is not reset at onset": ("P12", p12, {"keeps_clock": True}),
    "a window that closes half a year late": ("P22", p22, {"until": 40.5}),
    "one frailty for all": ("P23", p23, {"same_for_all": True}),
    "a rate that is level between its knots": ("P27", p27, {"level": True}),
    "seven people too many": ("P29", p29, {"late": 7.0}),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_every_answer_is_met(name):
    inputs, answers = reference_problem(name)
    gaps = PROBLEMS[name](inputs, answers)

    assert gaps.keys() == answers.keys() - ELSEWHERE.get(name, set())
    assert worst(gaps) <= LIMIT, gaps


@pytest.mark.parametrize(("name", "key", "factor"), BROKEN_INPUTS)
def test_an_input_that_is_too_high_is_caught(name, key, factor):
    inputs, answers = reference_problem(name)

    assert worst(PROBLEMS[name](inputs | {key: times(inputs[key], factor)}, answers)) > LIMIT


@pytest.mark.parametrize("fault", BROKEN_RULES)
def test_a_broken_rule_is_caught(fault):
    name, problem, options = BROKEN_RULES[fault]

    assert worst(problem(*reference_problem(name), **options)) > LIMIT


# ---------------------------------------------------------------- moments and conditional shares


def moments_of_weibull(shape, scale):
    first, second = (math.gamma(1.0 + power / shape) for power in (1.0, 2.0))
    return scale * first, scale**2 * (second - first**2)


def moments_of_log_logistic(shape, scale):
    first, second = (power * math.pi / shape for power in (1.0, 2.0))
    mean = scale * first / math.sin(first)
    return mean, scale**2 * second / math.sin(second) - mean**2


def moments_of_log_normal(median, spread):
    grown = math.exp(spread**2)
    return median * math.sqrt(grown), median**2 * grown * (grown - 1.0)


#: Two parameters, mean and variance, and the share that waits longer than a reading.
LAWS = {
    weibull_wait: (
        (2.5, 30.0),
        moments_of_weibull,
        lambda x, shape, scale: math.exp(-((x / scale) ** shape)),
    ),
    log_logistic_wait: (
        # The variance of a sample variance needs eight moments: the tail must be light.
        (12.0, 30.0),
        moments_of_log_logistic,
        lambda x, shape, scale: 1.0 / (1.0 + (x / scale) ** shape),
    ),
    log_normal_wait: (
        (20.0, 0.4),
        moments_of_log_normal,
        lambda x, median, spread: 0.5 * math.erfc(math.log(x / median) / spread / math.sqrt(2.0)),
    ),
    gamma_wait: (
        (3.0, 7.0),
        lambda shape, scale: (shape * scale, shape * scale**2),
        lambda x, shape, scale: (
            math.exp(-x / scale)
            * sum((x / scale) ** k / math.factorial(k) for k in range(int(shape)))
        ),
    ),
}


def gaps_of(wait, factors=(1.0, 1.0), forgets=False):
    """A family's sample against its closed forms, from 0 and given that the clock shows 18."""
    parameters, moments, share_beyond = LAWS[wait]
    mean, variance = moments(*parameters)
    used = [value * factor for value, factor in zip(parameters, factors, strict=True)]
    key = draw_key(20261122, 1)
    waits = waits_of_two(wait, spending(key, 0, N_FEWER), 0.0, *used)
    rest = waits_of_two(wait, spending(key, 1, N_FEWER), 0.0 if forgets else 18.0, *used)
    gaps = {"mean": z_mean(waits, mean), "variance": z_variance(waits, variance)}
    for years in (2.0, 8.0, 16.0):
        exact = share_beyond(18.0 + years, *parameters) / share_beyond(18.0, *parameters)
        gaps[f"beyond {years:g} more"] = z_share(rest > years, exact)
    return gaps


@pytest.mark.parametrize("wait", LAWS, ids=lambda wait: wait.__name__)
def test_waits_have_their_moments_and_their_conditional_shares(wait):
    gaps = gaps_of(wait)

    assert worst(gaps) <= LIMIT, gaps


@pytest.mark.parametrize("wait", LAWS, ids=lambda wait: wait.__name__)
@pytest.mark.parametrize("options", [{"factors": (1.03, 1.0)}, {"factors": (1.0, 1.03)}])
def test_a_parameter_that_is_too_high_is_caught(wait, options):
    assert worst(gaps_of(wait, **options)) > LIMIT


@pytest.mark.parametrize("wait", LAWS, ids=lambda wait: wait.__name__)
def test_a_clock_that_forgets_what_it_shows_is_caught(wait):
    assert worst(gaps_of(wait, forgets=True)) > LIMIT
