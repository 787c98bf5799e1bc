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


class Rows(NamedTuple):
    """Columns of one row a person. Shape (n,) stands for a row each of n people."""

    first: int  # address of the person in row 0
    ended: Floats  # (n,) when a life was last seen
    ended_in: NDArray[np.int8]  # (n,) the state it was last seen in
    visits: NDArray[np.int16]  # (visits, n) arrivals in a state, the beginning too
    years: Floats  # (years, n) [years] time spent in a state
    words: NDArray[np.uint64]  # (m / 8, n) a byte a moment: the state then, see ``byte_masks``


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
    rows: Rows
    later: NDArray[np.uint64]  # (m / 8, m + 1) bytes of the moments that had not passed
    kept: NDArray[np.uint64]  # (m / 8, (m + 1) * (moves + 1)) bytes that a move leaves as they are
    given: NDArray[np.uint64]  # (m / 8, (m + 1) * (moves + 1)) bytes that it writes
    arrivals: NDArray[np.int16]  # (visits, moves + 1) whether a move is counted as an arrival
    arrives: NDArray[np.bool_]  # (visits, s) whether any move from a state is
    visits_row: Counts  # (s,) where a state lies in ``visits``, -1 if not asked for
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
    words = bytes_of.view("<u8").astype(np.uint64).reshape(n_moments + 1, n_words)
    return np.ascontiguousarray(words.T)


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
    written = later[:, :, None] * (targets >= 0).astype(np.uint64)
    states = np.maximum(targets, 0).astype(np.uint64) * EACH_BYTE
    cells = (later.shape[0], later.shape[1] * targets.size)
    return (~written).reshape(cells), (written & states).reshape(cells)


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
        move: Number of the move by which each leaves.
        cell: Where each move is counted.
        n: How many there are.
    """
    first = watch.rows.first
    # Places are counted without a sign: one that may be below zero is looked at twice.
    if watch.rows.ended.size > 0:
        for i in range(n):
            watch.rows.ended[np.uint64(who[i] - first)] = stop[i]
    if watch.rows.ended_in.size > 0:
        for i in range(n):
            to = watch.targets[np.uint64(move[i])]
            watch.rows.ended_in[np.uint64(who[i] - first)] = state if to < 0 else to
    here = watch.years_row[state]
    if here >= 0:
        years = watch.rows.years[here]
        for i in range(n):
            years[np.uint64(who[i] - first)] += stop[i] - start[i]
    for row in range(watch.rows.visits.shape[0]):
        if not watch.arrives[row, state]:
            continue
        arrivals, visits = watch.arrivals[row], watch.rows.visits[row]
        for i in range(n):
            visits[np.uint64(who[i] - first)] += arrivals[np.uint64(move[i])]
    for w in range(watch.rows.words.shape[0]):
        words, kept, given = watch.rows.words[w], watch.kept[w], watch.given[w]
        for i in range(n):
            at, place = np.uint64(who[i] - first), np.uint64(cell[i])
            words[at] = (words[at] & kept[place]) | given[place]


@compiled_bare
def watch_beginnings(
    watch: Watch,
    start: Counts,
    time: Floats,
    born: Floats,
    is_age: bool,
    until: float,
    first: int,
    row: int,
    n: int,
) -> None:
    """Write the beginnings of a block of lives into the columns that are asked for.

    Args:
        watch: What is seen; written to.
        start: State in which they begin; one for all, or one each.
        time: [years] Age at which they begin; one for all, or one each.
        born: [years AD] When they were born; one number for all, or one each.
        is_age: Whether times are ages, and not dates.
        until: When the run ends; whoever begins before is seen once more, at least.
        first: Address of the person whose beginning is told in row 0.
        row: First row of the block.
        n: How many there are.
    """
    stop, shift = row + n, first - watch.rows.first
    is_alike = start.size + time.size + born.size == 3
    if not is_alike or _begun(row, time, born, is_age) >= until:
        if watch.rows.ended.size > 0:
            for k in range(row, stop):
                watch.rows.ended[k + shift] = _begun(k, time, born, is_age)
        if watch.rows.ended_in.size > 0:
            for k in range(row, stop):
                watch.rows.ended_in[k + shift] = start[k] if start.size > 1 else start[0]
    for s in range(watch.rows.visits.shape[0]):
        # The columns of sums hold zeros before.
        if is_alike and watch.visits_row[start[0]] != s:
            continue
        for k in range(row, stop):
            state = start[k] if start.size > 1 else start[0]
            watch.rows.visits[s, k + shift] = np.int16(watch.visits_row[state] == s)
    for w in range(watch.rows.words.shape[0]):
        words, later = watch.rows.words[w], watch.later[w]
        for k in range(row, row + 1 if is_alike else stop):
            begun = _begun(k, time, born, is_age)
            passed = 0
            for moment in watch.moments:
                passed += moment < begun
            state = start[k] if start.size > 1 else start[0]
            words[k + shift] = ((np.uint64(state) * EACH_BYTE) & later[passed]) | ~later[passed]
        for k in range(row + 1 if is_alike else stop, stop):
            words[k + shift] = words[row + shift]


@compiled_bare_inline
def _begun(k: int, time: Floats, born: Floats, is_age: bool) -> float:
    """Return when a life begins, in the model's time."""
    begun = time[k] if time.size > 1 else time[0]
    return begun if is_age else (born[k] if born.size > 1 else born[0]) + begun
