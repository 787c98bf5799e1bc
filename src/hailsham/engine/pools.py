"""What people wait in, and for: lines, rankings, and shelves of items that keep.

A *line* is first come, first served; whoever is in it can leave from anywhere
at once. A *ranking* always knows who is first by a key that may change: those
who wait by priority, those who serve by load, everybody by the date of their
next event. A *shelf* holds items, the oldest in front, until they expire.

None of them allocates while it is used: all arrays are made at the start, and
people and items are known by their places in them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.compiling import compiled, compiled_inline

#: Who comes before the first and after the last; also the line of who is in none.
NOBODY = -1
_ARITY = 4
#: The two lines of a shelf: what lies on it, and the room that is left.
_ON_SHELF = 0
_EMPTY = 1


class Lines(NamedTuple):
    """Lines of people, each of whom is in at most one of them."""

    after: NDArray[np.int64]  # who comes next, shape (people,)
    before: NDArray[np.int64]  # who came before
    line: NDArray[np.int64]  # the line somebody is in
    joined: NDArray[np.float64]  # [years] when they joined it
    first: NDArray[np.int64]  # who is first, shape (lines,)
    last: NDArray[np.int64]  # who is last
    length: NDArray[np.int64]  # how many


def new_lines(people: int, *, lines: int = 1) -> Lines:
    """Return empty lines.

    Args:
        people: How many there are who may join.
        lines: How many lines.
    """
    return Lines(
        np.full(people, NOBODY),
        np.full(people, NOBODY),
        np.full(people, NOBODY),
        np.zeros(people),
        np.full(lines, NOBODY),
        np.full(lines, NOBODY),
        np.zeros(lines, np.int64),
    )


@compiled_inline
def append(lines: Lines, line: int, person: int, time: float) -> None:
    """Put somebody who is in no line at the end of one."""
    _insert(lines, line, person, time, lines.last[line])


@compiled_inline
def join(lines: Lines, line: int, person: int, time: float) -> None:
    """Put somebody who is in no line into one, behind all who joined earlier.

    Who joins at the same time stands in the order of addresses, so that the
    order in which a program came to write them down decides nothing.

    Args:
        lines: Where.
        line: Which one.
        person: Who.
        time: [years] Not before that of anybody in the line.
    """
    ahead = lines.last[line]
    while ahead >= 0 and lines.joined[ahead] == time and ahead > person:
        ahead = lines.before[ahead]
    _insert(lines, line, person, time, ahead)


@compiled_inline
def _insert(lines: Lines, line: int, person: int, time: float, ahead: int) -> None:
    """Put somebody into a line behind somebody, or in front of all behind ``NOBODY``."""
    behind = lines.after[ahead] if ahead >= 0 else lines.first[line]
    lines.line[person], lines.joined[person] = line, time
    lines.before[person], lines.after[person] = ahead, behind
    if ahead >= 0:
        lines.after[ahead] = person
    else:
        lines.first[line] = person
    if behind >= 0:
        lines.before[behind] = person
    else:
        lines.last[line] = person
    lines.length[line] += 1


@compiled_inline
def leave(lines: Lines, person: int) -> None:
    """Take somebody out of the line they are in, wherever they stand."""
    line = lines.line[person]
    ahead, behind = lines.before[person], lines.after[person]
    if ahead >= 0:
        lines.after[ahead] = behind
    else:
        lines.first[line] = behind
    if behind >= 0:
        lines.before[behind] = ahead
    else:
        lines.last[line] = ahead
    lines.line[person] = NOBODY
    lines.length[line] -= 1


@compiled
def lowest(lines: Lines, line: int) -> int:
    """Return the lowest address in a line, ``NOBODY`` if it is empty."""
    found = lines.first[line]
    person = found
    while person >= 0:
        found = min(found, person)
        person = lines.after[person]
    return int(found)


class Ranking(NamedTuple):
    """A four-ary heap of people that knows where each of them stands."""

    keys: NDArray[np.float64]  # key of who stands at each place
    people: NDArray[np.int64]  # who stands there
    places: NDArray[np.int64]  # where each person stands, NOBODY for nowhere
    ties: NDArray[np.float64]  # what decides between equal keys, by person
    held: NDArray[np.int64]  # how many there are


def new_ranking(people: int, *, ties: NDArray[np.float64] | None = None) -> Ranking:
    """Return a ranking of nobody.

    Args:
        people: How many there are who may be ranked.
        ties: Decides between equal keys, the lower the earlier; then, or
            without it, the address does.
    """
    return Ranking(
        np.empty(people),
        np.empty(people, np.int64),
        np.full(people, NOBODY),
        np.zeros(people) if ties is None else ties,
        np.zeros(1, np.int64),
    )


@compiled_inline
def is_ahead(ranking: Ranking, key: float, person: int, other_key: float, other: int) -> bool:
    """Tell whether somebody with a key ranks before somebody else with another."""
    if key != other_key:
        return key < other_key
    if ranking.ties[person] != ranking.ties[other]:
        return bool(ranking.ties[person] < ranking.ties[other])
    return person < other


@compiled_inline
def _put(ranking: Ranking, at: int, key: float, person: int) -> None:
    """Let somebody stand at a place."""
    ranking.keys[at] = key
    ranking.people[at] = person
    ranking.places[person] = at


@compiled
def _rise(ranking: Ranking, at: int, key: float, person: int) -> int:
    """Make room from a place towards the front, and return where somebody belongs."""
    while at > 0:
        parent = (at - 1) >> 2
        if not is_ahead(ranking, key, person, ranking.keys[parent], ranking.people[parent]):
            break
        _put(ranking, at, ranking.keys[parent], ranking.people[parent])
        at = parent
    return at


@compiled
def _sink(ranking: Ranking, at: int, key: float, person: int) -> int:
    """Make room from a place towards the back, and return where somebody belongs."""
    held = ranking.held[0]
    while True:
        child = _ARITY * at + 1
        if child >= held:
            break
        first, first_key = ranking.people[child], ranking.keys[child]
        smallest = child
        for other in range(child + 1, min(child + _ARITY, held)):
            if is_ahead(ranking, ranking.keys[other], ranking.people[other], first_key, first):
                smallest, first, first_key = other, ranking.people[other], ranking.keys[other]
        if not is_ahead(ranking, first_key, first, key, person):
            break
        _put(ranking, at, first_key, first)
        at = smallest
    return at


@compiled
def rank(ranking: Ranking, person: int, key: float) -> None:
    """Rank somebody, or rank them anew: the lowest key comes first."""
    at = ranking.places[person]
    if at < 0:
        at = ranking.held[0]
        ranking.held[0] += 1
    above = _rise(ranking, at, key, person)
    _put(ranking, above if above < at else _sink(ranking, at, key, person), key, person)


@compiled
def drop(ranking: Ranking, person: int) -> None:
    """Take somebody out, if they are ranked at all."""
    at = ranking.places[person]
    if at < 0:
        return
    ranking.places[person] = NOBODY
    ranking.held[0] -= 1
    last = ranking.held[0]
    if at == last:
        return
    mover, key = ranking.people[last], ranking.keys[last]
    above = _rise(ranking, at, key, mover)
    _put(ranking, above if above < at else _sink(ranking, at, key, mover), key, mover)


@compiled_inline
def leader(ranking: Ranking) -> int:
    """Return who is first, ``NOBODY`` if nobody is ranked."""
    return int(ranking.people[0]) if ranking.held[0] > 0 else NOBODY


class Shelf(NamedTuple):
    """Items that wait for people: when each came, who gave it, what it remembers."""

    lines: Lines  # the items, the oldest first, and the room that is left
    giver: NDArray[np.int64]
    kept: NDArray[np.float64]  # attributes of the giver, shape (items, attributes)


def new_shelf(capacity: int, *, attributes: int = 0) -> Shelf:
    """Return an empty shelf.

    Args:
        capacity: Most items there can be at once.
        attributes: How many numbers an item remembers.
    """
    lines = new_lines(capacity, lines=2)
    for item in range(capacity):
        join(lines, _EMPTY, item, 0.0)
    return Shelf(lines, np.full(capacity, NOBODY), np.full((capacity, attributes), np.nan))


@compiled
def put_item(shelf: Shelf, giver: int, time: float) -> int:
    """Put an item on the shelf, and return its place, ``NOBODY`` if there is no room."""
    item = shelf.lines.first[_EMPTY]
    if item >= 0:
        leave(shelf.lines, item)
        append(shelf.lines, _ON_SHELF, item, time)
        shelf.giver[item] = giver
    return int(item)


@compiled
def take_item(shelf: Shelf, item: int) -> None:
    """Take an item from the shelf, for good."""
    leave(shelf.lines, item)
    append(shelf.lines, _EMPTY, item, 0.0)


@compiled_inline
def oldest_item(shelf: Shelf) -> int:
    """Return the item that has been there longest, ``NOBODY`` if there is none."""
    return int(shelf.lines.first[_ON_SHELF])


@compiled
def expire(shelf: Shelf, time: float, shelf_life: float, *, is_up_to: bool) -> int:
    """Take away what has expired before a time, and return how many items those were.

    Args:
        shelf: Where.
        time: [years] Now.
        shelf_life: [years] How long an item keeps after it came.
        is_up_to: Whether items that expire at this very time have expired.
    """
    gone = 0
    while True:
        item = oldest_item(shelf)
        if item < 0:
            return gone
        expiry = shelf.lines.joined[item] + shelf_life
        if not (expiry <= time if is_up_to else expiry < time):
            return gone
        take_item(shelf, item)
        gone += 1
