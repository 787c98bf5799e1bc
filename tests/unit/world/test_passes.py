"""Tables that were given too little room are grown and the pass is held again, never cut short."""

from dataclasses import replace

import numpy as np

from hailsham.engine.agenda import new_agenda
from hailsham.engine.draws import draw_key
from hailsham.world import passes
from hailsham.world.passes import last_year, live_block, meet_everybody, raise_children
from hailsham.world.population import populate
from hailsham.world.public import LEAVING, N_ORGANS
from hailsham.world.waiting_list import FitShares, ListParameters, need_of
from tests.unit.world.small_england import (
    PROGRAMME,
    RECORDED,
    SEED,
    alone,
    are_alike,
    hazards_of,
    met,
)

SCALE = 2000
KEY = draw_key(SEED)
HAZARDS = hazards_of(PROGRAMME.public)
#: Whoever fails by an organ is a patient, so that a block holds more than it has room for.
EVERYBODY = ListParameters(
    opens=1947.0,
    closes=2300.0,
    age_limit=120.0,
    kidneys_kept_alive=False,
    fit=FitShares(1.0, 1.0, 1.0, 1.0, 1.0, 1.0),
)


def met_with(agenda_room, monkeypatch):
    """The meeting, if its first agenda has so much room, and how often it was held."""
    rooms = []

    def agenda(capacity):
        rooms.append(capacity)
        return new_agenda(agenda_room if len(rooms) == 1 else capacity)

    monkeypatch.setattr(passes, "new_agenda", agenda)
    raised = raise_children(KEY, PROGRAMME, RECORDED, HAZARDS, scale=SCALE)
    patients = alone(PROGRAMME, scale=SCALE).patients
    need = need_of(PROGRAMME.list)
    return meet_everybody(KEY, PROGRAMME, HAZARDS, need, patients, raised.clones), len(rooms)


def test_a_meeting_whose_agenda_was_full_is_held_again_and_is_the_same(monkeypatch):
    meeting, times = met_with(500, monkeypatch)
    plain = met(scale=SCALE).meeting

    assert times == 2
    for name in ("patients", "clones", "stays", "organs", "turns"):
        assert are_alike(getattr(meeting, name), getattr(plain, name)), name


def test_a_meeting_with_room_is_held_once(monkeypatch):
    assert met_with(100_000, monkeypatch)[1] == 1


def test_a_block_with_more_patients_than_room_is_lived_again_and_counted_once():
    there = populate(RECORDED, scale=SCALE, migration=True)
    block = live_block(
        KEY, there, HAZARDS, need_of(EVERYBODY), start=0, stop=there.n_people, keep_every=1
    )
    plain = alone(PROGRAMME, scale=SCALE)

    assert block.patients.size > there.n_people // 4 + 64
    failing = plain.people[plain.people["lane"] < N_ORGANS]
    in_time = failing["failed"] - failing["born"] < EVERYBODY.age_limit
    assert block.patients.size == in_time.sum()
    assert are_alike(block.people, plain.people)
    assert all(np.array_equal(*pair) for pair in zip(block.seen, plain.seen, strict=True))


def test_patients_are_those_whom_the_list_may_see():
    plain = alone(PROGRAMME, scale=SCALE)
    patients, people = plain.patients, plain.people[plain.patients["place"]]

    assert np.array_equal(patients["person"], people["person"])
    assert np.array_equal(patients["untreated_end"], people["ended"])
    assert (patients["untreated_end"] > PROGRAMME.list.opens).all()
    # Whoever would leave, or die of something else, is there for dialysis alone.
    elsewhere = patients["untreated_lane"] >= N_ORGANS
    assert (patients["untreated_lane"] == LEAVING).any()
    assert np.isfinite(patients["kept_at"][elsewhere]).all()


def test_nobody_is_raised_where_there_is_no_programme():
    nobody = replace(PROGRAMME, regimes=replace(PROGRAMME.regimes, programme=None))
    children = raise_children(KEY, nobody, RECORDED, HAZARDS, scale=SCALE)

    assert (children.clones.size, children.names, children.citizen_end.size) == (0, [], 0)


def test_as_ordinary_citizens_the_same_children_would_have_lived_long():
    england = met()
    lost = england.citizen_end - england.meeting.clones["ended"]

    # They are spared every other death before, so a few would have died sooner.
    assert 0 < (lost < 0).mean() < 0.05
    assert 45 < lost.mean() < 52


def test_the_account_runs_until_the_last_of_them_has_died():
    meeting = met(scale=SCALE).meeting

    assert last_year(meeting, at_least=1990) == np.floor(meeting.clones["ended"].max()) + 1
    assert last_year(meeting, at_least=2200) == 2200
