"""What a sample says of a quantity, and how surely.

Standard errors come from the sample alone, so that whoever simulates a problem
never needs its answer. Samples are of independent lives, or of independent
runs where people share their luck.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Numbers, counts or truths, one for each life or run.
Sample = NDArray[Any]

#: Fewer cases than this tell nothing of a share: its standard error is then no number.
ENOUGH = 50
#: What rounding may do to a figure without luck, as a part of it: a fifth of 1e-12, so that five
#: of these, as of standard errors, are where agreement ends.
ROUNDING = 2e-13


@dataclass(frozen=True)
class Estimate:
    """A figure, and the standard deviation that it would have from one seed to another."""

    value: float
    standard_error: float


#: What simulating a problem gives, by the names of its answers.
Estimates = Mapping[str, Estimate]


def exactly(value: float) -> Estimate:
    """Return a figure that owes nothing to luck, with an allowance for rounding."""
    return Estimate(float(value), ROUNDING * abs(float(value)))


def mean_of(values: Sample) -> Estimate:
    """Estimate a mean."""
    return Estimate(float(values.mean()), float(values.std()) / math.sqrt(values.size))


def share_of(is_so: Sample) -> Estimate:
    """Estimate a probability; with too few cases, or too few others, nothing is known of it."""
    n, n_cases = is_so.size, int(is_so.sum())
    share = n_cases / n
    if min(n_cases, n - n_cases) < ENOUGH:
        return Estimate(share, math.nan)
    return Estimate(share, math.sqrt(share * (1.0 - share) / n))


def variance_of(values: Sample) -> Estimate:
    """Estimate a variance; its standard error is that of a mean of squares."""
    return mean_of((values - values.mean()) ** 2)


def deviation_of(values: Sample) -> Estimate:
    """Estimate a standard deviation, its error to first order from that of the variance."""
    variance = variance_of(values)
    deviation = math.sqrt(variance.value)
    return Estimate(deviation, variance.standard_error / (2.0 * deviation))


def median_of(values: Sample) -> Estimate:
    """Estimate a median, its error from the ranks half a root of ``n`` to either side."""
    ordered = np.sort(values)
    middle, reach = (ordered.size - 1) // 2, round(math.sqrt(ordered.size) / 2.0)
    width = ordered[middle + reach] - ordered[middle - reach]
    return Estimate(float(np.median(ordered)), float(width) / 2.0)


def ratio_of(above: Sample, below: Sample) -> Estimate:
    """Estimate a ratio of two means of one sample, its error to first order."""
    ratio = float(above.mean() / below.mean())
    return Estimate(ratio, mean_of(above - ratio * below).standard_error / float(below.mean()))


def variance_ratio_of(above: Sample, below: Sample) -> Estimate:
    """Estimate the ratio of two variances of one sample, its error to first order."""
    return ratio_of((above - above.mean()) ** 2, (below - below.mean()) ** 2)


def scaled(estimate: Estimate, factor: float) -> Estimate:
    """Return an estimate in another unit."""
    return Estimate(factor * estimate.value, abs(factor) * estimate.standard_error)
