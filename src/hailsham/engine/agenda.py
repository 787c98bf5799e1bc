"""The next event, over everyone: a heap ordered by time, kind and person.

Ties are broken by what is due and to whom, never by the order in which
entries were made, so the course of events does not depend on how a program
came to write them down. An entry carries a *stamp*; whoever changes a plan
raises the stamp of the person, and the reader passes over stale entries.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.compiling import compiled

_ARITY = 4


class Agenda(NamedTuple):
    """Entries of a four-ary heap, and how many there are."""

    times: NDArray[np.float64]
    kinds: NDArray[np.int64]
    people: NDArray[np.int64]
    stamps: NDArray[np.int64]
    held: NDArray[np.int64]


def new_agenda(capacity: int) -> Agenda:
    """Return an empty agenda for at most ``capacity`` entries at once.

    An entry beyond the capacity is counted but not kept: whoever reads the
    agenda must look at ``has_overflowed`` and begin again with a larger one.
    """
    return Agenda(
        np.empty(capacity, np.float64),
        np.empty(capacity, np.int64),
        np.empty(capacity, np.int64),
        np.empty(capacity, np.int64),
        np.zeros(2, np.int64),
    )


@compiled
def has_overflowed(agenda: Agenda) -> bool:
    """Tell whether an entry was refused for want of room."""
    return agenda.held[1] > 0


@compiled
def _is_before(agenda: Agenda, time: float, kind: int, person: int, at: int) -> bool:
    """Tell whether (time, kind, person) comes before the entry at a place."""
    if time != agenda.times[at]:
        return time < agenda.times[at]
    if kind != agenda.kinds[at]:
        return kind < agenda.kinds[at]
    return person < agenda.people[at]


@compiled
def _move(agenda: Agenda, source: int, target: int) -> None:
    """Copy the entry at one place to another."""
    agenda.times[target] = agenda.times[source]
    agenda.kinds[target] = agenda.kinds[source]
    agenda.people[target] = agenda.people[source]
    agenda.stamps[target] = agenda.stamps[source]


@compiled
def _write(agenda: Agenda, at: int, time: float, kind: int, person: int, stamp: int) -> None:
    """Write an entry at a place."""
    agenda.times[at] = time
    agenda.kinds[at] = kind
    agenda.people[at] = person
    agenda.stamps[at] = stamp


@compiled
def enter(agenda: Agenda, time: float, kind: int, person: int, stamp: int) -> None:
    """Enter what is due: its time, kind, person, and the stamp it was planned under."""
    if not time < np.inf:
        return
    at = agenda.held[0]
    if at >= agenda.times.size:
        agenda.held[1] += 1
        return
    agenda.held[0] += 1
    while at > 0:
        parent = (at - 1) // _ARITY
        if not _is_before(agenda, time, kind, person, parent):
            break
        _move(agenda, parent, at)
        at = parent
    _write(agenda, at, time, kind, person, stamp)


@compiled
def take_next(agenda: Agenda) -> tuple[float, int, int, int]:
    """Take the first entry: (time, kind, person, stamp), ``inf`` and -1 if none is left."""
    if agenda.held[0] == 0:
        return np.inf, -1, -1, -1
    first = (agenda.times[0], agenda.kinds[0], agenda.people[0], agenda.stamps[0])
    agenda.held[0] -= 1
    last = agenda.held[0]
    time, kind = agenda.times[last], agenda.kinds[last]
    person, stamp = agenda.people[last], agenda.stamps[last]
    at = 0
    while True:
        child = _ARITY * at + 1
        if child >= last:
            break
        smallest = child
        for other in range(child + 1, min(child + _ARITY, last)):
            if _is_before(
                agenda, agenda.times[other], agenda.kinds[other], agenda.people[other], smallest
            ):
                smallest = other
        if not _is_before(
            agenda, agenda.times[smallest], agenda.kinds[smallest], agenda.people[smallest], last
        ):
            break
        _move(agenda, smallest, at)
        at = smallest
    _write(agenda, at, time, kind, person, stamp)
    return first
