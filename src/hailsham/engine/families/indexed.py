"""Find the last step of a table that is not above a number, almost without searching.

The leading bits of a double, read as a whole number, rise with it. So they
cut a table into buckets, finely where its steps lie close and coarsely where
they lie far apart. In a bucket with one step, one comparison places a number
exactly. Buckets with several are searched by halving; they are narrow, so
that few numbers fall into them.

Source:
    devroye1986, chapter III.2.4, indexed search (the method of guide tables).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.compiling import compiled, compiled_inline

Floats = NDArray[np.float64]

#: Bits of the fraction of a double. Without any of them, a bucket is an octave.
FRACTION = 52
#: How many of them lead, at most.
MOST_BITS = 12
#: Buckets beside two for each step, at most: they are to lie in the first caches.
MOST_BUCKETS = 1024
#: Buckets need not be finer once those with several steps cover less of a table than this.
RARE = 0.01

#: A bucket of numbers: the step in it, and the last steps below it and below its end. Where it
#: holds no step, ``edge`` is infinite, and where it holds several, it is no number.
BUCKET = np.dtype([("edge", np.float64), ("below", np.int32), ("above", np.int32)])


class Index(NamedTuple):
    """The steps of a table, and buckets of the numbers above the first one."""

    steps: Floats  # shape (n,), none below the one before
    buckets: NDArray[np.void]  # of BUCKET, shape (m,); the first holds everything below, too
    shift: int  # how many bits of a number do not lead
    low: int  # leading bits of the first bucket


def index_steps(steps: Floats) -> Index:
    """Return the coarsest index that rarely needs a search, or else the one that does so least.

    Args:
        steps: None below the one before, all finite. Shape (n,), n > 0.
    """
    values, firsts = np.unique(steps, return_index=True)
    lasts = np.append(firsts[1:], steps.size) - 1
    # The first place is also that of everything below it.
    values, lasts = values[lasts > 0], lasts[lasts > 0]
    if values.size == 0:
        return Index(steps, np.array([(np.inf, 0, 0)], BUCKET), FRACTION, 0)
    bits = (values - steps[0]).view(np.int64)
    most = MOST_BUCKETS + 2 * steps.size
    tried = []
    for shift in range(FRACTION, FRACTION - MOST_BITS - 1, -1):
        leading = bits >> shift
        least = int(leading[bits > 0].min(initial=leading[-1])) - 1
        low = max(least, int(leading[-1]) + 1 - most, 0)
        buckets = _filled(np.maximum(leading - low, 0), values, lasts)
        tried.append(Index(steps, buckets, shift, low))
    return min(tried, key=lambda index: max(searched_share(index), RARE))


def searched_share(index: Index) -> float:
    """Return the share of a table, between its first step and its last, that needs a search."""
    leading = np.arange(index.low, index.low + index.buckets.size)
    leading[0] = 0
    widths = np.diff((leading << index.shift).view(np.float64))
    return float(widths[np.isnan(index.buckets["edge"][:-1])].sum() / widths.sum())


def _filled(
    numbers: NDArray[np.int64], values: Floats, lasts: NDArray[np.int64]
) -> NDArray[np.void]:
    """Return buckets filled with steps.

    Args:
        numbers: The bucket of each step. Shape (k,).
        values: The steps, equal ones once. Shape (k,).
        lasts: The place of each, the last one of equal ones. Shape (k,).
    """
    # One more, without a step, for all that lies beyond: that is many.
    counts = np.append(np.bincount(numbers), 0)
    places = np.append(0, lasts)[np.append(0, np.cumsum(counts))]
    buckets = np.empty(counts.size, BUCKET)
    buckets["below"], buckets["above"] = places[:-1], places[1:]
    buckets["edge"] = np.where(counts > 1, np.nan, np.inf)
    is_alone = counts[numbers] == 1
    buckets["edge"][numbers[is_alone]] = values[is_alone]
    return buckets


@compiled_inline
def _bucket(value: float, first: float, index: Index) -> int:
    """Return the bucket of a value.

    Subtracting, rounding and leaving bits out keep numbers in order. So a
    value lies above the steps in all buckets before its own, and below those
    in all buckets after it, whatever was rounded.
    """
    number = int(np.float64(value - first).view(np.int64) >> index.shift) - index.low
    return min(max(number, 0), index.buckets.size - 1)


@compiled_inline
def _within(value: float, number: int, index: Index) -> int:
    """Return the place of a value that lies in a bucket.

    A place without a sign is read without asking for one, and so without a branch.
    """
    bucket = index.buckets[np.uint64(number)]
    place = int(bucket["above"] if bucket["edge"] <= value else bucket["below"])
    if bucket["edge"] != bucket["edge"]:
        beyond = int(bucket["above"]) + 1
        while place + 1 < beyond:
            middle = (place + beyond) // 2
            if index.steps[middle] <= value:
                place = middle
            else:
                beyond = middle
    return place


@compiled_inline
def place_of(value: float, index: Index) -> int:
    """Return the last step that is not above a value; 0 where there is none.

    Args:
        value: Any number.
        index: From ``index_steps``.
    """
    return _within(value, _bucket(value, index.steps[0], index), index)


@compiled
def places_of(places: NDArray[np.int64], values: Floats, n: int, index: Index) -> None:
    """Fill in the places of many values, as ``place_of`` finds them.

    First everybody's bucket, because that is worked out in vectors.

    Args:
        places: Written to. Shape (n,) or more.
        values: Shape (n,) or more.
        n: How many there are.
        index: From ``index_steps``.
    """
    first = index.steps[0]
    for i in range(n):
        places[i] = _bucket(values[i], first, index)
    for i in range(n):
        places[i] = _within(values[i], places[i], index)
