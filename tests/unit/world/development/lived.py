"""Lives lived once for all tests of this folder, and how far two of them lie apart."""

from functools import cache

import numpy as np

from hailsham.world.development.lives import live_alone
from hailsham.world.development.parameters import (
    hailsham,
    ordinary,
    other_school,
    with_values,
)

SEED = 20_261_122
KINDS = {"hailsham": hailsham, "other": other_school, "ordinary": ordinary}
#: Twenty thousand lives where the claim is of a mean, and five thousand where it is a direction.
PODS, FEW = 2_500, 625


@cache
def _lived(kind, n_pods, seed, values):
    life = with_values(KINDS[kind](), values=dict(values))
    return live_alone(life, n_pods=n_pods, seed=seed).lives


def lives(kind="hailsham", *, n_pods=FEW, seed=SEED, **values):
    """The lives of some pods of a kind; ``stages__care=1.0`` stands for ``stages.care``."""
    named = {name.replace("__", "."): value for name, value in values.items()}
    return _lived(kind, n_pods, seed, tuple(sorted(named.items())))


def mean(people, column):
    """Mean of a column over those who have a value."""
    return float(np.nanmean(people[column].astype(float)))


def correlation(people, one, other):
    """Correlation of two columns over those who have both."""
    a, b = people[one].astype(float), people[other].astype(float)
    has = np.isfinite(a) & np.isfinite(b)
    return float(np.corrcoef(a[has], b[has])[0, 1])


def percentile_of_median(people, chosen, column="integrity"):
    """Where among all the median of some stands, in per cent."""
    return 100.0 * float((people[column] < np.median(people[column][chosen])).mean())


def same(one, other, *, but=()):
    """Whether two sets of lives are the same to the last bit, in every column."""
    return all(
        np.array_equal(one[name], other[name], equal_nan=one[name].dtype.kind == "f")
        for name in one.dtype.names
        if name not in but
    )
