"""Laws of whole histories, whatever the answers are: nobody is lost, nothing is from nowhere."""

import numpy as np
import pytest
from scipy.stats import kstest

from hailsham.engine import recorder
from hailsham.engine.draws import exponential, purpose
from hailsham.engine.estimators import aalen_johansen, event_rate
from hailsham.verification.walks import Clock, walk
from tests.laws.histories import (
    DEAD,
    ILL,
    KEY,
    LAW,
    STATES,
    UNTIL,
    WELL,
    follow,
    in_order,
    people,
    spells_of,
    spent,
)

N = 20_000
#: A right engine is found wrong by a single test as often as by one of five standard errors.
RARE = 5.7e-7


def without(log, row):
    return {name: np.delete(column, row) for name, column in log.items()}


def are_same(these, those):
    return all(np.array_equal(these[name], those[name]) for name in these)


# ---------------------------------------------------------------- nobody is lost


def breaks(log, n):
    """How many rows do not follow from the row before, come too early, or come after death."""
    log = in_order(log)
    is_first = np.diff(log["person"], prepend=-1) != 0
    state = np.where(is_first, WELL, np.roll(log["to_state"], 1))
    before = np.where(is_first, 0.0, np.roll(log["time"], 1))
    outside = (log["person"] < 0) | (log["person"] >= n)
    return int(
        np.sum((log["from_state"] != state) | (log["time"] <= before) | (state >= DEAD) | outside)
    )


def balance(log, n, time):
    """People by state at a time: who began there, and who came, less who went."""
    seen = log["time"] <= time
    came, went = (np.bincount(log[name][seen], minlength=4) for name in ("to_state", "from_state"))
    return np.array([n, 0, 0, 0]) + came - went


def watched(spells, time):
    """People by state at a time, from their spells."""
    return np.bincount(
        spells.from_state[(spells.start <= time) & (time < spells.stop)], minlength=4
    )


def test_everybody_is_somewhere_at_every_time_and_nobody_acts_after_death():
    log = follow(people(N))
    spells = spells_of(log, N)

    assert breaks(log, N) == 0
    assert (np.unique(log["way"]) == np.arange(len(LAW))).all()
    for time in np.linspace(0.0, 94.5, 64):
        assert balance(log, N, time).sum() == N
        assert (balance(log, N, time) == watched(spells, time)).all()
    assert balance(log, N, UNTIL)[WELL:DEAD].min() > 0


def test_a_row_that_is_lost_written_twice_or_late_is_noticed():
    log = follow(people(N))
    onset = np.flatnonzero(log["to_state"] == ILL)[0]
    twice = {name: np.append(column, column[onset]) for name, column in log.items()}
    late = log | {"time": np.where(np.arange(log["time"].size) == onset, 200.0, log["time"])}

    assert breaks(without(log, onset), N) == 1
    assert breaks(twice, N) == 1
    assert breaks(late, N) >= 1
    assert breaks(log, N - 1) >= 1


def time_by_state(spells, leaves_out=None):
    """[ticks] Person-time by calendar year and age, of each state, of people born in spring."""
    tables = np.zeros((4, 100, 3), np.int64)
    for at, (start, stop, state) in enumerate(
        zip(1930.3 + spells.start, 1930.3 + spells.stop, spells.from_state, strict=True)
    ):
        if at != leaves_out:
            alive = np.zeros_like(tables[state])
            bands = np.array([0.0, 30.0, 60.0])
            recorder.add_exposure(tables[state], alive, 1930.3, start, stop, bands, 1930, 1)
    return tables


def test_person_time_by_state_sums_to_all_there_was_to_the_last_tick():
    n = 300
    spells = spells_of(follow(people(n)), n)
    by_state = time_by_state(spells)
    whole = recorder.ticks(1930.3 + UNTIL) - recorder.ticks(1930.3)

    assert (by_state.sum(axis=(1, 2)) > 0).all()
    assert by_state.sum() == n * whole
    assert time_by_state(spells, leaves_out=7).sum() < n * whole


# ---------------------------------------------------------------- what went in comes out

AGES = np.arange(0.0, 100.0, 10.0)


def ratios(log, n, judged=LAW):
    """Events over the hazard that was spent, by way and band of age and over all ages."""
    spells = spells_of(log, n)
    found = []
    for way, clock in enumerate(judged):
        at_risk = spells.where(spells.from_state == clock.origin)
        times = log["time"][log["way"] == way]
        bands = [(low, low + 10.0) for low in AGES] + [(0.0, 100.0)]
        for low, high in bands:
            start, stop = np.clip(at_risk.start, low, high), np.clip(at_risk.stop, low, high)
            inside = start < stop
            expected = spent(
                clock, start[inside], stop[inside], at_risk.stay_began[inside]
            ).sum()  # fmt: skip
            found.append((np.sum((times >= low) & (times < high)), expected))
    events, expected = np.array(found).T
    return event_rate(events, person_years=expected, level=1.0 - RARE)


def outside(ratio):
    return int(np.sum((ratio.low > 1.0) | (ratio.high < 1.0)))


def test_events_over_exposure_are_the_hazards_that_went_in():
    ratio = ratios(follow(people(N)), N)

    assert ratio.value.size == len(LAW) * (len(AGES) + 1)
    assert outside(ratio) == 0


@pytest.mark.parametrize("way", range(len(LAW)))
def test_a_hazard_a_fifth_too_high_is_noticed_on_every_way(way):
    wrong = LAW[way]
    wrong = wrong._replace(level=1.2 * wrong.level, scale=wrong.scale / 1.2)

    assert outside(ratios(follow(people(N)), N, [*LAW[:way], wrong, *LAW[way + 1 :]])) > 0


def gaps(log, n, way):
    """[cumulative hazard] What a way spends from one of its events to the next, over all people.

    Laid end to end, the times at risk of independent people are one Poisson
    process of rate 1 when they are measured by the hazard spent.
    """
    spells = spells_of(log, n)
    at_risk = spells.where(spells.from_state == LAW[way].origin)
    cumulative = np.cumsum(spent(LAW[way], at_risk.start, at_risk.stop, at_risk.stay_began))
    came = log["way"] == way
    # Each event ends the one spell of its person that stops then.
    ends = {pair: at for at, pair in enumerate(zip(at_risk.person, at_risk.stop, strict=True))}
    rows = [ends[pair] for pair in zip(log["person"][came], log["time"][came], strict=True)]
    return np.diff(cumulative[sorted(rows)], prepend=0.0)


@pytest.mark.parametrize("way", range(len(LAW)))
def test_the_hazard_spent_between_events_is_exponential(way):
    between = gaps(follow(people(N)), N, way)

    assert between.size > 500
    assert kstest(between, "expon").pvalue > RARE


def test_a_clock_that_is_not_reset_or_a_slope_that_is_missing_is_noticed():
    never_reset = [clock._replace(is_reset=False) for clock in LAW]
    level = [*LAW[:5], Clock(ILL, DEAD, 0.05)]

    assert kstest(gaps(follow(people(N), law=never_reset), N, 3), "expon").pvalue < RARE
    assert kstest(gaps(follow(people(N), law=level), N, 5), "expon").pvalue < RARE


def occupied(readings, n=2_000, key=KEY):
    """Shares by state: as the log has them by Aalen and Johansen, and as the engine saw them."""
    curve = aalen_johansen(spells_of(follow(people(n)), n), states=STATES)
    seen = walk(LAW, key=key, n=n, n_states=4, readings=readings).state
    counted = [np.bincount(states, minlength=4) / n for states in seen]
    return curve.at(list(readings)).value, np.array(counted)


def test_the_log_says_of_occupation_what_the_engine_saw():
    told, seen = occupied((10.0, 40.0, 70.0, 90.0))

    assert np.abs(told - seen).max() < 1e-10
    told, seen = occupied((10.0, 40.0, 70.0, 90.0), key=KEY + np.uint64(1))
    assert np.abs(told - seen).max() > 1e-3


# ---------------------------------------------------------------- what must change nothing


def at_speed(speed, law=LAW):
    return [
        clock._replace(
            level=speed * clock.level, slope=speed * clock.slope, scale=clock.scale / speed
        )
        for clock in law
    ]


def test_twice_as_fast_is_the_same_history_in_half_the_time_to_the_last_bit():
    slow, quick = follow(people(N)), follow(people(N), law=at_speed(2.0), until=UNTIL / 2.0)

    assert are_same(quick | {"time": 2.0 * quick["time"]}, slow)


def test_three_times_as_fast_is_the_same_history_but_for_rounding():
    slow, quick = follow(people(N)), follow(people(N), law=at_speed(3.0), until=UNTIL / 3.0)
    times = quick.pop("time")

    assert are_same(quick, slow)
    assert 3.0 * times == pytest.approx(slow["time"], rel=1e-9)


def test_a_slope_that_does_not_go_along_with_the_speed_is_noticed():
    wrong = [clock._replace(slope=1.999 * clock.slope / 2.0) for clock in at_speed(2.0)]
    slow, quick = follow(people(N)), follow(people(N), law=wrong, until=UNTIL / 2.0)

    assert not are_same(quick | {"time": 2.0 * quick["time"]}, slow)


def test_a_way_without_a_rate_changes_nothing_and_the_least_rate_something():
    log = follow(people(N))
    idle, least = ([*LAW, Clock(WELL, DEAD, level)] for level in (0.0, 1e-6))

    assert are_same(follow(people(N), law=idle), log)
    assert not are_same(follow(people(N), law=least), log)


@pytest.mark.parametrize("chunk", [1, 7, 1_000])
def test_no_order_no_chunk_and_nobody_else_changes_a_history(chunk):
    n = 2_000
    alone = follow(people(n))
    order = np.random.default_rng(chunk).permutation(people(n + 50))
    logs = [follow(order[at : at + chunk]) for at in range(0, order.size, chunk)]
    joined = in_order({name: np.concatenate([log[name] for log in logs]) for name in alone})
    were_there = joined["person"] < n

    assert not are_same({"person": joined["person"]}, {"person": alone["person"]})
    assert are_same({name: column[were_there] for name, column in joined.items()}, alone)


def test_luck_that_follows_the_order_would_be_noticed():
    n = 2_000
    order = np.random.default_rng(1).permutation(people(n))
    by_place = follow(people(n))
    by_place["person"] = order[by_place["person"]]

    assert not are_same(in_order(by_place), follow(people(n)))


@pytest.mark.parametrize("stop", [0.5, 40.0, 94.0])
def test_a_shorter_run_is_the_beginning_of_a_longer_one(stop):
    whole = follow(people(N))
    begun = {name: column[whole["time"] < stop] for name, column in whole.items()}

    assert are_same(follow(people(N), until=stop), begun)
    assert not are_same(follow(people(N), until=stop + 0.1), begun)


# ---------------------------------------------------------------- more organs

PATIENT, LIFE, ORGAN, MORE = (
    purpose(f"test.laws.{name}") for name in ("patient", "life", "organ", "more")
)


def comings(address, rate, until):
    """When somebody or something comes, at a rate, from the draws of one address."""
    waits = [exponential(KEY, 0, address, count) / rate for count in range(int(2 * rate * until))]
    times = np.cumsum(waits)
    assert times[-1] > until
    return times[times < until]


def deaths_waiting(more=0.0, meeting=0, until=40.0):
    """Who dies on a list that is served in turn; an organ that comes when it is empty is lost.

    Those still waiting are followed to their deaths. ``meeting`` is the count
    of the draw that says how long each could wait: another one in another arm
    is the fault of an arm that is out of step.
    """
    listed = comings(PATIENT, 30.0, until)
    dies = listed + [exponential(KEY, who, LIFE, meeting) / 0.4 for who in range(listed.size)]
    organs = comings(ORGAN, 20.0, until)
    if more > 0.0:
        organs = np.sort(np.append(organs, comings(MORE, more, until)))
    waits = np.ones(listed.size, bool)
    for organ in organs:
        in_line = np.flatnonzero(waits & (listed <= organ) & (organ < dies))
        waits[in_line[:1]] = False
    return set(np.flatnonzero(waits).tolist())


def test_more_organs_and_the_same_luck_let_nobody_die_who_had_lived():
    few, more = deaths_waiting(), deaths_waiting(more=2.0)

    assert more < few
    # An arm whose draws are out of step kills some whom fewer organs had saved.
    assert not deaths_waiting(more=2.0, meeting=1) < few
