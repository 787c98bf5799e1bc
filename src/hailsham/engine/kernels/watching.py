"""What is seen of lives while they are lived in blocks: it is added up, and draws nothing.

Sums are whole numbers, so they depend neither on the order of people nor on
how they were split. What is not asked for has no length, and costs nothing.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.compiling import compiled_bare, compiled_bare_inline
from hailsham.engine.recorder import add_exposure
from hailsham.units import TICKS_PER_YEAR

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

#: Rows in which moves are counted, less one.
LAST_ROW = np.uint64(3)
#: A number of one byte times this is that byte, eight times.
EACH_BYTE = np.uint64(0x0101010101010101)
NO_BYTES = np.uint64(0)
#: Moments that are looked at together: what is read and written for one does for all of them.
TOGETHER = 4


class Watch(NamedTuple):
    """Sums over everybody, and columns of one row a person.

    Shapes: s states, a arms, m moments, n people. A length of 0 stands for
    what is not asked for.
    """

    moments: Floats  # (m,) times at which people are counted, rising; filled up with infinities
    codes: Counts  # (s, (a + 1) * (s + 1)) number of each move by state, arm and target; see below
    arms: NDArray[
        np.int16
    ]  # (moves + 1,) arm of each move, -1 for move 0, which is to be last seen
    targets: NDArray[np.int16]  # (moves + 1,) where each move leads, -1 for move 0
    moved: Counts  # (4, (m + 1) * (moves + 1)) moves by moments that had passed, and by number
    person_ticks: Counts  # (s,) time spent in each state
    breaks: Floats  # (b,) [years] age at which each band begins
    first_year: int  # [years AD] first calendar year of the exposure
    exposure: Counts  # (s, years, b) [ticks] time by state, year and age band
    alive: Counts  # (s, years, b) people on 1 January
    ended: Floats  # (n,) when a life was last seen
    ended_in: NDArray[np.int8]  # (n,) the state it was last seen in
    visits: NDArray[
        np.int16
    ]  # (s + 1, n) arrivals in a state, the beginning too; row 0 is not read
    years: Floats  # (s, n) [years] time spent in a state
    words: NDArray[np.uint64]  # (n, m / 8) a byte a moment: the state then, see ``byte_masks``
    later: NDArray[np.uint64]  # (m + 1, m / 8) bytes of the moments that had not passed
    kept: NDArray[np.uint64]  # ((m + 1) * (moves + 1), m / 8) bytes that a move leaves as they are
    given: NDArray[np.uint64]  # ((m + 1) * (moves + 1), m / 8) bytes that it writes
    visits_row: Counts  # (s,) where a state lies in ``visits``, 0 if not asked for
    years_row: Counts  # (s,) where a state lies in ``years``, -1 if not asked for


def byte_masks(n_moments: int) -> NDArray[np.uint64]:
    """Return, for each number of moments that have passed, the bytes of those still to come.

    The states of a person at up to eight moments stand in one word, so that a
    move writes all that come after it at one stroke.
    """
    n_words = -(-n_moments // 8)
    bytes_of = np.zeros((n_moments + 1, 8 * n_words), np.uint8)
    for passed in range(n_moments + 1):
        bytes_of[passed, passed:n_moments] = 0xFF
    return bytes_of.view("<u8").astype(np.uint64).reshape(n_moments + 1, n_words)


@compiled_bare
def watch_stays(watch: Watch, state: int, start: Floats, stop: Floats, n: int) -> None:
    """Add the stays of a list of people in a state, each until what comes next.

    Args:
        watch: What is seen; written to.
        state: Where they are.
        start: When they came.
        stop: When they leave, or are last seen.
        n: How many there are.
    """
    spent = np.int64(0)
    for i in range(n):
        spent += np.int64(math.floor(stop[i] * TICKS_PER_YEAR)) - np.int64(
            math.floor(start[i] * TICKS_PER_YEAR)
        )
    watch.person_ticks[state] += spent


def move_bytes(
    later: NDArray[np.uint64], targets: NDArray[np.int16]
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the bytes that a move keeps, and those that it writes, by moments passed and move.

    Args:
        later: From ``byte_masks``.
        targets: Where each move leads, -1 if it is to be last seen.
    """
    # Whoever comes is there until another move says otherwise.
    written = later[:, None, :] * (targets >= 0)[:, None].astype(np.uint64)
    states = np.maximum(targets, 0).astype(np.uint64)[:, None] * EACH_BYTE
    rows = (later.shape[0] * targets.size, later.shape[1])
    return (~written).reshape(rows), (written & states).reshape(rows)


@compiled_bare
def watch_moves(watch: Watch, stop: Floats, move: Counts, cell: Counts, n: int) -> None:
    """Count the moves of a list of people; move 0 is to be last seen.

    Neighbours count in different rows, lest one wait for the other's sum.

    Args:
        watch: What is seen; written to.
        stop: When they leave.
        move: Number of the move by which each leaves.
        cell: Filled with where each move is counted.
        n: How many there are.
    """
    moments, wide = watch.moments, watch.targets.size
    for i in range(n):
        cell[i] = move[i]
    for m in range(0, moments.size, TOGETHER):
        a, b, c, d = moments[m], moments[m + 1], moments[m + 2], moments[m + 3]
        for i in range(n):
            two = (wide if a < stop[i] else 0) + (wide if b < stop[i] else 0)
            more = (wide if c < stop[i] else 0) + (wide if d < stop[i] else 0)
            cell[i] += two + more
    rows = watch.moved
    for i in range(n):
        rows[np.uint64(i) & LAST_ROW, np.uint64(cell[i])] += 1


@compiled_bare
def watch_exposure(
    watch: Watch,
    state: int,
    start: Floats,
    stop: Floats,
    who: Counts,
    first: int,
    born: Floats,
    is_age: bool,
    n: int,
) -> None:
    """Add the stays of a list of people to the cells of the Lexis plane that they cross.

    Args:
        watch: What is seen; written to.
        state: Where they are.
        start: When they came.
        stop: When they leave, or are last seen.
        who: Address of each person.
        first: Address of the first person of ``born``.
        born: [years AD] When they were born; one number for all, or one each.
        is_age: Whether times are ages, and not dates.
        n: How many there are.
    """
    for i in range(n):
        birth = born[who[i] - first] if born.size > 1 else born[0]
        shift = birth if is_age else 0.0
        add_exposure(
            watch.exposure[state],
            watch.alive[state],
            birth,
            start[i] + shift,
            stop[i] + shift,
            watch.breaks,
            watch.first_year,
            1,
        )


@compiled_bare
def watch_people(
    watch: Watch,
    state: int,
    start: Floats,
    stop: Floats,
    who: Counts,
    first: int,
    move: Counts,
    cell: Counts,
    n: int,
) -> None:
    """Write the stays of a list of people into the columns that are asked for.

    Args:
        watch: What is seen; written to.
        state: Where they are.
        start: When they came.
        stop: When they leave, or are last seen.
        who: Address of each person.
        first: Address of the person in row 0 of the columns.
        move: Number of the move by which each leaves.
        cell: Where each move is counted.
        n: How many there are.
    """
    targets = watch.targets
    if watch.ended.size > 0:
        for i in range(n):
            watch.ended[who[i] - first] = stop[i]
    if watch.ended_in.size > 0:
        for i in range(n):
            to = targets[move[i]]
            watch.ended_in[who[i] - first] = state if to < 0 else to
    here = watch.years_row[state]
    if here >= 0:
        for i in range(n):
            watch.years[here, who[i] - first] += stop[i] - start[i]
    if watch.visits.size > 0:
        for i in range(n):
            to = targets[move[i]]
            row = watch.visits_row[max(to, 0)]
            watch.visits[row, who[i] - first] += (to >= 0) & (to != state)
    for w in range(watch.words.shape[1]):
        for i in range(n):
            told = watch.words[who[i] - first, w] & watch.kept[cell[i], w]
            watch.words[who[i] - first, w] = told | watch.given[cell[i], w]


@compiled_bare
def watch_beginnings(
    watch: Watch, start: Counts, time: Floats, born: Floats, is_age: bool, row: int, n: int
) -> None:
    """Write the beginnings of a block of lives into the columns that are asked for.

    Args:
        watch: What is seen; written to.
        start: State in which they begin; one for all, or one each.
        time: [years] Age at which they begin; one for all, or one each.
        born: [years AD] When they were born; one number for all, or one each.
        is_age: Whether times are ages, and not dates.
        row: First row of the block.
        n: How many there are.
    """
    stop = row + n
    if watch.ended.size > 0:
        for k in range(row, stop):
            watch.ended[k] = _begun(k, time, born, is_age)
    if watch.ended_in.size > 0:
        for k in range(row, stop):
            watch.ended_in[k] = start[k] if start.size > 1 else start[0]
    for s in range(watch.visits.shape[0]):
        for k in range(row, stop):
            state = start[k] if start.size > 1 else start[0]
            watch.visits[s, k] = np.int16((watch.visits_row[state] == s) & (s > 0))
    for s in range(watch.years.shape[0]):
        for k in range(row, stop):
            watch.years[s, k] = 0.0
    for w in range(watch.words.shape[1]):
        for k in range(row, stop):
            begun = _begun(k, time, born, is_age)
            passed = 0
            for moment in watch.moments:
                passed += moment < begun
            later = watch.later[passed, w]
            state = start[k] if start.size > 1 else start[0]
            watch.words[k, w] = ((np.uint64(state) * EACH_BYTE) & later) | ~later


@compiled_bare_inline
def _begun(k: int, time: Floats, born: Floats, is_age: bool) -> float:
    """Return when a life begins, in the model's time."""
    begun = time[k] if time.size > 1 else time[0]
    return begun if is_age else (born[k] if born.size > 1 else born[0]) + begun
