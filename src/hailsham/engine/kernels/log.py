"""The event log of a declared model, gathered in the loop."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.compiling import compiled, compiled_bare


class MoveLog(NamedTuple):
    """Columns of moves, and how many rows were asked for."""

    person: NDArray[np.int64]
    time: NDArray[np.float64]
    source: NDArray[np.int16]
    target: NDArray[np.int16]
    arm: NDArray[np.int16]
    rows: NDArray[np.int64]


def new_log(capacity: int) -> MoveLog:
    """Return an empty log with room for ``capacity`` rows; 0 keeps no log."""
    return MoveLog(
        np.empty(capacity, np.int64),
        np.empty(capacity, np.float64),
        np.empty(capacity, np.int16),
        np.empty(capacity, np.int16),
        np.empty(capacity, np.int16),
        np.zeros(1, np.int64),
    )


@compiled_bare
def record_move(
    log: MoveLog,
    state: int,
    who: NDArray[np.int64],
    when: NDArray[np.float64],
    move: NDArray[np.int64],
    arms: NDArray[np.int16],
    targets: NDArray[np.int16],
    n: int,
) -> None:
    """Record the moves of a list of people; rows beyond the capacity are counted, not kept."""
    row = log.rows[0]
    for i in range(n):
        if move[i] == 0:
            continue
        if row < log.person.size:
            log.person[row] = who[i]
            log.time[row] = when[i]
            log.source[row] = state
            log.target[row] = targets[move[i]]
            log.arm[row] = arms[move[i]]
        row += 1
    log.rows[0] = row


@compiled
def sort_log(log: MoveLog, first: int, n: int) -> None:
    """Put the rows in order of person; each person's stay in order of time.

    Args:
        log: As recorded; left alone if it is too short for its rows.
        first: Address of the first person.
        n: How many people there are.
    """
    rows = log.rows[0]
    if rows > log.person.size:
        return
    ends = np.zeros(n + 1, np.int64)
    for row in range(rows):
        ends[log.person[row] - first + 1] += 1
    for i in range(n):
        ends[i + 1] += ends[i]
    order = np.empty(rows, np.int64)
    for row in range(rows):
        i = log.person[row] - first
        order[ends[i]] = row
        ends[i] += 1
    whole, real, small = np.empty(rows, np.int64), np.empty(rows), np.empty(rows, np.int16)
    _reorder(log.person, order, whole)
    _reorder(log.time, order, real)
    _reorder(log.source, order, small)
    _reorder(log.target, order, small)
    _reorder(log.arm, order, small)


@compiled
def _reorder(column: NDArray[Any], order: NDArray[np.int64], room: NDArray[Any]) -> None:
    """Put a column in order. In loops, since NumPy's own indexing takes long to compile."""
    for row in range(order.size):
        room[row] = column[order[row]]
    for row in range(order.size):
        column[row] = room[row]
