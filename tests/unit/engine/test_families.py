"""Every family of hazards: its wait spends what its draw buys, and its bits are the twin's."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as chosen
from hypothesis import strategies as st
from mpmath import mpf

from hailsham.engine import hazards
from hailsham.engine import plain as plain_engine
from hailsham.engine.families import inverted, plain, special
from tests.unit.engine.simulated import STEADY
from tests.unit.engine.test_arithmetic import Chance

NEVER = math.inf
#: The readable twins, wherever they stand.
PLAIN = SimpleNamespace(**vars(plain_engine) | vars(plain))
#: Digits in which the exact cumulative hazards are computed.
DIGITS = 120


def log_uniform(low, high):
    return st.floats(math.log10(low), math.log10(high)).map(lambda power: 10.0**power)


@dataclass(frozen=True)
class Family:
    """A family, the range of its parameters, and its exact cumulative hazard from reading 0."""

    ranges: tuple[tuple[float, float], ...]
    spent: Callable[..., mpf]
    #: Worst error of what a wait spends, relative to all that is spent since reading 0; or, for a
    #: family with a straight conditional inverse, to the budget alone.
    worst: float
    is_straight: bool = False
    module: object = inverted


def spent_makeham(x, level, slope, constant):
    return level * mpmath.expm1(slope * x) / slope + constant * x


def spent_normal(z):
    if z < 0:
        return -mpmath.log1p(-mpmath.erfc(-z / mpmath.sqrt(2)) / 2)
    return -mpmath.log(mpmath.erfc(z / mpmath.sqrt(2)) / 2)


def spent_gamma(x, shape, scale):
    reading = x / scale
    if reading < shape:
        return -mpmath.log1p(-mpmath.gammainc(shape, 0, reading, regularized=True))
    return -mpmath.log(mpmath.gammainc(shape, reading, mpmath.inf, regularized=True))


FAMILIES = {
    "exponential": Family(
        ((1e-6, 1e3),), lambda x, rate: rate * x, 1.1e-16, is_straight=True, module=hazards
    ),
    "gompertz": Family(
        ((1e-9, 1.0), (1e-4, 0.5)),
        lambda x, level, slope: level * mpmath.expm1(slope * x) / slope,
        6.3e-15,
        is_straight=True,
        module=hazards,
    ),
    "weibull": Family(
        ((0.2, 20.0), (0.01, 1e3)),
        lambda x, shape, scale: (x / scale) ** shape,
        5.6e-15,
        module=hazards,
    ),
    "gompertz_makeham": Family(
        ((1e-9, 1.0), (1e-4, 0.5), (1e-7, 1.0)), spent_makeham, 3.6e-15, is_straight=True
    ),
    "gompertz_makeham falling": Family(
        ((1e-9, 1.0), (-3.0, -1e-3), (1e-7, 1.0)), spent_makeham, 3.9e-16, is_straight=True
    ),
    "log_logistic": Family(
        ((0.2, 20.0), (0.01, 1e3)),
        lambda x, shape, scale: mpmath.log1p((x / scale) ** shape),
        5.3e-15,
    ),
    "log_normal": Family(
        ((0.01, 1e3), (0.05, 4.0)),
        lambda x, median, spread: spent_normal(mpmath.log(x / median) / spread),
        3.1e-14,
    ),
    "gamma": Family(((0.05, 1e3), (0.01, 1e2)), spent_gamma, 2.9e-14),
}
READINGS = st.just(0.0) | log_uniform(1e-6, 300.0)
BUDGETS = log_uniform(1e-12, 700.0)


def function(name, what, module=None):
    """One of a family's three functions, such as ``gamma_wait``."""
    return getattr(module or FAMILIES[name].module, f"{name.split()[0]}_{what}")


def waited(name, budget, since, parameters, module=None):
    wait = function(name, "wait", module)
    if name == "exponential":
        return wait(budget, *parameters)
    return wait(budget, since, *parameters)


def exact_parts(name, since, wait, parameters):
    """What is spent before a wait and in it, to many digits."""
    family = FAMILIES[name]
    with mpmath.workdps(DIGITS):
        exact = [mpf(value) for value in parameters]
        before = family.spent(mpf(since), *exact) if since > 0.0 else mpf(0)
        return before, family.spent(mpf(since) + mpf(wait), *exact) - before


def error(name, budget, since, parameters, module=None):
    """By how much a wait spends another amount than its budget, as a share; 0 if it is beyond
    what doubles can tell apart."""
    wait = waited(name, budget, since, parameters, module)
    assert wait >= 0.0
    if not 1e-300 < since + wait < NEVER:
        return 0.0
    before, spent = exact_parts(name, since, wait, parameters)
    whole = budget if FAMILIES[name].is_straight else before + budget
    return float(abs(spent - budget) / whole)


def between(chance, low, high):
    """A parameter in its range, of any size in it."""
    share = chance.share()
    if low < 0.0:
        return -between(chance, -high, -low)
    return low * (high / low) ** share


def cases(name, n):
    """Budgets, readings and parameters strewn over their ranges."""
    chance = Chance(1996)
    for _ in range(n):
        parameters = [between(chance, *limits) for limits in FAMILIES[name].ranges]
        since = 0.0 if chance.share() < 0.3 else between(chance, 1e-6, 300.0)
        yield between(chance, 1e-12, 700.0), since, parameters


@pytest.mark.parametrize("name", FAMILIES)
def test_a_wait_spends_what_its_draw_buys_to_the_error_tabulated(name):
    n = 200 if name == "gamma" else 1000
    worst = max(error(name, *case) for case in cases(name, n))

    assert FAMILIES[name].worst <= 1e-12
    # The table has two digits, rounded up.
    assert 0.9 * FAMILIES[name].worst < worst <= FAMILIES[name].worst


@st.composite
def draws(draw, name):
    """A budget, a reading and parameters from anywhere in their ranges."""
    parameters = [
        draw(log_uniform(low, high)) if low > 0.0 else -draw(log_uniform(-high, -low))
        for low, high in FAMILIES[name].ranges
    ]
    return draw(BUDGETS), draw(READINGS), parameters


@pytest.mark.parametrize("name", FAMILIES)
def test_a_wait_spends_what_its_draw_buys(name):
    @chosen(STEADY, max_examples=60 if name == "gamma" else 200)
    @given(case=draws(name))
    def spends(case):
        assert error(name, *case) <= 1e-12

    spends()


@pytest.mark.parametrize("name", FAMILIES)
def test_the_spending_test_has_teeth(name, monkeypatch):
    # A wait one part in a thousand million too long is told apart, and so is one that forgets
    # what its clock showed.
    honest, parameters = waited, [low * (high / low) ** 0.5 for low, high in FAMILIES[name].ranges]
    if name.endswith("falling"):
        parameters[1] = -0.05
    case = 0.7, 3.0, parameters
    assert error(name, *case) <= 1e-12

    monkeypatch.setitem(globals(), "waited", lambda *args: honest(*args) * (1.0 + 1e-9))
    assert error(name, *case) > 1e-12
    monkeypatch.setitem(
        globals(), "waited", lambda name, budget, since, *args: honest(name, budget, 0.0, *args)
    )
    if name != "exponential":
        assert error(name, *case) > 1e-12


@pytest.mark.parametrize("name", FAMILIES)
def test_compiled_and_plain_agree_to_the_last_bit(name):
    @STEADY
    @given(case=draws(name), years=st.just(0.0) | log_uniform(1e-6, 300.0))
    def agree(case, years):
        budget, since, parameters = case
        told = [
            [
                waited(name, budget, since, parameters, module),
                function(name, "cumulative", module)(since, since + years, *parameters),
                *(
                    function(name, "hazard", module)(reading, *parameters)
                    for reading in (since, since + years)
                ),
            ]
            for module in (None, PLAIN)
        ]
        assert told[0] == told[1]

    agree()


@pytest.mark.parametrize("name", FAMILIES)
def test_a_hazard_is_the_rise_of_what_is_spent_and_the_sum_is_its_whole(name):
    checked = 0
    for budget, since, parameters in cases(name, 60):
        wait = waited(name, budget, since, parameters)
        if not (since > 0.0 and 1e-6 < wait < 1e6):
            continue
        checked += 1
        before, spent = exact_parts(name, since, wait, parameters)
        cumulative = function(name, "cumulative")(since, since + wait, *parameters)
        # The clock is read as a sum, which moves it by half a unit in the last place.
        rate = function(name, "hazard")(since + wait, *parameters)
        blur = 1e-12 * (float(before) + budget) + rate * math.ulp(since + wait)
        assert cumulative == pytest.approx(float(spent), rel=1e-12, abs=blur)
        with mpmath.workdps(DIGITS):
            exact = [mpf(value) for value in parameters]
            rise = mpmath.diff(lambda x, by=exact: FAMILIES[name].spent(x, *by), mpf(since))
        hazard = function(name, "hazard")(since, *parameters)
        assert hazard == pytest.approx(float(rise), rel=1e-12)
    assert checked >= 10


def test_a_wait_that_no_double_can_hold_is_endless():
    assert inverted.log_logistic_wait(700.0, 0.0, 0.3, 1.0) == NEVER
    assert inverted.log_normal_wait(700.0, 0.0, 1.0, 40.0) == NEVER
    assert inverted.gompertz_makeham_wait(1e-3, 0.0, 0.0, 0.1, 0.0) == NEVER
    assert inverted.gamma_wait(NEVER, 0.0, 2.0, 1.0) == NEVER
    assert special.normal_point(NEVER) == NEVER


def test_special_cases_are_the_families_they_are():
    for budget in (1e-9, 0.3, 5.0, 300.0):
        assert inverted.gamma_wait(budget, 2.0, 1.0, 4.0) == pytest.approx(
            4.0 * budget, rel=1e-13, abs=1e-14
        )
        assert inverted.gompertz_makeham_wait(budget, 30.0, 1e-3, 0.0, 0.02) == budget / 0.021
        assert inverted.gompertz_makeham_wait(
            budget, 30.0, 1e-3, 0.1, 0.0
        ) == hazards.gompertz_wait(budget, 30.0, 1e-3, 0.1)
        assert inverted.gompertz_makeham_wait(budget, 30.0, 0.0, 0.1, 0.5) == budget / 0.5


def test_hazards_at_reading_0_are_their_limits():
    for name in ("weibull_hazard", "log_logistic_hazard", "gamma_hazard"):
        hazard = getattr(hazards, name, None) or getattr(inverted, name)
        assert [hazard(0.0, shape, 4.0) for shape in (0.5, 1.0, 2.0)] == [NEVER, 0.25, 0.0]
        assert [getattr(plain, name)(0.0, shape, 4.0) for shape in (0.5, 1.0, 2.0)] == [
            NEVER,
            0.25,
            0.0,
        ]
    assert inverted.log_normal_hazard(0.0, 3.0, 0.5) == 0.0


# ---------------------------------------------------------------- special functions


def test_the_special_functions_are_right_to_thirteen_digits():
    chance = Chance(1954)
    worst = 0.0
    with mpmath.workdps(DIGITS):
        for _ in range(500):
            z = chance.between(-37.0, 60.0)
            exact = spent_normal(mpf(z))
            density = mpmath.npdf(mpf(z)) / mpmath.exp(-exact)
            worst = max(
                worst,
                abs(special.normal_spent(z) / exact - 1),
                abs(special.normal_hazard(z) / density - 1),
            )
        for _ in range(100):
            shape, reading = between(chance, 0.05, 1e3), between(chance, 1e-3, 3e3)
            lower = mpmath.gammainc(shape, 0, reading, regularized=True)
            upper = mpmath.gammainc(shape, reading, mpmath.inf, regularized=True)
            shares = (special.gamma_lower, lower), (special.gamma_upper, upper)
            for ours, exact in shares:
                if exact > 1e-300:
                    # A share this small loses as many digits as its logarithm has.
                    off = abs(ours(shape, reading) / exact - 1)
                    worst = max(worst, off / max(1, -mpmath.log(exact)))

    assert float(worst) < 1e-13


@STEADY
@given(z=st.floats(-1e160, 1e160) | st.floats(-40.0, 40.0), spent=log_uniform(1e-300, 1e9))
def test_compiled_and_plain_normal_functions_agree(z, spent):
    assert special.normal_spent(z) == plain.normal_spent(z)
    assert special.normal_hazard(z) == plain.normal_hazard(z)
    assert special.normal_point(spent) == plain.normal_point(spent)


@chosen(STEADY, max_examples=400)
@given(spent=log_uniform(1e-16, 1e8))
def test_the_normal_point_is_the_inverse_of_what_is_spent(spent):
    # Near 0 the point lies far to the left, and the exponential loses digits of its square.
    assert special.normal_spent(special.normal_point(spent)) == pytest.approx(spent, rel=3e-14)


# ---------------------------------------------------------------- effects and changes on the way


@STEADY
@given(budget=log_uniform(1e-3, 30.0), share=st.floats(0.01, 0.99), factor=st.floats(0.1, 10.0))
def test_a_change_that_changes_nothing_leaves_the_wait_as_it_was(budget, share, factor):
    level, slope, age = 1e-3, 0.08, 30.0
    whole = hazards.gompertz_wait(budget / factor, age, level, slope)
    here = age + share * whole
    spent = hazards.gompertz_cumulative(age, here, level, slope)
    rest = hazards.rest_of_budget(budget, spent, factor)

    assert rest == plain.rest_of_budget(budget, spent, factor)
    assert share * whole + hazards.gompertz_wait(rest / factor, here, level, slope) == (
        pytest.approx(whole, rel=1e-12)
    )


@STEADY
@given(budget=log_uniform(1e-3, 30.0), factor=st.floats(0.1, 10.0), change=st.floats(0.1, 40.0))
def test_a_factor_that_changes_on_the_way_makes_a_staircase(budget, factor, change):
    rate = 0.05
    stairs = np.array([0.0, change]), np.array([rate, factor * rate])
    wait = hazards.exponential_wait(budget, rate)
    if wait > change:
        spent = hazards.exponential_cumulative(0.0, change, rate)
        rest = hazards.rest_of_budget(budget, spent, 1.0)
        wait = change + hazards.exponential_wait(rest / factor, rate)

    assert wait == pytest.approx(hazards.staircase_wait(budget, 0.0, *stairs), rel=1e-12)


def test_a_spent_budget_leaves_no_debt():
    assert hazards.rest_of_budget(1.0, 0.5, 2.0 + 1e-15) == 0.0
    assert hazards.rest_of_budget(1.0, 0.25, 2.0) == 0.5
