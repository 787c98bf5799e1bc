"""Donors: what is taken in which order, at what risk, after which waits."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from hailsham.engine.agenda import new_agenda
from hailsham.engine.draws import draw_key
from hailsham.engine.recorder import new_log
from hailsham.lives.codes import Event, Risk
from hailsham.world.organs import GraftParameters, new_clinic, new_grafts
from hailsham.world.programme.carers import CLONE, DONOR, NOBODY, CarerParameters, new_staff
from hailsham.world.programme.donors import (
    A_LIMB,
    A_TISSUE,
    HEART,
    KIDNEY,
    LAST_STEP,
    LIVER,
    LUNG,
    MARROW,
    OUTSIDE_NEED,
    PANCREAS,
    REPRODUCTIVE,
    SCHEDULES,
    USED,
    DonorParameters,
    become_ready,
    new_theatre,
    offer_donors,
)
from hailsham.world.public import PATIENT
from hailsham.world.waiting_list import ListParameters, join_queue, need_of, new_queues
from tests.unit.world.small_england import (
    LIMIT,
    PROGRAMME,
    SEED,
    hazards_of,
    logged,
    met,
    programme,
    z_mean,
    z_share,
)

KEY = draw_key(SEED)
RISKS = (0.005, 0.08, 0.45)
EFFECT, WITHOUT = 0.12, -1.5
SCALE = 100
MECHANICS = programme(schedule="mechanics")


@cache
def operations(world=PROGRAMME):
    """Every operation: step, quality of the carer then, whether it killed, and when ready again."""
    meeting = met(world, scale=SCALE).meeting
    quality = dict(
        zip(meeting.clones["person"].tolist(), meeting.clones["quality"].tolist(), strict=True)
    )
    ended = dict(
        zip(meeting.clones["person"].tolist(), meeting.clones["ended"].tolist(), strict=True)
    )
    kinds = (Event.GIVEN_CARER, Event.LOST_CARER, Event.OPERATED, Event.READY)
    rows = logged(meeting, *kinds)
    carer, last, found = {}, {}, []
    for person, time, event, other, step in zip(*(v.tolist() for v in rows.values()), strict=True):
        if event == Event.GIVEN_CARER:
            carer[person] = other
        elif event == Event.LOST_CARER:
            del carer[person]
        elif event == Event.OPERATED:
            z = quality[carer[person]] if person in carer else WITHOUT
            last[person] = len(found)
            found.append([step, z, ended[person] == time, time, np.nan])
        elif person in last:
            found[last[person]][4] = time
    return dict(zip(("step", "z", "dies", "time", "ready"), np.array(found).T, strict=True))


def z_of_deaths(step, factor):
    """Deaths at a step less those that the risk of each donor led one to expect."""
    rows = operations()
    here = rows["step"] == step
    odds = np.log(RISKS[step - 1] / (1 - RISKS[step - 1])) - EFFECT * rows["z"][here]
    risk = factor / (1 + np.exp(-odds))
    return (rows["dies"][here] - risk).sum() / np.sqrt((risk * (1 - risk)).sum())


def z_of_recovery(keep, effect):
    """Mean time until ready again less the one that the quality of care gives."""
    rows = operations()
    lived = np.isfinite(rows["ready"]) & keep(rows["z"])
    waits = (rows["ready"] - rows["time"])[lived]
    return z_mean(waits - 1.5 * np.exp(-effect * rows["z"][lived]) - 0.25, 0.0)


def taken(world=PROGRAMME):
    return met(world, scale=SCALE).meeting.organs


def first_of_each(organs):
    """The first organ taken at each operation: the gift for which it was made."""
    _, at = np.unique(np.stack([organs["donor"], organs["step"]]), axis=1, return_index=True)
    return organs[at]


def waits_until_operated(world):
    rows = logged(met(world, scale=SCALE).meeting, Event.READY, Event.OPERATED)
    order = np.lexsort((rows["time"], rows["detail"], rows["person"]))
    time, event, step = (rows[name][order] for name in ("time", "event", "detail"))
    assert (event[::2] == Event.READY).all()
    assert (event[1::2] == Event.OPERATED).all()
    return (time[1::2] - time[::2]), step[::2]


def a_theatre(steps, wanted):
    """Donors about to give for the n-th time, and patients of group AB who want these organs."""
    clones = np.zeros(len(steps), CLONE)
    clones["person"] = 9_000_000_000_000 + np.arange(len(steps))
    clones["state"], clones["carer"], clones["donations"] = DONOR, NOBODY, np.array(steps) - 1
    patients = np.zeros(len(wanted), PATIENT)
    patients["person"], patients["born"], patients["entered"] = (
        1000 + np.arange(9)[: len(wanted)],
        1940.0,
        1947.0,
    )
    patients["blood"], patients["waits_for"], patients["cause"] = 3, NOBODY, NOBODY
    queues = new_queues(ListParameters(), capacity=16)
    clinic = new_clinic(
        KEY,
        hazards_of(PROGRAMME.public),
        need_of(ListParameters()),
        queues,
        new_grafts(GraftParameters(), n_patients=len(wanted)),
        patients,
        new_agenda(64),
        new_log(64),
    )
    for row, organ in enumerate(wanted):
        join_queue(queues, patients, row, organ, 1980.0 + row / 100)
    staff = new_staff(CarerParameters(), n_clones=len(steps))
    theatre = new_theatre(
        DonorParameters(risk_first=0.0, risk_second=0.0, risk_third=0.0),
        schedule="survivable",
        n_clones=len(steps),
        capacity=64,
    )
    return theatre, staff, clinic, clones


def given_first(step, wanted):
    """What a donor gives when these organs are wanted."""
    theatre, staff, clinic, clones = a_theatre([step], wanted)
    become_ready(theatre, staff, clinic, clones, 0, 1981.0)
    return int(theatre.organs[0]["kind"]) if theatre.counts[0] else NOBODY


# ---------------------------------------------------------------- risk and recovery


@pytest.mark.parametrize("step", [1, 2, 3])
def test_operations_kill_donors_as_often_as_their_care_says(step):
    assert abs(z_of_deaths(step, 1.0)) < LIMIT


def test_a_third_operation_that_kills_a_seventh_more_would_be_noticed():
    # Some 4,400 third operations at 1 in 100: one standard error is .0075 of .45.
    assert abs(z_of_deaths(3, 1.15)) > LIMIT


def test_the_risk_written_down_is_the_risk_run():
    turns = met(scale=SCALE).meeting.turns
    noted = turns["probability"][turns["risk"] == Risk.DEATH_AT_OPERATION]
    rows = operations()
    p = np.array([*RISKS, 1.0])[rows["step"].astype(int) - 1]
    with np.errstate(divide="ignore"):
        risk = 1 / (1 + (1 - p) / p * np.exp(EFFECT * rows["z"]))

    assert noted == pytest.approx(risk, abs=1e-12)


@pytest.mark.parametrize("keep", [lambda z: z <= -1, lambda z: z >= 1, lambda z: np.abs(z) < 1])
def test_recovery_takes_as_long_as_care_says(keep):
    assert abs(z_of_recovery(keep, EFFECT)) < LIMIT


def test_recovery_that_did_not_heed_care_would_be_noticed():
    assert abs(z_of_recovery(lambda z: z >= 1, 0.0)) > LIMIT


def test_the_first_operation_is_prepared_by_two_waits_and_scheduled_by_a_third():
    meeting = met(scale=SCALE).meeting
    rows = logged(meeting, Event.READY)
    first = rows["detail"] == 1
    called = dict(zip(meeting.clones["person"], meeting.clones["carer_until"], strict=True))
    waits = rows["time"][first] - [called[person] for person in rows["person"][first]]
    spread = (waits - waits.mean()) ** 2

    assert waits.size == meeting.clones.size
    assert abs(z_mean(waits, 0.75)) < LIMIT
    assert abs(z_mean(spread, 0.5**2 / 2 + 0.25**2)) < LIMIT
    # Were preparation one wait and not two, the mean would be the same.
    assert abs(z_mean(spread, 0.5**2 + 0.25**2)) > LIMIT


# ---------------------------------------------------------------- what is taken


def test_nobody_gives_a_kind_twice_before_the_last_operation():
    gifts = first_of_each(taken())
    gifts = gifts[(gifts["step"] < LAST_STEP) & (gifts["kind"] < 6)]
    pairs = np.unique(np.stack([gifts["donor"], gifts["kind"]]), axis=1)

    assert pairs.shape[1] == gifts.size > 5000


def test_a_heart_is_taken_at_the_last_operation_of_a_life_and_from_nobody_twice():
    organs, clones = taken(), met(scale=SCALE).meeting.clones
    hearts = organs[organs["kind"] == HEART]

    assert (hearts["step"] == clones["donations"][hearts["donor"]]).all()
    assert (hearts["taken"] == clones["ended"][hearts["donor"]]).all()
    assert np.unique(hearts["donor"]).size == hearts.size


def test_the_fourth_operation_takes_all_that_is_left():
    organs, clones = taken(), met(scale=SCALE).meeting.clones
    last = np.isin(organs["donor"], np.nonzero(clones["donations"] == LAST_STEP)[0])
    counts = np.zeros((clones.size, 6), int)
    whole = organs[last & (organs["kind"] < 6)]
    np.add.at(counts, (whole["donor"], whole["kind"]), 1)

    assert clones["donations"].max() == LAST_STEP
    assert (counts[clones["donations"] == LAST_STEP] == [1, 2, 2, 1, 1, 1]).all()


def test_the_rest_is_taken_from_half_of_those_who_die_before():
    organs, clones = taken(), met(scale=SCALE).meeting.clones
    early = np.nonzero(clones["donations"] < LAST_STEP)[0]
    is_taken = np.isin(early, organs["donor"][organs["kind"] == HEART])

    assert abs(z_share(is_taken, 0.5)) < LIMIT
    assert abs(z_share(is_taken, 0.6)) > LIMIT


def test_every_organ_has_its_own_address():
    organs = taken()

    assert np.unique(organs["organ_id"]).size == organs.size > 20_000


def test_some_tissue_taken_is_a_limb():
    organs = taken()
    tissue = organs[np.isin(organs["kind"], (A_TISSUE, A_LIMB))]

    assert tissue.size > 1500
    assert abs(z_share(tissue["kind"] == A_LIMB, 0.1)) < LIMIT
    assert abs(z_share(tissue["kind"] == A_LIMB, 0.15)) > LIMIT


@pytest.mark.parametrize(("world", "name"), [(PROGRAMME, "survivable"), (MECHANICS, "mechanics")])
def test_what_is_taken_stands_in_the_schedule(world, name):
    gifts, instead = SCHEDULES[name]
    found = first_of_each(taken(world))
    for step in range(1, LAST_STEP + 1):
        here = found[found["step"] == step]
        allowed = {*gifts[step - 1], *([instead[step - 1], A_LIMB] if step < LAST_STEP else [])}
        assert here.size > 500
        assert set(here["kind"].tolist()) <= allowed
        used = here[here["outcome"] == USED]
        assert set(used["kind"].tolist()) <= set(gifts[step - 1])


def test_the_two_schedules_differ():
    kinds = [set(first_of_each(taken(world))["kind"].tolist()) for world in (PROGRAMME, MECHANICS)]

    assert {MARROW, LIVER} <= kinds[0] - kinds[1]
    assert REPRODUCTIVE in kinds[1] - kinds[0]


# ---------------------------------------------------------------- waits and order


def test_no_donor_waits_longer_for_a_patient_than_the_longest_wait():
    waits, _ = waits_until_operated(PROGRAMME)

    assert waits.size > 15_000
    assert waits.min() >= 0
    assert waits.max() <= 0.5 + 1e-9


def test_a_donor_who_would_wait_longer_is_noticed():
    patient = programme(donors=DonorParameters(longest_wait=0.75))

    assert waits_until_operated(patient)[0].max() > 0.5 + 1e-9


def test_tissue_is_taken_only_when_the_longest_wait_is_over():
    meeting = met(scale=SCALE).meeting
    organs = meeting.organs[meeting.organs["outcome"] == OUTSIDE_NEED]
    rows = logged(meeting, Event.READY)
    keys = zip(rows["person"].tolist(), rows["detail"].tolist(), strict=True)
    ready = dict(zip(keys, rows["time"].tolist(), strict=True))
    donors = meeting.clones["person"][organs["donor"]].tolist()
    since = [ready[key] for key in zip(donors, organs["step"].tolist(), strict=True)]

    assert organs["taken"] - since == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("step", "wanted", "given"),
    [
        (1, [LIVER, KIDNEY, MARROW], KIDNEY),
        (1, [PANCREAS, LUNG], LUNG),
        (2, [LIVER, KIDNEY], LIVER),
        (3, [KIDNEY, PANCREAS], PANCREAS),
        (1, [HEART], NOBODY),
        (4, [KIDNEY], NOBODY),
        (4, [KIDNEY, HEART], HEART),
    ],
)
def test_a_ready_donor_gives_the_first_gift_of_the_step_that_somebody_wants(step, wanted, given):
    assert given_first(step, wanted) == given


def test_a_new_patient_is_served_by_fewest_operations_then_by_longest_ready():
    theatre, staff, clinic, clones = a_theatre([2, 1, 1], [LUNG, LUNG, LUNG])
    # The list stands empty while they get ready, the one before the other.
    clinic.queues.first[:] = NOBODY
    for row, time in ((0, 1979.0), (2, 1979.1), (1, 1979.2)):
        become_ready(theatre, staff, clinic, clones, row, time)
    for row in range(3):
        clinic.queues.first[LUNG, 3] = row
        offer_donors(theatre, staff, clinic, clones, row, 1981.0)

    assert theatre.organs["donor"][:3].tolist() == [2, 1, 0]
    assert theatre.organs["patient"][:3].tolist() == [0, 1, 2]


def test_what_was_given_once_is_not_given_again():
    theatre, staff, clinic, clones = a_theatre([2], [KIDNEY])
    clones["given"] = 1 << KIDNEY
    become_ready(theatre, staff, clinic, clones, 0, 1981.0)

    assert theatre.counts[0] == 0
    assert clones[0]["is_ready"] == 1


def test_need_for_organs_lowers_what_is_taken_for_nobody():
    few = replace(PROGRAMME, list=ListParameters(age_limit=40.0))
    shares = [(taken(w)["outcome"] == OUTSIDE_NEED).sum() / taken(w).size for w in (PROGRAMME, few)]

    assert shares[1] > 2 * shares[0]
