"""What is due next depends on what is due, and never on how it came to be entered."""

import heapq
import itertools
import math
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from hailsham.engine import agenda as engine
from hailsham.engine import plain
from tests.unit.engine.simulated import STEADY

TAKE = None
NOTHING = (math.inf, -1, -1, -1)

# Few times, kinds and people, so that ties of every sort are common.
TIMES = st.sampled_from([1950.0, 1950.5, 1951.0, math.inf]) | st.floats(1900.0, 2100.0)
ENTRIES = st.tuples(TIMES, st.integers(0, 3), st.integers(0, 4), st.integers(0, 9))
PROGRAMMES = st.lists(ENTRIES | st.just(TAKE), max_size=60)


class Compiled:
    """The engine's agenda, with the manners of the plain one."""

    def __init__(self, capacity=64):
        self.agenda = engine.new_agenda(capacity)

    def enter(self, *entry):
        engine.enter(self.agenda, *entry)

    def take_next(self):
        return engine.take_next(self.agenda)


class InOrderOfEntry:
    """A heap that breaks ties by when an entry was made: what must not be."""

    def __init__(self):
        self.heap, self.order = [], itertools.count()

    def enter(self, time, *rest):
        if time < math.inf:
            heapq.heappush(self.heap, (time, next(self.order), *rest))

    def take_next(self):
        if not self.heap:
            return NOTHING
        time, _, *rest = heapq.heappop(self.heap)
        return (time, *rest)


def carried_out(agenda, programme):
    """Everything taken by a programme, and then all that is left."""
    taken = []
    for step in programme:
        if step is TAKE:
            taken.append(agenda.take_next())
        else:
            agenda.enter(*step)
    while (entry := agenda.take_next()) != NOTHING:
        taken.append(entry)
    return taken


def due(taken):
    """Time, kind and person; the stamp takes no part in the order."""
    return [entry[:3] for entry in taken]


@STEADY
@given(programme=PROGRAMMES)
def test_compiled_and_plain_agendas_give_the_same_order(programme):
    ours = carried_out(Compiled(), programme)
    theirs = carried_out(plain.Agenda(), programme)

    assert due(ours) == due(theirs)
    assert Counter(ours) == Counter(theirs)


@STEADY
@given(
    entries=st.lists(ENTRIES, max_size=40).flatmap(
        lambda e: st.tuples(st.just(e), st.permutations(e))
    )
)
def test_ties_are_broken_by_kind_and_person_whatever_the_order_of_entry(entries):
    written, shuffled = entries
    finite = [entry[:3] for entry in written if entry[0] < math.inf]

    assert due(carried_out(Compiled(), written)) == sorted(finite)
    assert due(carried_out(Compiled(), shuffled)) == sorted(finite)


def test_the_order_test_has_teeth():
    written = [(1950.0, 1, 0, 0), (1950.0, 0, 1, 0), (1950.0, 0, 0, 0)]
    expected = sorted(entry[:3] for entry in written)

    assert due(carried_out(Compiled(), written)) == expected
    assert due(carried_out(plain.Agenda(), written)) == expected
    assert due(carried_out(InOrderOfEntry(), written)) != expected


def test_a_stamp_comes_back_with_its_entry():
    agenda = Compiled()
    for person in range(20):
        agenda.enter(1950.0 + (7 * person) % 20, 0, person, 100 + person)

    taken = [agenda.take_next() for _ in range(20)]
    assert [stamp - person for _, _, person, stamp in taken] == [100] * 20


def test_what_never_comes_is_not_entered():
    agenda = Compiled(capacity=1)
    agenda.enter(math.inf, 0, 0, 0)

    assert agenda.take_next() == NOTHING
    assert not engine.has_overflowed(agenda.agenda)


def test_an_empty_agenda_stays_empty():
    agenda = Compiled()

    assert [agenda.take_next() for _ in range(3)] == [NOTHING] * 3
    agenda.enter(1950.0, 1, 2, 3)
    assert [agenda.take_next(), agenda.take_next()] == [(1950.0, 1, 2, 3), NOTHING]


def test_an_overflow_is_flagged_and_counted_and_loses_nothing_that_was_kept():
    agenda = Compiled(capacity=3)
    for person in range(5):
        assert engine.has_overflowed(agenda.agenda) == (person > 3)
        agenda.enter(1950.0 - person, 0, person, 0)

    assert list(agenda.agenda.held) == [3, 2]
    assert due(carried_out(agenda, [])) == [(1948.0, 0, 2), (1949.0, 0, 1), (1950.0, 0, 0)]
    # It stays flagged: the run is begun again, whatever was taken since.
    assert engine.has_overflowed(agenda.agenda)


def test_room_that_was_freed_can_be_used_again():
    agenda = Compiled(capacity=2)
    for turn in range(10):
        agenda.enter(1950.0 + turn, 0, turn, 0)
        agenda.enter(1950.5 + turn, 0, turn, 0)
        assert due([agenda.take_next(), agenda.take_next()]) == [
            (1950.0 + turn, 0, turn),
            (1950.5 + turn, 0, turn),
        ]

    assert not engine.has_overflowed(agenda.agenda)
