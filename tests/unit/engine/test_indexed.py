"""A number is placed among steps where a search would place it, whatever the steps are."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hailsham.engine.families.indexed import (
    RARE,
    Index,
    index_steps,
    place_of,
    places_of,
    searched_share,
)
from tests.unit.engine.simulated import STEADY

#: Steps of all kinds: of any size, close together, equal, and in plateaus.
STEPS = st.one_of(
    st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=60),
    st.lists(st.floats(0.0, 1.0, width=16), min_size=1, max_size=60),
    st.lists(st.integers(1900, 1903).map(float), min_size=1, max_size=9),
    st.lists(st.integers(0, 400).map(lambda k: 33.3 + k * 2.0**-46), min_size=1, max_size=200),
    st.lists(st.floats(-40.0, 40.0), min_size=1, max_size=60).map(
        lambda gaps: np.cumsum(np.exp(gaps)).tolist()
    ),
).map(lambda steps: np.sort(np.array(steps)) + 0.0)


def questions(steps, others):
    """Every step, what lies next to it on both sides, and other numbers."""
    beside = [np.nextafter(steps, limit) for limit in (-math.inf, math.inf)]
    return np.concatenate([steps, *beside, others, [-math.inf, math.inf, -0.0, 5e-324]])


def searched(values, steps):
    return np.maximum(np.searchsorted(steps, values, side="right") - 1, 0).tolist()


def found(values, index):
    places = np.full(values.size, -1)
    places_of(places, values, values.size, index)
    return places.tolist()


@STEADY
@given(steps=STEPS, others=st.lists(st.floats(allow_nan=False), max_size=20))
def test_every_number_is_placed_where_a_search_places_it(steps, others):
    values = questions(steps, others)
    index = index_steps(steps)

    assert found(values, index) == searched(values, steps)
    assert [place_of(value, index) for value in values] == searched(values, steps)


@pytest.mark.parametrize("shift", [0, 1, -1])
def test_the_placing_test_has_teeth(shift):
    # An index whose buckets are one off misplaces some number; the right one none.
    steps = np.array([0.0, 1.0, 2.0, 3.0, 5.0, 8.0])
    index = index_steps(steps)
    values = questions(steps, [])
    moved = Index(steps, np.roll(index.buckets, shift), index.shift, index.low)

    assert (found(values, moved) == searched(values, steps)) == (shift == 0)


def test_a_number_that_is_none_is_placed_somewhere():
    # What a clock that was never set would show: nobody reads the wait.
    index = index_steps(np.arange(20.0))

    assert 0 <= place_of(math.nan, index) < 20


def test_no_year_of_a_life_table_needs_a_search():
    years = np.arange(110.0)
    rising = np.append(0.0, np.cumsum(5e-5 * np.exp(0.09 * years)))

    assert [searched_share(index_steps(steps)) for steps in (years, rising)] == [0.0, 0.0]


def test_steps_that_come_ever_closer_are_rarely_searched():
    falling = np.append(0.0, np.cumsum(0.1 * np.exp(-0.2 * np.arange(110.0))))
    index = index_steps(falling)

    assert 0.0 < searched_share(index) <= RARE
    # Whoever never reaches them is not searched for among them.
    assert not math.isnan(index.buckets["edge"][-1])


def test_an_index_stays_small():
    steps = np.cumsum(np.random.default_rng(1).exponential(size=5_000))

    assert index_steps(steps).buckets.nbytes < 200_000
