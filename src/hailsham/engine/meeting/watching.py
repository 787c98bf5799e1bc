"""What is seen of people who meet: their stays are added up as they end.

Whatever needs more than sums, such as columns of people, reads the log block by block.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.compiling import compiled, compiled_bare_inline
from hailsham.engine.kernels.log import MoveLog
from hailsham.engine.kernels.watching import Watch, watch_people
from hailsham.engine.meeting.parts import ticks_between
from hailsham.engine.recorder import add_exposure

Floats = NDArray[np.float64]


@compiled_bare_inline
def add_stay(
    watch: Watch, passed: int, source: int, arm: int, target: int, start: float, stop: float
) -> None:
    """Add a stay, and count the move that ends it.

    Args:
        watch: What is seen; written to.
        passed: How many moments have passed when it ends.
        source: Where it was.
        arm: What ended it, -1 for the end of the run.
        target: Where to, -1 for nowhere.
        start: When it began, or was last seen.
        stop: When it ended.
    """
    move = (arm + 1) * (watch.person_ticks.size + 1) + target + 1
    code = watch.codes[np.uint64(source), np.uint64(move)]
    watch.moved[0, np.uint64(passed * watch.targets.size + code)] += 1
    watch.person_ticks[np.uint64(source)] += ticks_between(start, stop)


def is_read_in_blocks(watch: Watch) -> bool:
    """Tell whether more is asked for than sums of stays."""
    columns = watch.rows.ended.size + watch.rows.ended_in.size + watch.rows.visits.size
    return bool(watch.exposure.size + columns + watch.rows.years.size + watch.rows.words.size > 0)


@compiled
def add_last_stays(
    watch: Watch,
    state: NDArray[np.int16],
    since: Floats,
    begins: Floats,
    is_absorbing: NDArray[np.bool_],
    until: float,
) -> None:
    """Add the stays that nothing ended before the end of the run.

    Args:
        watch: What is seen; written to.
        state: Where each person is.
        since: When each stay began, or was last seen.
        begins: When each life begins.
        is_absorbing: Whether nobody leaves a state.
        until: When the run ends.
    """
    passed = int(np.searchsorted(watch.moments, until))
    for i in range(state.size):
        if begins[i] < until and not is_absorbing[state[i]]:
            add_stay(watch, passed, state[i], -1, -1, since[i], until)


@compiled
def watch_block(watch: Watch, moves: MoveLog, since: Floats, first: int, born: Floats) -> None:
    """Write what is asked for beside sums of stays; a target of -1 ends no life.

    Args:
        watch: What is seen; written to.
        moves: The block, in order of time.
        since: When each stay began, or was last seen.
        first: Address of the first person.
        born: [years AD] When they were born, one each.
    """
    if watch.exposure.size > 0:
        _watch_exposure(watch, moves, since, first, born)
    columns = watch.rows.ended.size + watch.rows.ended_in.size + watch.rows.visits.size
    if columns + watch.rows.years.size + watch.rows.words.size > 0:
        _watch_rows(watch, moves, since)


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
def _watch_rows(watch: Watch, moves: MoveLog, since: Floats) -> None:
    """Write the columns of people: move by move, because the later one has the last word."""
    who, move, cell = np.empty(1, np.int64), np.empty(1, np.int64), np.empty(1, np.int64)
    start, stop = np.empty(1), np.empty(1)
    n_targets = watch.person_ticks.size + 1
    for row in range(moves.rows[0]):
        state = moves.source[row]
        who[0] = moves.person[row]
        move[0] = watch.codes[state, (moves.arm[row] + 1) * n_targets + moves.target[row] + 1]
        start[0], stop[0] = since[row], moves.time[row]
        passed = np.searchsorted(watch.moments, stop[0])
        cell[0] = passed * watch.targets.size + move[0]
        watch_people(watch, state, start, stop, who, move, cell, 1)
