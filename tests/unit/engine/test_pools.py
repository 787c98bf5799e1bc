"""Lines, rankings and shelves do what sorted lists do, only faster."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hailsham.engine import pools
from tests.unit.engine.simulated import STEADY

PEOPLE = 9
WHO = st.integers(0, PEOPLE - 1)
#: Few keys and short steps in time, so that ties are common.
KEYS = st.sampled_from([0.0, 1.0, 2.0, -math.inf]) | st.floats(-5.0, 5.0)
STEPS = st.sampled_from([0.0, 0.0, 0.5])


class PlainLine:
    """A line as a sorted list."""

    def __init__(self):
        self.joined = {}

    def join(self, person, time):
        self.joined[person] = time

    def leave(self, person):
        del self.joined[person]

    def order(self):
        return sorted(self.joined, key=lambda person: (self.joined[person], person))


class PlainRanking:
    """A ranking as a sorted list."""

    def __init__(self, ties):
        self.ties, self.keys = ties, {}

    def rank(self, person, key):
        self.keys[person] = key

    def drop(self, person):
        self.keys.pop(person, None)

    def order(self):
        return sorted(self.keys, key=lambda one: (self.keys[one], self.ties[one], one))


class PlainShelf:
    """A shelf as a list of items: place, giver, when it came."""

    def __init__(self):
        self.items = []

    def expire(self, time, shelf_life, *, is_up_to):
        kept = [
            item
            for item in self.items
            if not (item[2] + shelf_life <= time if is_up_to else item[2] + shelf_life < time)
        ]
        gone = len(self.items) - len(kept)
        self.items = kept
        return gone


def along(lines, line):
    """Everybody in a line, from the first to the last, and back the same way."""
    found, person = [], lines.ends["first"][line]
    while person >= 0:
        found.append(int(person))
        person = lines.stands["after"][person]
    back, person = [], lines.ends["last"][line]
    while person >= 0:
        back.append(int(person))
        person = lines.stands["before"][person]
    assert back == found[::-1]
    assert lines.ends["length"][line] == len(found)
    return found


def ranking_with(ties):
    ranking = pools.new_ranking(len(ties))
    ranking.ties[:] = ties
    return ranking


def drained(ranking):
    """Everybody ranked, by taking the first until nobody is left."""
    found = []
    while (person := pools.leader(ranking)) >= 0:
        found.append(person)
        pools.drop(ranking, person)
    return found


@STEADY
@given(programme=st.lists(st.tuples(WHO, st.integers(0, 1), STEPS), max_size=60))
def test_lines_keep_the_order_of_sorted_lists(programme):
    ours, theirs = pools.new_lines(PEOPLE, lines=2), [PlainLine(), PlainLine()]
    time = 0.0
    for person, line, step in programme:
        time += step
        within = ours.stands["line"][person] - 1
        if within >= 0:
            pools.leave(ours, person)
            theirs[within].leave(person)
        else:
            pools.join(ours, line, person, time)
            theirs[line].join(person, time)
        for one in (0, 1):
            assert along(ours, one) == theirs[one].order()
            lowest = min(theirs[one].joined, default=pools.NOBODY)
            assert pools.lowest(ours, one) == lowest


def test_the_order_of_a_line_has_teeth():
    joined, appended = pools.new_lines(3), pools.new_lines(3)
    for person in (2, 0, 1):
        pools.join(joined, 0, person, 5.0)
        pools.append(appended, 0, person, 5.0)

    assert along(joined, 0) == [0, 1, 2]
    assert along(appended, 0) == [2, 0, 1]


@STEADY
@given(
    ties=st.lists(KEYS, min_size=PEOPLE, max_size=PEOPLE),
    programme=st.lists(st.tuples(WHO, st.none() | KEYS, st.booleans()), max_size=80),
)
def test_a_ranking_has_the_order_of_a_sorted_list(ties, programme):
    ours = ranking_with(ties)
    theirs = PlainRanking(ties)
    for person, key, is_asked in programme:
        if key is None:
            pools.drop(ours, person)
            theirs.drop(person)
        else:
            pools.rank(ours, person, key)
            theirs.rank(person, key)
        if is_asked:
            first = next(iter(theirs.order()), pools.NOBODY)
            assert pools.first_of(ours) == (theirs.keys.get(first, math.inf), first)

    assert drained(ours) == theirs.order()


def test_the_order_of_a_ranking_has_teeth():
    ours, blind = ranking_with([3.0, 1.0, 2.0]), pools.new_ranking(3)
    for person in range(3):
        pools.rank(ours, person, 0.0)
        pools.rank(blind, person, 0.0)

    assert drained(ours) == [1, 2, 0]
    assert drained(blind) == [0, 1, 2]


@STEADY
@given(
    programme=st.lists(
        st.tuples(st.sampled_from(["put", "take", "expire"]), st.integers(0, 5), STEPS),
        max_size=60,
    ),
    is_up_to=st.booleans(),
)
def test_a_shelf_has_the_items_of_a_list(programme, is_up_to):
    capacity, shelf_life, time = 4, 1.0, 0.0
    ours, theirs = pools.new_shelf(capacity), PlainShelf()
    for deed, which, step in programme:
        time += step
        if deed == "put":
            item = pools.put_item(ours, which, time)
            assert (item < 0) == (len(theirs.items) == capacity)
            if item >= 0:
                theirs.items.append((item, which, time))
        elif deed == "take" and which < len(theirs.items):
            pools.take_item(ours, theirs.items.pop(which)[0])
        elif deed == "expire":
            gone = pools.expire(ours, time, shelf_life, is_up_to)
            assert gone == theirs.expire(time, shelf_life, is_up_to=is_up_to)
        shown = [
            (item, int(ours.giver[item]), ours.lines.stands["joined"][item])
            for item in along(ours.lines, 0)
        ]
        assert shown == theirs.items
        assert pools.oldest_item(ours) == (theirs.items[0][0] if theirs.items else pools.NOBODY)


@pytest.mark.parametrize("is_up_to", [True, False])
def test_the_last_moment_of_an_item_counts_as_it_is_told(is_up_to):
    shelf = pools.new_shelf(2)
    pools.put_item(shelf, 7, 10.0)

    assert pools.expire(shelf, 10.75, 0.75, is_up_to) == is_up_to


def test_a_larger_shelf_holds_the_same_items_in_the_same_order():
    shelf = pools.new_shelf(3, attributes=1)
    for giver, time in ((5, 1.0), (6, 1.0), (4, 2.0)):
        shelf.kept[pools.put_item(shelf, giver, time)] = 10.0 * giver
    pools.take_item(shelf, pools.oldest_item(shelf))
    assert not pools.is_full(shelf)
    pools.put_item(shelf, 7, 3.0)
    assert pools.is_full(shelf)

    larger = pools.with_more_room(shelf)
    items = along(larger.lines, 0)
    assert larger.giver[items].tolist() == [6, 4, 7]
    assert larger.lines.stands["joined"][items].tolist() == [1.0, 2.0, 3.0]
    assert larger.kept[items[:2], 0].tolist() == [60.0, 40.0]
    assert not pools.is_full(larger)
