"""What the meeting changed is written down: no life twice, none lost."""

from functools import cache

import numpy as np
import pytest

from hailsham.engine.draws import draw_key
from hailsham.lives.codes import CLONE_STATES, PUBLIC_STATES, Event
from hailsham.units import TICKS_PER_YEAR
from hailsham.world.after import (
    event_columns,
    organ_columns,
    people_columns,
    see_changed_lives,
    turn_columns,
    year_columns,
)
from hailsham.world.organs import BY_OPERATION
from hailsham.world.programme.houses import HouseParameters
from hailsham.world.public import LEFT_END, Seen, new_seen, see_life
from tests.unit.world.small_england import PROGRAMME, SEED, alone, are_alike, hazards_of, met

SCALE = 2000
ALONE = alone(PROGRAMME, scale=SCALE)
ENGLAND = met(scale=SCALE)
MEETING = ENGLAND.meeting
PATIENTS, CLONES = MEETING.patients, MEETING.clones
PLACES = np.arange(ALONE.people.size)
SMALL = (Event.READY, Event.GIVEN_PATIENT, Event.LOST_PATIENT)


def people(kept=1):
    return people_columns(
        ALONE.people[::kept],
        PLACES[::kept],
        PATIENTS,
        CLONES,
        ENGLAND.names,
        ENGLAND.citizen_end,
    )


def events(keep="full", houses=None):
    return event_columns(
        ALONE.people, PATIENTS, CLONES, MEETING.log, houses=houses or HouseParameters(), keep=keep
    )


@cache
def years():
    simulated = as_lived()
    return year_columns(
        simulated,
        ALONE.seen,
        PATIENTS,
        MEETING.stays,
        CLONES,
        years=(1947, 2000),
        longer=(1947, 2030),
    )


def as_lived():
    seen = Seen(*(counted.copy() for counted in ALONE.seen))
    see_changed_lives(seen, PATIENTS)
    return seen


def counted_anew(columns):
    """Counters of the public, from the table of people and nothing else."""
    seen = new_seen(54)
    public = columns["kind"] == 0
    cause = np.where(columns["status"] == 2, LEFT_END, columns["cause"])
    names = ("person", "sex", "born", "entered", "ended")
    for row in zip(*(columns[name][public].tolist() for name in names), cause[public], strict=True):
        see_life(seen, *row, 1)
    return seen


def differing(one, other):
    """Which counters differ. Who entered is counted elsewhere, once for both worlds."""
    return [
        name
        for name in Seen._fields
        if name != "entered" and not np.array_equal(getattr(one, name), getattr(other, name))
    ]


def test_counts_as_lived_are_those_of_the_lives_as_lived():
    assert differing(as_lived(), counted_anew(people())) == []


def test_counts_that_forgot_the_given_organs_would_be_noticed():
    assert "deaths" in differing(ALONE.seen, counted_anew(people()))


def test_the_untreated_counts_are_left_as_they_were():
    before = [counted.copy() for counted in ALONE.seen]
    as_lived()

    assert all(np.array_equal(one, two) for one, two in zip(before, ALONE.seen, strict=True))


def test_a_table_of_some_people_holds_the_same_rows_as_that_of_all():
    whole, some = people(), people(kept=7)
    n_public, n_some = ALONE.people.size, ALONE.people[::7].size

    assert (some["transplants"] > 0).sum() > 50
    for name, values in whole.items():
        expected = np.concatenate([values[:n_public:7], values[n_public:]])
        assert are_alike(some[name], expected), name
    assert n_some + CLONES.size == some["person"].size


def test_years_gained_are_beyond_the_untreated_end():
    rows = people()
    public = rows["kind"] == 0

    assert np.array_equal(
        rows["years_gained"][public], (rows["ended"] - rows["untreated_end"])[public]
    )
    assert (rows["years_gained"][public & (rows["transplants"] == 0)] == 0).all()
    assert (rows["years_lost"][~public] == (ENGLAND.citizen_end - CLONES["ended"])).all()


def test_events_stand_by_person_and_time():
    rows = events()
    order = np.lexsort((rows["time"], rows["person"]))

    assert np.array_equal(order, np.arange(order.size))
    assert rows["person"].size > 100_000


def test_everybody_comes_once_and_goes_once():
    rows = events()
    ways = ((Event.BORN, Event.ENTERED), (Event.DIED, Event.LEFT))
    for way in ways:
        here = np.isin(rows["event"], [int(event) for event in way])
        found, times = np.unique(rows["person"][here], return_counts=True)
        assert found.size == ALONE.people.size + CLONES.size
        assert (times == 1).all()


def test_the_log_of_turning_points_lacks_small_events_only():
    full, turning = events(), events("turning")
    small = np.isin(full["event"], [int(event) for event in SMALL])

    assert small.sum() > 1000
    for name, values in full.items():
        assert np.array_equal(values[~small], turning[name])


def test_no_log_is_no_events():
    assert all(values.size == 0 for values in events("none").values())


def test_the_last_pupils_of_hailsham_are_moved_when_it_closes():
    rows = events(houses=HouseParameters(hailsham_closes=1980.0))
    moved = rows["event"] == Event.MOVED_HOUSE
    pupils = (CLONES["house"] == 0) & (CLONES["left_house"] > 1980) & (CLONES["born"] < 1980)
    stranded = moved & (rows["time"] == 1980.0)

    assert pupils.sum() > 20
    assert set(rows["person"][stranded].tolist()) == set(CLONES["person"][pupils].tolist())
    assert not (rows["detail"][stranded] == 0).any()


def test_every_organ_given_names_both_people_and_their_blood():
    rows = organ_columns(MEETING.organs, PATIENTS, CLONES)
    given = rows["recipient"] >= 0
    blood = dict(zip(PATIENTS["person"].tolist(), PATIENTS["blood"].tolist(), strict=True))

    assert given.sum() == PATIENTS["transplants"].sum() > 200
    assert rows["blood_recipient"][given].tolist() == [
        blood[person] for person in rows["recipient"][given].tolist()
    ]
    assert np.array_equal(np.isfinite(rows["used"]), given)
    assert np.array_equal(np.isfinite(rows["waited"]), given)


def test_at_a_turn_the_risk_that_struck_struck_first():
    rows = turn_columns(
        draw_key(SEED),
        ALONE.people[::20],
        MEETING.clinic,
        PATIENTS,
        MEETING.turns,
        hazards_of(PROGRAMME.public),
    )
    public = rows["person"] < CLONES["person"].min()
    latent = rows["latent_time"][public]
    early = latent < rows["time"][public]
    chosen = rows["chosen"][public] == 1

    # An operation that killed was no race of risks, and has no turn.
    some = ALONE.people["person"][::20]
    operated = np.isin(some, PATIENTS["person"][PATIENTS["cause"] == BY_OPERATION])
    # Nothing that competed would have come before the end, and what was chosen is the end.
    assert chosen.sum() == some.size - operated.sum()
    assert not early.any()
    assert np.array_equal(latent[chosen], rows["time"][public][chosen])


def test_stations_fill_a_clones_life():
    rows = years()
    clone = rows["kind"] == 1
    spent = {
        state: rows["person_years"][clone & (rows["state"] == at)].sum()
        for at, state in enumerate(CLONE_STATES)
    }
    together = rows["person_years"][clone & (rows["state"] == -1)].sum()

    assert (CLONES["ended"] < 2030).all()
    assert sum(spent.values()) == pytest.approx((CLONES["ended"] - CLONES["born"]).sum())
    assert together == pytest.approx(sum(spent.values()))
    assert spent["donor"] == pytest.approx((CLONES["ended"] - CLONES["carer_until"]).sum())


def test_time_with_a_graft_runs_from_the_first_one():
    rows = years()
    at = len(CLONE_STATES) + PUBLIC_STATES.index("with graft")
    given = PATIENTS[PATIENTS["transplants"] > 0]
    lived = np.minimum(given["end"], 2030.0) - np.minimum(given["first_given"], 2030.0)

    assert rows["person_years"][rows["state"] == at].sum() == pytest.approx(lived.sum())


def test_rows_of_both_sexes_and_all_ages_add_up():
    rows = years()
    public = (rows["kind"] == 0) & (rows["world"] == 0) & (rows["state"] == -1)
    whole = public & (rows["age_group"] == -1)
    parts = public & (rows["age_group"] >= 0)

    for name in ("alive", "died", "person_years", "left", "entered", "died_heart", "died_graft"):
        assert rows[name][whole].sum() == pytest.approx(rows[name][parts].sum())
    assert rows["person_years"][parts].sum() == pytest.approx(
        as_lived().exposure[:, :, :53].sum() / TICKS_PER_YEAR
    )
