"""Laws that hold for any numbers: what must change a life, and what must not."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hailsham.engine import recorder
from hailsham.engine.draws import draw_key, purpose
from hailsham.engine.hazards import (
    exponential_wait,
    gompertz_wait,
    lexis_race,
    staircase_wait,
    weibull_wait,
)
from hailsham.verification.waits import budgets, gompertz_waits
from tests.unit.engine.simulated import LIMIT, STEADY, z_mean

NEVER = math.inf
BREAKS = np.array([0.0, 1.0, 5.0, 15.0, 45.0, 65.0])
FIRST_YEAR, N_YEARS = 1950, 12

BUDGETS = st.floats(1e-9, 40.0)
AGES = st.floats(0.0, 100.0)
LEVELS = st.floats(1e-5, 1.0)
SLOPES = st.just(0.0) | st.floats(-0.5, -0.01) | st.floats(0.01, 0.2)
STAIRS = st.tuples(*[st.just(0.0) | st.floats(1e-3, 1.0)] * BREAKS.size).map(np.array)


def waits_at_speed(speed, budget, age, level, slope, shape, stairs):
    """One wait of each family where everything goes ``speed`` times as fast, in slow years."""
    at = age / speed
    waits = (
        exponential_wait(budget, speed * level),
        gompertz_wait(budget, at, speed * level, speed * slope),
        weibull_wait(budget, at, shape, 1.0 / level / speed),
        staircase_wait(budget, at, BREAKS / speed, speed * stairs),
    )
    return [speed * wait for wait in waits]


CASE = {
    "budget": BUDGETS,
    "age": AGES,
    "level": LEVELS,
    "slope": SLOPES,
    "shape": st.floats(0.5, 6.0),
    "stairs": STAIRS,
}


@STEADY
@given(power=st.integers(-8, 8), case=st.fixed_dictionaries(CASE))
def test_a_power_of_two_times_as_fast_is_the_same_life_to_the_last_bit(power, case):
    assert waits_at_speed(2.0**power, **case) == waits_at_speed(1.0, **case)


@STEADY
@given(speed=st.floats(0.1, 10.0), case=st.fixed_dictionaries(CASE))
def test_any_times_as_fast_is_the_same_life(speed, case):
    quick, slow = waits_at_speed(speed, **case), waits_at_speed(1.0, **case)
    # A budget that just meets the end of a stair may fall on either side of a free one; what
    # is spent is then the same.
    if case["stairs"].min() == 0.0:
        del quick[3], slow[3]
    # A hazard that dies away spends its last part over an endless time.
    if case["slope"] < 0.0:
        del quick[1], slow[1]

    assert quick == pytest.approx(slow, rel=1e-9, abs=1e-9)


def test_the_law_of_speed_has_teeth():
    case = {
        "budget": 0.5,
        "age": 40.0,
        "level": 0.01,
        "slope": 0.09,
        "shape": 2.0,
        "stairs": np.full(BREAKS.size, 0.01),
    }
    right = waits_at_speed(2.0, **case)
    assert waits_at_speed(2.0, **case | {"level": 0.01 * (1.0 + 2**-50)}) != right
    # A slope that does not go along with the speed is a year out.
    assert 2.0 * gompertz_wait(0.5, 20.0, 0.02, 0.09) != pytest.approx(right[1], abs=1.0)


N = 200_000
WHOLE = np.arange(N, dtype=np.int64)
# Others, so that the two lives that are compared share no luck.
HALVES = WHOLE + N
AGES_SEEN = (40.0, 65.0, 80.0, 95.0)


def gaps_of_split(share):
    """Survival under one cause less survival under two parts of it, in standard errors."""
    key = draw_key(1954)
    names = [purpose(f"test.laws.{part}") for part in ("whole", "first", "second")]
    level, slope = 5e-5, 0.095
    whole = gompertz_waits(budgets(key, names[0], 0, WHOLE), 0.0, level, slope)
    parts = [
        gompertz_waits(budgets(key, name, 0, HALVES), 0.0, share * level, slope)
        for name in names[1:]
    ]
    split = np.minimum(*parts)
    gaps = [
        z_mean((whole > age).astype(float) - (split > age).astype(float), 0.0) for age in AGES_SEEN
    ]
    return [z_mean(whole - split, 0.0), *gaps]


def test_a_cause_split_in_two_halves_leaves_survival_as_it_was():
    # Two hundred thousand pairs tell a mean life apart by 0.2 years.
    assert max(map(abs, gaps_of_split(0.5))) <= LIMIT


def test_the_law_of_halves_has_teeth():
    # Halves that are three per cent too large.
    assert max(map(abs, gaps_of_split(0.515))) > LIMIT


@st.composite
def races(draw):
    """Budgets, birth, start and rates of three clocks."""
    start = draw(st.floats(FIRST_YEAR, FIRST_YEAR + 15.0))
    born = start - draw(AGES)
    some = draw(st.lists(st.just(0.0) | LEVELS, min_size=12, max_size=12))
    size = N_YEARS * BREAKS.size * 3
    cells = np.array([some[(7 * i + i // 11) % 12] for i in range(size)])
    spending = draw(st.lists(BUDGETS, min_size=3, max_size=3))
    return spending, born, start, cells.reshape(N_YEARS, BREAKS.size, 3)


def race(spending, born, start, rates, terminal):
    latent = np.empty(len(spending))
    rates = np.ascontiguousarray(rates)
    winner = lexis_race(
        np.array(spending), born, start, BREAKS, FIRST_YEAR, rates, latent, terminal
    )
    return winner, list(latent)


@STEADY
@given(case=races(), at=st.integers(0, 3), budget=BUDGETS)
def test_a_clock_without_a_rate_changes_nothing_to_the_last_bit(case, at, budget):
    spending, born, start, rates = case
    winner, latent = race(spending, born, start, rates, 3)
    more = np.insert(rates, at, 0.0, axis=2)
    found, times = race([*spending[:at], budget, *spending[at:]], born, start, more, 4)

    assert times.pop(at) == NEVER
    assert times == latent
    assert found == (winner + 1 if winner >= at else winner)


def test_the_law_of_idle_clocks_has_teeth():
    rates = np.full((N_YEARS, BREAKS.size, 1), 0.25)
    # The least rate is seen, if its budget is small enough to be spent.
    more = np.insert(rates, 0, 1e-12, axis=2)

    assert race([1.0], 1920.0, 1950.0, rates, 1) == (0, [1954.0])
    assert race([1e-12, 1.0], 1920.0, 1950.0, more, 2) == (0, [1951.0, NEVER])


@st.composite
def towns(draw):
    """Some lives, an order of them, where each is cut, and how they are shared out."""
    dates = st.floats(FIRST_YEAR - 3.0, FIRST_YEAR + N_YEARS + 3.0)
    lives = []
    for _ in range(draw(st.integers(1, 8))):
        start, stop = sorted([draw(dates), draw(dates)])
        lives.append((start - draw(AGES), start, stop))
    order = draw(st.permutations(lives))
    cuts = draw(st.lists(dates, max_size=3))
    chunk = draw(st.integers(1, 8))
    return lives, order, cuts, chunk


def counts(lives):
    tables = [np.zeros((N_YEARS, BREAKS.size), np.int64) for _ in range(2)]
    for life in lives:
        recorder.add_exposure(*tables, *life, BREAKS, FIRST_YEAR, 1)
    return np.array(tables)


def shared_out(lives, cuts, chunk):
    """The same lives in parts, in chunks that are counted apart and then added up."""
    parts = []
    for born, start, stop in lives:
        ends = [start, *sorted(at for at in cuts if start < at < stop), stop]
        parts += [(born, *ends[i : i + 2]) for i in range(len(ends) - 1)]
    return sum(counts(parts[i : i + chunk]) for i in range(0, len(parts), chunk))


@STEADY
@given(town=towns())
def test_no_order_no_cut_and_no_chunk_changes_a_sum(town):
    lives, order, cuts, chunk = town

    assert np.array_equal(shared_out(order, cuts, chunk), counts(lives))


def test_the_law_of_sums_has_teeth():
    # The same person-years as plain numbers depend on the order in which they are added.
    lives = [(1940.1, 1950.0 + 0.1 * i, 1955.0 + 0.37 * i) for i in range(19)]
    years = [recorder.ticks(stop - start) / 2**30 / 3.0 for _, start, stop in lives]

    assert sum(years) != sum(reversed(years))
    assert np.array_equal(counts(lives), counts(lives[::-1]))
    # Nor would a life that is counted twice go unnoticed.
    assert not np.array_equal(counts([*lives, lives[0]]), counts(lives))


@STEADY
@given(order=st.permutations(range(20)), chunk=st.integers(1, 20))
def test_no_order_and_no_chunk_changes_a_draw(order, chunk):
    key, name = draw_key(1954, 2), purpose("test.laws.whole")
    order = np.array(order, np.int64)
    drawn = np.concatenate(
        [budgets(key, name, 0, order[i : i + chunk]) for i in range(0, order.size, chunk)]
    )

    assert list(drawn) == list(budgets(key, name, 0, np.arange(20))[order])
