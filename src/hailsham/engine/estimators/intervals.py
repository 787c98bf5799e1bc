"""Estimates with intervals: what is said of a quantity, and how surely."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Estimate:
    """Values, their standard errors, and the limits of their intervals; all of one shape.

    The limits are ``nan`` where the sample says nothing of its own error,
    such as for a survival that has not left 1 or has reached 0.
    """

    value: Floats
    standard_error: Floats
    low: Floats
    high: Floats


def quantile_of_level(level: float) -> float:
    """Return the normal quantile that leaves out half of ``1 - level`` on either side.

    Raises:
        ValueError: If the level is not strictly between 0 and 1.
    """
    if not 0.0 < level < 1.0:
        raise ValueError(f"level: {level} is not between 0 and 1; 0.95 is usual")
    return NormalDist().inv_cdf(0.5 + 0.5 * level)


def probability(value: Floats, *, standard_error: Floats, level: float) -> Estimate:
    """Return a probability with an interval that stays within 0 and 1.

    The interval is symmetric for ``log(-log(p))``, which keeps its level in
    small samples and in the tails better than one that is symmetric for p.

    Args:
        value: Probabilities, any shape.
        standard_error: Of the same shape.
        level: Share of intervals that are to hold the truth.

    Source:
        kalbfleisch2002, section 1.4.
    """
    z = quantile_of_level(level)
    low, high = np.full(value.shape, np.nan), np.full(value.shape, np.nan)
    inside = (value > 0.0) & (value < 1.0)
    p = value[inside]
    spread = z * standard_error[inside] / np.abs(p * np.log(p))
    # A value that rounding alone keeps from 0 or 1 has limits of 0 and 1.
    with np.errstate(over="ignore"):
        low[inside], high[inside] = p ** np.exp(spread), p ** np.exp(-spread)
    return Estimate(value, standard_error, low, high)


def event_rate(events: ArrayLike, *, person_years: ArrayLike, level: float = 0.95) -> Estimate:
    """Return rates with exact Poisson intervals.

    Given the time at risk, events at a constant rate are a Poisson count. The
    limits are those rates under which so many events or more, or so many or
    fewer, would come in half of ``1 - level`` of all samples.

    Args:
        events: Counts, none below 0. Any shape.
        person_years: [person-years] Time at risk. Same shape.
        level: Share of intervals that hold the truth, at the least.

    Returns:
        [per person-year] Rates; ``nan`` where nobody was at risk.

    Raises:
        ValueError: If a count or a time is below 0 or not a number, or
            somewhere are events and no time.

    Source:
        garwood1936.
    """
    quantile_of_level(level)
    counts, years = np.broadcast_arrays(
        np.asarray(events, np.float64), np.asarray(person_years, np.float64)
    )
    for name, column in (("events", counts), ("person_years", years)):
        if not (np.isfinite(column) & (column >= 0.0)).all():
            worst = column[~(np.isfinite(column) & (column >= 0.0))][0]
            raise ValueError(f"{name}: {worst} is no finite number from 0 on")
    if ((years == 0.0) & (counts > 0.0)).any():
        raise ValueError("person_years: 0 where there are events; nobody was at risk of them")
    different, place = np.unique(counts, return_inverse=True)
    tail = 0.5 * (1.0 - level)
    below = np.zeros(different.shape)
    below[different > 0.0] = _gamma_quantile(different[different > 0.0], tail)
    above = _gamma_quantile(different + 1.0, 1.0 - tail)
    time = np.where(years > 0.0, years, np.nan)
    place = place.reshape(counts.shape)
    return Estimate(counts / time, np.sqrt(counts) / time, below[place] / time, above[place] / time)


#: Newton's method doubles its digits with each step: more are never needed from our start.
_STEPS = 60
#: A few times what rounding leaves.
_CLOSE = 1e-13
#: Quantiles below this are 0 for any purpose; only counts far below 1 have them.
_NOTHING = 1e-200
#: From here on Stirling's series, as far as we take it, is right to 2e-14.
_LARGE = 32.0
_TERMS_AT_ONCE = 256


def _gamma_quantile(shape: Floats, p: float) -> Floats:
    """Return the quantiles of gamma distributions of scale 1, by Newton's method.

    It begins with the cube of Wilson and Hilferty, right to a few per cent
    even for shape 1, and never goes below half of where it is.

    Source:
        wilson1931 for the start.
    """
    z = NormalDist().inv_cdf(p)
    cube = shape * (1.0 - 1.0 / (9.0 * shape) + z / (3.0 * np.sqrt(shape))) ** 3
    # Near 0 the distribution is the first term of its series.
    x = np.maximum(cube, np.exp((math.log(p) + _log_factorial(shape)) / shape))
    x = np.maximum(x, _NOTHING)
    for _ in range(_STEPS):
        leading = _leading_term(shape, x)
        step = (leading * _gamma_series(shape, x) - p) / (leading * shape / x)
        moved = np.maximum(x - step, 0.5 * x)
        is_there = np.abs(moved - x) <= _CLOSE * x
        x = moved
        if is_there.all():
            break
    return x


def _log_factorial(a: Floats) -> Floats:
    """Return the logarithm of a!, for whole a or not."""
    return np.array([math.lgamma(value + 1.0) for value in a])


def _leading_term(a: Floats, x: Floats) -> Floats:
    """Return x**a exp(-x) / a!, without taking large numbers from each other."""
    small = np.minimum(a, _LARGE)
    plain = small * np.log(x) - x - _log_factorial(small)
    apart = (x - a) / a
    stirling = 1.0 / (12.0 * a) - 1.0 / (360.0 * a**3) + 1.0 / (1260.0 * a**5)
    close = a * (np.log1p(apart) - apart) - 0.5 * np.log(2.0 * math.pi * a) - stirling
    return np.exp(np.where(a > _LARGE, close, plain))


def _gamma_series(a: Floats, x: Floats) -> Floats:
    """Return the sum over k of x**k / ((a + 1) ... (a + k)): all terms add."""
    last, total = np.ones(x.shape), np.ones(x.shape)
    k = np.arange(1, _TERMS_AT_ONCE + 1, dtype=np.float64)
    while (last > total * 1e-17).any():
        terms = last[:, None] * np.cumprod(x[:, None] / (a[:, None] + k), axis=1)
        total += terms.sum(axis=1)
        last = terms[:, -1]
        k += _TERMS_AT_ONCE
    return total
