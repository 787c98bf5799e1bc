"""Carers: the call-up spends its budget exactly, and donors find the least loaded."""

from dataclasses import replace

import numpy as np
import pytest

from hailsham.engine.agenda import new_agenda, take_next
from hailsham.engine.draws import draw_key
from hailsham.engine.recorder import new_log
from hailsham.lives.codes import Event
from hailsham.world.programme.carers import (
    BEGINNING,
    CALLING,
    CLONE,
    N_CARERS,
    N_DONORS,
    NEXT_QUARTER,
    QUARTER,
    TURN,
    CarerParameters,
    begin_caring,
    call_up,
    keep_quarter,
    new_staff,
)
from tests.unit.world.small_england import (
    LIMIT,
    PROGRAMME,
    SEED,
    logged,
    met,
    programme,
    z_mean,
    z_share,
)

KEY = draw_key(SEED)
N = 10_000
UNREGULATED = CarerParameters(regulation=0.0)
ROOMY = CarerParameters(caseload=50)


def tenures(*, quality=0.0, begin=2000.0, parameters=UNREGULATED, n=N):
    """Years at work of carers who begin together, with nothing to turn the call-up."""
    staff = new_staff(parameters, n_clones=n)
    agenda, log = new_agenda(4 * n), new_log(2 * n)
    clones = np.zeros(n, CLONE)
    clones["person"] = 9_000_000_000_000 + np.arange(n)
    clones["quality"], clones["carer_from"], clones["carer_until"] = quality, begin, np.nan
    # One donor is there from the start: with none, the call-up would stand at its most.
    staff.now[TURN], staff.counts[N_DONORS] = 1.0, 1
    staff.now[NEXT_QUARTER] = QUARTER * (np.floor(begin / QUARTER) + 1)
    for row in range(n):
        begin_caring(KEY, staff, agenda, log, clones, row, begin)
    while staff.counts[N_CARERS] > 0:
        time, kind, row, _ = take_next(agenda)
        if kind == CALLING:
            call_up(KEY, staff, agenda, log, clones, row, time)
        elif kind < 0 or time >= staff.now[NEXT_QUARTER]:
            keep_quarter(staff, agenda, clones, float(staff.now[NEXT_QUARTER]))
    return clones["carer_until"] - begin


def worst_gap(found, shape=2.5, ease=1.0):
    """Largest distance, in standard errors, from the survival that the hazard implies."""
    gaps = []
    for at in (1.5, 2.0, 3.0, 4.0):
        still = np.exp(-(((at - 0.5) / 2.0) ** shape) * ease)
        gaps.append(abs(z_share(found > at, still)))
    return max(gaps)


def replayed(meeting, parameters=PROGRAMME.regimes.programme.carers):
    """Go through the log again; return how often a donor was given a carer who was not among
    the least loaded, how often one too many, and how many were given.
    """
    kinds = (Event.BEGAN_CARING, Event.CALLED_UP, Event.GIVEN_CARER, Event.LOST_CARER, Event.DIED)
    rows = logged(meeting, *kinds)
    load, carer_of, wrong, above, given = {}, {}, 0, 0, 0
    ends = {Event.LOST_CARER, Event.DIED}
    for person, event, other in zip(
        rows["person"].tolist(), rows["event"].tolist(), rows["other"].tolist(), strict=True
    ):
        if event == Event.BEGAN_CARING:
            load[person] = 0
        elif event == Event.GIVEN_CARER:
            wrong += load[other] > min(load.values())
            load[other] += 1
            above += load[other] > parameters.caseload
            given += 1
            carer_of[person] = other
        elif event in ends and person in carer_of:
            load[carer_of.pop(person)] -= 1
        if event == Event.CALLED_UP:
            # What follows in the log are her donors; she takes no more of them.
            load[person] = load[person] + 1000
    return wrong, above, given


@pytest.fixture(scope="module")
def alone():
    return tenures()


def test_the_call_up_alone_follows_its_survival(alone):
    # Of 10,000 carers a share of .174 is known to .0038, one standard error.
    assert worst_gap(alone) < LIMIT


def test_another_shape_of_the_call_up_would_be_noticed(alone):
    assert worst_gap(alone, shape=2.3) > LIMIT


def test_nobody_is_called_up_in_the_first_half_year(alone):
    assert alone.min() > 0.5


def test_a_good_carer_is_kept_on_by_the_weight_of_quality():
    found = tenures(quality=1.0, n=4000)

    assert worst_gap(found, ease=np.exp(-1.1)) < LIMIT
    assert worst_gap(found, ease=np.exp(-0.8)) > LIMIT


def test_tenure_does_not_depend_on_where_quarter_days_fall(alone):
    assert tenures(begin=2000.17)[:N] == pytest.approx(alone, abs=1e-9)


@pytest.mark.parametrize(
    ("carers", "donors", "turn"),
    [(100, 250, 1.0), (100, 200, 1.25), (200, 800, 0.625), (10, 500, 1 / 3), (500, 10, 3.0)],
)
def test_the_call_up_follows_the_staffing_between_a_third_and_three(carers, donors, turn):
    staff = new_staff(CarerParameters(), n_clones=1)
    staff.counts[N_CARERS], staff.counts[N_DONORS] = carers, donors
    keep_quarter(staff, new_agenda(8), np.zeros(1, CLONE), 1990.0)

    assert staff.now[TURN] == pytest.approx(turn)
    assert staff.now[NEXT_QUARTER] == 1990.25


def test_donors_are_given_the_least_loaded_carer_and_nobody_too_many():
    wrong, above, given = replayed(met().meeting)

    assert given > 5000
    assert (wrong, above) == (0, 0)


def test_a_carer_chosen_without_regard_to_her_load_would_be_noticed():
    # The twin goes through the same log as if three donors were one too many.
    two = CarerParameters(caseload=2)

    assert replayed(met().meeting, two)[1] > 500


def test_a_place_that_is_free_is_given_after_the_delay():
    """With room for fifty there is always a place, and only the delay is waited for."""
    meeting = met(programme(carers=ROOMY), scale=100).meeting
    rows = logged(meeting, Event.CALLED_UP, Event.LOST_CARER, Event.GIVEN_CARER)
    order = np.lexsort((rows["time"], rows["person"]))
    person, time, event = (rows[name][order] for name in ("person", "time", "event"))
    found = (event[1:] == Event.GIVEN_CARER) & (person[1:] == person[:-1])
    delays = np.diff(time)[found]
    # Who dies first is never given one; the delay is short beside the time to an operation.
    delays = delays[delays < 0.5]

    assert delays.size > 5000
    assert abs(z_mean(delays, 0.08)) < LIMIT
    assert abs(z_mean(delays, 0.09)) > LIMIT


def test_donors_lose_their_carer_when_she_is_called_up():
    meeting = met().meeting
    called, lost = logged(meeting, Event.CALLED_UP), logged(meeting, Event.LOST_CARER)
    when = dict(zip(called["person"].tolist(), called["time"].tolist(), strict=True))

    assert lost["time"].size > 2000
    assert [when[carer] for carer in lost["other"].tolist()] == lost["time"].tolist()


def test_years_looked_after_are_years_attended():
    clones = met().meeting.clones

    assert clones["load_time"].sum() == pytest.approx(clones["attended"].sum(), rel=1e-9)
    assert clones["patients"].sum() == clones["carers"].sum()


def test_everybody_is_called_up_once_and_dies_a_donor():
    meeting = met().meeting
    called = logged(meeting, Event.BEGAN_CARING, Event.CALLED_UP)

    assert (
        np.bincount(called["event"])[[Event.BEGAN_CARING, Event.CALLED_UP]].tolist()
        == [meeting.clones.size] * 2
    )
    assert (meeting.clones["carer_until"] > meeting.clones["carer_from"] + 0.5).all()
    assert (meeting.clones["ended"] > meeting.clones["carer_until"]).all()


def test_fewer_places_leave_donors_alone_for_longer():
    few = met(programme(carers=replace(CarerParameters(), caseload=2, assignment_delay=0.2)))

    def attended(meeting):
        donors = meeting.clones
        return donors["attended"].sum() / (donors["ended"] - donors["carer_until"]).sum()

    assert attended(few.meeting) < attended(met().meeting) - 0.05


def test_whoever_begins_is_entered_for_the_call_up_of_this_quarter_only():
    assert BEGINNING < CALLING
    staff, agenda = new_staff(CarerParameters(), n_clones=1), new_agenda(8)
    clones = np.zeros(1, CLONE)
    clones["carer_from"] = 1990.1
    staff.now[NEXT_QUARTER] = 1990.25
    begin_caring(KEY, staff, agenda, new_log(8), clones, 0, 1990.1)

    # Within half a year of beginning nobody is called up, so nothing is due yet.
    assert take_next(agenda)[1] == -1
