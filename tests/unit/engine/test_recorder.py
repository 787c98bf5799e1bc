"""What is counted adds up exactly, however the lives are cut."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hailsham.engine import plain, recorder
from hailsham.units import TICKS_PER_YEAR
from tests.unit.engine.simulated import STEADY

BREAKS = np.array([0.0, 1.0, 5.0, 15.0, 45.0, 65.0])
FIRST_YEAR, N_YEARS = 1950, 12
LAST = FIRST_YEAR + N_YEARS

# Times like round dates and like any others, inside and outside what is counted.
DATES = (
    st.floats(FIRST_YEAR - 5.0, LAST + 5.0)
    | st.integers(FIRST_YEAR - 5, LAST + 5).map(float)
    | st.integers(4 * (FIRST_YEAR - 5), 4 * (LAST + 5)).map(lambda quarter: quarter / 4)
)


@st.composite
def lives(draw):
    """Birth, start and stop, often on a birthday or at New Year."""
    start, stop = sorted([draw(DATES), draw(DATES | st.just(math.inf))])
    age = draw(st.floats(0.0, 110.0) | st.sampled_from([float(age) for age in BREAKS]))
    return start - age, start, stop


def empty():
    return tuple(np.zeros((N_YEARS, BREAKS.size), np.int64) for _ in range(2))


def add(tables, life, sign=1):
    recorder.add_exposure(*tables, *life, BREAKS, FIRST_YEAR, sign)


def counted(parts):
    tables = empty()
    for part in parts:
        add(tables, part)
    return tables


def same(left, right):
    return all(np.array_equal(*pair) for pair in zip(left, right, strict=True))


def plainly(parts):
    """The plain count of the same, as arrays."""
    tables = empty()
    told = plain.exposure(parts, list(BREAKS), FIRST_YEAR, N_YEARS)
    for table, cells in zip(tables, told, strict=True):
        for cell, value in cells.items():
            table[cell] = value
    return tables


def cut(life, cuts):
    """A life in parts, at those of the cuts that fall within it."""
    born, start, stop = life
    ends = [start, *sorted(at for at in cuts if start < at < stop), stop]
    return [(born, *part) for part in itertools.pairwise(ends)]


@STEADY
@given(people=st.lists(lives(), max_size=5))
def test_compiled_and_plain_counts_agree(people):
    assert same(counted(people), plainly(people))


@STEADY
@given(years=st.floats(-60.0, 60.0), band=st.integers(1, 5), stop=st.floats(0.0, 9.0))
def test_compiled_and_plain_counts_agree_however_years_are_counted(years, band, stop):
    # Where years are not AD, an age is rounded, and birthdays must be told by their dates.
    life = (years, years + BREAKS[band], years + BREAKS[band] + stop)
    first = math.floor(years + BREAKS[band])
    tables = empty()
    recorder.add_exposure(*tables, *life, BREAKS, first, 1)

    told = plain.exposure([life], list(BREAKS), first, N_YEARS)
    for table, cells in zip(tables, told, strict=True):
        assert {cell: table[cell] for cell in zip(*np.nonzero(table), strict=True)} == {
            cell: value for cell, value in cells.items() if value
        }


@STEADY
@given(life=lives())
def test_the_cells_sum_to_the_life(life):
    exposure, alive = counted([life])
    _, start, stop = life
    begin, end = max(start, float(FIRST_YEAR)), min(stop, float(LAST))

    whole = recorder.ticks(end) - recorder.ticks(begin) if begin < end else 0
    assert exposure.sum() == whole
    assert exposure.min() >= 0
    # Each New Year from the start on, before the end, is met once.
    assert alive.sum() == max(0, math.ceil(end) - math.ceil(begin))


@STEADY
@given(life=lives(), cuts=st.lists(DATES, max_size=6))
def test_a_life_cut_anywhere_gives_the_same_counts(life, cuts):
    assert same(counted(cut(life, cuts)), counted([life]))


def test_the_cutting_test_has_teeth():
    life = (1930.3, 1950.1, 1961.7)
    parts = cut(life, [1950.7 + 0.9 * i for i in range(12)])
    assert len(parts) == 13

    # Durations turned into ticks, instead of dates, do not add up.
    rounded = [math.floor((stop - start) * TICKS_PER_YEAR) for _, start, stop in parts]
    assert sum(rounded) != recorder.ticks(1961.7) - recorder.ticks(1950.1)


@STEADY
@given(kept=st.lists(lives(), max_size=3), taken=lives())
def test_taking_away_undoes_adding(kept, taken):
    tables = counted([*kept, taken])
    add(tables, taken, sign=-1)

    assert same(tables, counted(kept))


def test_each_cell_gets_its_own():
    # Born on 1 July 1946, so five on 1 July 1951; seen from 1 October 1950.
    exposure, alive = counted([(1946.5, 1950.75, 1952.25)])
    quarter = TICKS_PER_YEAR // 4

    expected, people = empty()
    expected[0, 1], expected[1, 1], expected[1, 2], expected[2, 2] = (
        *(quarter, 2 * quarter, 2 * quarter, quarter),
    )
    people[1, 1] = people[2, 2] = 1
    assert np.array_equal(exposure, expected)
    assert np.array_equal(alive, people)


def test_on_new_years_day_the_living_are_counted_at_their_new_age():
    # Five on 1 January 1951 itself.
    _, alive = counted([(1946.0, 1950.5, 1951.5)])
    assert alive[1, 2] == alive.sum() == 1

    # Who begins on the day is counted, who ends on it is not.
    _, alive = counted([(1946.25, 1951.0, 1951.5), (1946.25, 1950.5, 1951.0)])
    assert alive[1, 1] == alive.sum() == 1


@pytest.mark.parametrize(
    ("born", "new_year", "band"),
    [
        # A rounded age of 65, and a birthday just after New Year.
        (math.nextafter(-63.0, 0.0), 2, 4),
        # An age just short of 65, and a rounded birthday on New Year's Day.
        (math.nextafter(1983.0, 1984.0), 2048, 5),
    ],
)
def test_the_date_of_a_birthday_decides_and_not_a_rounded_age(born, new_year, band):
    exposure, alive = empty()
    life = (born, float(new_year), new_year + 0.5)
    recorder.add_exposure(exposure, alive, *life, BREAKS, new_year, 1)

    assert alive[0, band] == alive.sum() == 1
    assert plain.exposure([life], list(BREAKS), new_year, N_YEARS)[1] == {(0, band): 1}


def test_what_lies_outside_the_years_is_left_out():
    assert same(counted([(1900.0, 1920.0, 1950.0), (1900.0, 1962.0, math.inf)]), empty())
    assert same(counted([(1900.0, 1920.0, math.inf)]), counted([(1900.0, FIRST_YEAR, float(LAST))]))


@STEADY
@given(time=st.floats(-100.0, 4000.0))
def test_a_tick_is_the_whole_part_of_a_time(time):
    assert recorder.ticks(time) == math.floor(time * 2**30)


def test_a_log_keeps_its_rows_in_order():
    log = recorder.new_log(4)
    recorder.record(log, 7, 1950.25, 3, recorder.NOBODY, 5)
    recorder.record(log, 8, 1950.5, 4, 7, recorder.NOBODY)

    assert [list(column[:2]) for column in log[:5]] == [
        [7, 8],
        [1950.25, 1950.5],
        [3, 4],
        [-1, 7],
        [5, -1],
    ]
    assert log.rows[0] == 2


def test_a_log_that_overflows_counts_every_row_and_keeps_the_first():
    log = recorder.new_log(3)
    for person in range(5):
        recorder.record(log, person, 1950.0, 0, 0, 0)

    assert log.rows[0] == 5
    assert list(log.person) == [0, 1, 2]
