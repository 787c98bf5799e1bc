"""Live people who meet: their rows, their pools, and the log in blocks."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.declared.soundness.stops import stop_fault
from hailsham.engine.declared.structure import Queue, Resolved, Structure
from hailsham.engine.kernels.log import MoveLog, new_log
from hailsham.engine.kernels.watching import Watch
from hailsham.engine.meeting.ahead import new_draws
from hailsham.engine.meeting.parts import Waiting, new_servers, new_waiting
from hailsham.engine.meeting.rows import remembered, row, writes_loads
from hailsham.engine.meeting.serving import is_ranked
from hailsham.engine.meeting.source import FULL
from hailsham.engine.meeting.watching import add_last_stays, is_read_in_blocks, watch_block
from hailsham.engine.pools import (
    Shelf,
    aligned,
    is_full,
    new_ranking,
    new_shelf,
    with_more_room,
)
from hailsham.errors import ModelError

#: Rows of the log that are gathered before they leave; a block stays in the cache.
BLOCK = 8_192
#: Items that a shelf first has room for.
FIRST_ITEMS = 1_024


def new_rows(
    resolved: Resolved,
    *,
    start: NDArray[np.int64],
    begins: NDArray[np.float64],
    born: NDArray[np.float64],
    attributes: NDArray[np.float64],
) -> NDArray[Any]:
    """Return people as they are before their lives begin.

    Args:
        resolved: The model.
        start: State in which they begin, one for all or one each.
        begins: [years AD] When they begin, one each.
        born: [years AD] When they were born, one each.
        attributes: One row an attribute, and a column for all or one each.
    """
    kind = row(resolved.structure)
    own = [f"own_{name}" for name in resolved.structure.attributes]
    told: dict[str, NDArray[Any]] = {"state": start, "seen": begins, "born": born}
    told |= dict(zip(own, attributes, strict=True))
    people = aligned(begins.size, kind, is_blank=True)
    for name in kind.names or ():
        if name.startswith(("arrived_", "its_")):
            people[name] = np.nan
        elif name in told and (np.any(told[name]) or np.any(np.signbit(told[name]))):
            # All rows are blank already, and to write them costs more than to look.
            people[name] = told[name]
    return people


def _supply(structure: Structure, pool: Queue, numbers: NDArray[np.float64], n_people: int) -> Any:
    """Return what there is in a pool at the beginning."""
    if pool.has_items:
        return new_shelf(FIRST_ITEMS, attributes=len(remembered(structure, pool)))
    if pool.served_by >= 0:
        return new_servers(n_people)
    return np.array([numbers[pool.places]], np.int64)


def live_together(
    resolved: Resolved,
    kernels: ModuleType,
    people: NDArray[Any],
    watch: Watch,
    *,
    begins: NDArray[np.float64],
    born: NDArray[np.float64],
    first_person: int,
    key: np.uint64,
    until: float,
    queues: list[Waiting],
    log: bool,
) -> Iterator[MoveLog]:
    """Live people who meet; yield the log block by block, in order of time.

    A block is written over by the next one.

    Args:
        resolved: The model.
        kernels: What was compiled of it.
        people: From ``new_rows``.
        watch: What is seen; written to.
        begins: [years AD] When each life begins.
        born: [years AD] When each was born.
        first_person: Address of the first.
        key: From ``draw_key``.
        until: [years AD] When lives are last seen.
        queues: Filled with the queues, one a pool.
        log: Whether the log is wanted; without it, blocks may be empty.

    Raises:
        ModelError: If a number of the model stops the run.
    """
    structure, n_people = resolved.structure, people.size
    agenda, ahead = new_ranking(n_people), new_draws(structure, n_people)
    queues += [new_waiting(n_people, is_ranked=is_ranked(pool)) for pool in structure.pools]
    supply = [_supply(structure, pool, resolved.numbers, n_people) for pool in structure.pools]
    order, beginnings = _in_order(begins)
    clock, course = np.zeros(1), np.zeros(2, np.int64)
    in_blocks = is_read_in_blocks(watch)
    room = BLOCK if log or in_blocks else 0
    moves, since = new_log(room), np.empty(room)
    status = FULL
    while status == FULL:
        found = kernels.live(
            key,
            people,
            order,
            beginnings,
            first_person,
            until,
            resolved.numbers,
            resolved.tables,
            ahead,
            agenda,
            tuple(queues),
            tuple(supply),
            clock,
            course,
            watch,
            moves,
            since,
        )
        status = _sound(structure, people, found, first_person=first_person)
        supply = [
            with_more_room(one) if isinstance(one, Shelf) and is_full(one) else one
            for one in supply
        ]
        if in_blocks:
            watch_block(watch, moves, since, first_person, born)
        yield moves
        moves.rows[0] = 0
    state, since_then = people["state"], people["seen" if writes_loads(structure) else "moved"]
    is_absorbing = np.array([structure.is_absorbing(s) for s in range(len(structure.states))])
    add_last_stays(watch, state, since_then, begins, is_absorbing, until)
    if in_blocks:
        lasts = ~is_absorbing[state] & (begins < until)
        last = _last_stays(state[lasts], first_person + np.flatnonzero(lasts), until)
        watch_block(watch, last, since_then[lasts], first_person, born)


def _in_order(begins: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return who begins first, who next, and when; people are most often in this order."""
    if np.all(begins[1:] >= begins[:-1]):
        return np.arange(begins.size), begins
    order = np.argsort(begins, kind="stable")
    return order, begins[order]


def _sound(
    structure: Structure, people: NDArray[Any], found: tuple[int, int, int], *, first_person: int
) -> int:
    """Return the status of a kernel that came back; raise what stopped it."""
    status, person, arm = (int(one) for one in found)
    if status > 0:
        value = float(people["date"][person])
        fault = stop_fault(
            structure, status=status, person=first_person + person, arm=arm, value=value
        )
        raise ModelError([fault], closing="The run was stopped.")
    return status


def _last_stays(state: NDArray[np.int16], person: NDArray[np.int64], until: float) -> MoveLog:
    """Return the stays that nothing ended before the end of the run, as moves to nowhere."""
    none = np.full(state.size, -1, np.int16)
    rows = np.array([state.size], np.int64)
    return MoveLog(person, np.full(state.size, until), state, none, none, rows)
