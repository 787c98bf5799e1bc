"""What people wait in, and for: lines, rankings, and shelves of items that keep.

A *line* is first come, first served; whoever is in it can leave from anywhere
at once. A *ranking* always knows who is first by a key that may change: those
who wait by priority, those who serve by load, everybody by the date of their
next event. A *shelf* holds items, the oldest in front, until they expire.

None of them allocates while it is used: all arrays are made at the start, and
people and items are known by their places in them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hailsham.engine.compiling import compiled_bare, compiled_bare_inline

#: Who comes before the first and after the last; also the line of who is in none.
NOBODY = -1
#: Where the first of a ranking stands, so that the four below each begin at a multiple of four.
_FRONT = 3
#: [bytes] What a processor fetches at once.
_FETCH = 64
#: The two lines of a shelf: what lies on it, and the room that is left.
_ON_SHELF = 0
_EMPTY = 1


#: Where somebody stands in a line, side by side, so that one load fetches it.
_STAND = np.dtype(
    [("joined", np.float64), ("after", np.int32), ("before", np.int32), ("line", np.int32)],
    align=True,
)
_ENDS = np.dtype([("first", np.int64), ("last", np.int64), ("length", np.int64)])
_ENTRY = np.dtype([("key", np.float64), ("person", np.int64)])


class Lines(NamedTuple):
    """Lines of people, each of whom is in at most one of them."""

    stands: NDArray[Any]  # by person: when they joined, who is after and before, which line
    ends: NDArray[Any]  # by line: who is first, who is last, how many there are


def new_lines(people: int, *, lines: int = 1) -> Lines:
    """Return empty lines.

    Args:
        people: How many there are who may join.
        lines: How many lines.
    """
    stands, ends = np.empty(people, _STAND), np.empty(lines, _ENDS)
    stands[:] = (0.0, NOBODY, NOBODY, NOBODY)
    ends[:] = (NOBODY, NOBODY, 0)
    return Lines(stands, ends)


@compiled_bare_inline
def append(lines: Lines, line: int, person: int, time: float) -> None:
    """Put somebody who is in no line at the end of one."""
    _insert(lines, line, person, time, lines.ends[line].last)


@compiled_bare_inline
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
    ahead = lines.ends[line].last
    while ahead > person and lines.stands[ahead].joined == time:
        ahead = int(lines.stands[ahead].before)
    _insert(lines, line, person, time, ahead)


@compiled_bare_inline
def _insert(lines: Lines, line: int, person: int, time: float, ahead: int) -> None:
    """Put somebody into a line behind somebody, or in front of all behind ``NOBODY``."""
    end, stand = lines.ends[line], lines.stands[person]
    behind = int(lines.stands[ahead].after) if ahead >= 0 else end.first
    stand.joined, stand.line = time, line
    stand.before, stand.after = ahead, behind
    if ahead >= 0:
        lines.stands[ahead].after = person
    else:
        end.first = person
    if behind >= 0:
        lines.stands[behind].before = person
    else:
        end.last = person
    end.length += 1


@compiled_bare_inline
def leave(lines: Lines, person: int) -> None:
    """Take somebody out of the line they are in, wherever they stand."""
    stand = lines.stands[person]
    end = lines.ends[stand.line]
    ahead, behind = stand.before, stand.after
    if ahead >= 0:
        lines.stands[ahead].after = behind
    else:
        end.first = behind
    if behind >= 0:
        lines.stands[behind].before = ahead
    else:
        end.last = ahead
    stand.line = NOBODY
    end.length -= 1


@compiled_bare_inline
def is_in_line(lines: Lines, person: int) -> bool:
    """Tell whether somebody stands in any line."""
    return bool(lines.stands[person].line >= 0)


@compiled_bare_inline
def first_in(lines: Lines, line: int) -> int:
    """Return who is first in a line, ``NOBODY`` if it is empty."""
    return int(lines.ends[line].first)


@compiled_bare_inline
def behind_of(lines: Lines, person: int) -> int:
    """Return who comes after somebody in their line, ``NOBODY`` after the last."""
    return int(lines.stands[person].after)


@compiled_bare
def lowest(lines: Lines, line: int) -> int:
    """Return the lowest address in a line, ``NOBODY`` if it is empty."""
    found = first_in(lines, line)
    person = found
    while person >= 0:
        found = min(found, person)
        person = behind_of(lines, person)
    return found


class Ranking(NamedTuple):
    """A four-ary heap of people that knows where each of them stands; past its end keys are inf."""

    heap: NDArray[Any]  # by place: key and person
    places: NDArray[np.int32]  # where each person stands, NOBODY for nowhere
    ties: NDArray[np.float64]  # what decides between equal keys, by person
    held: NDArray[np.int64]  # how many there are


def new_ranking(people: int) -> Ranking:
    """Return a ranking of nobody.

    Args:
        people: How many there are who may be ranked. Between equal keys their
            ``ties`` decide, the lower the earlier, and then their addresses.
    """
    return Ranking(
        _aligned(people + _FRONT + 4),
        np.full(people, NOBODY, np.int32),
        np.zeros(people),
        np.zeros(1, np.int64),
    )


def _aligned(entries: int) -> NDArray[Any]:
    """Return empty places of which each four are fetched at once."""
    spare = _FETCH // _ENTRY.itemsize
    heap = np.empty(entries + spare, _ENTRY)
    skipped = -heap.ctypes.data % _FETCH // _ENTRY.itemsize
    heap["key"] = np.inf
    return heap[skipped : skipped + entries]


@compiled_bare_inline
def is_ahead(ranking: Ranking, key: float, person: int, other_key: float, other: int) -> bool:
    """Tell whether somebody with a key ranks before somebody else with another."""
    if key != other_key:
        return key < other_key
    if ranking.ties[person] != ranking.ties[other]:
        return bool(ranking.ties[person] < ranking.ties[other])
    return person < other


@compiled_bare_inline
def _put(ranking: Ranking, at: int, key: float, person: int) -> None:
    """Let somebody stand at a place."""
    entry = ranking.heap[at]
    entry.key, entry.person = key, person
    ranking.places[person] = at


@compiled_bare_inline
def _rise(ranking: Ranking, at: int, key: float, person: int) -> int:
    """Make room from a place towards the front, and return where somebody belongs."""
    while at > _FRONT:
        parent = (at >> 2) + 2
        above = ranking.heap[parent]
        if not is_ahead(ranking, key, person, above.key, above.person):
            break
        _put(ranking, at, above.key, above.person)
        at = parent
    return at


@compiled_bare
def _first_of_equals(ranking: Ranking, child: int) -> int:
    """Return the place of the first of up to four neighbours some of whom have the same key."""
    first = child
    for place in range(child + 1, min(child + 4, _FRONT + ranking.held[0])):
        one, other = ranking.heap[place], ranking.heap[first]
        if is_ahead(ranking, one.key, one.person, other.key, other.person):
            first = place
    return first


@compiled_bare_inline
def _first_of_four(ranking: Ranking, child: int) -> int:
    """Return the place of the first of four neighbours, without a branch unless keys are equal.

    Which of them is first cannot be guessed, and a wrong guess costs more
    than all the comparisons.
    """
    heap = ranking.heap
    a, b, c, d = heap[child].key, heap[child + 1].key, heap[child + 2].key, heap[child + 3].key
    left, right = min(b, a), min(d, c)
    least = min(right, left)
    if int(a == least) + int(b == least) + int(c == least) + int(d == least) > 1:
        return _first_of_equals(ranking, child)
    return child + int(b == least) + 2 * int(c == least) + 3 * int(d == least)


@compiled_bare_inline
def _sink(ranking: Ranking, at: int, key: float, person: int) -> int:
    """Make room from a place towards the back, and return where somebody belongs."""
    end = _FRONT + ranking.held[0]
    while True:
        child = 4 * at - 8
        if child >= end:
            break
        first = _first_of_four(ranking, child)
        below = ranking.heap[first]
        if not is_ahead(ranking, below.key, below.person, key, person):
            break
        _put(ranking, at, below.key, below.person)
        at = first
    return at


@compiled_bare
def rank(ranking: Ranking, person: int, key: float) -> None:
    """Rank somebody, or rank them anew: the lowest key comes first."""
    at = int(ranking.places[person])
    if at < 0:
        at = _FRONT + int(ranking.held[0])
        ranking.held[0] += 1
    above = _rise(ranking, at, key, person)
    _put(ranking, above if above < at else _sink(ranking, at, key, person), key, person)


@compiled_bare
def drop(ranking: Ranking, person: int) -> None:
    """Take somebody out, if they are ranked at all."""
    at = int(ranking.places[person])
    if at < 0:
        return
    ranking.places[person] = NOBODY
    ranking.held[0] -= 1
    last = _FRONT + int(ranking.held[0])
    mover, key = int(ranking.heap[last].person), float(ranking.heap[last].key)
    ranking.heap[last].key = np.inf
    if at == last:
        return
    above = _rise(ranking, at, key, mover)
    _put(ranking, above if above < at else _sink(ranking, at, key, mover), key, mover)


@compiled_bare_inline
def leader(ranking: Ranking) -> int:
    """Return who is first, ``NOBODY`` if nobody is ranked."""
    return int(ranking.heap[_FRONT].person) if ranking.held[0] > 0 else NOBODY


@compiled_bare_inline
def leading_key(ranking: Ranking) -> float:
    """Return the key of who is first, ``inf`` if nobody is ranked."""
    return float(ranking.heap[_FRONT].key) if ranking.held[0] > 0 else np.inf


@compiled_bare_inline
def ranked(ranking: Ranking, number: int) -> tuple[float, int]:
    """Return key and person of one who is ranked; whom the number means is not told.

    With all numbers below ``held`` everybody is met once.
    """
    entry = ranking.heap[_FRONT + number]
    return entry.key, entry.person


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


def with_more_room(shelf: Shelf) -> Shelf:
    """Return a shelf with the same items and twice the room.

    Args:
        shelf: Whose arrays stay as they are.
    """
    old = shelf.giver.size
    new = new_shelf(2 * old, attributes=shelf.kept.shape[1])
    item = oldest_item(shelf)
    while item >= 0:
        place = put_item(new, shelf.giver[item], shelf.lines.stands["joined"][item])
        new.kept[place] = shelf.kept[item]
        item = behind_of(shelf.lines, item)
    return new


@compiled_bare_inline
def is_full(shelf: Shelf) -> bool:
    """Tell whether there is no room for another item."""
    return bool(shelf.lines.ends[_EMPTY].length == 0)


@compiled_bare
def put_item(shelf: Shelf, giver: int, time: float) -> int:
    """Put an item on the shelf, and return its place, ``NOBODY`` if there is no room."""
    item = first_in(shelf.lines, _EMPTY)
    if item >= 0:
        leave(shelf.lines, item)
        append(shelf.lines, _ON_SHELF, item, time)
        shelf.giver[item] = giver
    return item


@compiled_bare
def take_item(shelf: Shelf, item: int) -> None:
    """Take an item from the shelf, for good."""
    leave(shelf.lines, item)
    append(shelf.lines, _EMPTY, item, 0.0)


@compiled_bare_inline
def oldest_item(shelf: Shelf) -> int:
    """Return the item that has been there longest, ``NOBODY`` if there is none."""
    return first_in(shelf.lines, _ON_SHELF)


@compiled_bare
def expire(shelf: Shelf, time: float, shelf_life: float, is_up_to: bool) -> int:
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
        expiry = shelf.lines.stands[item].joined + shelf_life
        if not (expiry <= time if is_up_to else expiry < time):
            return gone
        take_item(shelf, item)
        gone += 1
