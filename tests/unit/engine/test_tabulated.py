"""A hazard laid out between knots costs what the function costs, to the tolerance asked for."""

import math

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hailsham.engine.arithmetic import log
from hailsham.engine.declared.families import piecewise_constant
from hailsham.engine.draws import draw_key, purpose, uniform_pair
from hailsham.engine.families import plain
from hailsham.engine.families.tabulated import (
    linear_hazard,
    linear_staircase_cumulative,
    linear_staircase_hazard,
    linear_staircase_wait,
    linear_staircase_waits,
    staircase,
    tabulate_hazard,
)
from hailsham.engine.hazards import (
    gompertz_wait,
    lexis_cumulative,
    lexis_hazard,
    lexis_wait,
    staircase_cumulative,
    staircase_hazard,
    staircase_wait,
)
from hailsham.engine.plain import staircase_wait as plain_staircase_wait
from tests.unit.engine.simulated import LIMIT, STEADY, z_mean, z_share
from tests.unit.engine.test_hazards import (
    AGES,
    BREAKS,
    BUDGETS,
    FIRST_YEAR,
    NEVER,
    lexis_cost,
    race,
    races,
    staircase_cost,
)

OLDEST = 110.0


def gompertz(age):
    return 5e-5 * math.exp(0.095 * age)


def gompertz_sum(age):
    return 5e-5 / 0.095 * math.expm1(0.095 * age)


def siler(age):
    return 0.0923 * math.exp(-2.57 * age) + 0.000478 + 6.99e-5 * math.exp(0.0958 * age)


def siler_sum(age):
    young = -0.0923 / 2.57 * math.expm1(-2.57 * age)
    return young + 0.000478 * age + 6.99e-5 / 0.0958 * math.expm1(0.0958 * age)


def bathtub(age):
    """Falls in a straight line, lies flat, and rises from a kink on."""
    return 0.001 + 0.0005 * max(20.3 - age, 0.0) + 0.002 * max(age - 60.1, 0.0)


def bathtub_sum(age):
    fallen = 20.3**2 - max(20.3 - age, 0.0) ** 2
    return 0.001 * age + 0.00025 * fallen + 0.001 * max(age - 60.1, 0.0) ** 2


def jump(age):
    return 0.01 if age < 33.3 else 0.2


def jump_sum(age):
    return 0.01 * min(age, 33.3) + 0.2 * max(age - 33.3, 0.0)


FUNCTIONS = {
    "gompertz": (gompertz, gompertz_sum),
    "siler": (siler, siler_sum),
    "bathtub": (bathtub, bathtub_sum),
    "jump": (jump, jump_sum),
}


def worst_gap(stairs, exact_sum):
    """Most by which the table's cumulative hazard and the function's part, over fine readings."""
    readings = np.linspace(0.0, OLDEST, 20_011)
    return max(
        abs(linear_staircase_cumulative(0.0, reading, stairs) - exact_sum(reading))
        for reading in readings
    )


@pytest.mark.parametrize("tolerance", [1e-3, 1e-6, 1e-9])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_table_keeps_its_tolerance(name, tolerance):
    function, exact_sum = FUNCTIONS[name]
    stairs = tabulate_hazard(function, start=0.0, stop=OLDEST, tolerance=tolerance)

    assert worst_gap(stairs, exact_sum) <= tolerance
    assert stairs.knots.size < 7000


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_tolerance_test_has_teeth(name):
    # A function higher by one part in a thousand is told from the one that was tabulated.
    function, exact_sum = FUNCTIONS[name]
    stairs = tabulate_hazard(function, start=0.0, stop=OLDEST, tolerance=1e-6)

    assert worst_gap(stairs, lambda age: 1.001 * exact_sum(age)) > 1e-6


def test_a_jump_that_is_named_is_exact():
    stairs = tabulate_hazard(jump, start=0.0, stop=OLDEST, tolerance=1e-12, breaks=[33.3])
    before = math.nextafter(33.3, 0.0)

    assert worst_gap(stairs, jump_sum) < 1e-13
    assert stairs.knots.size == 64 + 2
    hazards = [linear_staircase_hazard(age, stairs) for age in (before, 33.3)]
    assert hazards == pytest.approx([0.01, 0.2], rel=1e-15)


def test_a_spike_between_the_readings_must_be_named():
    # This is what the page warns of: nobody looks between the readings of a cell.
    def spike(age):
        return 1e3 if 50.01 <= age < 50.02 else 0.001

    def spike_sum(age):
        return 0.001 * age + (1e3 - 0.001) * min(max(age - 50.01, 0.0), 0.01)

    blind = tabulate_hazard(spike, start=0.0, stop=OLDEST, tolerance=1e-6)
    told = tabulate_hazard(spike, start=0.0, stop=OLDEST, tolerance=1e-6, breaks=[50.01, 50.02])

    assert worst_gap(blind, spike_sum) > 9.0
    assert worst_gap(told, spike_sum) <= 1e-6


def test_a_hazard_that_no_table_can_hold_asks_for_its_breaks():
    with pytest.raises(ValueError, match=r"needs more than 100000 ramps .* breaks"):
        tabulate_hazard(gompertz, start=0.0, stop=OLDEST, tolerance=1e-17)


@pytest.mark.parametrize(
    ("value", "shown"), [(-0.25, "-0.25"), (math.nan, "nan"), (NEVER, "inf"), (-NEVER, "-inf")]
)
def test_a_value_that_is_no_hazard_is_refused_with_its_reading(value, shown):
    def broken(age):
        return value if age >= 55.0 else 0.01

    with pytest.raises(ValueError, match=rf"clock reading 55\.\d* is {shown}; a hazard is finite"):
        tabulate_hazard(broken, start=0.0, stop=OLDEST)
    with pytest.raises(ValueError, match=rf"clock reading 2\.0 is {shown}"):
        linear_hazard([1.0, 2.0], values=[0.1, value])
    with pytest.raises(ValueError, match=rf"clock reading 2\.0 is {shown}"):
        linear_hazard([1.0, 2.0], values=[0.1, 0.1], after=value)
    with pytest.raises(ValueError, match=rf"clock reading 110\.0 is {shown}"):
        tabulate_hazard(gompertz, start=0.0, stop=OLDEST, after=value)


@pytest.mark.parametrize(
    "asked",
    [
        {"start": 5.0, "stop": 5.0},
        {"start": 0.0, "stop": NEVER},
        {"start": 0.0, "stop": 1.0, "tolerance": 0.0},
        {"start": math.nan, "stop": 1.0},
    ],
)
def test_a_table_without_room_is_refused(asked):
    with pytest.raises(ValueError, match="a table needs start < stop and a tolerance above 0"):
        tabulate_hazard(gompertz, **asked)


def test_knots_must_rise_and_have_a_value_each():
    with pytest.raises(ValueError, match=r"after 2\.0 comes 2\.0"):
        linear_hazard([1.0, 2.0, 2.0], values=[0.1, 0.1, 0.1])
    with pytest.raises(ValueError, match="3 knots and 2 values"):
        linear_hazard([1.0, 2.0, 3.0], values=[0.1, 0.1])
    with pytest.raises(ValueError, match="1 knots and 1 values"):
        linear_hazard([1.0], values=[0.1])


# ---------------------------------------------------------------- waits on ramps


@st.composite
def staircases(draw):
    """Ramps of any slope, some free, some with a jump between them."""
    steps = draw(st.lists(st.floats(0.01, 30.0), min_size=1, max_size=8))
    height = st.just(0.0) | st.floats(1e-4, 2.0)
    n = len(steps)
    starts = draw(st.lists(height, min_size=n + 1, max_size=n + 1))
    ends = [*draw(st.lists(height, min_size=n, max_size=n)), starts[-1]]
    knots = np.concatenate([[0.0], np.cumsum(steps)])
    prices = 0.5 * (np.array(starts[:-1]) + np.array(ends[:-1])) * np.diff(knots)
    spent = np.concatenate([[0.0], np.cumsum(prices)])
    return staircase(knots, starts=np.array(starts), ends=np.array(ends), spent=spent)


@STEADY
@given(budget=BUDGETS | st.floats(1e-12, 700.0), since=AGES, stairs=staircases())
def test_a_wait_on_ramps_spends_what_its_draw_buys(budget, since, stairs):
    wait = linear_staircase_wait(budget, since, stairs)

    assert wait >= 0.0
    if wait == NEVER:
        assert stairs.starts[-1] == 0.0
        rest = linear_staircase_cumulative(since, max(since, stairs.knots[-1]), stairs)
        assert rest <= budget * (1.0 + 1e-12) + 1e-12 * stairs.spent[-1]
    else:
        spent = linear_staircase_cumulative(since, since + wait, stairs)
        before = linear_staircase_cumulative(0.0, since, stairs)
        # A clock that is read as a sum moves by a unit in its last place, at a hazard up to 2.
        blur = 1e-12 * (before + budget) + 4.0 * math.ulp(since + wait)
        assert spent == pytest.approx(budget, rel=1e-12, abs=blur)


def test_the_ramp_test_has_teeth():
    stairs = linear_hazard([0.0, 10.0, 20.0], values=[0.1, 0.3, 0.0], after=0.05)
    wait = linear_staircase_wait(0.7, 3.0, stairs)

    spent = linear_staircase_cumulative(3.0, 3.0 + wait * (1.0 + 1e-10), stairs)
    assert spent != pytest.approx(0.7, rel=1e-12, abs=1e-12)


@STEADY
@given(budget=BUDGETS, since=AGES, years=st.floats(0.0, 60.0), stairs=staircases())
def test_compiled_and_plain_ramps_agree(budget, since, years, stairs):
    assert linear_staircase_wait(budget, since, stairs) == plain.linear_staircase_wait(
        budget, since, stairs
    )
    assert linear_staircase_hazard(since, stairs) == plain.linear_staircase_hazard(since, stairs)
    assert linear_staircase_cumulative(
        since, since + years, stairs
    ) == plain.linear_staircase_cumulative(since, since + years, stairs)


def test_ramps_have_the_waits_that_one_works_out_by_hand():
    # From 0 to 10 the hazard is reading / 50: half the square over 50 is spent.
    stairs = linear_hazard([0.0, 10.0, 20.0], values=[0.0, 0.2, 0.0])

    assert linear_staircase_wait(0.25, 0.0, stairs) == pytest.approx(5.0, rel=1e-15)
    assert linear_staircase_wait(0.75, 5.0, stairs) == pytest.approx(5.0, rel=1e-15)
    assert linear_staircase_wait(1.75, 0.0, stairs) == pytest.approx(15.0, rel=1e-14)
    assert linear_staircase_wait(2.01, 0.0, stairs) == NEVER
    assert linear_staircase_wait(1e-3, 25.0, stairs) == NEVER
    after = linear_hazard([0.0, 10.0, 20.0], values=[0.0, 0.2, 0.0], after=0.5)
    assert linear_staircase_wait(0.5, 25.0, after) == 1.0


def test_a_rate_whose_square_no_double_holds_is_waited_for_as_long_as_any_other():
    stairs = piecewise_constant([0.0, 1e200], rates=[1e-180, 1.0]).stairs

    assert linear_staircase_wait(0.5, 0.0, stairs) == 0.5 / 1e-180
    assert plain.linear_staircase_wait(0.5, 0.0, stairs) == 0.5 / 1e-180


@STEADY
@given(
    people=st.lists(st.tuples(BUDGETS, AGES), min_size=1, max_size=20),
    share=st.booleans(),
    stairs=staircases(),
)
def test_many_waits_at_once_are_the_same_waits(people, share, stairs):
    budgets, readings = (np.array(column) for column in zip(*people, strict=True))
    if share:
        readings[:] = readings[0]
    alone = [linear_staircase_wait(*one, stairs) for one in zip(budgets, readings, strict=True)]
    linear_staircase_waits(budgets, readings, np.zeros(len(people), np.int64), len(people), stairs)

    assert budgets.tolist() == alone


@STEADY
@given(budget=BUDGETS, age=AGES, rates=st.tuples(*[st.just(0.0) | st.floats(1e-3, 2.0)] * 8))
def test_level_ramps_are_a_staircase(budget, age, rates):
    rates = np.array(rates)
    spent = np.concatenate([[0.0], np.cumsum(rates[:-1] * np.diff(BREAKS))])
    stairs = staircase(BREAKS, starts=rates, ends=rates, spent=spent)
    wait = staircase_wait(budget, age, BREAKS, rates)

    if wait < NEVER and abs(staircase_cost(age, age + wait, BREAKS, rates) - budget) < 1e-12:
        # Where budgets end at a knot before a free stair, rounding decides between its ends.
        ramped = linear_staircase_wait(budget, age, stairs)
        costs = [staircase_cost(age, age + w, BREAKS, rates) for w in (ramped, wait)]
        assert costs[0] == pytest.approx(costs[1], rel=1e-11, abs=1e-11)


@STEADY
@given(age=AGES, years=st.floats(0.0, 60.0), rates=st.tuples(*[st.floats(0.0, 2.0)] * 8))
def test_the_sum_of_a_staircase_is_its_cost_and_the_twin_agrees(age, years, rates):
    stairs = BREAKS, np.array(rates)
    twin = list(BREAKS), list(rates)
    total = staircase_cumulative(age, age + years, *stairs)

    assert total == plain.staircase_cumulative(age, age + years, *twin)
    assert total == pytest.approx(staircase_cost(age, age + years, *stairs), rel=1e-12, abs=1e-12)
    assert staircase_hazard(age, *stairs) == plain.staircase_hazard(age, *twin)
    whole = staircase_cumulative(age, NEVER, *stairs)
    assert whole == plain.staircase_cumulative(age, NEVER, *twin)
    assert whole == NEVER if rates[-1] > 0.0 else whole >= total * (1.0 - 1e-12)


def test_a_staircase_may_stand_on_the_calendar():
    years, rates = np.array([1950.0, 1951.0, 1952.0]), np.array([0.0, 0.5, 0.25])

    assert staircase_wait(0.25, 1950.5, years, rates) == 1.0
    assert staircase_wait(0.75, 1950.5, years, rates) == 2.5
    assert plain_staircase_wait(0.75, 1950.5, list(years), list(rates)) == 2.5


# ---------------------------------------------------------------- one clock on the Lexis plane


@STEADY
@given(case=races(n_clocks=1))
def test_a_wait_on_the_lexis_plane_is_a_race_of_one(case):
    (budget,), born, start, rates = case
    table = np.ascontiguousarray(rates[:, :, 0])
    wait = lexis_wait(budget, start, born, BREAKS, FIRST_YEAR, table)
    _, (when,) = race([budget], born, start, rates, 1)

    assert wait == when - start
    assert wait == plain.lexis_wait(budget, start, born, list(BREAKS), FIRST_YEAR, table.tolist())


@STEADY
@given(case=races(n_clocks=1), years=st.floats(0.0, 30.0))
def test_the_sum_on_the_lexis_plane_is_its_cost_and_the_twin_agrees(case, years):
    _, born, start, rates = case
    table = np.ascontiguousarray(rates[:, :, 0])
    plane = born, BREAKS, FIRST_YEAR, table
    twin = born, list(BREAKS), FIRST_YEAR, table.tolist()
    total = lexis_cumulative(start, start + years, *plane)

    assert total == plain.lexis_cumulative(start, start + years, *twin)
    assert total == pytest.approx(lexis_cost(start, start + years, born, table), abs=1e-11)
    assert lexis_hazard(start, *plane) == plain.lexis_hazard(start, *twin)


def test_the_lexis_sum_test_has_teeth():
    table = np.linspace(0.01, 0.5, 48).reshape(6, 8)
    total = lexis_cumulative(1951.3, 1957.0, 1937.26, BREAKS, FIRST_YEAR, table)

    assert total == pytest.approx(lexis_cost(1951.3, 1957.0, 1937.26, table), abs=1e-11)
    assert total != pytest.approx(lexis_cost(1951.3, 1957.0, 1937.25, table), abs=1e-4)


# ---------------------------------------------------------------- the other route: thinning

CANDIDATES = 1000
BOUND = 0.25
THINNED = purpose("test.tabulated.thinned")


@numba.njit
def bump(age):
    """A hazard that rises and falls, never above a quarter."""
    return BOUND / (1.0 + ((age - 40.0) / 10.0) ** 2)


@numba.njit
def thinned_wait(key, person, purpose, first, since, bound):
    """The pattern of the guide: candidates at the bound, each kept with the share it deserves."""
    here = since
    for candidate in range(CANDIDATES):
        u, v = uniform_pair(key, person, purpose, first * CANDIDATES + candidate)
        here -= log(u) / bound
        if v * bound < bump(here):
            return here - since
    return np.inf


@numba.njit
def thinned_waits(key, purpose, n, since, bound):
    waits = np.empty(n)
    for person in range(n):
        waits[person] = thinned_wait(key, person, purpose, 0, since, bound)
    return waits


def gaps_of_thinning(bound):
    """Thinned waits against the table of the same hazard, in standard errors."""
    since = 20.0
    waits = thinned_waits(draw_key(20261122), THINNED, 200_000, since, bound)
    stairs = tabulate_hazard(bump.py_func, start=0.0, stop=1000.0, tolerance=1e-9)
    return [
        z_share(waits > years, math.exp(-linear_staircase_cumulative(since, since + years, stairs)))
        for years in (5.0, 15.0, 20.0, 30.0)
    ]


def test_a_thinned_wait_and_a_tabulated_one_have_the_same_law():
    assert max(map(abs, gaps_of_thinning(BOUND))) < LIMIT
    # Any bound above the hazard will do.
    assert max(map(abs, gaps_of_thinning(2.0 * BOUND))) < LIMIT


def test_a_bound_that_is_too_low_is_caught():
    assert max(map(abs, gaps_of_thinning(0.9 * BOUND))) > LIMIT


def test_a_tabulated_gompertz_life_is_the_closed_one():
    stairs = tabulate_hazard(gompertz, start=0.0, stop=OLDEST, tolerance=1e-9)
    spending = np.random.default_rng(1996).exponential(size=2000)
    tabulated = np.array([linear_staircase_wait(budget, 0.0, stairs) for budget in spending])
    closed = np.array([gompertz_wait(budget, 0.0, 5e-5, 0.095) for budget in spending])

    hazards = np.array([gompertz(life) for life in closed])
    # A gap of the tolerance in what is spent moves a life by it over the hazard.
    assert np.all(np.abs(tabulated - closed) * hazards < 1.1e-9)
    assert abs(z_mean(tabulated, 73.43779653166087)) < LIMIT
