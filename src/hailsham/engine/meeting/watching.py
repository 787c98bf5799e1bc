"""What is seen of people who meet: their stays, block by block, as of people who do not."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.compiling import compiled
from hailsham.engine.kernels.log import MoveLog
from hailsham.engine.kernels.watching import Watch, watch_people
from hailsham.engine.recorder import add_exposure
from hailsham.units import TICKS_PER_YEAR

Floats = NDArray[np.float64]


@compiled
def watch_block(watch: Watch, moves: MoveLog, since: Floats, first: int, born: Floats) -> None:
    """Add the stays that end with the moves of a block; a target of -1 ends none.

    Args:
        watch: What is seen; written to.
        moves: The block, in order of time.
        since: When each stay began, or was last seen.
        first: Address of the first person.
        born: [years AD] When they were born, one each.
    """
    # Moves come in order of time: moments pass once, and need not be searched for.
    passed, n_moments = 0, watch.moments.size
    n_targets = watch.person_ticks.size + 1
    for row in range(moves.rows[0]):
        state, stop = moves.source[row], moves.time[row]
        while passed < n_moments and watch.moments[passed] < stop:
            passed += 1
        code = watch.codes[state, (moves.arm[row] + 1) * n_targets + moves.target[row] + 1]
        watch.moved[0, code * (n_moments + 1) + passed] += 1
        watch.person_ticks[state] += math.floor(stop * TICKS_PER_YEAR) - math.floor(
            since[row] * TICKS_PER_YEAR
        )
    if watch.exposure.size > 0:
        _watch_exposure(watch, moves, since, first, born)
    columns = watch.ended.size + watch.ended_in.size + watch.visits.size
    if columns + watch.years.size + watch.words.size > 0:
        _watch_rows(watch, moves, since, first)


@compiled
def _watch_exposure(watch: Watch, moves: MoveLog, since: Floats, first: int, born: Floats) -> None:
    """Add the stays of a block to the cells of the Lexis plane that they cross."""
    for row in range(moves.rows[0]):
        state = moves.source[row]
        add_exposure(
            watch.exposure[state],
            watch.alive[state],
            born[moves.person[row] - first],
            since[row],
            moves.time[row],
            watch.breaks,
            watch.first_year,
            1,
        )


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
