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
from hailsham.engine.llvm import fetch

#: Who comes before the first and after the last; also the line of who is in none.
NOBODY = -1
#: Where the first of a ranking stands, so that the four below each begin at a multiple of four.
_FRONT = np.uint64(3)
#: Places are counted without a sign: the index of an array is then used as it is.
_ONE, _TWO, _THREE, _FOUR, _EIGHT = (np.uint64(n) for n in (1, 2, 3, 4, 8))
#: A sortable key after all others.
_PAST = np.int64(2**63 - 1)
#: What was put off at the front of a ranking: nothing, that somebody there has another key, or
#: that somebody left.
_SETTLED, _MOVED, _LEFT = 0, 1, 2
#: [bytes] What a processor fetches at once.
FETCH = 64
#: [bytes] A large page: what a system hands out at once where much is asked for.
_PAGE = 2**21
#: The two lines of a shelf: what lies on it, and the room that is left.
_ON_SHELF = 0
_EMPTY = 1


#: Where somebody stands in a line, side by side, so that one load fetches it. Lines are counted
#: from 1: at first all is 0, and everybody in none.
_STAND = np.dtype(
    [("joined", np.float64), ("after", np.int32), ("before", np.int32), ("line", np.int32)],
    align=True,
)
_ENDS = np.dtype([("first", np.int64), ("last", np.int64), ("length", np.int64)])
_ENTRY = np.dtype([("key", np.int64), ("person", np.int64)])


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
    stands, ends = aligned(people, _STAND, is_blank=True), np.empty(lines, _ENDS)
    ends[:] = (NOBODY, NOBODY, 0)
    return Lines(stands, ends)


@compiled_bare_inline
def append(lines: Lines, line: int, person: int, time: float) -> None:
    """Put somebody who is in no line at the end of one."""
    _insert(lines, line, person, time, lines.ends[np.uint64(line)].last)


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
    ahead = lines.ends[np.uint64(line)].last
    while ahead > person and lines.stands[np.uint64(ahead)].joined == time:
        ahead = int(lines.stands[np.uint64(ahead)].before)
    _insert(lines, line, person, time, ahead)


@compiled_bare_inline
def _insert(lines: Lines, line: int, person: int, time: float, ahead: int) -> None:
    """Put somebody into a line behind somebody, or in front of all behind ``NOBODY``."""
    end, stand = lines.ends[np.uint64(line)], lines.stands[np.uint64(person)]
    behind = int(lines.stands[np.uint64(ahead)].after) if ahead >= 0 else end.first
    stand.joined, stand.line = time, line + 1
    stand.before, stand.after = ahead, behind
    if ahead >= 0:
        lines.stands[np.uint64(ahead)].after = person
    else:
        end.first = person
    if behind >= 0:
        lines.stands[np.uint64(behind)].before = person
    else:
        end.last = person
    end.length += 1


@compiled_bare_inline
def leave(lines: Lines, person: int) -> None:
    """Take somebody out of the line they are in, wherever they stand."""
    stand = lines.stands[np.uint64(person)]
    end = lines.ends[np.uint64(stand.line - 1)]
    ahead, behind = stand.before, stand.after
    if ahead >= 0:
        lines.stands[np.uint64(ahead)].after = behind
    else:
        end.first = behind
    if behind >= 0:
        lines.stands[np.uint64(behind)].before = ahead
    else:
        end.last = ahead
    stand.line = 0
    end.length -= 1


@compiled_bare_inline
def is_in_line(lines: Lines, person: int) -> bool:
    """Tell whether somebody stands in any line."""
    return bool(lines.stands[np.uint64(person)].line > 0)


@compiled_bare_inline
def first_in(lines: Lines, line: int) -> int:
    """Return who is first in a line, ``NOBODY`` if it is empty."""
    return int(lines.ends[np.uint64(line)].first)


@compiled_bare_inline
def behind_of(lines: Lines, person: int) -> int:
    """Return who comes after somebody in their line, ``NOBODY`` after the last."""
    return int(lines.stands[np.uint64(person)].after)


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
    """A four-ary heap of people that knows where each of them stands.

    Whoever is first is nearly always the next to go, or to be ranked anew, and
    often somebody else is ranked at once. So a change of the first is put off
    until somebody asks who is first: the place of one who went is given to the
    next who comes, and one way through the heap does for both.
    """

    heap: NDArray[Any]  # by place: key and person; past the end keys are ``_PAST``
    places: NDArray[np.int32]  # where each person stands, NOBODY for nowhere
    ties: NDArray[np.float64]  # what decides between equal keys, by person
    held: NDArray[np.int64]  # how many places are taken, and what was put off


def new_ranking(people: int) -> Ranking:
    """Return a ranking of nobody.

    Args:
        people: How many there are who may be ranked. Between equal keys their
            ``ties`` decide, the lower the earlier, and then their addresses.
    """
    heap = aligned(people + int(_FRONT) + 4, _ENTRY)
    # The rest is written when the heap first grows so far: most heaps never do.
    heap[: int(_FRONT) + 1] = (_PAST, NOBODY)
    return Ranking(
        heap,
        np.full(people, NOBODY, np.int32),
        np.zeros(people),
        np.array([0, _SETTLED]),
    )


def aligned(rows: int, kind: np.dtype[Any], *, is_blank: bool = False) -> NDArray[Any]:
    """Return an array that begins where a processor begins to fetch, or a large page begins.

    So each four entries of a heap, or all that is known of a person, are fetched at once.

    Args:
        rows: How many.
        kind: Of what.
        is_blank: Whether all of it is nought; else it is what it happens to be.
    """
    size = rows * kind.itemsize
    step = FETCH if size < _PAGE else _PAGE
    # What a system hands out is blank: nobody writes it before it is used.
    room = (np.zeros if is_blank else np.empty)(size + step, np.uint8)
    skipped = -room.ctypes.data % step
    return room[skipped : skipped + size].view(kind)


@compiled_bare_inline
def _sortable(key: float) -> int:
    """Return a number's bits as a whole number that is ordered as the numbers are.

    Whole numbers are compared in fewer steps, and none of these is as large as ``_PAST``.
    """
    bits = np.float64(key + 0.0).view(np.int64)  # adding 0.0 makes -0.0 the same as 0.0
    return int(bits ^ ((bits >> 63) & _PAST))


@compiled_bare_inline
def _number_of(sortable: int) -> float:
    """Return the number that was made sortable."""
    bits = np.int64(sortable)
    return float(np.int64(bits ^ ((bits >> 63) & _PAST)).view(np.float64))


@compiled_bare_inline
def is_ahead(ranking: Ranking, key: float, person: int, other_key: float, other: int) -> bool:
    """Tell whether somebody with a key ranks before somebody else with another."""
    if key != other_key:
        return key < other_key
    if ranking.ties[np.uint64(person)] != ranking.ties[np.uint64(other)]:
        return bool(ranking.ties[np.uint64(person)] < ranking.ties[np.uint64(other)])
    return person < other


@compiled_bare_inline
def _put(ranking: Ranking, at: np.uint64, key: int, person: int) -> None:
    """Let somebody stand at a place."""
    entry = ranking.heap[at]
    entry.key, entry.person = key, person
    ranking.places[np.uint64(person)] = at


@compiled_bare_inline
def _rise(ranking: Ranking, at: np.uint64, key: int, person: int) -> np.uint64:
    """Make room from a place towards the front, and return where somebody belongs."""
    while at > _FRONT:
        parent = np.uint64(at >> _TWO) + _TWO
        above = ranking.heap[parent]
        if not is_ahead(ranking, key, person, above.key, above.person):
            break
        _put(ranking, at, above.key, above.person)
        at = parent
    return at


@compiled_bare
def _first_of_equals(ranking: Ranking, child: np.uint64) -> np.uint64:
    """Return the place of the first of up to four neighbours some of whom have the same key."""
    first = child
    for place in range(child + _ONE, min(child + _FOUR, _FRONT + np.uint64(ranking.held[0]))):
        one, other = ranking.heap[place], ranking.heap[first]
        if is_ahead(ranking, one.key, one.person, other.key, other.person):
            first = np.uint64(place)
    return first


@compiled_bare_inline
def _first_of_four(ranking: Ranking, child: np.uint64) -> tuple[np.uint64, int]:
    """Return place and key of the first of four neighbours, without a branch unless keys are equal.

    Which of them is first cannot be guessed, and a wrong guess costs more
    than all the comparisons. Its key is known a while before its place.
    """
    heap = ranking.heap
    a, b = heap[child].key, heap[child + _ONE].key
    c, d = heap[child + _TWO].key, heap[child + _THREE].key
    left, right = min(a, b), min(c, d)
    least = min(left, right)
    if (a == b) | (c == d) | (left == right):
        return _first_of_equals(ranking, child), least
    of_left, of_right = np.uint64(b < a), np.uint64(d < c) + _TWO
    return child + (of_right if right < left else of_left), least


@compiled_bare_inline
def _sink(ranking: Ranking, at: np.uint64, key: int, person: int) -> np.uint64:
    """Make room from a place towards the back, and return where somebody belongs."""
    end = _FRONT + np.uint64(ranking.held[0])
    while True:
        child = (at << _TWO) - _EIGHT
        if child >= end:
            break
        first, least = _first_of_four(ranking, child)
        if least > key:
            break
        below = ranking.heap[first].person
        if least == key and not is_ahead(ranking, key, below, key, person):
            break
        _put(ranking, at, least, below)
        at = first
    return at


@compiled_bare_inline
def settle(ranking: Ranking) -> None:
    """Do what was put off: let the first be first."""
    if ranking.held[1] == _SETTLED:
        return
    at = _FRONT
    if ranking.held[1] == _LEFT:
        ranking.held[0] -= 1
        at = _FRONT + np.uint64(ranking.held[0])
    key, person = ranking.heap[at].key, ranking.heap[at].person
    ranking.heap[at].key = _PAST
    ranking.held[1] = _SETTLED
    if ranking.held[0] > 0:
        _put(ranking, _sink(ranking, _FRONT, key, person), key, person)


@compiled_bare_inline
def rank(ranking: Ranking, person: int, key: float) -> None:
    """Rank somebody, or rank them anew: the lowest key comes first."""
    _rank(ranking, person, _sortable(key))


@compiled_bare
def _rank(ranking: Ranking, person: int, key: int) -> None:
    """Rank somebody by a sortable key."""
    front = ranking.heap[_FRONT]
    if ranking.places[np.uint64(person)] > np.int64(_FRONT):
        settle(ranking)
    at = ranking.places[np.uint64(person)]
    if at == np.int64(_FRONT) or (at < 0 and ranking.held[1] == _LEFT):
        _put(ranking, _FRONT, key, person)
        ranking.held[1] = _MOVED
        return
    if at >= 0:
        _move(ranking, np.uint64(at), key, person)
        return
    if ranking.held[1] == _MOVED and is_ahead(ranking, key, person, front.key, front.person):
        # Whoever is behind all the same comes to stand at the end, and not in front.
        first, its = person, key
        person, key = front.person, front.key
        _put(ranking, _FRONT, its, first)
    last = _FRONT + np.uint64(ranking.held[0])
    ranking.held[0] += 1
    if last & _THREE == 0:
        for place in range(last + _ONE, last + _FOUR):
            ranking.heap[place].key = _PAST
    _put(ranking, _rise(ranking, last, key, person), key, person)


@compiled_bare_inline
def _move(ranking: Ranking, at: np.uint64, key: int, person: int) -> None:
    """Let somebody come from a place to where they belong."""
    above = _rise(ranking, at, key, person)
    _put(ranking, above if above < at else _sink(ranking, at, key, person), key, person)


@compiled_bare
def drop(ranking: Ranking, person: int) -> None:
    """Take somebody out, if they are ranked at all."""
    if ranking.places[np.uint64(person)] > np.int64(_FRONT):
        settle(ranking)
    at = ranking.places[np.uint64(person)]
    ranking.places[np.uint64(person)] = NOBODY
    if at == np.int64(_FRONT):
        ranking.held[1] = _LEFT
    elif at >= 0:
        ranking.held[0] -= 1
        last = _FRONT + np.uint64(ranking.held[0])
        mover, key = ranking.heap[last].person, ranking.heap[last].key
        ranking.heap[last].key = _PAST
        if np.uint64(at) < last:
            _move(ranking, np.uint64(at), key, mover)


@compiled_bare_inline
def first_of(ranking: Ranking) -> tuple[float, int]:
    """Return key and person of who is first, ``inf`` and ``NOBODY`` if nobody is ranked."""
    settle(ranking)
    if ranking.held[0] == 0:
        return np.inf, NOBODY
    entry = ranking.heap[_FRONT]
    return _number_of(entry.key), entry.person


@compiled_bare_inline
def fetch_followers(ranking: Ranking, rows: NDArray[Any]) -> None:
    """Ask for the rows of the four among whom the next is, after who is first."""
    for place in range(_FOUR, _EIGHT):
        fetch(rows, np.uint64(ranking.heap[place].person))


@compiled_bare_inline
def leader(ranking: Ranking) -> int:
    """Return who is first, ``NOBODY`` if nobody is ranked."""
    return first_of(ranking)[1]


@compiled_bare_inline
def ranked(ranking: Ranking, number: int) -> tuple[float, int]:
    """Return key and person of one who is ranked; whom the number means is not told.

    With all numbers below ``held`` everybody is met once, if nobody was
    ranked or dropped since somebody asked who is first.
    """
    entry = ranking.heap[_FRONT + np.uint64(number)]
    return _number_of(entry.key), entry.person


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
        expiry = shelf.lines.stands[np.uint64(item)].joined + shelf_life
        if not (expiry <= time if is_up_to else expiry < time):
            return gone
        take_item(shelf, item)
        gone += 1
