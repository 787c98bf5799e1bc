"""One wait for each of many people, from the engine's draws and hazards."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.compiling import compiled
from hailsham.engine.draws import exponential, purpose
from hailsham.engine.families.inverted import gamma_wait
from hailsham.engine.hazards import exponential_wait, gompertz_wait, staircase_wait

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

#: Lives where nothing is scarce. They tell apart 0.014 years in a mean life of standard deviation
#: 14, and 0.0005 in a share of a half, both at one standard error.
N_LIVES = 1_000_000
#: Addresses of clocks that start together, and of others that start later in life.
CLOCKS = [purpose(f"verification.clock{i}") for i in range(3)]
LATER = [purpose(f"verification.later{i}") for i in range(3)]


@compiled
def budgets(key: np.uint64, address: np.uint64, count: int, people: Counts) -> Floats:
    """Return what each of these people has to spend on one clock: unit exponentials."""
    drawn = np.empty(people.size)
    for i in range(people.size):
        drawn[i] = exponential(key, people[i], address, count)
    return drawn


@compiled
def gompertz_waits(spending: Floats, age: float, level: float, slope: float) -> Floats:
    """Return waits from one age; a clock without a slope is an exponential one."""
    waits = np.empty(spending.size)
    for i in range(spending.size):
        if slope == 0.0:
            waits[i] = exponential_wait(spending[i], level)
        else:
            waits[i] = gompertz_wait(spending[i], age, level, slope)
    return waits


@compiled
def staircase_waits(spending: Floats, age: float, breaks: Floats, rates: Floats) -> Floats:
    """Return waits from one age under a staircase of rates."""
    waits = np.empty(spending.size)
    for i in range(spending.size):
        waits[i] = staircase_wait(spending[i], age, breaks, rates)
    return waits


@compiled
def gamma_waits(spending: Floats, since: float, shape: float, scale: float) -> Floats:
    """Return waits under a gamma law whose clocks already show ``since``."""
    waits = np.empty(spending.size)
    for i in range(spending.size):
        waits[i] = gamma_wait(spending[i], since, shape, scale)
    return waits


def people(n: int) -> Counts:
    """Return the addresses of ``n`` people."""
    return np.arange(n, dtype=np.int64)


def clocks(
    key: np.uint64,
    *,
    levels: Sequence[float],
    slopes: Sequence[float],
    n: int,
    age: float = 0.0,
    addresses: Sequence[np.uint64] = CLOCKS,
) -> Floats:
    """Return latent times of Gompertz clocks that start together. Shape (clocks, people)."""
    return np.array(
        [
            gompertz_waits(budgets(key, address, 0, people(n)), age, level, slope)
            for address, level, slope in zip(addresses, levels, slopes, strict=False)
        ]
    )


def arm(key: np.uint64, number: int) -> np.uint64:
    """Return the key of another sample of the same problem, of no other problem or seed.

    The number stands in the top byte of the replicate, where no problem's is.
    """
    return np.uint64(int(key) ^ (number << 56))
