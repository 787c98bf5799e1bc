"""Exact answers are met by queues and by a list for organs, and a broken rule misses them.

Gaps are in standard errors, the limit is five, seeds are fixed. People in one
queue share their luck, so the sample is one of runs: every run is independent,
and begins in balance, with a number of people drawn from the law of the
birth-death chain. No warm-up is needed then, but for two classes: the total is
in balance, who stands in line is not, and a run counts from ``WARM`` on, nearly
seven times the slowest relaxation of 1 / (sqrt(8) - sqrt(7))**2 = 30. Waits are
compared as sums over those who arrive in a run less the answer for each of
them, whose mean is nought however many arrive. Everyone who arrives in time is
followed to the end of the wait.

What fails, as a part of the answer: in P17 an error of 3 per cent in the share
that waits, 7 in the mean wait, 13 in the share of long waits; in P18 of 2 per
cent or less in anything; in P19 of 3 in the mean wait of the first class and 8
in that of the second; in P20 of 1 per cent, but of a third in what is rare, the
empty list and the wasted organ.
"""

import numpy as np
import pytest

from tests.unit.engine.simulated import LIMIT, reference_problem, z_mean
from tests.unit.engine.simulated_models import (
    ADDED,
    ARRIVED,
    DIED,
    EMPTY_TIME,
    LAST_FIRST,
    LEFT,
    NO_CLASSES,
    PATIENT_TIME,
    PRE_EMPTIVE,
    TRANSPLANTED,
    WAIT,
    WAITED,
    WAITED_LONG,
    WASTED,
    Hall,
    law_of_a_line,
    organ_lists,
    queues,
)
from tests.unit.engine.test_reference_problems import luck, worst

N_RUNS = 1_000
#: Longer runs, for a list that is empty four hours in a year.
N_LISTS, YEARS = 400, 250.0
#: Two classes: slow to find their balance.
N_CLASSES, WARM, UNTIL = 1_000, 200.0, 600.0


def hall_of(lam, mu, c, theta=0.0, **options):
    """A hall in balance, with one class or, where ``lam`` is a list, with several."""
    arrivals = np.array(lam, np.float64, ndmin=1)
    law = law_of_a_line(
        lambda _: arrivals.sum(), lambda i: mu * min(i, c) + theta * max(i - c, 0), 400
    )
    return Hall(arrivals, float(mu), float(theta), int(c), law, **options)


def z_per_head(total, heads, exact):
    """Sums over the people of each run less the exact mean for each, in standard errors."""
    return z_mean(total - exact * heads, 0.0)


def p17(inputs, answers, n_runs=N_RUNS, **options):
    """Erlang C."""
    hall = hall_of(**inputs, **options)
    told, area = queues(luck("P17"), n_runs, hall)
    told = told[:, 0]
    return {
        "P_wait": z_per_head(told[WAITED], told[ARRIVED], answers["P_wait"]),
        "Wq": z_per_head(told[WAIT], told[ARRIVED], answers["Wq"]),
        "Lq": z_mean(area / hall.until, answers["Lq"]),
        "P_wait_gt_1": z_per_head(told[WAITED_LONG], told[ARRIVED], answers["P_wait_gt_1"]),
    }


def p18(inputs, answers, n_runs=N_RUNS, stays=False):
    """Erlang A; the fault: half of those who would leave stay."""
    hall = hall_of(**inputs | ({"theta": 0.5 * inputs["theta"]} if stays else {}))
    told, area = queues(luck("P18"), n_runs, hall)
    told = told[:, 0]
    return {
        "P_wait": z_per_head(told[WAITED], told[ARRIVED], answers["P_wait"]),
        "P_abandon": z_per_head(told[LEFT], told[ARRIVED], answers["P_abandon"]),
        "Lq": z_mean(area / hall.until, answers["Lq"]),
        "W_mean_all": z_per_head(told[WAIT], told[ARRIVED], answers["W_mean_all"]),
    }


def p19(inputs, answers, n_runs=N_CLASSES, **options):
    """Two classes; people go on arriving until those who count have had their turn."""
    lam = [inputs["lam_high"], inputs["lam_low"]]
    times = {"warm": WARM, "until": UNTIL, "after": 100.0}
    hall = hall_of(lam, inputs["mu"], inputs["c"], **times, **options)
    told, _ = queues(luck("P19"), n_runs, hall)
    waits, heads = told[WAIT], told[ARRIVED]
    return {
        "Wq_high": z_per_head(waits[0], heads[0], answers["Wq_high"]),
        "Wq_low": z_per_head(waits[1], heads[1], answers["Wq_low"]),
        "Wq_all": z_per_head(waits.sum(axis=0), heads.sum(axis=0), answers["Wq_all"]),
    }


def p20(inputs, answers, n_runs=N_LISTS, keeps_organs=False):
    """A list for organs; the fault: an organ that nobody needs waits for the next patient."""
    lam, mu, theta = inputs["lam"], inputs["mu"], inputs["theta"]
    law = law_of_a_line(lambda _: lam, lambda i: mu + theta * i, 400)
    told = organ_lists(luck("P20"), n_runs, YEARS, (lam, mu, theta), law, keeps_organs)
    return {
        "P_empty": z_mean(told[EMPTY_TIME] / YEARS, answers["P_empty"]),
        "mean_waiting": z_mean(told[PATIENT_TIME] / YEARS, answers["mean_waiting"]),
        "share_transplanted": z_per_head(
            told[TRANSPLANTED], told[ADDED], answers["share_transplanted"]
        ),
        "share_died_waiting": z_per_head(told[DIED], told[ADDED], answers["share_died_waiting"]),
        "organs_wasted_per_year": z_mean(told[WASTED] / YEARS, answers["organs_wasted_per_year"]),
    }


PROBLEMS = {"P17": p17, "P18": p18, "P19": p19, "P20": p20}
TOO_HIGH = 1.05
#: Runs that suffice to catch a fault.
N_FEWER = 250
#: Five per cent too high is caught; a counter more or less is the least fault of its kind.
BROKEN_INPUTS = [
    *(("P17", key, TOO_HIGH) for key in ("lam", "mu")),
    ("P17", "c", 1.1),
    *(("P18", key, TOO_HIGH) for key in ("lam", "mu", "theta")),
    ("P18", "c", 1.1),
    *(("P19", key, TOO_HIGH) for key in ("lam_high", "lam_low", "mu")),
    ("P19", "c", 1.125),
    *(("P20", key, TOO_HIGH) for key in ("lam", "mu", "theta")),
]
BROKEN_RULES = {
    "last come, first served": ("P17", p17, {"rule": LAST_FIRST}),
    "one in two who would leave stays": ("P18", p18, {"stays": True, "n_runs": N_FEWER}),
    "no regard to classes": ("P19", p19, {"rule": NO_CLASSES, "n_runs": N_FEWER}),
    "a service broken off": ("P19", p19, {"rule": PRE_EMPTIVE, "n_runs": N_FEWER}),
    "an organ that is kept": ("P20", p20, {"keeps_organs": True}),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_every_answer_is_met(name):
    inputs, answers = reference_problem(name)
    gaps = PROBLEMS[name](inputs, answers)

    assert gaps.keys() == answers.keys()
    assert worst(gaps) <= LIMIT, gaps


@pytest.mark.parametrize(("name", "key", "factor"), BROKEN_INPUTS)
def test_an_input_that_is_too_high_is_caught(name, key, factor):
    inputs, answers = reference_problem(name)

    broken = inputs | {key: factor * inputs[key]}
    assert worst(PROBLEMS[name](broken, answers, n_runs=N_FEWER)) > LIMIT


@pytest.mark.parametrize("fault", BROKEN_RULES)
def test_a_broken_rule_is_caught(fault):
    name, problem, options = BROKEN_RULES[fault]

    assert worst(problem(*reference_problem(name), **options)) > LIMIT


def test_the_order_of_turns_moves_the_long_waits_and_no_mean():
    gaps = p17(*reference_problem("P17"), rule=LAST_FIRST, after=100.0)

    assert abs(gaps.pop("P_wait_gt_1")) > LIMIT
    assert worst(gaps) <= LIMIT, gaps
