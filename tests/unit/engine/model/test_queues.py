"""Queues with exact answers, as declared models: Erlang's two, priorities, an organ list.

Each quantity is the mean over runs, which share nothing; |z| <= 5 is met by chance less than once
in 1.7 million. A twin with one number changed must lie outside.
"""

import json
from importlib.resources import files

import numpy as np
import pytest

from tests.unit.engine.model.meetings import RUNS, arrivals, hall, organ_list, stays
from tests.unit.engine.simulated import LIMIT, z_mean

PROBLEMS = {
    one["id"]: {key: float(value) for key, value in one["answers"].items()}
    for one in json.loads(
        files("hailsham.verification").joinpath("reference_problems.json").read_text()
    )["problems"]
    if one["id"] in ("P17", "P18", "P19", "P20")
}
#: [units of service] Runs are counted from the first to the second, and go on to the last.
WARM, STOP, LAST = 150.0, 650.0, 1_000.0


def erlang(lam, runs=RUNS, **options):
    """Mean wait, share that waits at all, share that leaves, share that waits for over 1."""
    model = hall(**options)
    rows = []
    for run in range(runs):
        born = arrivals(lam, LAST, seed=run)
        lives = model.simulate(born.size, seed=run, until=LAST, born=born)
        wait, is_served = stays(lives, born, begin=WARM, end=STOP)
        rows.append([wait.mean(), (wait > 0).mean(), 1.0 - is_served.mean(), (wait > 1.0).mean()])
    return np.array(rows).T


def test_waits_for_several_places_are_erlangs_c():
    wait, waits, _, long = erlang(8.0, places=10)
    exact = PROBLEMS["P17"]

    assert abs(z_mean(wait, exact["Wq"])) <= LIMIT
    assert abs(z_mean(waits, exact["P_wait"])) <= LIMIT
    assert abs(z_mean(long, exact["P_wait_gt_1"])) <= LIMIT


def test_the_test_of_erlangs_c_has_teeth():
    wait, *_ = erlang(8.0, places=10, service=1.1)

    assert abs(z_mean(wait, PROBLEMS["P17"]["Wq"])) > LIMIT


def test_waits_that_some_leave_are_erlangs_a():
    wait, waits, leaves, _ = erlang(12.0, places=10, patience=0.5)
    exact = PROBLEMS["P18"]

    assert abs(z_mean(wait, exact["W_mean_all"])) <= LIMIT
    assert abs(z_mean(waits, exact["P_wait"])) <= LIMIT
    assert abs(z_mean(leaves, exact["P_abandon"])) <= LIMIT


def test_the_test_of_erlangs_a_has_teeth():
    _, _, leaves, _ = erlang(12.0, places=10, patience=0.8)

    assert abs(z_mean(leaves, PROBLEMS["P18"]["P_abandon"])) > LIMIT


def by_rank(rank):
    return rank


def against_rank(rank):
    return -rank


def by_rank_and_wait(rank, waited):
    return 1e6 * rank + waited


def two_classes(priority, runs=RUNS):
    """Mean waits of the higher and of the lower class."""
    model = hall(places=8, priority=priority)
    rows = []
    for run in range(runs):
        born = arrivals(7.0, LAST, seed=run)
        rank = (np.random.default_rng(1_000 + run).random(born.size) < 3 / 7).astype(float)
        lives = model.simulate(
            born.size, seed=run, until=LAST, born=born, attributes={"rank": rank}
        )
        wait, _ = stays(lives, born, begin=WARM, end=STOP)
        higher = rank[(born >= WARM) & (born < STOP)] > 0.0
        rows.append([wait[higher].mean(), wait[~higher].mean()])
    return np.array(rows).T


@pytest.mark.parametrize("priority", [by_rank, by_rank_and_wait])
def test_waits_of_two_classes_are_cobhams(priority):
    higher, lower = two_classes(priority)
    exact = PROBLEMS["P19"]

    assert abs(z_mean(higher, exact["Wq_high"])) <= LIMIT
    assert abs(z_mean(lower, exact["Wq_low"])) <= LIMIT


@pytest.mark.parametrize("priority", [against_rank, None])
def test_the_test_of_two_classes_has_teeth(priority):
    higher, _ = two_classes(priority)

    assert abs(z_mean(higher, PROBLEMS["P19"]["Wq_high"])) > LIMIT


def organs(runs=RUNS, patients=30.0, **options):
    """Share treated, share dead, mean number waiting, organs wasted a year."""
    model = organ_list(**options)
    waiting, _, _, donor, _ = model.declared_states
    warm, until = 20.0, 120.0
    rows = []
    for run in range(runs):
        came = arrivals(patients, until, seed=run)
        offered = arrivals(20.0, until, seed=5_000 + run)
        born = np.concatenate([came, offered])
        start = [waiting] * came.size + [donor] * offered.size
        moments = np.linspace(warm, until - 1.0, 100)
        lives = model.simulate(
            born.size, seed=run, until=until, born=born, start=start, moments=moments
        )
        events = lives.events
        late = events.time >= warm
        treated = np.count_nonzero(late & (events.to_state == 1))
        dead = np.count_nonzero(late & (events.to_state == 2))
        given = np.count_nonzero(late & (events.to_state == 4))
        length = lives.occupancy(moments)[:, 0].mean()
        rows.append([treated / (treated + dead), length, (given - treated) / (until - warm)])
    return np.array(rows).T


def test_an_organ_list_is_a_queue_of_items_that_do_not_keep():
    treated, length, wasted = organs()
    exact = PROBLEMS["P20"]

    assert abs(z_mean(length, exact["mean_waiting"])) <= LIMIT
    assert abs(z_mean(wasted, exact["organs_wasted_per_year"])) <= LIMIT
    # A ratio of sums over 2,000 deaths and transplants a run: its bias is far below its error.
    assert abs(z_mean(treated, exact["share_transplanted"])) <= LIMIT


@pytest.mark.parametrize("broken", [{"waiting_deaths": 0.45}, {"patients": 32.0}])
def test_the_test_of_an_organ_list_has_teeth(broken):
    _, length, _ = organs(**broken)

    assert abs(z_mean(length, PROBLEMS["P20"]["mean_waiting"])) > LIMIT
