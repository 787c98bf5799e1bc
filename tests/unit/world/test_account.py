"""The account: every organ, wait and year is counted once, in its year."""

import numpy as np
import pytest

from hailsham.lives.codes import GIFTS, ORGANS, OUTCOMES, Event
from hailsham.world.account import ALL, account_columns
from hailsham.world.waiting_list import DIED, REMOVED, TRANSPLANTED
from tests.unit.world.small_england import PROGRAMME, logged, met

ENGLAND = met()
MEETING = ENGLAND.meeting
#: Until the last patient who was ever listed has gone.
YEARS = (1947, 2110)


def operations():
    return logged(MEETING, Event.OPERATED)["time"]


def account(years=YEARS, *, stays=MEETING.stays, organs=MEETING.organs):
    return account_columns(
        "programme",
        stays,
        MEETING.patients,
        organs,
        MEETING.clones,
        citizen_end=ENGLAND.citizen_end,
        operations=operations(),
        years=years,
    )


ACCOUNT = account()


def of(column, *, organ=ALL, blood=ALL, columns=ACCOUNT):
    """A column by year, of one organ and blood group."""
    here = (columns["organ"] == organ) & (columns["blood_group"] == blood)
    return columns[column][here]


@pytest.mark.parametrize(
    ("column", "outcome"),
    [("transplanted", TRANSPLANTED), ("died_waiting", DIED), ("removed", REMOVED)],
)
def test_every_stay_is_counted_under_its_outcome(column, outcome):
    assert of(column).sum() == (MEETING.stays["outcome"] == outcome).sum() > 0


@pytest.mark.parametrize("column", ["listed", "transplanted", "died_waiting", "removed", "waiting"])
def test_organs_and_blood_groups_add_up(column):
    organs = range(len(ORGANS))

    assert np.array_equal(sum(of(column, organ=organ) for organ in organs), of(column))
    for organ in (ALL, *organs):
        parts = sum(of(column, organ=organ, blood=blood) for blood in range(4))
        assert np.array_equal(parts, of(column, organ=organ))


def test_a_stay_that_was_lost_would_be_noticed():
    without = account(stays=MEETING.stays[1:])

    assert of("listed", columns=without).sum() == of("listed").sum() - 1


def test_who_waits_is_who_came_and_has_not_gone():
    left_list = np.histogram(MEETING.stays["ended"], np.arange(YEARS[0], YEARS[1] + 1))[0]

    assert np.array_equal(of("waiting"), (of("listed") - left_list).cumsum())
    assert of("waiting").max() > 100


def test_organs_taken_are_counted_by_kind_and_outcome():
    organs = MEETING.organs
    for kind in range(len(GIFTS)):
        assert of("supplied", organ=kind).sum() == (organs["kind"] == kind).sum()
    for place, outcome in enumerate(OUTCOMES):
        assert of(outcome).sum() == (organs["outcome"] == place).sum()
    assert np.array_equal(of("supplied"), sum(of(outcome) for outcome in OUTCOMES))


def test_an_organ_given_is_a_patient_transplanted():
    assert np.array_equal(of("used"), of("transplanted"))


def test_years_gained_and_lost_are_those_of_the_lives():
    patients, clones = MEETING.patients, MEETING.clones
    gained = patients["end"] - patients["untreated_end"]
    lost = ENGLAND.citizen_end - clones["ended"]

    assert of("years_gained").sum() == pytest.approx(gained[patients["transplants"] > 0].sum())
    assert of("years_lost").sum() == pytest.approx(lost.sum())


def test_years_stand_in_the_year_of_the_first_organ_and_of_the_death():
    patients, clones = MEETING.patients, MEETING.clones
    year = 1985
    given = np.floor(patients["first_given"]) == year
    died = np.floor(clones["ended"]) == year
    gained = (patients["end"] - patients["untreated_end"])[given].sum()

    assert of("years_gained")[year - YEARS[0]] == pytest.approx(gained)
    assert of("suppliers_died")[year - YEARS[0]] == died.sum() > 10
    assert of("years_lost")[year - YEARS[0]] == pytest.approx(
        (ENGLAND.citizen_end - clones["ended"])[died].sum()
    )


def test_everybody_born_for_it_is_counted_and_dies_of_it():
    assert of("born_to_supply").sum() == of("suppliers_died").sum() == MEETING.clones.size


def test_nobody_agreed_nobody_was_asked_and_nobody_could_refuse():
    assert not of("consented").any()
    assert of("not_asked").sum() == operations().size > 5000
    assert np.array_equal(of("could_not_refuse"), of("not_asked"))


@pytest.mark.parametrize(("column", "share"), [("wait_median", 0.5), ("wait_ninth_decile", 0.9)])
def test_waits_are_those_of_whoever_was_given_an_organ_that_year(column, share):
    stays = MEETING.stays
    heart = stays[(stays["organ"] == 0) & (stays["outcome"] == TRANSPLANTED)]
    for year in (1985, 1995):
        here = heart[np.floor(heart["ended"]) == year]
        waits = here["ended"] - here["listed"]
        assert of(column, organ=0)[year - YEARS[0]] == pytest.approx(np.quantile(waits, share))


def test_where_nobody_was_given_an_organ_there_is_no_wait():
    assert np.isnan(of("wait_median")[: int(PROGRAMME.list.opens) - YEARS[0]]).all()


def test_a_shorter_account_is_a_part_of_the_longer():
    years = (1980, 1990)
    cut = slice(years[0] - YEARS[0], years[1] - YEARS[0])
    short = account(years)
    for column in ("listed", "supplied", "years_gained", "waiting"):
        assert np.array_equal(of(column, columns=short), of(column)[cut])
