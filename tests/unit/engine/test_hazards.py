"""A wait spends exactly the hazard that its draw buys."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import settings as chosen
from hypothesis import strategies as st

from hailsham.engine import plain
from hailsham.engine.hazards import (
    exponential_wait,
    gompertz_cumulative,
    gompertz_hazard,
    gompertz_wait,
    lexis_race,
    staircase_wait,
    weibull_cumulative,
    weibull_wait,
)
from tests.unit.engine.simulated import STEADY

NEVER = math.inf
BUDGETS = st.floats(2.0**-53, 40.0)
AGES = st.floats(0.0, 110.0)
LEVELS = st.floats(1e-7, 1.0)
SLOPES = st.floats(1e-3, 0.5) | st.floats(-3.0, -1e-3)
RATES = st.just(0.0) | st.floats(1e-4, 2.0)

BREAKS = np.array([0.0, 1.0, 5.0, 15.0, 45.0, 65.0, 75.0, 85.0])
FIRST_YEAR, N_YEARS = 1950, 6


def overlap(start, stop, lower, upper):
    """Years from ``start`` to ``stop`` that lie in [lower, upper)."""
    return np.clip(np.minimum(stop, upper) - np.maximum(start, lower), 0.0, None)


def staircase_cost(start, stop, breaks, rates):
    """Cumulative hazard between two ages, the long way round."""
    years = overlap(start, stop, breaks, np.append(breaks[1:], NEVER))
    return math.fsum(np.where(rates > 0.0, years, 0.0) * rates)


def lexis_cost(start, stop, born, rates):
    """Cumulative hazard of one clock between two dates, cell by cell."""
    total = []
    for year in range(N_YEARS):
        last = year + 1 == N_YEARS
        begin, end = FIRST_YEAR + year, NEVER if last else FIRST_YEAR + year + 1
        for band, rate in enumerate(rates[year]):
            lower = max(begin, born + BREAKS[band])
            upper = min(end, born + BREAKS[band + 1] if band + 1 < BREAKS.size else NEVER)
            if rate > 0.0 and lower < upper:
                total.append(rate * overlap(start, stop, lower, upper))
    return math.fsum(total)


@STEADY
@given(budget=BUDGETS, rate=LEVELS)
def test_an_exponential_wait_spends_what_its_draw_buys(budget, rate):
    assert rate * exponential_wait(budget, rate) == pytest.approx(budget, rel=1e-15)


@STEADY
@given(budget=BUDGETS, age=AGES, level=LEVELS, slope=SLOPES)
def test_a_gompertz_wait_spends_what_its_draw_buys(budget, age, level, slope):
    wait = gompertz_wait(budget, age, level, slope)

    with mpmath.workdps(60):
        now = mpmath.mpf(level) * mpmath.exp(mpmath.mpf(slope) * age)
        if wait == NEVER:
            # Only a hazard that dies away can leave a budget unspent.
            assert slope < 0.0
            assert float(-now / slope) <= budget * (1.0 + 1e-12)
        else:
            spent = now * mpmath.expm1(mpmath.mpf(slope) * wait) / slope
            assert float(spent) == pytest.approx(budget, rel=1e-12)


@STEADY
@given(budget=BUDGETS, since=st.floats(0.0, 60.0), shape=st.floats(0.3, 8.0), scale=LEVELS)
def test_a_weibull_wait_spends_what_its_draw_buys(budget, since, shape, scale):
    scale *= 100.0
    wait = weibull_wait(budget, since, shape, scale)

    with mpmath.workdps(60):
        before = (mpmath.mpf(since) / scale) ** shape
        spent = (mpmath.mpf(since + wait) / scale) ** shape - before
    # The clock is read as a sum; the part already spent limits what can be told apart.
    assert wait >= 0.0
    assert float(spent) == pytest.approx(budget, rel=1e-11, abs=1e-12 * float(before))


@STEADY
@given(budget=BUDGETS, age=AGES, rates=st.tuples(*[RATES] * BREAKS.size))
def test_a_staircase_wait_spends_what_its_draw_buys(budget, age, rates):
    rates = np.array(rates)
    wait = staircase_wait(budget, age, BREAKS, rates)

    spent = staircase_cost(age, age + wait, BREAKS, rates)
    if wait == NEVER:
        assert rates[-1] == 0.0
        assert spent <= budget * (1.0 + 1e-12)
    else:
        assert spent == pytest.approx(budget, rel=1e-12, abs=1e-12)


def test_the_spending_tests_have_teeth():
    # A wait one part in ten thousand million too long is told apart.
    wait = gompertz_wait(1.0, 40.0, 5e-5, 0.095) * (1.0 + 1e-10)
    now = 5e-5 * math.exp(0.095 * 40.0)
    assert now * math.expm1(0.095 * wait) / 0.095 != pytest.approx(1.0, rel=1e-12)

    rates = np.full(BREAKS.size, 0.01)
    wait = staircase_wait(1.0, 40.0, BREAKS, rates) * (1.0 + 1e-10)
    spent = staircase_cost(40.0, 40.0 + wait, BREAKS, rates)
    assert spent != pytest.approx(1.0, rel=1e-12, abs=1e-12)


@STEADY
@given(start=AGES, years=st.floats(0.0, 60.0), level=LEVELS, slope=SLOPES | st.just(0.0))
def test_a_gompertz_sum_is_the_integral_of_its_hazard(start, years, level, slope):
    stop = start + years
    with mpmath.workdps(60):
        if slope == 0.0:
            exact = mpmath.mpf(level) * (mpmath.mpf(stop) - start)
        else:
            rise = mpmath.expm1(slope * (mpmath.mpf(stop) - start))
            exact = mpmath.mpf(level) * mpmath.exp(mpmath.mpf(slope) * start) * rise / slope

    assert gompertz_cumulative(start, stop, level, slope) == pytest.approx(
        float(exact), rel=1e-12, abs=1e-300
    )


@STEADY
@given(age=AGES, level=LEVELS, slope=SLOPES)
def test_the_wait_and_the_sum_of_a_gompertz_hazard_agree(age, level, slope):
    whole = gompertz_cumulative(age, age + 10.0, level, slope)
    assume(2.0**-53 < whole < 1e4)
    # With a steep fall almost nothing is left to spend, and no wait can be told from the next.
    assume(slope > -1.0)

    assert gompertz_wait(whole, age, level, slope) == pytest.approx(10.0, rel=1e-9)
    assert gompertz_hazard(age, level, slope) == pytest.approx(
        level * math.exp(slope * age), rel=1e-13
    )


def test_a_weibull_sum_is_a_difference_of_powers():
    assert weibull_cumulative(0.0, 20.0, 2.0, 20.0) == 1.0
    assert weibull_cumulative(0.0, 0.0, 2.0, 20.0) == 0.0
    assert weibull_cumulative(10.0, 30.0, 2.0, 20.0) == pytest.approx(2.0, rel=1e-14)
    assert weibull_cumulative(10.0, 10.0 + weibull_wait(0.7, 10.0, 3.5, 25.0), 3.5, 25.0) == (
        pytest.approx(0.7, rel=1e-13)
    )


def test_a_flat_gompertz_wait_is_an_exponential_one():
    assert gompertz_wait(0.7, 33.0, 0.01, 0.0) == exponential_wait(0.7, 0.01) == 0.7 / 0.01


def test_no_hazard_never_fires():
    flat = np.zeros(BREAKS.size)

    assert exponential_wait(1e-9, 0.0) == NEVER
    assert gompertz_wait(1e-9, 40.0, 0.0, 0.09) == NEVER
    assert gompertz_wait(1e-9, 40.0, 0.0, 0.0) == NEVER
    assert staircase_wait(1e-9, 40.0, BREAKS, flat) == NEVER
    # A hazard that has died away below the smallest double is none.
    assert gompertz_wait(1e-9, 400.0, 1e-3, -2.57) == NEVER
    assert plain.gompertz_wait(1e-9, 400.0, 1e-3, -2.57) == NEVER


def test_a_defective_clock_fires_only_within_its_means():
    # The infant clock of P04: a whole life costs 0.0923 / 2.57 = 0.0359.
    assert gompertz_wait(0.0360, 0.0, 0.0923, -2.57) == NEVER
    assert 0.0 < gompertz_wait(0.0358, 0.0, 0.0923, -2.57) < 4.0


def test_a_stair_is_left_at_its_end_and_a_free_one_is_crossed():
    breaks, rates = np.array([0.0, 10.0, 20.0]), np.array([0.1, 0.0, 0.2])

    assert staircase_wait(0.5, 0.0, breaks, rates) == 5.0
    assert staircase_wait(1.5, 0.0, breaks, rates) == 22.5
    # From a break on, the new rate holds.
    assert staircase_wait(0.5, 10.0, breaks, rates) == 12.5
    assert staircase_wait(0.5, 20.0, breaks, rates) == 2.5


@STEADY
@given(
    budget=BUDGETS,
    age=st.floats(0.0, 150.0),
    level=st.just(0.0) | LEVELS,
    slope=SLOPES | st.just(0.0),
    shape=st.floats(0.2, 8.0),
    rates=st.tuples(*[RATES] * BREAKS.size),
)
def test_compiled_and_plain_waits_agree(budget, age, level, slope, shape, rates):
    assert gompertz_wait(budget, age, level, slope) == plain.gompertz_wait(
        budget, age, level, slope
    )
    assert weibull_wait(budget, age, shape, 30.0) == plain.weibull_wait(budget, age, shape, 30.0)
    assert staircase_wait(budget, age, BREAKS, np.array(rates)) == plain.staircase_wait(
        budget, age, list(BREAKS), rates
    )


def test_the_race_test_has_teeth():
    # Whoever keeps birthdays four days late pays another price.
    rates = np.linspace(0.01, 0.5, N_YEARS * BREAKS.size).reshape(N_YEARS, BREAKS.size, 1)
    _, (when,) = race([1.0], 1937.26, 1951.3, rates, 1)

    assert lexis_cost(1951.3, when, 1937.26, rates[:, :, 0]) == pytest.approx(1.0, rel=1e-11)
    assert lexis_cost(1951.3, when, 1937.25, rates[:, :, 0]) != pytest.approx(1.0, rel=1e-4)


def race(budgets, born, start, rates, terminal):
    """Winner and latent times of a race; the budgets given are left alone."""
    rates = np.ascontiguousarray(rates)
    latent = np.empty(rates.shape[2])
    winner = lexis_race(np.array(budgets), born, start, BREAKS, FIRST_YEAR, rates, latent, terminal)
    return winner, list(latent)


@st.composite
def races(draw, n_clocks=3):
    """Budgets, birth, start and rates; births and starts like round dates and birthdays."""
    start = draw(st.floats(FIRST_YEAR, FIRST_YEAR + 8.0) | st.integers(FIRST_YEAR, FIRST_YEAR + 8))
    age = draw(AGES | st.sampled_from(list(BREAKS)))
    born = float(start) - age
    start = max(float(start), born)
    size = N_YEARS * BREAKS.size * n_clocks
    some = draw(st.lists(RATES, min_size=12, max_size=12))
    offset = draw(st.integers(0, 11))
    # A dozen drawn rates, strewn over the cells in a fixed way.
    cells = [some[(offset + 7 * i + i // 11) % 12] for i in range(size)]
    budgets = draw(st.lists(BUDGETS, min_size=n_clocks, max_size=n_clocks))
    return budgets, born, start, np.array(cells).reshape(N_YEARS, BREAKS.size, n_clocks)


@STEADY
@given(case=races(), terminal=st.integers(0, 3))
def test_compiled_and_plain_races_agree(case, terminal):
    budgets, born, start, rates = case

    assert race(budgets, born, start, rates, terminal) == plain.lexis_race(
        budgets, born, start, list(BREAKS), FIRST_YEAR, rates.tolist(), terminal
    )


@chosen(STEADY, max_examples=100)
@given(case=races(), shift=st.integers(-60, 30))
def test_compiled_and_plain_races_agree_however_years_are_counted(case, shift):
    # Where years are not AD, an age is rounded, and birthdays must be told by their dates.
    budgets, born, start, rates = case
    born = (born - FIRST_YEAR) / 3.0
    start = max(born + BREAKS[2 + shift % 5], float(shift))
    latent = np.empty(3)
    winner = lexis_race(np.array(budgets), born, start, BREAKS, shift, rates, latent, 3)

    assert (winner, list(latent)) == plain.lexis_race(
        budgets, born, start, list(BREAKS), shift, rates.tolist(), 3
    )


@STEADY
@given(case=races(), terminal=st.integers(0, 3))
def test_every_clock_spends_what_its_draw_buys(case, terminal):
    budgets, born, start, rates = case
    winner, latent = race(budgets, born, start, rates, terminal)

    for clock, when in enumerate(latent):
        if when < NEVER:
            spent = lexis_cost(start, when, born, rates[:, :, clock])
            # Dates are told apart to 2e-13 year, and rates reach 2.
            assert spent == pytest.approx(budgets[clock], rel=1e-11, abs=1e-11)
        elif winner < 0:
            whole = lexis_cost(start, NEVER, born, rates[:, :, clock])
            assert whole <= budgets[clock] + 1e-11
    if winner >= 0:
        assert winner < terminal
        assert latent[winner] == min(latent[:terminal]) >= start
    else:
        assert all(when == NEVER for when in latent[:terminal])


@STEADY
@given(case=races())
def test_a_clock_has_the_time_it_would_have_alone(case):
    budgets, born, start, rates = case
    _, together = race(budgets, born, start, rates, 3)

    for clock, when in enumerate(together):
        silenced = [b if i == clock else NEVER for i, b in enumerate(budgets)]
        _, silent = race(silenced, born, start, rates, 3)
        _, alone = race([budgets[clock]], born, start, rates[:, :, [clock]], 1)
        assert silent[clock] == alone[0]
        assert when in (alone[0], NEVER)
        # A time not seen lies beyond the end of the race.
        assert when == alone[0] or alone[0] > min(together)


@STEADY
@given(case=races(), left_out=st.integers(0, 2), terminal=st.integers(1, 3))
def test_leaving_out_a_clock_moves_no_other(case, left_out, terminal):
    budgets, born, start, rates = case
    _, whole = race(budgets, born, start, rates, terminal)
    kept = [clock for clock in range(3) if clock != left_out]
    _, rest = race(
        [budgets[clock] for clock in kept],
        born,
        start,
        rates[:, :, kept],
        sum(clock < terminal for clock in kept),
    )

    for before, after in zip([whole[clock] for clock in kept], rest, strict=True):
        if before < NEVER and after < NEVER:
            assert before == after
    if left_out >= terminal:
        assert rest == [whole[clock] for clock in kept]


@STEADY
@given(
    budget=BUDGETS,
    age=AGES,
    start=st.floats(FIRST_YEAR, FIRST_YEAR + 8.0),
    stairs=st.tuples(*[st.floats(1e-3, 2.0)] * BREAKS.size),
)
def test_rates_that_do_not_depend_on_the_calendar_make_a_staircase(budget, age, start, stairs):
    born = start - age
    rates = np.broadcast_to(np.array(stairs)[None, :, None], (N_YEARS, BREAKS.size, 1))
    _, (when,) = race([budget], born, start, rates, 1)

    # Rounding the date by 2e-13 year moves the end of a stair, which costs up to 2 and is
    # bought back at 1e-3.
    assert when - start == pytest.approx(
        staircase_wait(budget, start - born, BREAKS, np.array(stairs)), rel=1e-9, abs=1e-8
    )


def cells(**rates):
    """One clock without any rate, but in the cells named, such as ``y1_b2``."""
    table = np.zeros((N_YEARS, BREAKS.size, 1))
    for name, rate in rates.items():
        year, band = (int(part[1:]) for part in name.split("_"))
        table[year, band, 0] = rate
    return table


def test_a_start_on_new_years_day_belongs_to_the_new_year():
    new = cells(y1_b3=0.5)

    assert race([0.25], 1920.25, 1951.0, new, 1) == (0, [1951.5])
    assert race([0.25], 1920.25, 1950.75, new, 1) == (0, [1951.5])
    assert race([0.25], 1920.25, 1951.75, new, 1) == (-1, [NEVER])
    assert race([0.25], 1920.25, 1951.0, cells(y0_b3=9.0), 1) == (-1, [NEVER])


def test_a_start_on_a_birthday_belongs_to_the_new_age():
    # Fifteen on 1 April 1952, forty-five thirty years later.
    older = cells(y2_b3=0.5)

    assert race([0.25], 1937.25, 1952.25, older, 1) == (0, [1952.75])
    assert race([0.25], 1937.25, 1952.0, older, 1) == (0, [1952.75])
    assert race([0.25], 1937.25, 1952.25, cells(y2_b2=9.0), 1) == (-1, [NEVER])


def test_a_birthday_on_new_years_day_changes_both_at_once():
    both = cells(y2_b3=0.5)

    assert race([0.25], 1937.0, 1952.0, both, 1) == (0, [1952.5])
    assert race([0.25], 1937.0, 1951.5, both, 1) == (0, [1952.5])
    # Neither the old age in the new year nor the new age in the old year has any time in it.
    assert race([0.25], 1937.0, 1951.5, cells(y2_b2=1e9, y1_b3=1e9), 1) == (-1, [NEVER])


def test_the_date_of_a_birthday_decides_and_not_a_rounded_age():
    # Two years less this birth is 65 when rounded, but the birthday is a moment after.
    born = math.nextafter(-63.0, 0.0)
    assert 2.0 - born == 65.0
    assert born + 65.0 > 2.0
    rates = np.zeros((N_YEARS, BREAKS.size, 1))
    rates[2, 4, 0] = 1e15
    latent = np.empty(1)

    assert lexis_race(np.array([0.5]), born, 2.0, BREAKS, 0, rates, latent, 1) == 0
    assert 2.0 < latent[0] < born + 65.0


def test_the_last_year_holds_for_ever_after():
    assert race([30.0], 1940.0, 1950.0, cells(y5_b7=1.0), 1) == (0, [2055.0])
    assert race([1.0], 1940.0, 1990.0, cells(y5_b4=1.0), 1) == (0, [1991.0])


def test_clocks_that_end_nothing_are_noted_and_the_race_goes_on():
    rates = np.full((N_YEARS, BREAKS.size, 3), 0.25)
    budgets = [2.0, 0.5, 1.0]

    assert race(budgets, 1920.0, 1950.0, rates, 3) == (1, [NEVER, 1952.0, NEVER])
    assert race(budgets, 1920.0, 1950.0, rates, 1) == (0, [1958.0, 1952.0, 1954.0])
    assert race(budgets, 1920.0, 1950.0, rates, 0) == (-1, [1958.0, 1952.0, 1954.0])
    assert race([NEVER, 0.5, 1.0], 1920.0, 1950.0, rates, 1) == (-1, [NEVER, 1952.0, 1954.0])


def test_at_the_same_time_the_first_clock_wins():
    rates = np.full((N_YEARS, BREAKS.size, 2), 0.25)

    assert race([0.5, 0.5], 1920.0, 1950.0, rates, 2) == (0, [1952.0, 1952.0])


def test_budgets_are_spent_in_place_to_the_end_of_the_last_cell():
    rates = np.full((N_YEARS, BREAKS.size, 2), 0.25)
    budgets, latent = np.array([0.6, 8.0]), np.empty(2)
    lexis_race(budgets, 1920.0, 1950.5, BREAKS, FIRST_YEAR, rates, latent, 1)

    # The race ends within 1952; the other clock has paid for all of that year.
    assert list(latent) == [1952.9, NEVER]
    assert list(budgets) == [NEVER, 8.0 - 0.25 * 2.5]
