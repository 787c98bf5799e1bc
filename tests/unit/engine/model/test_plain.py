"""The plain reading of a declared model, where its page can be followed by hand."""

import math

import pytest

from hailsham.engine import Model
from hailsham.engine.declared.families import (
    At,
    Exponential,
    Gompertz,
    Thinned,
    Uniform,
    piecewise_constant,
)
from hailsham.engine.draws import purpose
from hailsham.engine.model.plain import StoppedError, live, uniform_cumulative, uniform_wait
from hailsham.engine.plain import exponential, uniform_pair
from tests.unit.engine.model import rules

SEED = 5


def by_name(model, events):
    names = [state.name for state in model.declared_states]
    return [(person, time, names[a], names[b]) for person, time, a, b, _ in events]


def test_a_wait_is_the_budget_at_its_address_over_the_rate():
    model = Model("one")
    alive, dead = model.states("alive", "dead")
    model.transition(alive, dead, Exponential(rate=0.5))

    events = live(model, 3, seed=SEED, replicate=2, until=1e9, age=10.0, first_person=7)
    key, name = 2 << 32 | SEED, int(purpose("to dead on age"))
    dates = [10.0 + exponential(key, 7 + i, name, 0) / 0.5 for i in range(3)]
    assert events == [(7 + i, dates[i], 0, 1, 0) for i in range(3)]


def test_two_appointments_on_one_day_are_both_kept_and_each_once():
    model = Model("two")
    only = model.state("only")
    for name in ("vote", "drive"):
        model.transition(only, only, At(reading=18.0), name=name)
    model.transition(only, only, At(reading=17.0), name="before")

    events = live(model, 1, seed=SEED, until=90.0, age=18.0)
    assert [(time, arm) for _, time, _, _, arm in events] == [(18.0, 0), (18.0, 1)]
    assert [arm for *_, arm in live(model, 1, seed=SEED, until=90.0)] == [2, 0, 1]


def test_a_shared_appointment_is_not_kept_again_where_it_leads():
    model = Model("shared")
    one, other = model.states("one", "other")
    model.transition([one, other], other, At(reading=18.0))

    assert by_name(model, live(model, 1, seed=SEED, until=90.0)) == [(0, 18.0, "one", "other")]


def test_moves_that_never_end_are_stopped():
    model = Model("endless")
    one, other = model.states("one", "other")
    model.transition(one, other, At(reading=18.0))
    model.transition(other, one, At(reading=18.0))

    with pytest.raises(StoppedError, match="10000 moves of one person"):
        live(model, 1, seed=SEED, until=90.0)


def test_what_a_wait_has_spent_stays_spent_when_its_hazard_changes():
    model = Model("lasting")
    well, ill, dead = model.states("well", "ill", "dead")
    model.transition(well, ill, At(reading=1.0))
    model.transition(well, dead, Exponential(rate=0.1))
    model.transition(ill, dead, Exponential(rate=0.7))

    events = live(model, 50, seed=SEED, until=math.inf)
    for person in range(50):
        budget = exponential(SEED, person, int(purpose("to dead on age")), 0)
        (died,) = [time for who, time, _, to, _ in events if who == person and to == 2]
        expected = budget / 0.1 if budget < 0.1 else 1.0 + max(budget - 0.1 * 1.0, 0.0) / 0.7
        assert died == expected


def test_the_first_share_above_the_draw_wins():
    model = Model("branch")
    start, left, right = model.states("start", "left", "right")
    model.transition(start, {left: 0.25, right: None}, At(reading=1.0), name="fork")

    events = live(model, 40, seed=SEED, until=2.0)
    u = [uniform_pair(SEED, i, int(purpose("fork: branch")), 0)[0] for i in range(40)]
    assert [to for _, _, _, to, _ in events] == [1 if x < 0.25 else 2 for x in u]


def test_a_uniform_appointment_spends_what_it_waits():
    for budget in (1e-12, 0.3, 2.0):
        for reading in (0.0, 5.0, 9.0):
            wait = uniform_wait(budget, reading, 5.0, 10.0)
            spent = uniform_cumulative(reading, reading + wait, 5.0, 10.0)
            assert spent == pytest.approx(budget, rel=1e-12, abs=1e-14)
    assert uniform_wait(1.0, 10.0, 5.0, 10.0) == math.inf
    assert uniform_cumulative(0.0, 11.0, 5.0, 10.0) == math.inf
    assert uniform_cumulative(10.0, 11.0, 5.0, 10.0) == 0.0


@pytest.mark.parametrize("fault", ["negative effect", "share", "unset", "bound"])
def test_a_number_with_which_nobody_can_live_on_stops_the_run(fault):
    model = Model("faulty")
    one, other = model.states("one", "other")
    model.attribute("x", start=None)
    hazard = Exponential(rate=1.0)
    if fault == "bound":
        hazard = Thinned(function=rules.saw, bound=0.01)
    model.transition(
        one,
        {other: 1.5, one: -0.5} if fault == "share" else other,
        hazard,
        effect={"unset": {"x": 1.0}, "negative effect": rules.below_nought}.get(fault),
    )

    with pytest.raises(StoppedError):
        live(model, 20, seed=SEED, until=50.0)


def test_a_clock_since_a_state_waits_for_the_first_arrival():
    model = Model("since")
    well, ill, dead = model.states("well", "ill", "dead")
    model.transition(well, ill, At(reading=3.0))
    model.transition(
        [well, ill], dead, piecewise_constant([0.0, 2.0], rates=[0.0, 1e9]), clock=model.since(ill)
    )

    times = [time for _, time, *_ in live(model, 4, seed=SEED, until=90.0)]
    assert times[1::2] == pytest.approx([5.0] * 4, abs=1e-6)


def test_other_numbers_are_lived_by():
    model = Model("numbers")
    alive, dead = model.states("alive", "dead")
    model.transition(alive, dead, Gompertz(level=0.1, slope=0.0))
    changed = {"alive to dead.level": 0.2}

    (slow,) = live(model, 1, seed=SEED, until=1e9)
    (quick,) = live(model, 1, seed=SEED, until=1e9, parameters=changed)
    assert quick[1] == 0.5 * slow[1]


def test_a_uniform_draw_lies_between_its_readings():
    model = Model("uniform")
    alive, dead = model.states("alive", "dead")
    model.transition(alive, dead, Uniform(low=3.0, high=4.0))

    assert all(3.0 < time < 4.0 for _, time, *_ in live(model, 99, seed=SEED, until=9.0))
