"""What is seen of people who meet: their stays, block by block, as of people who do not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.compiling import compiled
from hailsham.engine.kernels.log import MoveLog
from hailsham.engine.kernels.watching import (
    Watch,
    watch_exposure,
    watch_moves,
    watch_people,
    watch_stays,
)

Floats = NDArray[np.float64]


@compiled
def watch_block(
    watch: Watch, moves: MoveLog, since: Floats, first: int, born: Floats, n_states: int
) -> None:
    """Add the stays that end with the moves of a block; a target of -1 ends none.

    Args:
        watch: What is seen; written to.
        moves: The block, in order of time.
        since: When each stay began, or was last seen.
        first: Address of the first person.
        born: [years AD] When they were born, one each.
        n_states: How many states there are.
    """
    n_rows = moves.rows[0]
    who, which = np.empty(n_rows, np.int64), np.empty(n_rows, np.int64)
    to, passed = np.empty(n_rows, np.int64), np.empty(n_rows, np.int64)
    start, stop = np.empty(n_rows), np.empty(n_rows)
    place = np.empty(n_rows, np.int64)
    for state in range(n_states):
        n = 0
        for row in range(n_rows):
            if moves.source[row] == state:
                who[n], which[n], to[n] = moves.person[row], moves.arm[row], moves.target[row]
                start[n], stop[n] = since[row], moves.time[row]
                place[n] = row
                n += 1
        if n == 0:
            continue
        watch_stays(watch, state, start, stop, n)
        watch_moves(watch, state, stop, which, to, passed, n)
        if watch.exposure.size > 0:
            watch_exposure(watch, state, start, stop, who, first, born, False, n)
    columns = watch.ended.size + watch.ended_in.size + watch.visits.size
    if columns + watch.years.size + watch.words.size > 0:
        _watch_rows(watch, moves, since, first)


@compiled
def _watch_rows(watch: Watch, moves: MoveLog, since: Floats, first: int) -> None:
    """Write the columns of people: move by move, because the later one has the last word."""
    who, to, passed = np.empty(1, np.int64), np.empty(1, np.int64), np.empty(1, np.int64)
    start, stop = np.empty(1), np.empty(1)
    for row in range(moves.rows[0]):
        who[0], to[0] = moves.person[row], moves.target[row]
        start[0], stop[0] = since[row], moves.time[row]
        passed[0] = np.searchsorted(watch.moments, stop[0])
        watch_people(watch, moves.source[row], start, stop, who, first, to, passed, 1)
