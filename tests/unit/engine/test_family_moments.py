"""Waits of every family have the moments and conditional shares of their closed forms."""

import math

import numba
import numpy as np
import pytest

from hailsham.engine.draws import draw_key
from hailsham.engine.families.inverted import gamma_wait, log_logistic_wait, log_normal_wait
from hailsham.engine.hazards import weibull_wait
from hailsham.verification.waits import CLOCKS, budgets, people
from tests.unit.engine.simulated import LIMIT, z_mean, z_share, z_variance

N = 200_000


@numba.njit
def waits_of_two(wait, spending, since, first, second):
    """Waits under a family of two parameters."""
    waits = np.empty(spending.size)
    for i in range(spending.size):
        waits[i] = wait(spending[i], since, first, second)
    return waits


def worst(gaps):
    return max(abs(gap) for gap in gaps.values())


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
    waits = waits_of_two(wait, budgets(key, CLOCKS[0], 0, people(N)), 0.0, *used)
    rest = waits_of_two(
        wait, budgets(key, CLOCKS[1], 0, people(N)), 0.0 if forgets else 18.0, *used
    )
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
