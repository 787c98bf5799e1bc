"""The waiting list: first come, own blood group first, and offers that have addresses."""

from dataclasses import replace

import numpy as np
import pytest

from hailsham.engine.draws import draw_key
from hailsham.lives.codes import Event
from hailsham.world.population import is_compatible
from hailsham.world.public import PATIENT
from hailsham.world.waiting_list import (
    DIED,
    NOBODY,
    REMOVED,
    TRANSPLANTED,
    ListParameters,
    accepts,
    find_patient,
    is_sensitised,
    join_queue,
    leave_queue,
    new_queues,
)
from tests.unit.world.small_england import LIMIT, PROGRAMME, SEED, logged, met, z_share

KEY = draw_key(SEED)
KIDNEY = 2
O_GROUP, A_GROUP, B_GROUP, AB_GROUP = range(4)


def patients_of(bloods, sensitised=0):
    """Patients of these blood groups who wait for nothing yet."""
    patients = np.zeros(len(bloods), PATIENT)
    patients["person"] = 10_000 + np.arange(len(bloods))
    patients["blood"], patients["waits_for"] = bloods, NOBODY
    patients["sensitised"] = sensitised
    return patients


def a_list(bloods, *, parameters=None, sensitised=0):
    """A list that patients of these groups joined in this order, a year apart."""
    patients = patients_of(bloods, sensitised)
    queues = new_queues(parameters or ListParameters(), capacity=len(bloods))
    for row in range(len(bloods)):
        join_queue(queues, patients, row, KIDNEY, 1972.0 + row)
    return queues, patients


def standing(queues, patients, blood):
    """Rows of a queue from the front, and from the back turned round."""
    forward, backward = [], []
    row = queues.first[KIDNEY, blood]
    while row != NOBODY:
        forward.append(int(row))
        row = patients[row]["behind"]
    row = queues.last[KIDNEY, blood]
    while row != NOBODY:
        backward.insert(0, int(row))
        row = patients[row]["before"]
    return forward, backward


def chosen_plainly(waiting, patients, blood, organ_id, queues, *, own_group_first=True):
    """Whom an organ goes to, by looking at everybody in the order of listing."""
    fits = [
        row
        for row in waiting
        if is_compatible(blood, patients[row]["blood"])
        and accepts(KEY, queues, patients, row, organ_id)
    ]
    own = [row for row in fits if patients[row]["blood"] == blood]
    if own_group_first and own:
        return own[0]
    return fits[0] if fits else NOBODY


def differences(*, own_group_first):
    """How often the list and the plain search differ while 300 people come and go."""
    luck = np.random.default_rng(SEED)
    patients = patients_of(luck.choice(4, 300, p=[0.485, 0.384, 0.101, 0.03]))
    patients["sensitised"] = luck.random(300) < 0.4
    queues = new_queues(ListParameters(), capacity=600)
    waiting, found = [], []
    for row in range(300):
        join_queue(queues, patients, row, KIDNEY, 1972.0 + row)
        waiting.append(row)
        if luck.random() < 0.7:
            blood, organ_id = int(luck.integers(4)), 1000 + row
            given = find_patient(KEY, queues, patients, KIDNEY, blood, organ_id)
            plainly = chosen_plainly(
                waiting, patients, blood, organ_id, queues, own_group_first=own_group_first
            )
            found.append(given != plainly)
            if given != NOBODY:
                leave_queue(queues, patients, given, 1972.5 + row, TRANSPLANTED)
                waiting.remove(given)
    assert len(found) > 150
    return sum(found)


def positive_share(parameters, n=20_000):
    """Which of n organs a sensitised patient cannot be given."""
    queues, patients = a_list([O_GROUP], parameters=parameters, sensitised=1)
    return np.array([not accepts(KEY, queues, patients, 0, organ) for organ in range(n)])


def test_a_queue_keeps_the_order_of_arrival_whoever_leaves():
    luck = np.random.default_rng(SEED)
    queues, patients = a_list([A_GROUP] * 40)
    waiting = list(range(40))
    for row in luck.permutation(40)[:35]:
        leave_queue(queues, patients, int(row), 2020.0, DIED)
        waiting.remove(row)
        assert standing(queues, patients, A_GROUP) == (waiting, waiting)


def test_a_stay_says_who_waited_for_what_how_long_and_how_it_ended():
    queues, patients = a_list([O_GROUP, A_GROUP])
    leave_queue(queues, patients, 1, 1980.5, REMOVED)
    (stay,) = queues.stays[: queues.n_stays[0]].tolist()

    assert stay == (1, KIDNEY, 1973.0, 1980.5, REMOVED)
    assert patients[1]["waits_for"] == NOBODY


def test_an_organ_goes_to_its_own_blood_group_even_if_another_has_waited_longer():
    queues, patients = a_list([AB_GROUP, A_GROUP, O_GROUP, O_GROUP])

    assert find_patient(KEY, queues, patients, KIDNEY, O_GROUP, 1) == 2
    assert find_patient(KEY, queues, patients, KIDNEY, A_GROUP, 1) == 1


def test_without_its_own_group_an_organ_goes_to_the_longest_waiting_it_fits():
    queues, patients = a_list([B_GROUP, AB_GROUP, A_GROUP])

    assert find_patient(KEY, queues, patients, KIDNEY, O_GROUP, 1) == 0
    leave_queue(queues, patients, 0, 1980.0, DIED)
    assert find_patient(KEY, queues, patients, KIDNEY, O_GROUP, 1) == 1


def test_an_organ_that_fits_nobody_goes_to_nobody():
    queues, patients = a_list([O_GROUP, A_GROUP])

    assert find_patient(KEY, queues, patients, KIDNEY, B_GROUP, 1) == NOBODY
    assert find_patient(KEY, queues, patients, KIDNEY + 1, O_GROUP, 1) == NOBODY


def test_the_list_agrees_with_a_plain_search():
    assert differences(own_group_first=True) == 0


def test_a_list_that_forgot_the_own_group_would_be_noticed():
    assert differences(own_group_first=False) > 10


def test_a_crossmatch_belongs_to_patient_and_organ_and_not_to_the_queue():
    queues, patients = a_list([O_GROUP] * 8, sensitised=1)
    organs = [7, 2**33 + 7, 10**16]
    before = [[accepts(KEY, queues, patients, row, o) for o in organs] for row in range(8)]
    for row in (0, 3, 4):
        leave_queue(queues, patients, row, 1980.0, DIED)
    after = [[accepts(KEY, queues, patients, row, o) for o in organs] for row in range(8)]
    moved = patients[::-1].copy()
    turned = [[accepts(KEY, queues, moved, 7 - row, o) for o in organs] for row in range(8)]

    assert before == after == turned
    # Neither the patient nor the organ alone decides.
    assert len({tuple(row) for row in before}) > 1
    assert any(len(set(row)) > 1 for row in before)


def test_offers_to_the_sensitised_fail_as_often_as_said():
    # Of 20,000 offers a share of .6 is known to .0035, one standard error.
    assert abs(z_share(positive_share(ListParameters()), 0.6)) < LIMIT
    assert abs(z_share(positive_share(ListParameters()), 0.55)) > LIMIT


def test_offers_to_others_never_fail():
    queues, patients = a_list([O_GROUP])

    assert all(accepts(KEY, queues, patients, 0, organ) for organ in range(1000))


def test_as_many_are_sensitised_as_said():
    drawn = np.array([is_sensitised(KEY, person, 0.15) for person in range(20_000)])

    assert abs(z_share(drawn, 0.15)) < LIMIT
    assert abs(z_share(drawn, 0.18)) > LIMIT


def test_every_stay_on_the_list_ends_once_and_after_it_began():
    meeting = met().meeting
    listed = logged(meeting, Event.LISTED)

    assert meeting.stays.size == listed["time"].size > 5000
    assert (meeting.stays["ended"] >= meeting.stays["listed"]).all()
    assert (meeting.patients["waits_for"] == NOBODY).all()


def test_nobody_is_listed_outside_the_years_of_the_list_or_above_its_age():
    meeting = met().meeting
    stays, patients = meeting.stays, meeting.patients
    age = stays["listed"] - patients["born"][stays["row"]]

    assert stays["listed"].min() == PROGRAMME.list.opens
    assert stays["listed"].max() < PROGRAMME.list.closes
    assert age.max() < PROGRAMME.list.age_limit


def test_whoever_grows_too_old_is_taken_off_on_that_birthday():
    meeting = met().meeting
    removed = meeting.stays[meeting.stays["outcome"] == REMOVED]
    age = removed["ended"] - meeting.patients["born"][removed["row"]]

    assert removed.size > 50
    assert age == pytest.approx(PROGRAMME.list.age_limit, abs=1e-9)


def test_without_tumours_fewer_are_listed_and_none_for_a_tumour():
    narrow = replace(PROGRAMME, list=ListParameters(tumours=False))

    assert 0 < met(narrow).meeting.stays.size < 0.95 * met().meeting.stays.size
