"""Estimates are what they claim to be, and their errors are what they would be on other seeds."""

import math

import numpy as np
import pytest

from hailsham.verification.estimates import (
    ENOUGH,
    ROUNDING,
    deviation_of,
    exactly,
    mean_of,
    median_of,
    ratio_of,
    scaled,
    share_of,
    variance_of,
    variance_ratio_of,
)

N_SAMPLES, SIZE = 2_000, 500
# Standard exponentials in pairs: everything about them is known.
SAMPLES = np.random.default_rng(20261122).exponential(size=(N_SAMPLES, 2, SIZE))
#: Each estimator, and what it estimates.
ESTIMATORS = {
    "mean": (lambda x, _: mean_of(x), 1.0),
    "share": (lambda x, _: share_of(x > 1.0), math.exp(-1.0)),
    "variance": (lambda x, _: variance_of(x), 1.0),
    "deviation": (lambda x, _: deviation_of(x), 1.0),
    "median": (lambda x, _: median_of(x), math.log(2.0)),
    "ratio": (lambda x, y: ratio_of(3.0 * x, y), 3.0),
    "variance_ratio": (variance_ratio_of, 1.0),
    "scaled": (lambda x, _: scaled(mean_of(x), -2.0), -2.0),
}


def spread(name, claimed=1.0):
    """Mean distance from the truth, and the spread, both in the errors that are claimed."""
    estimate, exact = ESTIMATORS[name]
    found = [estimate(*pair) for pair in SAMPLES]
    values = np.array([each.value for each in found])
    error = claimed * np.sqrt(np.mean([each.standard_error**2 for each in found]))
    return (values.mean() - exact) / error, values.std() / error


@pytest.mark.parametrize("name", ESTIMATORS)
def test_errors_are_the_spread_from_sample_to_sample(name):
    # 2,000 samples tell a spread apart by 1.6 per cent and a mean by 0.02 errors; the rest is
    # what samples of 500 leave of order 1 / n, above all where squares of a skewed law are taken.
    away, wide = spread(name)

    assert abs(away) < 0.3
    assert wide == pytest.approx(1.0, abs=0.2)


@pytest.mark.parametrize("name", ESTIMATORS)
def test_an_error_that_is_half_too_small_is_noticed(name):
    assert spread(name, claimed=0.5)[1] != pytest.approx(1.0, abs=0.2)


def test_too_few_cases_tell_nothing():
    n = 1_000
    counts = np.arange(n)

    assert share_of(counts < ENOUGH).standard_error > 0.0
    assert math.isnan(share_of(counts < ENOUGH - 1).standard_error)
    assert math.isnan(share_of(counts >= ENOUGH - 1).standard_error)


def test_a_figure_without_luck_may_be_off_by_its_rounding():
    assert exactly(-3.0).standard_error == 3.0 * ROUNDING
    assert exactly(0.0).standard_error == 0.0
