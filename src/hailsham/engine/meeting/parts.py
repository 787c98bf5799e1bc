"""What the agenda kernel works on: who waits, what there is for them, and what is seen."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.compiling import compiled_bare, compiled_bare_inline
from hailsham.engine.kernels.log import MoveLog
from hailsham.engine.pools import (
    Lines,
    Ranking,
    Shelf,
    drop,
    expire,
    leave,
    new_lines,
    new_ranking,
    rank,
)
from hailsham.units import TICKS_PER_YEAR


class Sums(NamedTuple):
    """What came of those who waited for a pool, and of its items; each of length 1."""

    served: NDArray[np.int64]
    served_ticks: NDArray[np.int64]  # how long they had waited
    left: NDArray[np.int64]
    left_ticks: NDArray[np.int64]
    given: NDArray[np.int64]
    expired: NDArray[np.int64]


class Waiting(NamedTuple):
    """Those who wait for a pool: in line, and by priority if there is one."""

    lines: Lines
    ranking: Ranking
    is_open: NDArray[np.int64]  # whether anything changed since nobody was found to fit
    sums: Sums


class Servers(NamedTuple):
    """Those who serve: by load, as long as they have a free place, and whom they serve."""

    ranking: Ranking
    loads: Lines  # by who serves; the last line is of those who were left


def new_waiting(people: int, *, is_ranked: bool) -> Waiting:
    """Return a queue of nobody.

    Args:
        people: How many there are who may wait.
        is_ranked: Whether some are served before others who came earlier.
    """
    sums = Sums(*(np.zeros(1, np.int64) for _ in Sums._fields))
    ranking = new_ranking(people if is_ranked else 0)
    return Waiting(new_lines(people), ranking, np.ones(1, np.int64), sums)


def new_servers(people: int) -> Servers:
    """Return a pool in which nobody serves."""
    return Servers(new_ranking(people), new_lines(people, lines=people + 1))


@compiled_bare_inline
def plan(agenda: Ranking, person: int, date: float, until: float) -> None:
    """Put the next date of somebody into the agenda; what is not due before the end is not."""
    if date < until:
        rank(agenda, person, date)
    else:
        drop(agenda, person)


@compiled_bare_inline
def ticks_between(start: float, stop: float) -> int:
    """Return the whole ticks from one time to another, as integer sums count them."""
    return math.floor(stop * TICKS_PER_YEAR) - math.floor(start * TICKS_PER_YEAR)


@compiled_bare_inline
def be_served(waiting: Waiting, person: int, time: float) -> None:
    """Take somebody out of a queue because their turn has come."""
    waiting.sums.served[0] += 1
    waiting.sums.served_ticks[0] += ticks_between(
        waiting.lines.stands[np.uint64(person)].joined, time
    )
    leave(waiting.lines, person)


@compiled_bare_inline
def give_up(waiting: Waiting, person: int, time: float) -> None:
    """Take somebody out of a queue because they went elsewhere."""
    waiting.sums.left[0] += 1
    waiting.sums.left_ticks[0] += ticks_between(
        waiting.lines.stands[np.uint64(person)].joined, time
    )
    leave(waiting.lines, person)


@compiled_bare_inline
def load_up(servers: Servers, person: int, places: float) -> float:
    """Rank somebody who serves by how many they serve, and return that."""
    load = float(servers.loads.ends[np.uint64(person)].length)
    if load < places:
        rank(servers.ranking, person, load)
    else:
        drop(servers.ranking, person)
    return load


@compiled_bare
def expire_items(
    waiting: Waiting, shelf: Shelf, time: float, shelf_life: float, is_up_to: bool
) -> None:
    """Count and take away the items that expired before what comes next."""
    waiting.sums.expired[0] += expire(shelf, time, shelf_life, is_up_to)


@compiled_bare_inline
def note(
    moves: MoveLog,
    since: NDArray[np.float64],
    person: int,
    time: float,
    source: int,
    target: int,
    arm: int,
    seen: float,
) -> None:
    """Note a move, and since when that person had been seen where they were."""
    row = np.uint64(moves.rows[0])
    moves.rows[0] += 1
    moves.person[row] = person
    moves.time[row] = time
    moves.source[row] = source
    moves.target[row] = target
    moves.arm[row] = arm
    since[row] = seen
