"""The means of lives by events are those of the same equations in small steps.

800 lives in steps, 8,000 by events. Five standard errors of the difference
are .04 of integrity, .02 of despair, half a loss let go and a quarter of a
year of work; the full comparison, with 4,000 lives, is kept in ``verification``.
"""

from functools import cache

import pytest

from hailsham.world.development.lives import live_alone
from hailsham.world.development.parameters import with_values
from verification.small_steps import (
    KINDS,
    WITHOUT,
    World,
    apart,
    lived,
    mean_and_error,
    stepped,
)

PODS, SEED, LIMIT = 100, 20_261_122, 5.0


@cache
def in_small_steps():
    world = World(KINDS["hailsham"][0], PODS, SEED)
    world.live()
    return stepped(world)


def gaps(**values):
    """How far each mean of the kernel's lives lies from that of small steps."""
    named = {name.replace("__", "."): value for name, value in values.items()}
    life = with_values(KINDS["hailsham"][1](), values={**WITHOUT, **named})
    small = in_small_steps()
    events = lived(live_alone(life, n_pods=10 * PODS, seed=SEED).lives, small)
    return {
        name: apart((mean_and_error(events[name]), mean_and_error(small[name]))) for name in small
    }


def test_small_steps_and_events_have_the_same_means():
    assert max(map(abs, gaps().values())) <= LIMIT


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"letting_go__rate": 0.05}, "let go"),
        ({"despair__awareness": 1.0}, "despair"),
        ({"clock__compressibility": 0.8}, "integrity"),
        ({"awareness__denial_mean": 0.65}, "crossing, age"),
        ({"stations__scale": 1.4}, "work, years"),
    ],
)
def test_events_by_another_number_have_other_means(values, name):
    assert abs(gaps(**values)[name]) > LIMIT
