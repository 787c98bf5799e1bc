"""What a declared model lived is what the estimators, and other programs, are told of it."""

from dataclasses import replace

import numpy as np
import pytest
from lifelines import KaplanMeierFitter

from hailsham.engine.estimators import aalen_johansen, kaplan_meier, lexis_exposure, nelson_aalen
from tests.unit.engine.model.illness import DEAD, ILL, WELL, illness_death

AGES = [30.0, 60.0, 72.5, 80.0, 95.0]
N = 2_000


@pytest.fixture(scope="module")
def lives():
    return illness_death().simulate(N, seed=7, until=110)


def shares(spells):
    return aalen_johansen(spells).at(AGES).value


def test_where_all_are_seen_aalen_johansen_is_the_share_of_people(lives):
    assert shares(lives.spells()) == pytest.approx(lives.occupancy(AGES) / N, abs=1e-9)


def test_a_life_that_is_left_out_is_noticed(lives):
    spells = lives.spells()

    short = shares(spells.where(spells.person != 3))
    assert short != pytest.approx(lives.occupancy(AGES) / N, abs=1e-9)


def survival_by_lifelines(spells, entry):
    """The survival of lives that were at risk from their entry on, as lifelines finds it."""
    last = np.append(spells.person[1:] != spells.person[:-1], True)
    first = np.append(True, last[:-1])
    fitter = KaplanMeierFitter().fit(
        spells.stop[last], spells.to_state[last] == DEAD, entry=spells.start[first] * entry
    )
    return fitter.survival_function_at_times([70.0, 80.0, 90.0]).to_numpy()


def test_a_study_that_enters_at_sixty_five_agrees_with_lifelines(lives):
    study = lives.spells(entered=65.0, left=95.0).among(WELL, ILL)
    survival = kaplan_meier(study, to=DEAD).at([70.0, 80.0, 90.0]).value

    assert study.start.min() == 65.0
    assert study.stop.max() <= 95.0
    assert survival == pytest.approx(survival_by_lifelines(study, entry=1.0), abs=1e-9)


def test_a_study_whose_entry_is_forgotten_disagrees_with_lifelines():
    # Some enter at 50 and some at 75; whoever died before was never seen.
    late = np.where(np.arange(N) % 2, 75.0, 50.0)
    study = illness_death().simulate(N, seed=7, until=110, age=late).spells().among(WELL, ILL)
    survival = kaplan_meier(study, to=DEAD).at([70.0, 80.0, 90.0]).value

    assert survival == pytest.approx(survival_by_lifelines(study, entry=1.0), abs=1e-9)
    assert survival != pytest.approx(survival_by_lifelines(study, entry=0.0), abs=0.01)


def test_person_years_are_those_that_were_added_up_in_the_loop(lives):
    spells = lives.spells()
    for state, years in enumerate(lives.person_years().values()):
        plane = lexis_exposure(spells.among(state), ages=[0, 50, 75, np.inf])
        assert plane.person_years.sum() == years


def errors_apart(**parameters):
    """How far the cumulative hazard after eight years of illness lies from 1, in its errors."""
    run = {"seed": 7, "until": 110, "parameters": {"death.level": 0.0} | parameters}
    spells = illness_death().simulate(N, **run).spells()
    found = nelson_aalen(spells.among(ILL).since_entry(), to=DEAD).at([8.0])
    return (found.value[0] - 1.0) / found.standard_error[0]


def test_the_clock_since_entry_finds_the_hazard_of_the_illness():
    """n = 1,900 ill, error 0.03: a scale that is off by a fifth is seven errors away."""
    assert abs(errors_apart()) <= 5.0
    assert abs(errors_apart(**{"of the illness.scale": 9.6})) > 5.0


def test_a_date_is_an_age_and_a_birth():
    born = np.linspace(1900.0, 1950.0, N)
    lives = illness_death().simulate(N, seed=7, until=110, born=born)
    by_age, by_date = lives.spells(), lives.spells(clock="calendar")

    assert by_date.start - born[by_age.person] == pytest.approx(by_age.start, abs=1e-9)
    assert lives.spells(clock="calendar", entered=1990.0).start.min() == 1990.0
    with pytest.raises(ValueError, match="'since_entry' is neither"):
        lives.spells(clock="since_entry")


def test_persons_keep_their_addresses():
    whole, later = (
        illness_death().simulate(n, seed=7, until=110, first_person=first).spells()
        for n, first in ((50, 0), (20, 30))
    )
    part = whole.where(whole.person >= 30)

    assert np.array_equal(part.person, later.person)
    assert np.array_equal(part.stop, later.stop)


def histories_hang_together(table):
    """Tell whether each row of a person begins where and when the one before ended."""
    same = table["person"][1:] == table["person"][:-1]
    ends, begins = table["stop"][:-1][same], table["start"][1:][same]
    came, left = table["to"][:-1][same], table["from"][1:][same]
    return bool(np.array_equal(ends, begins) and np.array_equal(came, left))


def test_the_table_for_other_programs_hangs_together(lives):
    table = lives.start_stop(left=70.0)

    assert list(table) == ["person", "start", "stop", "from", "to", "status"]
    assert set(table["from"]) == {"well", "ill"}
    assert np.array_equal(table["to"] == "censored", table["status"] == 0)
    assert np.all(table["stop"][table["status"] == 0] == 70.0)
    assert set(table["person"]) == set(range(N))
    assert histories_hang_together(table)


def test_a_table_with_a_row_out_of_place_does_not(lives):
    table = lives.start_stop()
    table["start"] = table["start"] + 0.5 * (table["start"] > 0.0)

    assert not histories_hang_together(table)


def test_without_a_log_there_are_no_spells(lives):
    with pytest.raises(ValueError, match="kept no log"):
        replace(lives, _events=[]).spells()
