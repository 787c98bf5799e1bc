"""Between events everything has a closed form, and each meets its equation."""

import math

import numba
import numpy as np
import pytest

from hailsham.engine.draws import draw_key, exponential, purpose
from hailsham.world.development import awareness, despair, hopes, memory, ties
from hailsham.world.development.clock import COTTAGES, station_clock
from hailsham.world.development.parameters import as_numbers, hailsham, ordinary, with_values
from hailsham.world.development.pod import stations
from hailsham.world.development.stages import spent_by_clock

NUMBERS = as_numbers([hailsham()])[0]
ORDINARY = as_numbers([ordinary()])[0]
KEY = draw_key(20_261_122)
_LUCK = purpose("test.inner.luck")
STEPS = 200_000


def logistic(z):
    return 1.0 / (1.0 + np.exp(-z))


def euler(slope, start, stop, value, steps=STEPS):
    """The solution of an equation by small steps, halved once to cancel the first error."""
    ends = []
    for n in (steps // 2, steps):
        here, step = value, (stop - start) / n
        for k in range(n):
            here += step * slope(start + k * step, here)
        ends.append(here)
    return 2.0 * ends[1] - ends[0]


def aware(tau, *, top=0.8, crisis=32.0, width=4.0, factor=1.0):
    """Awareness at a developmental age, started on the curve at birth, with all known."""
    low, high = -crisis / width, (tau - crisis) / width
    start = top * logistic(low)
    spent = factor * (awareness.soft(high) - awareness.soft(low))
    return awareness.grow_awareness(start, top, spent)


def test_awareness_started_on_its_curve_stays_on_it():
    ages = np.linspace(0.0, 80.0, 161)
    off = [aware(tau) - 0.8 * logistic((tau - 32.0) / 4.0) for tau in ages]
    assert np.abs(off).max() < 1e-9


def test_an_awareness_that_grows_a_thousandth_faster_leaves_the_curve():
    off = [aware(tau, factor=1.001) - 0.8 * logistic((tau - 32.0) / 4.0) for tau in range(80)]
    assert np.abs(off).max() > 1e-9


def test_awareness_agrees_with_small_steps():
    def slope(u, a):
        return 0.7 * logistic(u) * max(0.0, 0.8 - a)

    exact = awareness.grow_awareness(0.01, 0.8, 0.7 * (awareness.soft(2.0) - awareness.soft(-4.0)))
    assert exact == pytest.approx(euler(slope, -4.0, 2.0, 0.01), abs=1e-6)


def test_awareness_never_falls():
    assert awareness.grow_awareness(0.6, 0.4, 2.0) == 0.6


def crossing_gap(factor):
    """Awareness at the crossing that is foreseen, less the pivot."""
    top, start, low = 0.8, 0.05, awareness.soft(-3.0)
    u = awareness.crossing_point(start, top, 0.5, factor, low)
    return awareness.grow_awareness(start, top, 0.6 * (awareness.soft(u) - low)) - 0.5


def test_awareness_is_at_its_pivot_at_the_crossing():
    assert abs(crossing_gap(0.6)) < 1e-12


def test_a_crossing_foreseen_with_another_knowledge_misses_the_pivot():
    assert abs(crossing_gap(0.61)) > 1e-4


def test_knowledge_agrees_with_small_steps():
    def slope(age, known):
        return 0.1 * logistic((age - 9.0) / 1.5) * (1.0 - known)

    gained = awareness.understood(NUMBERS, 16.0) - awareness.understood(NUMBERS, 0.0)
    exact = awareness.grow_knowledge(0.0, 0.1, gained)
    assert exact == pytest.approx(euler(slope, 0.0, 16.0, 0.0), abs=1e-6)


@pytest.mark.parametrize("decay", [1.0, 0.4, 2.5])
def test_despair_with_grief_in_it_agrees_with_small_steps(decay):
    def slope(age, y):
        return -0.3 + 0.5 * 1.2 * math.exp(-decay * age) - y

    exact = despair.follow(0.4, -0.3, 1.2, 0.5, 1.0, decay, 3.0)
    assert exact == pytest.approx(euler(slope, 0.0, 3.0, 0.4), abs=1e-6)


def test_despair_that_forgets_its_grief_does_not_agree():
    exact = despair.follow(0.4, -0.3, 0.0, 0.5, 1.0, 1.0, 3.0)
    with_grief = despair.follow(0.4, -0.3, 1.2, 0.5, 1.0, 1.0, 3.0)
    assert abs(exact - with_grief) > 1e-2


def test_a_window_is_paid_for_where_it_is_open_and_a_twentieth_outside():
    spent = spent_by_clock(12.0, 20.0, 3.0 / 8.0, 0.05, 10.0, 25.0)
    assert spent == pytest.approx(3.0 / 8.0 * (8.0 + 0.05 * 7.0))
    parts = [
        spent_by_clock(12.0, 20.0, 3.0 / 8.0, 0.05, a, a + 0.5) for a in np.arange(10, 25, 0.5)
    ]
    assert sum(parts) == pytest.approx(spent)


def test_good_feeling_fades_to_449_in_a_thousand_in_ten_years_and_bad_to_202():
    good = math.exp(-NUMBERS["memory_fading_good"] * 10.0)
    bad = math.exp(-memory.fading_bad(NUMBERS) * 10.0)
    assert (round(good, 3), round(bad, 3)) == (0.449, 0.202)


def test_what_is_glossed_over_fades_faster():
    glossed = as_numbers([with_values(hailsham(), values={"memory.gloss": 1.0})])[0]
    assert round(math.exp(-memory.fading_bad(glossed) * 10.0), 3) != 0.202


def test_a_tie_ends_where_its_strength_meets_the_threshold():
    years = ties.years_to_end(0.6, 0.15, 0.15)
    assert ties.strength(0.6, 0.15, years) == pytest.approx(0.15, abs=1e-12)
    assert abs(ties.strength(0.6, 0.14, years) - 0.15) > 1e-3


def test_an_ordinary_pace_is_one_in_every_station():
    for station, tau in enumerate((0.0, 16.0, 25.0, 65.0)):
        assert station_clock(ORDINARY, station, tau)[0] == 1.0


def test_the_paces_of_a_clone_are_those_of_the_page():
    paces = [station_clock(NUMBERS, s, tau)[0] for s, tau in enumerate((0.0, 16.0, 25.0, 65.0))]
    assert paces == pytest.approx([1.0, 3.0, 40 / 2.4, 15 / 5.85])


def called_after(years, *, quality=0.0, shape=None, n=20_000):
    """Share still at work after some years, with quality frozen, and its standard error."""
    values = {} if shape is None else {"stations.shape": shape}
    numbers = as_numbers([with_values(hailsham(), values=values)])[0]
    ease = math.exp(-numbers["stations_weight_of_quality"] * quality)
    tenures = [
        stations.call_up_tenure(numbers, 0.0, exponential(KEY, person, _LUCK, 0), ease)
        for person in range(n)
    ]
    share = float(np.mean(np.array(tenures) > years))
    return share, math.sqrt(max(share * (1.0 - share), 1e-6) / n)


def far(observed, expected):
    """How many standard errors an observed share lies from what is expected."""
    share, error = observed
    return abs(share - expected) / error


@pytest.mark.parametrize(("years", "expected"), [(2.0, 0.614), (3.0, 0.174), (4.0, 0.0174)])
def test_the_call_up_clock_alone_spends_what_it_says(years, expected):
    # 20,000 clocks: a shape that is off by a tenth is more than ten standard errors away.
    assert far(called_after(years), expected) < 4


def test_one_in_nineteen_of_the_best_works_twelve_years():
    assert far(called_after(12.0, quality=3.0), 0.053) < 4


def test_a_call_up_of_another_shape_is_noticed():
    assert far(called_after(3.0, shape=2.2), 0.174) > 4


@numba.njit
def _never_heard(numbers, n, units):
    """Share of a closed group that never hears a rumour told by one of them."""
    ignorant, telling, k = n - 1, 1, 0
    while telling > 0:
        hear = ignorant * hopes.hearing_rate(numbers, COTTAGES, telling)
        stop = telling * hopes.stopping_rate(numbers, COTTAGES, n - 1 - ignorant)
        if units[k] * (hear + stop) < hear:
            ignorant -= 1
            telling += 1
        else:
            telling -= 1
        k += 1
    return ignorant / n


def never_heard(**values):
    """Mean share that never hears it, over 100 groups of 2,000."""
    closed = {"hopes.external": 0.0, "hopes.stop": 0.0, "hopes.stop_on_meeting": 1.0, **values}
    numbers = as_numbers([with_values(hailsham(), values=closed)])[0]
    luck = np.random.default_rng(20_261_122)
    shares = [_never_heard(numbers, 2_000, luck.random(8_000)) for _ in range(100)]
    # A rumour that dies at once is no large rumour: the known share is of those that spread.
    return float(np.mean([share for share in shares if share < 0.9]))


def test_a_fifth_of_a_closed_group_never_hears_the_rumour():
    assert never_heard() == pytest.approx(0.203, abs=0.02)


def test_tellers_who_also_tire_leave_more_who_never_hear():
    assert never_heard(**{"hopes.stop": 300.0}) > 0.223


def recovery_ratio(benefit, *, n=20_000):
    """Mean recovery under good care over that under bad, one above and one below the mean."""
    numbers = as_numbers([with_values(hailsham(), values={"operations.benefit": benefit})])[0]
    rest = [
        np.mean([stations.recovery_after(KEY, numbers, p, 1, care) for p in range(n)])
        for care in (1.0, -1.0)
    ]
    return rest[0] / rest[1]


@pytest.mark.parametrize("benefit", [0.0, 0.15, 0.4])
def test_good_care_shortens_recovery_by_its_law(benefit):
    expected = math.exp(-2.0 * benefit * (1.0 - NUMBERS["operations_empathy_limit"]))
    assert recovery_ratio(benefit, n=200) == pytest.approx(expected, rel=1e-12)


def test_without_the_limit_of_empathy_care_would_do_more():
    assert recovery_ratio(0.4, n=200) > math.exp(-0.8) * 1.05
