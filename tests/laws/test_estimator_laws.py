"""Laws of the estimators: what must add up, and what must change nothing."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hailsham.engine.estimators import (
    CENSORED,
    Spells,
    aalen_johansen,
    cumulative_incidence,
    kaplan_meier,
    lexis_exposure,
    nelson_aalen,
    spells_from_events,
)
from hailsham.units import TICKS_PER_YEAR
from tests.unit.engine.simulated import STEADY

STATES = (0, 1, 2)
ABSORBING = 2
#: Quarters of a year make ties, and tenths are not whole ticks.
TIMES = st.integers(1, 40).map(lambda quarters: quarters / 4) | st.integers(1, 100).map(
    lambda tenths: tenths / 10
)


@st.composite
def histories(draw, window=True):
    """A log of a few people and the windows in which they were watched."""
    log, watched = [], []
    for person in range(draw(st.integers(1, 12))):
        state = first = draw(st.sampled_from([0, 1]))
        for time in sorted(draw(st.lists(TIMES, max_size=4))):
            if state == ABSORBING:
                break
            onward = draw(st.sampled_from([s for s in STATES if s != state]))
            log.append((person, time, state, onward))
            state = onward
        entered = draw(st.just(0.0) | TIMES) if window else 0.0
        left = max(entered, draw(TIMES)) if window else 25.0
        watched.append((entered, left, first))
    return log, watched


def spells_of(log, watched, rows=slice(None)):
    person, time, source, target = (
        np.array(column, kind)
        for column, kind in zip(
            zip(*log, strict=True) if log else [()] * 4, (int, float, int, int), strict=True
        )
    )
    entered, left, first = (np.array(column) for column in zip(*watched, strict=True))
    return spells_from_events(
        person[rows],
        time=time[rows],
        from_state=source[rows],
        to_state=target[rows],
        entered=entered,
        left=left,
        first_state=first,
    )


def cut(spells, fraction, loses=None):
    """The same time at risk, each spell in two; the fault: the second half of one is lost."""
    middle = spells.start + fraction * (spells.stop - spells.start)
    inside = (spells.start < middle) & (middle < spells.stop)
    whole, halved = spells.where(~inside), spells.where(inside)
    middle = middle[inside]
    kept = np.ones(len(halved), bool)
    kept[:loses] = loses is None
    return Spells(
        np.concatenate([whole.person, halved.person, halved.person[kept]]),
        np.concatenate([whole.start, halved.start, middle[kept]]),
        np.concatenate([whole.stop, middle, halved.stop[kept]]),
        np.concatenate([whole.from_state, halved.from_state, halved.from_state[kept]]),
        np.concatenate([whole.to_state, np.full(middle.size, CENSORED), halved.to_state[kept]]),
        np.concatenate([whole.stay_began, halved.stay_began, halved.stay_began[kept]]),
    )


def everything(spells):
    """All that the estimators say, as arrays."""
    curves = [aalen_johansen(spells, states=STATES, initial=[0.5, 0.3, 0.2])]
    if (spells.from_state != ABSORBING).any():
        curves += [
            kaplan_meier(spells, to=ABSORBING),
            nelson_aalen(spells, to=ABSORBING),
            nelson_aalen(spells.since_entry(), to=ABSORBING),
        ]
    if (spells.from_state == 0).any():
        curves.append(cumulative_incidence(spells.among(0), to=[1, 2]))
    curves.append(lexis_exposure(spells, ages=[0, 2, 5, np.inf], years=[0, 3.3, 7, 12], born=-0.1))
    return [
        np.asarray(getattr(curve, part.name))
        for curve in curves
        for part in fields(curve)
        if part.name != "before"
    ]


def are_same(these, those):
    return all(np.array_equal(a, b, equal_nan=True) for a, b in zip(these, those, strict=True))


@STEADY
@given(history=histories())
def test_everybody_is_in_some_state(history):
    spells = spells_of(*history)
    if len(spells):
        curve = aalen_johansen(spells, states=STATES)

        assert curve.value.sum(axis=-1) == pytest.approx(1.0, abs=1e-14)
        assert ((curve.value >= 0.0) & (curve.value <= 1.0 + 1e-14)).all()


@STEADY
@given(history=histories())
def test_what_came_and_what_did_not_are_all(history):
    spells = spells_of(*history).among(0)
    if len(spells):
        survival = kaplan_meier(spells, to=[1, 2])
        incidence = cumulative_incidence(spells, to=[1, 2])

        assert incidence.times.tolist() == survival.times.tolist()
        assert incidence.value.sum(axis=-1) + survival.value == pytest.approx(1.0, abs=1e-14)


def test_one_less_a_survival_for_each_cause_is_too_much():
    # The usual mistake: other causes as censorings.
    spells = Spells(range(4), [0.0] * 4, [1.0, 2.0, 3.0, 4.0], [0] * 4, [1, 2, 1, 2])
    alone = [1.0 - kaplan_meier(spells, to=cause).at(3.0).value for cause in (1, 2)]

    assert sum(alone) + kaplan_meier(spells).at(3.0).value > 1.1


@STEADY
@given(history=histories())
def test_time_at_risk_is_neither_made_nor_lost(history):
    spells = spells_of(*history)
    plane = lexis_exposure(spells, ages=[1, 2, 5], years=[0.7, 3.3, 7, 12], born=0.1)

    ticks = (np.floor(column * TICKS_PER_YEAR).sum() for column in (spells.stop, spells.start))
    total = (next(ticks) - next(ticks)) / TICKS_PER_YEAR
    # Exactly: the sums are of whole ticks.
    assert plane.person_years.sum() + plane.person_years_outside == total
    assert plane.events.sum() + plane.events_outside == spells.status.sum()


@STEADY
@given(history=histories(), fraction=st.floats(0.01, 0.99))
def test_a_spell_in_two_parts_is_the_same_spell(history, fraction):
    spells = spells_of(*history)
    if len(spells):
        assert are_same(everything(cut(spells, fraction)), everything(spells))


def test_a_part_that_is_lost_is_noticed():
    spells = Spells([0, 1], [0.0, 1.0], [4.0, 6.0], [0, 1], [1, 2])

    assert are_same(everything(cut(spells, 0.5)), everything(spells))
    assert not are_same(everything(cut(spells, 0.5, loses=1)), everything(spells))


@STEADY
@given(history=histories(), shuffle=st.randoms(use_true_random=False))
def test_the_order_of_rows_says_nothing(history, shuffle):
    log, watched = history
    spells = spells_of(log, watched)
    rows = list(range(len(log)))
    shuffle.shuffle(rows)
    # Two events of one person at one time tell their order by their rows alone.
    rows.sort(key=lambda row: (log[row][1], row) if _is_tied(log, row) else (0.0, 0))
    again = spells_of(log, watched, np.array(rows, int))
    mixed = spells.where(np.array(shuffle.sample(range(len(spells)), len(spells)), int))

    for name in ("person", "start", "stop", "from_state", "to_state", "since"):
        assert getattr(again, name).tolist() == getattr(spells, name).tolist()
    if len(spells):
        assert are_same(everything(mixed), everything(spells))


def _is_tied(log, row):
    same = [other for other in log if other[:2] == log[row][:2]]
    return len(same) > 1


@STEADY
@given(history=histories(window=False))
def test_when_nobody_is_lost_occupation_is_a_count(history):
    log, watched = history
    spells = spells_of(log, watched)
    curve = aalen_johansen(spells, states=STATES)
    for time in (0.0, 0.25, 1.0, 3.3, 7.5, 24.0):
        state = np.array([first for _, _, first in watched])
        for person, when, _, onward in log:
            if when <= time:
                state[person] = onward
        counted = np.bincount(state, minlength=3) / len(watched)
        found = curve.at(time)
        assert found.value == pytest.approx(counted, abs=1e-13)
        # So the error is that of a share, whatever way people took and wherever they began.
        of_a_share = counted * (1.0 - counted) / len(watched)
        assert found.standard_error**2 == pytest.approx(of_a_share, abs=1e-13)
    # And the area below it is the time that people spent in each state, on the average.
    years = [(spells.stop - spells.start)[spells.from_state == state].sum() for state in STATES]
    assert curve.area(25.0) == pytest.approx(np.array(years) / len(watched), abs=1e-10)


def step_by_step(spells, initial):
    """Occupation and its variances from Greenwood's recursion, one plain step at a time."""
    p, covariance = np.array(initial), np.zeros((3, 3))
    moves = spells.status & (spells.from_state != spells.to_state)
    values, variances = [], []
    for time in sorted(set(spells.stop[moves].tolist())):
        step, added = np.eye(3), np.zeros((3, 3))
        for state in STATES:
            is_there = (spells.from_state == state) & (spells.start < time) & (time <= spells.stop)
            n = is_there.sum()
            leaving = is_there & moves & (spells.stop == time)
            for onward in spells.to_state[leaving]:
                step[state, state] -= 1 / n
                step[state, onward] += 1 / n
            if n:
                row = step[state]
                added += p[state] ** 2 * (np.diag(row) - np.outer(row, row)) / n
        p, covariance = p @ step, step.T @ covariance @ step + added
        values.append(p)
        variances.append(np.diagonal(covariance))
    return np.array(values).reshape(-1, 3), np.array(variances).reshape(-1, 3)


@STEADY
@given(history=histories())
def test_blocks_of_steps_are_steps(history):
    spells = spells_of(*history)
    if len(spells):
        initial = [0.5, 0.3, 0.2]
        curve = aalen_johansen(spells, states=STATES, initial=initial)
        values, variances = step_by_step(spells, initial)

        assert curve.value == pytest.approx(values, abs=1e-14)
        assert curve.standard_error**2 == pytest.approx(variances, abs=1e-14)


def test_many_blocks_are_steps_and_another_beginning_is_noticed(monkeypatch):
    rng = np.random.default_rng(11)
    start = rng.uniform(0.0, 2.0, 300)
    source = rng.integers(0, 3, 300)
    spells = Spells(
        np.arange(300), start, start + rng.exponential(3.0, 300), source, (source + 1) % 3
    )
    values, variances = step_by_step(spells, [0.5, 0.3, 0.2])

    for at_once in (2**16, 64, 7, 1):
        monkeypatch.setattr("hailsham.engine.estimators.curves._STEPS_AT_ONCE", at_once)
        curve = aalen_johansen(spells, initial=[0.5, 0.3, 0.2])
        assert curve.value == pytest.approx(values, abs=1e-13)
        assert curve.standard_error**2 == pytest.approx(variances, abs=1e-13)
    other = aalen_johansen(spells, initial=[0.5, 0.2, 0.3])
    assert other.value != pytest.approx(values, abs=1e-6)


@STEADY
@given(history=histories())
def test_two_states_have_greenwoods_error(history):
    spells = spells_of(*history).among(0)
    if len(spells):
        dead = np.where(spells.status, 1, CENSORED)
        two = Spells(spells.person, spells.start, spells.stop, spells.from_state, dead)
        km = kaplan_meier(two)
        occupied = aalen_johansen(two, states=[0, 1], initial=[1.0, 0.0])

        assert occupied.value[:, 0] == pytest.approx(km.value, abs=1e-14)
        assert occupied.standard_error[:, 0] == pytest.approx(km.standard_error, abs=1e-8)
